// How often the API may be asked: so many requests in a while, by each account, and by each address of those
// who are nobody or whose token is wrong. Each answer says how many are left (X-RateLimit-*).
#pragma once

#include "kit/http/rate_limit.h"
#include "modules/web/api/asked.h"

namespace jebi::web::api {

// Thread-safe. The site must outlive it.
class Rates {
public:
    explicit Rates(const Site& site);

    // Counts a request. `asked` is what came of reading it.
    http::RateState take(const http::Request& request, const Result<Asked>& asked);

private:
    const Site& site_;
    http::RateLimiter limiter_;
};

// `exhausted` (too_many_requests), when the state says so.
Result<void> check(const http::RateState& state);

}  // namespace jebi::web::api
