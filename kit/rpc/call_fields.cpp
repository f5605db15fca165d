#include "kit/rpc/call_fields.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace jebi::rpc {

namespace {

constexpr std::size_t timeout_digits_max = 10;  // Connect's bound

std::optional<Millis> timeout_from(std::string_view text) {
    std::int64_t milliseconds = 0;
    const auto* const begin = text.data();
    const auto* const end = begin + text.size();
    const auto [stop, status] = std::from_chars(begin, end, milliseconds);
    const bool number = status == std::errc{} && stop == end && text.size() <= timeout_digits_max;
    if (!number || milliseconds <= 0) return std::nullopt;
    return Millis{milliseconds};
}

Result<Deadline> until_of(const http::Request& request) {
    const auto field = request.fields.get("Connect-Timeout-Ms");
    if (!field) return request.until;
    const auto timeout = timeout_from(*field);
    if (!timeout) return fail(Code::invalid, "Connect-Timeout-Ms is a number from 1 to 9999999999.");
    return std::min(request.until, in(*timeout));
}

Result<UserId> user_of(const http::Request& request) {
    const auto field = request.fields.get("Jebi-User");
    if (!field) return UserId{};
    const auto id = id_from(*field);
    if (!id) return fail(Code::invalid, "Jebi-User is the decimal id of a user.");
    return UserId{*id};
}

Result<bool> is_background(const http::Request& request) {
    const auto field = request.fields.get("Jebi-Class").value_or("user");
    if (field == "user" || field == "background") return field == "background";
    return fail(Code::invalid, "Jebi-Class is user or background.");
}

}  // namespace

void add_fields_of(const Call& call, http::Fields<std::string>& fields) {
    fields.add("Connect-Timeout-Ms", std::to_string(std::max(left_until(call.until), Millis{1}).count()));
    fields.add("traceparent", call.trace.traceparent());
    if (call.user) fields.add("Jebi-User", std::to_string(call.user.value));
    if (call.background) fields.add("Jebi-Class", "background");
    if (!call.idempotency_key.empty()) fields.add("Idempotency-Key", call.idempotency_key);
}

Result<Call> call_of(const http::Request& request) {
    if (request.fields.get("Connect-Protocol-Version").value_or("1") != "1") {
        return fail(Code::invalid, "Connect-Protocol-Version 1 is spoken here.");
    }
    Call call;
    TRY(call.until, until_of(request));
    TRY(call.user, user_of(request));
    TRY(call.background, is_background(request));
    call.trace = request.trace;
    call.idempotency_key = request.fields.get("Idempotency-Key").value_or("");
    return call;
}

}  // namespace jebi::rpc
