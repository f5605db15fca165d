#include "modules/web/api/refusals.h"

#include <algorithm>
#include <array>

#include "kit/base/json.h"

namespace jebi::web::api {

namespace {

std::string_view word_of(const Error& error) {
    return error.reason.empty() ? name(error.code) : std::string_view(error.reason);
}

bool is_of_ours(const Error& error) {
    return http::status_of(error.code) >= 500;
}

// By which the operator finds what happened; what the client did wrong needs no looking for.
void write_trace(json::Writer& out, const Error& error, const Trace& trace) {
    if (is_of_ours(error)) out.key("trace_id").string(trace.id_hex());
}

std::string our_body(const Error& error, const Trace& trace) {
    json::Writer out;
    out.begin_object().key("error").begin_object();
    out.key("code").string(word_of(error)).key("message").string(error.message);
    if (!error.field.empty()) out.key("field").string(error.field);
    write_trace(out, error, trace);
    out.end_object().end_object();
    return out.take();
}

// Programs show `error` to people; the words of Mastodon's own server are what some of them look for.
std::string mastodon_words(const Error& error) {
    if (error.code == Code::not_found) return "Record not found";
    if (error.code == Code::unauthenticated) return "The access token is invalid";
    if (error.code == Code::invalid) return "Validation failed: " + error.message;
    return error.message;
}

std::string mastodon_body(const Error& error, const Trace& trace) {
    json::Writer out;
    out.begin_object().key("error").string(mastodon_words(error));
    out.key("error_description").string(error.message);
    write_trace(out, error, trace);
    out.end_object();
    return out.take();
}

// The words that RFC 6749 (5.2) and RFC 7009 (2.2.1) know; what else may be wrong with a request is
// "invalid_request".
std::string_view oauth_word(const Error& error) {
    static constexpr std::array<std::string_view, 6> words{"invalid_client",         "invalid_grant",
                                                           "unauthorized_client",    "unsupported_grant_type",
                                                           "unsupported_token_type", "invalid_scope"};
    if (std::ranges::find(words, error.reason) != words.end()) return error.reason;
    if (error.reason == "scope_invalid") return "invalid_scope";
    if (error.code == Code::unavailable || error.code == Code::deadline) return "temporarily_unavailable";
    return error.code == Code::internal ? "server_error" : "invalid_request";
}

std::string oauth_body(const Error& error, const Trace& trace) {
    json::Writer out;
    out.begin_object().key("error").string(oauth_word(error));
    out.key("error_description").string(error.message);
    write_trace(out, error, trace);
    out.end_object();
    return out.take();
}

std::string body_of(Errors shape, const Error& error, const Trace& trace) {
    if (shape == Errors::mastodon) return mastodon_body(error, trace);
    return shape == Errors::oauth ? oauth_body(error, trace) : our_body(error, trace);
}

int status_in(Errors shape, const Error& error) {
    if (shape == Errors::mastodon && error.code == Code::invalid) return 422;
    return http::status_of(error.code);
}

// Where the module said nothing: what is away may be back soon.
std::int64_t seconds_to_wait(const Error& error) {
    const bool is_away = error.code == Code::unavailable || error.code == Code::deadline;
    return error.retry_after_s == 0 && is_away ? retry_after_s : error.retry_after_s;
}

}  // namespace

http::Response refusal(Errors shape, const Error& error, const Trace& trace) {
    http::Response response = http::Response::json(status_in(shape, error), body_of(shape, error, trace));
    if (error.code == Code::unauthenticated) response.fields.add("WWW-Authenticate", "Bearer");
    if (const auto seconds = seconds_to_wait(error); seconds > 0)
        response.fields.add("Retry-After", std::to_string(seconds));
    return response;
}

}  // namespace jebi::web::api
