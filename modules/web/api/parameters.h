// What a request of the API gives: its query, and its body as JSON, as a form or in parts. Programs send the
// same things in all of these ways, so a handler asks by name and does not see which it was.
//
// "home[last_read_id]" is, in JSON, the member "last_read_id" of the object "home", and "list[0][name]" that
// of the first in an array.
//
// A body counts as JSON when its content type says so or when it begins with '{' (curl -d '{...}' says that
// it is a form). The body wins over the query. Names of lists may end in "[]". Everything is UTF-8; bounds
// are those of kit/http (fields, bytes) and of kit/base/json.h (depth).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kit/base/json.h"
#include "kit/http/message.h"
#include "kit/http/multipart.h"

namespace jebi::web::api {

inline constexpr std::size_t list_max = 100;  // values under one name

class Parameters {
public:
    // `invalid` (bad_json, bad_form) when the query or the body cannot be read.
    static Result<Parameters> of(const http::Request& request);

    bool has(std::string_view name) const;
    // Empty when it is absent or null. `invalid` (bad_json) with the field when it is no text.
    Result<std::string> text(std::string_view name) const;
    // 0 when it is absent. `invalid` (bad_number) when it is no id.
    Result<std::uint64_t> id(std::string_view name) const;
    // `standard` when it is absent; `invalid` (bad_number) when it is no number from 1 to `max`.
    Result<std::uint32_t> number(std::string_view name, std::uint32_t standard, std::uint32_t max) const;
    // Mastodon's ways to say it: true, "true", "True", "1", "on". False when it is absent.
    Result<bool> flag(std::string_view name) const;
    // "name[]=1&name[]=2", "name=1", or an array in JSON. `invalid` (bad_list) for over `list_max`.
    Result<std::vector<std::string>> list(std::string_view name) const;
    // An uploaded file; null when there is none of that name. It lives as long as the request.
    const http::Part* file(std::string_view name) const;

private:
    Result<void> read_body(const http::Request& request);
    const json::Value* in_json(std::string_view name) const;
    Result<std::optional<std::string>> given(std::string_view name) const;

    http::Fields<std::string> query_;
    http::Fields<std::string> form_;
    http::Multipart parts_;  // its views look into the request
    json::Value json_;
};

}  // namespace jebi::web::api
