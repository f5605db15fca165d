// What a Call carries, as header fields: how it crosses to another process.
#pragma once

#include "kit/base/call.h"
#include "kit/http/message.h"

namespace jebi::rpc {

// Connect-Timeout-Ms (what is left, at least 1), traceparent, and where there are any Jebi-User,
// Jebi-Class (background) and Idempotency-Key.
void add_fields_of(const Call& call, http::Fields<std::string>& fields);

// The Call that a request carries. Its time ends with the request's, or sooner if it says so. `invalid` for
// a timeout, a user or a class that is none, and for another version of the protocol than 1 (none is fine).
Result<Call> call_of(const http::Request& request);

}  // namespace jebi::rpc
