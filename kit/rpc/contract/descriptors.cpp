#include "kit/rpc/contract/descriptors.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <set>

namespace jebi::contract {

namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;
using google::protobuf::FileDescriptorProto;
using google::protobuf::FileDescriptorSet;
using google::protobuf::Message;

// Each file after those that it imports.
void add_file(const FileDescriptor& file, std::set<std::string>& seen, FileDescriptorSet& set) {
    if (!seen.insert(file.name()).second) return;
    for (int i = 0; i < file.dependency_count(); ++i)
        add_file(*file.dependency(i), seen, set);
    FileDescriptorProto& copy = *set.add_file();
    file.CopyTo(&copy);
    file.CopyJsonNameTo(&copy);
}

Error unusable(std::string why) {
    return error(Code::invalid, "This is no set of contracts: " + std::move(why) + ".");
}

// The first thing that is wrong with a file.
class FirstMistake final : public DescriptorPool::ErrorCollector {
public:
    void AddError(const std::string& file, const std::string& element, const Message* /*descriptor*/,
                  ErrorLocation /*where*/, const std::string& what) override {
        if (text_.empty()) text_ = file + ", " + element + ": " + what;
    }
    const std::string& text() const { return text_; }

private:
    std::string text_;
};

}  // namespace

Result<std::string> descriptor_set_of(std::span<const std::string_view> services) {
    FileDescriptorSet set;
    std::set<std::string> seen;
    for (const auto name : services) {
        const auto* service = DescriptorPool::generated_pool()->FindServiceByName(std::string(name));
        if (service == nullptr)
            return fail(Code::not_found, "This program knows no service " + std::string(name) + ".");
        add_file(*service->file(), seen, set);
    }
    return set.SerializeAsString();
}

Descriptors::Descriptors() : pool_(std::make_unique<DescriptorPool>()) {}
Descriptors::Descriptors(Descriptors&& other) noexcept = default;
Descriptors::~Descriptors() = default;

Result<Descriptors> Descriptors::from(std::string_view set) {
    if (set.size() > set_bytes_max)
        return fail(unusable("it has more than " + std::to_string(set_bytes_max) + " bytes"));
    FileDescriptorSet files;
    if (!files.ParseFromArray(set.data(), static_cast<int>(set.size())))
        return fail(unusable("these bytes are no FileDescriptorSet"));
    if (files.file_size() > set_files_max)
        return fail(unusable("it has more than " + std::to_string(set_files_max) + " files"));
    Descriptors all;
    for (const auto& file : files.file()) {
        FirstMistake mistake;
        const FileDescriptor* built = all.pool_->BuildFileCollectingErrors(file, &mistake);
        if (built == nullptr) return fail(unusable(mistake.text()));
        all.files_.push_back(built);
    }
    return all;
}

}  // namespace jebi::contract
