#include "kit/http/rate_limit.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>

namespace jebi::http {

namespace {

constexpr std::size_t forgotten_at_once_max =
    2;                                    // windows that are over; so the table shrinks faster than it grows
constexpr std::size_t network_bytes = 8;  // of an IPv6 address

std::int64_t seconds_until(WallMs time_ms, WallMs now_ms) {
    return std::max<std::int64_t>(1, (time_ms - now_ms + 999) / 1000);
}

bool is_v4_in_v6(const in6_addr& address) {
    return IN6_IS_ADDR_V4MAPPED(&address) != 0;
}

}  // namespace

RateState RateLimiter::take(std::string_view key) {
    if (limits_.requests_max == 0) return {};
    const std::lock_guard lock{mutex_};
    const WallMs now_ms = clock_.wall_ms();
    Window& window = window_of(key, now_ms);
    RateState state{.limit = limits_.requests_max, .reset_ms = window.since_ms + limits_.window.count()};
    state.allowed = window.requests < limits_.requests_max;
    if (state.allowed) {
        state.remaining = limits_.requests_max - ++window.requests;
    } else {
        state.retry_after_s = seconds_until(state.reset_ms, now_ms);
    }
    return state;
}

std::size_t RateLimiter::keys() const {
    const std::lock_guard lock{mutex_};
    return windows_.size();
}

RateLimiter::Window& RateLimiter::window_of(std::string_view key, WallMs now_ms) {
    for (std::size_t i = 0; i < forgotten_at_once_max && !windows_.empty(); ++i) {
        if (is_over(windows_.front(), now_ms)) forget_first();
    }
    if (const auto found = by_key_.find(key); found != by_key_.end()) {
        Window& window = *found->second;
        if (!is_over(window, now_ms)) return window;
        windows_.splice(windows_.end(), windows_, found->second);
        window.since_ms = now_ms;
        window.requests = 0;
        return window;
    }
    if (windows_.size() >= limits_.keys_max) forget_first();
    windows_.push_back({std::string(key), now_ms});
    by_key_.emplace(windows_.back().key, std::prev(windows_.end()));
    return windows_.back();
}

// Also when the clock has stepped back behind its beginning: else somebody would be refused for as long.
bool RateLimiter::is_over(const Window& window, WallMs now_ms) const {
    return now_ms < window.since_ms || now_ms >= window.since_ms + limits_.window.count();
}

void RateLimiter::forget_first() {
    by_key_.erase(windows_.front().key);
    windows_.pop_front();
}

const RateState& tighter(const RateState& a, const RateState& b) {
    if (a.limit == 0 || b.limit == 0) return a.limit == 0 ? b : a;
    if (a.allowed != b.allowed) return a.allowed ? b : a;
    if (!a.allowed) return a.reset_ms >= b.reset_ms ? a : b;
    return a.remaining <= b.remaining ? a : b;
}

void add_rate_fields(Response& response, const RateState& state) {
    if (state.limit == 0) return;
    response.fields.set("X-RateLimit-Limit", std::to_string(state.limit));
    response.fields.set("X-RateLimit-Remaining", std::to_string(state.remaining));
    response.fields.set("X-RateLimit-Reset", iso8601(state.reset_ms));
    if (!state.allowed) response.fields.set("Retry-After", std::to_string(state.retry_after_s));
}

std::string network_of(std::string_view address) {
    std::string text{address};
    in6_addr v6{};
    if (inet_pton(AF_INET6, text.c_str(), &v6) != 1 || is_v4_in_v6(v6)) return text;
    std::fill(v6.s6_addr + network_bytes, std::end(v6.s6_addr), std::uint8_t{0});
    std::array<char, INET6_ADDRSTRLEN> network{};
    inet_ntop(AF_INET6, &v6, network.data(), network.size());
    return std::string(network.data()) + "/64";
}

}  // namespace jebi::http
