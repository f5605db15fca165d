// Lets pages of other sites use an API that is guarded by tokens (CORS; the Fetch Standard, 3.2).
//
// Any origin may ask and read, and never with cookies: Access-Control-Allow-Credentials is not sent, so a
// browser neither sends nor shows what belongs to somebody who is signed in by cookie.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kit/http/message.h"

namespace jebi::http {

struct Cors {
    // Of paths, such as "/api/": what begins with one of them is open to other sites.
    std::vector<std::string> prefixes;
    // Header fields that a page may send, and see, beyond those that are always allowed.
    std::string allowed_fields = "Authorization, Content-Type, Idempotency-Key";
    std::string exposed_fields =
        "Link, Location, Retry-After, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, "
        "Idempotency-Key";
    std::int64_t max_age_s = 86'400;  // for which a browser may remember the answer to a preflight

    bool covers(std::string_view path) const;
    // What every answer there carries.
    void add_to(Response& response) const;
    // The answer to a preflight: what may be done there. 204.
    Response preflight(std::string methods) const;
};

// Does a browser ask whether a page may send a request?
bool is_preflight(const Request& request);

}  // namespace jebi::http
