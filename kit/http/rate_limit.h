// How many requests somebody may make in a while: fixed windows, one for each key, that begin with the key's
// first request.
//
// A key is whoever is counted: "user 17", an address. The table is bounded: when it is full, the key whose
// window began first is forgotten, which is the one that has least left to remember.
#pragma once

#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "kit/base/clock.h"
#include "kit/http/message.h"

namespace jebi::http {

struct RateLimits {
    std::int64_t requests_max = 300;  // in a window; 0: no limit, nothing is counted
    Millis window{300'000};
    std::size_t keys_max = 100'000;
};

// Where a key stands after a request.
struct RateState {
    bool allowed = true;
    std::int64_t limit = 0;  // 0: there is none
    std::int64_t remaining = 0;
    WallMs reset_ms = 0;             // when its window ends
    std::int64_t retry_after_s = 0;  // until then, at least 1; 0 when allowed
};

// Thread-safe, if its clock is.
class RateLimiter {
public:
    // The clock must outlive it.
    RateLimiter(const Clock& clock, const RateLimits& limits) : clock_(clock), limits_(limits) {}

    // Counts one request.
    RateState take(std::string_view key);
    std::size_t keys() const;

private:
    struct Window {
        std::string key;
        WallMs since_ms;
        std::int64_t requests = 0;
    };
    using Windows = std::list<Window>;

    Window& window_of(std::string_view key, WallMs now_ms);
    bool is_over(const Window& window, WallMs now_ms) const;
    void forget_first();

    const Clock& clock_;
    const RateLimits limits_;
    mutable std::mutex mutex_;
    Windows windows_;                                                 // the one that began first stands first
    std::unordered_map<std::string_view, Windows::iterator> by_key_;  // the views are of windows_
};

// Of the two that count a request the one that says more: the one that refuses, or that has less left.
const RateState& tighter(const RateState& a, const RateState& b);
// X-RateLimit-Limit, -Remaining and -Reset (as Mastodon writes them: the last is a time in ISO 8601), and
// Retry-After when it was not allowed. Nothing where there is no limit.
void add_rate_fields(Response& response, const RateState& state);
// Who an address belongs to: an IPv6 address counts with all of its /64, which is what one customer has.
std::string network_of(std::string_view address);

}  // namespace jebi::http
