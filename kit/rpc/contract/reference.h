// Contracts as people read them: services, methods, messages and fields with their comments, and an example
// of each call.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kit/base/result.h"

namespace jebi::contract {

// A comment's paragraphs, without the marks and line ends of the file. One may be empty everywhere.
using Comment = std::vector<std::string>;

struct Field {
    std::string name;
    std::string type;       // "repeated Tweet", "uint64", "map<string, int64>"
    std::string described;  // the Type of this contract that `type` is of; empty when it is none
    std::string oneof;      // at most one of those with the same word is set; empty: it stands alone
    int number = 0;
    Comment comment;
};

// A message or an enum, whose values are fields without a type.
struct Type {
    std::string name;  // "Entity.Kind"
    bool is_enum = false;
    Comment comment;
    std::vector<Field> fields;
};

enum class Repeatable : std::uint8_t { not_said, yes, reads_only };

struct Method {
    std::string name;
    std::string like;  // it has no comment: it stands under that of the method of this name
    Comment comment;
    std::string request, reply;  // names of types
    Repeatable repeatable = Repeatable::not_said;
    std::string path;  // "/jebi.tweets.v1.Tweets/Write"
    // A request in JSON with every field: of an either the first one; 0 where the comment says what 0 means.
    std::string example;
};

struct Service {
    std::string name;
    std::string full_name;
    Comment comment;
    std::vector<Method> methods;
};

// One file with services in it.
struct Reference {
    std::string name;  // the file's, without its ending: "tweets"
    std::vector<Service> services;
    std::vector<Type> types;  // in the order of the file, those inside another after it
};

// The files with services of a descriptor set (descriptors.h), by name. Comments are there when the set has
// them (protoc's --include_source_info). `invalid`, as Descriptors::from, for what is no set.
Result<std::vector<Reference>> references_in(std::string_view set);

}  // namespace jebi::contract
