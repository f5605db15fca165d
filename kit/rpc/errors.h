// Our errors on the wire, and what the wire's errors mean to us: one table, read in both directions.
//
// Connect knows sixteen codes (they are gRPC's), jebi nine. Each of ours is sent as one of theirs and
// comes back as itself; the others, which only foreign programs send, become the nearest of ours.
//
//     {"code": "already_exists", "message": "That name is taken.",
//      "details": [{"type": "jebi.rpc.v1.ErrorInfo", "value": "<protobuf, base64 without padding>"}]}
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "kit/base/result.h"
#include "kit/http/message.h"

namespace jebi::rpc {

struct WireCode {
    std::string_view name;  // "invalid_argument"
    int status;             // of HTTP
    Code code;
};

// All sixteen.
std::span<const WireCode> wire_codes();
// The one that is sent for `code`.
const WireCode& wire_code(Code code);
// The one of that name; null: Connect has none.
const WireCode* wire_code(std::string_view name);
// What an answer means that is no success and carries no Connect error, from a proxy perhaps.
Code inferred_from(int status);

// The error as an answer: status, JSON, Retry-After. Its `detail` stays here.
http::Response answer_of(const Error& error);
// The same with a code that none of ours is sent as, or with a status of its own.
http::Response answer_of(const Error& error, std::string_view wire_name, int status);

// The error that an answer with a status other than 200 means: what its body says when that is a Connect
// error, else what the status lets one infer. Details that are none are passed over.
Error error_of(int status, std::string_view content_type, std::string_view body);

// Reasons that tell of the way to the other side, and hold for this one hop: what a service answers does not
// carry them on, since there they would tell of somebody else.
inline constexpr std::string_view not_connected = "not_connected";  // nothing was sent
inline constexpr std::string_view overloaded = "overloaded";        // refused before it began
inline constexpr std::string_view bad_answer = "bad_answer";        // what came back is no answer
inline constexpr std::string_view left_alone = "left_alone";        // a breaker is open; nothing was sent
inline constexpr std::string_view queue_full = "queue_full";        // a bulkhead is; nothing was sent
inline constexpr std::string_view not_let_in = "not_let_in";        // the shared secret is missing or wrong
inline constexpr std::string_view not_trusted = "not_trusted";      // the certificate is not right
bool is_of_one_hop(std::string_view reason);
// Is it certain that the call did not happen?
bool has_not_happened(const Error& error);

inline constexpr std::size_t error_bytes_max = 64 * 1024;  // a larger body is not looked at

}  // namespace jebi::rpc
