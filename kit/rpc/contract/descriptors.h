// Contracts as data: what a program knows of its services, for who wants to compare or to show them.
//
// A descriptor set is protobuf's FileDescriptorSet: the files of some contracts with all that they import,
// each after what it imports. protoc writes one (--descriptor_set_out), and descriptor_set_of() makes one of
// what is compiled in.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kit/base/result.h"

namespace google::protobuf {
class DescriptorPool;
class FileDescriptor;
}  // namespace google::protobuf

namespace jebi::contract {

inline constexpr std::size_t set_bytes_max = 8 * 1024 * 1024;
inline constexpr int set_files_max = 1'000;

// The descriptor set of these services ("jebi.tweets.v1.Tweets") as they are compiled into this program. The
// same services give the same bytes. `not_found` when the program knows no such service.
Result<std::string> descriptor_set_of(std::span<const std::string_view> services);

// A descriptor set that was read: from a file, or from another program's output. Moves, and is then only
// read.
class Descriptors {
public:
    // `invalid` when it is none, lacks an import, contradicts itself, or is beyond the bounds above; says
    // what is wrong.
    static Result<Descriptors> from(std::string_view set);
    Descriptors(Descriptors&& other) noexcept;
    ~Descriptors();

    const google::protobuf::DescriptorPool& pool() const { return *pool_; }
    const std::vector<const google::protobuf::FileDescriptor*>& files() const { return files_; }

private:
    Descriptors();
    std::unique_ptr<google::protobuf::DescriptorPool> pool_;
    std::vector<const google::protobuf::FileDescriptor*> files_;
};

}  // namespace jebi::contract
