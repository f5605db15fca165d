// How many retries a neighbour may be sent: a share of the calls, and some for when there are few.
//
// As in Finagle and Linkerd: each call puts `percent` hundredths of a retry in, for `ttl`; besides,
// `reserve_per_s` a second are always there. So retries never multiply: a neighbour that fails sees at
// most 1.2 times the calls, and ten more a second. (The reserve is what lets a quiet neighbour's only call be
// tried again; it counts for more than the share below 50 calls a second.)
#pragma once

#include <mutex>

#include "kit/guard/time.h"
#include "kit/guard/window.h"

namespace jebi::guard {

struct RetryBudgetSettings {
    int percent = 20;        // 0 to 100
    int reserve_per_s = 10;  // 0: none
    Millis ttl{10'000};
};

// Thread-safe.
class RetryBudget {
public:
    RetryBudget(const RetryBudgetSettings& settings, const Time& time)
        : settings_(settings), time_(time), window_(settings.ttl) {}

    // A call begins (not a retry of one).
    void put();
    // One retry, if the budget has it.
    bool take();
    // Retries that could be taken now.
    double balance() const;

private:
    struct Counts {
        std::int64_t calls = 0, retries = 0;
        Counts& operator+=(const Counts& more) {
            calls += more.calls;
            retries += more.retries;
            return *this;
        }
    };
    double balance(Deadline now) const;

    const RetryBudgetSettings settings_;
    const Time& time_;
    mutable std::mutex mutex_;
    Window<Counts> window_;
};

}  // namespace jebi::guard
