#include "kit/rpc/errors.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <optional>
#include <utility>

#include "kit/base/crypto.h"
#include "kit/base/json.h"
#include "kit/rpc/codec.h"
#include "kit/rpc/error_info.pb.h"

namespace jebi::rpc {

namespace {

constexpr std::string_view info_type = "jebi.rpc.v1.ErrorInfo";

// The first line of each of our codes is what we send for it.
constexpr auto table = std::to_array<WireCode>({
    {"invalid_argument", 400, Code::invalid},
    {"unauthenticated", 401, Code::unauthenticated},
    {"permission_denied", 403, Code::forbidden},
    {"not_found", 404, Code::not_found},
    {"already_exists", 409, Code::conflict},
    {"resource_exhausted", 429, Code::exhausted},
    {"deadline_exceeded", 504, Code::deadline},
    {"unavailable", 503, Code::unavailable},
    {"internal", 500, Code::internal},
    {"out_of_range", 400, Code::invalid},
    {"aborted", 409, Code::conflict},
    {"failed_precondition", 400, Code::conflict},
    {"canceled", 499, Code::deadline},  // somebody stopped waiting; it may or may not have happened
    {"unimplemented", 501, Code::internal},
    {"unknown", 500, Code::internal},
    {"data_loss", 500, Code::internal},
});

std::string without_padding(std::string base64) {
    while (base64.ends_with('='))
        base64.pop_back();
    return base64;
}

// The ErrorInfo as base64; empty when there is nothing to say.
std::string info_of(const Error& error) {
    v1::ErrorInfo info;
    info.set_reason(error.reason);
    info.set_field(error.field);
    info.set_retry_after_s(error.retry_after_s);
    return without_padding(base64(info.SerializeAsString()));
}

std::string json_of(std::string_view wire_name, const Error& error) {
    json::Writer out;
    out.begin_object().key("code").string(wire_name);
    if (!error.message.empty()) out.key("message").string(error.message);
    if (const auto info = info_of(error); !info.empty()) {
        out.key("details").begin_array().begin_object();
        out.key("type").string(info_type).key("value").string(info);
        out.end_object().end_array();
    }
    return out.end_object().take();
}

std::string text_at(const json::Value& object, std::string_view name) {
    const auto* member = object.find(name);
    const auto* text = member == nullptr ? nullptr : member->text();
    return text == nullptr ? std::string() : *text;
}

void take_detail(const json::Value& detail, Error& error) {
    if (text_at(detail, "type") != info_type) return;
    const auto bytes = from_base64(text_at(detail, "value"));
    v1::ErrorInfo info;
    if (!bytes || !info.ParseFromString(*bytes)) return;
    error.reason = info.reason();
    error.field = info.field();
    error.retry_after_s = std::max<std::int64_t>(info.retry_after_s(), 0);
}

std::optional<Error> error_from_json(std::string_view body) {
    if (body.size() > error_bytes_max) return std::nullopt;
    const auto value = json::parse(body);
    if (!value) return std::nullopt;
    const auto* known = wire_code(text_at(*value, "code"));
    if (known == nullptr) return std::nullopt;
    Error error{.code = known->code, .message = text_at(*value, "message")};
    const auto* details = value->find("details");
    if (details != nullptr && details->array() != nullptr) {
        for (const auto& detail : *details->array())
            take_detail(detail, error);
    }
    return error;
}

std::string_view message_of(Code code) {
    switch (code) {
        case Code::unauthenticated:
            return "Please sign in first.";
        case Code::forbidden:
            return "This is not allowed.";
        case Code::unavailable:
            return "This cannot be reached now. Please try again in a moment.";
        default:
            return "Something went wrong on our side.";
    }
}

}  // namespace

std::span<const WireCode> wire_codes() {
    return table;
}

const WireCode& wire_code(Code code) {
    const auto* found = std::ranges::find(table, code, &WireCode::code);
    assert(found != table.end());
    return *found;
}

const WireCode* wire_code(std::string_view name) {
    const auto* found = std::ranges::find(table, name, &WireCode::name);
    return found == table.end() ? nullptr : found;
}

// Connect's table for answers without a Connect error; its 404 is "unimplemented", its rest "unknown".
Code inferred_from(int status) {
    switch (status) {
        case 401:
            return Code::unauthenticated;
        case 403:
            return Code::forbidden;
        case 429:
        case 502:
        case 503:
        case 504:
            return Code::unavailable;
        default:
            return Code::internal;
    }
}

http::Response answer_of(const Error& error) {
    const auto& code = wire_code(error.code);
    return answer_of(error, code.name, code.status);
}

http::Response answer_of(const Error& error, std::string_view wire_name, int status) {
    http::Response response;
    response.status = status;
    response.fields.add("Content-Type", "application/json");
    if (error.retry_after_s > 0) response.fields.add("Retry-After", std::to_string(error.retry_after_s));
    response.body = json_of(wire_name, error);
    return response;
}

Error error_of(int status, std::string_view content_type, std::string_view body) {
    if (codec_of(content_type) == Codec::json) {
        if (auto error = error_from_json(body)) return *std::move(error);
    }
    const Code code = inferred_from(status);
    return error(code, std::string(message_of(code)))
        .detailed("answered " + std::to_string(status) + " without a Connect error");
}

bool is_of_one_hop(std::string_view reason) {
    constexpr auto ours = std::to_array(
        {not_connected, overloaded, bad_answer, left_alone, queue_full, not_let_in, not_trusted});
    return std::ranges::find(ours, reason) != ours.end();
}

bool has_not_happened(const Error& error) {
    return error.reason != bad_answer && is_of_one_hop(error.reason);
}

// Declared in rpc.h, for generated code.
Error beyond_this_hop(Error error) {
    if (is_of_one_hop(error.reason)) error.reason.clear();
    return error;
}

}  // namespace jebi::rpc
