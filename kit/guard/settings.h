// The policies around the calls to one neighbour, in figures. The defaults are for a neighbour on the same
// machine.
//
// In a topology they are set for each edge, by name; numbers are whole:
//
//     timeout_ms              10000   1 to 10000       no call takes longer, whatever time its caller has
//     breaker                 automatic                automatic, forced-open (nothing is called), disabled
//     breaker_calls_min       20      1 to 10000       calls in the window before anything is concluded
//     breaker_failure_percent 50      1 to 100         of the calls in the window
//     breaker_slow_percent    50      1 to 100
//     breaker_slow_ms         1000    1 to 10000       a call that takes so long is slow
//     breaker_window_ms       10000   100 to 600000
//     breaker_patience_ms     300     0 to 60000       failures that are over sooner do not open it
//     breaker_open_ms         500     10 to 600000     the first time; doubles each time in a row
//     breaker_open_ms_max     1000    10 to 600000
//     breaker_trials          5       1 to 1000        calls let through half-open
//     breaker_trial_ms        5000    10 to 600000     after which a trial without an answer has failed
//     retries_max             2       0 to 10          of one call
//     retry_backoff_ms        50      1 to 10000       the first wait is up to so long, by chance; doubles
//     retry_backoff_ms_max    1000    1 to 10000
//     retry_percent           20      0 to 100         retries per hundred calls
//     retry_reserve_per_s     10      0 to 1000        retries that are there without calls
//     retry_ttl_ms            10000   100 to 600000    a call earns its share of a retry for so long
//     in_flight_max           64      1 to 10000       the bulkhead
//     queue_max               64      0 to 10000       that may wait before it
//     stale_ms_max            300000  0 to 86400000    an old answer never stands in for longer; 0: never
//     stale_bytes_max         8388608 0 to 1073741824  of answers kept; 0: none
#pragma once

#include <span>
#include <string>
#include <utility>

#include "kit/base/result.h"
#include "kit/guard/breaker.h"
#include "kit/guard/retry_budget.h"

namespace jebi::guard {

struct RetrySettings {
    int max = 2;
    Millis backoff{50};
    Millis backoff_max{1'000};
};

struct Settings {
    Millis timeout{10'000};
    BreakerSettings breaker{};
    RetrySettings retry{};
    RetryBudgetSettings budget{};
    std::size_t in_flight_max = 64;
    std::size_t queue_max = 64;
    Millis stale_max{300'000};
    std::size_t stale_bytes_max = std::size_t{8} * 1024 * 1024;

    // The defaults with these instead: names and values as above. `invalid`, with the name as `field`: an
    // unknown name (the message names the nearest), a value that is none or out of its bounds, a name given
    // twice, or settings that contradict each other.
    static Result<Settings> from(std::span<const std::pair<std::string, std::string>> given);
    // Only the last of these.
    Result<void> check() const;
};

}  // namespace jebi::guard
