// One operation of the public API: where it is, who may call it, what it takes and gives.
//
// The table of all operations (api.h) makes both the routes and /openapi.json, so neither can have
// what the other lacks.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "modules/web/api/asked.h"

namespace jebi::web::api {

enum class Access : std::uint8_t {
    anybody,  // a token is welcome, but not needed
    program,  // a token, be it a program's own (client credentials)
    person,   // a token of somebody
};

// In which shape errors are told.
enum class Errors : std::uint8_t {
    ours,      // {"error":{"code","message","field"?}}
    mastodon,  // {"error":"...","error_description":"..."}, 422 for what is invalid
    oauth,     // RFC 6749, 5.2: {"error":"invalid_grant",...}
};

struct Parameter {
    enum class Kind : std::uint8_t { text, number, flag, id, list, file };
    std::string_view name;
    std::string_view about;
    Kind kind = Kind::text;
    bool required = false;
};

using Answer = Result<http::Response>;
using Function = Answer (*)(const Asked&);

struct Operation {
    http::Method method;
    std::string_view pattern;  // "/api/v1/tweets/{id}"
    std::string_view id;       // the operationId: "getTweet"
    std::string_view summary;
    std::string_view tag;  // "tweets"
    Function function;
    Access access = Access::person;
    std::string_view scope{};  // that a program's token needs: "write:statuses"; empty: none
    Errors errors = Errors::ours;
    std::vector<Parameter> parameters{};  // in the query of GET and DELETE, in the body of the others
    std::string_view reply{};  // a schema of schemas/, "[Name]" for an array of them; empty: no body
    int status = 200;          // when all goes well
};

}  // namespace jebi::web::api
