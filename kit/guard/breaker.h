// A circuit breaker (Nygard, "Release It!"): who keeps failing is left alone for a while, and then asked a
// little.
//
//     closed ──enough failed──> open ──its time is over──> half-open ──trials went well──> closed
//                                ^                              │
//                                └────────trials failed─────────┘
//
// It opens when in the window (10 s, in ten parts) at least `calls_min` calls ended, and `failure_percent` of
// them failed, or `slow_percent` of them were slow or failed; or when `calls_min` in a row were bad. Either
// must have gone on for `patience`: a neighbour that was killed and is back at once costs retries, no outage
// (figures by Hystrix; MICROSERVICES on why).
//
// Open it refuses everything, for `open`, each time in a row twice as long up to `open_max`, less up to a
// fifth by chance so that callers do not come back all at once. Half-open it lets `trials` calls through, and
// decides as soon as their answers leave no doubt, or after `trial`, when a trial without an answer counts as
// failed. So it cannot stay half-open for want of an answer; every permit that was given comes back, also one
// that nobody reports on.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "kit/guard/dice.h"
#include "kit/guard/time.h"
#include "kit/guard/window.h"

namespace jebi::guard {

enum class BreakerMode : std::uint8_t {
    automatic,
    forced_open,  // an operator cuts the neighbour off
    disabled,     // counts, and never refuses
};

struct BreakerSettings {
    BreakerMode mode = BreakerMode::automatic;
    int calls_min = 20;        // in the window, before anything is concluded
    int failure_percent = 50;  // 1 to 100
    int slow_percent = 50;     // 1 to 100
    Millis slow{1'000};        // a call that takes so long is slow
    Millis window{10'000};
    Millis patience{300};
    // By a decision (docs/decisions/0016): a fault that ends is over within 2 s for callers too.
    Millis open{500};
    Millis open_max{1'000};
    int trials = 5;
    Millis trial{5'000};
};

enum class BreakerState : std::uint8_t { closed, open, half_open, forced_open, disabled };
std::string_view name(BreakerState state);  // "half-open"

enum class Outcome : std::uint8_t {
    good,
    bad,
    unknown,  // says nothing about the neighbour
};

struct BreakerCounts {
    std::uint64_t calls = 0;
    std::uint64_t failures = 0;
    std::uint64_t slow = 0;  // and no failure

    BreakerCounts& operator+=(const BreakerCounts& more) {
        calls += more.calls;
        failures += more.failures;
        slow += more.slow;
        return *this;
    }
};

// For people and metrics.
struct BreakerView {
    BreakerState state = BreakerState::closed;
    std::string reason;  // of the last time it opened: "12 of 20 calls failed"; empty: it never did
    Deadline since{};    // of the state
    BreakerCounts window;
    std::uint64_t opened = 0;   // times
    std::uint64_t refused = 0;  // calls
};

// Told `open` with the reason when it opens, and `closed` when it has closed again; of what lies between,
// trials that failed, nothing. Called while the breaker is locked: does something quick, and asks the breaker
// nothing.
using BreakerTold = std::function<void(BreakerState state, const std::string& reason)>;

// Thread-safe. Permits must not outlive it.
class Breaker {
public:
    Breaker(const BreakerSettings& settings, const Time& time, std::uint64_t seed, BreakerTold told = {});
    Breaker(const Breaker&) = delete;

    // The right to make one call. Without a report it counts as a failure when it goes.
    class Permit {
    public:
        Permit(Permit&& other) noexcept;
        Permit(const Permit&) = delete;
        ~Permit();
        // Once. Counts as slow by the time since it was given, unless it waits.
        void report(Outcome outcome);

    private:
        friend class Breaker;
        struct Terms {
            std::uint64_t period;
            Deadline since;
            bool waits;
        };
        Permit(Breaker& breaker, const Terms& terms) : breaker_(&breaker), terms_(terms) {}
        Breaker* breaker_;  // null: reported
        Terms terms_;
    };

    // Nothing: do not call. A call that `waits` on purpose is no trial until it has come back: it would keep
    // the others out, and its silence means nothing.
    std::optional<Permit> admit(bool waits = false);
    // Would it? Gives nothing out.
    bool admits();
    // A permit whatever the state is; while open, what comes of it counts for nothing.
    Permit admit_anyway(bool waits = false);

    void set_mode(BreakerMode mode);
    BreakerView view() const;

private:
    struct Trials {
        int given = 0, good = 0, bad = 0;
    };
    void report(const Permit::Terms& terms, Outcome outcome);
    void settle(Deadline now);
    void count(Deadline now, Outcome outcome, bool slow);
    void count_trial(Deadline now, Outcome outcome, bool slow, bool waits);
    void end_trials(Deadline now);
    std::string too_bad(Deadline now) const;
    void open(Deadline now, std::string reason);
    void enter(BreakerState state, Deadline now);

    const BreakerSettings settings_;
    const Time& time_;
    const BreakerTold told_;
    Dice dice_;
    mutable std::mutex mutex_;  // of all below
    BreakerMode mode_;
    BreakerState state_ = BreakerState::closed;  // of the automatic mode
    Deadline since_;
    Deadline until_{};          // of open and half-open
    std::uint64_t period_ = 0;  // counts changes of state: a permit of an earlier period is stale
    Window<BreakerCounts> window_;
    Deadline bad_since_{};  // the first bad one that the window holds
    int bad_in_a_row_ = 0;
    Deadline in_a_row_since_{};
    Trials trials_;
    int opened_in_a_row_ = 0;
    std::string reason_;
    std::uint64_t opened_ = 0;
    std::uint64_t refused_ = 0;
};

}  // namespace jebi::guard
