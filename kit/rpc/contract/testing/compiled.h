// A contract from its text, at run time: protobuf's own compiler in a test.
#pragma once

#include <doctest/doctest.h>
#include <google/protobuf/compiler/importer.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/empty.pb.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <string>

namespace jebi::contract::testing {

// One file, in memory, and those that are compiled into libprotobuf.
class OneFile final : public google::protobuf::compiler::SourceTree {
public:
    explicit OneFile(std::string text) : text_(std::move(text)) {}
    google::protobuf::io::ZeroCopyInputStream* Open(const std::string& name) override {
        if (name == "pairs.proto")
            return new google::protobuf::io::ArrayInputStream(text_.data(), static_cast<int>(text_.size()));
        return nullptr;
    }

private:
    std::string text_;
};

class Complaints final : public google::protobuf::compiler::MultiFileErrorCollector {
public:
    void AddError(const std::string& file, int line, int /*column*/, const std::string& what) override {
        FAIL_CHECK(file << ":" << line << ": " << what);
    }
};

// The descriptor set of a proto3 file in the package jebi.pairs.v1 with these imports, services, messages and
// enums, and with its comments. A text that cannot be compiled ends the test.
inline std::string compiled(const std::string& body) {
    OneFile tree("syntax = \"proto3\"; package jebi.pairs.v1; " + body);
    Complaints complaints;
    google::protobuf::compiler::SourceTreeDescriptorDatabase from_text(&tree);
    from_text.RecordErrorsTo(&complaints);
    google::protobuf::FileDescriptorProto file;
    REQUIRE(from_text.FindFileByName("pairs.proto", &file));
    google::protobuf::FileDescriptorSet set;
    if (file.dependency_size() > 0) google::protobuf::Empty::descriptor()->file()->CopyTo(set.add_file());
    *set.add_file() = file;
    return set.SerializeAsString();
}

// The last file of the set alone.
inline std::string without_imports(const std::string& set) {
    google::protobuf::FileDescriptorSet files, last;
    REQUIRE(files.ParseFromString(set));
    *last.add_file() = *files.file().rbegin();
    return last.SerializeAsString();
}

}  // namespace jebi::contract::testing
