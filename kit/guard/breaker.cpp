#include "kit/guard/breaker.h"

#include <algorithm>
#include <utility>

namespace jebi::guard {

namespace {

constexpr int doublings_max = 16;
constexpr double jitter = 0.2;  // the share of the open time that chance may take off

// Is `part` at least `percent` of `whole`?
bool reaches(std::uint64_t part, std::uint64_t whole, int percent) {
    return part * 100 >= whole * static_cast<std::uint64_t>(percent);
}

std::string of_calls(std::uint64_t part, std::uint64_t whole, std::string_view what) {
    return std::to_string(part) + " of " + std::to_string(whole) + " calls " + std::string(what);
}

}  // namespace

std::string_view name(BreakerState state) {
    switch (state) {
        case BreakerState::closed:
            return "closed";
        case BreakerState::open:
            return "open";
        case BreakerState::half_open:
            return "half-open";
        case BreakerState::forced_open:
            return "forced-open";
        case BreakerState::disabled:
            return "disabled";
    }
    return "closed";
}

Breaker::Breaker(const BreakerSettings& settings, const Time& time, std::uint64_t seed, BreakerTold told)
    : settings_(settings),
      time_(time),
      told_(std::move(told)),
      dice_(seed),
      mode_(settings.mode),
      since_(time.now()),
      window_(settings.window) {}

Breaker::Permit::Permit(Permit&& other) noexcept
    : breaker_(std::exchange(other.breaker_, nullptr)), terms_(other.terms_) {}

Breaker::Permit::~Permit() {
    report(Outcome::bad);
}

void Breaker::Permit::report(Outcome outcome) {
    Breaker* const breaker = std::exchange(breaker_, nullptr);
    if (breaker != nullptr) breaker->report(terms_, outcome);
}

std::optional<Breaker::Permit> Breaker::admit(bool waits) {
    const std::lock_guard lock{mutex_};
    const Deadline now = time_.now();
    settle(now);
    if (mode_ == BreakerMode::disabled) return Permit{*this, {period_, now, waits}};
    const bool half_open = state_ == BreakerState::half_open;
    const bool trial = half_open && (waits || trials_.given < settings_.trials);
    if (mode_ == BreakerMode::forced_open || (state_ != BreakerState::closed && !trial)) {
        ++refused_;
        return std::nullopt;
    }
    if (trial && !waits) ++trials_.given;
    return Permit{*this, {period_, now, waits}};
}

bool Breaker::admits() {
    const std::lock_guard lock{mutex_};
    settle(time_.now());
    if (mode_ != BreakerMode::automatic) return mode_ == BreakerMode::disabled;
    return state_ == BreakerState::closed ||
           (state_ == BreakerState::half_open && trials_.given < settings_.trials);
}

// In the half-open state it may be one more than `trials`; the trials are decided by shares all the same.
Breaker::Permit Breaker::admit_anyway(bool waits) {
    const std::lock_guard lock{mutex_};
    const Deadline now = time_.now();
    settle(now);
    if (state_ == BreakerState::half_open && !waits) ++trials_.given;
    return {*this, {period_, now, waits}};
}

void Breaker::set_mode(BreakerMode mode) {
    const std::lock_guard lock{mutex_};
    if (std::exchange(mode_, mode) == mode) return;
    opened_in_a_row_ = 0;
    enter(BreakerState::closed, time_.now());
}

BreakerView Breaker::view() const {
    const std::lock_guard lock{mutex_};
    BreakerState state = state_;
    if (mode_ == BreakerMode::forced_open) state = BreakerState::forced_open;
    if (mode_ == BreakerMode::disabled) state = BreakerState::disabled;
    return {state, reason_, since_, window_.sum(time_.now()), opened_, refused_};
}

void Breaker::report(const Permit::Terms& terms, Outcome outcome) {
    const std::lock_guard lock{mutex_};
    const Deadline now = time_.now();
    settle(now);
    if (terms.period != period_) return;
    const bool slow = !terms.waits && now - terms.since >= settings_.slow;
    if (state_ == BreakerState::half_open) return count_trial(now, outcome, slow, terms.waits);
    if (state_ == BreakerState::closed) count(now, outcome, slow);
}

// What time alone changes.
void Breaker::settle(Deadline now) {
    if (state_ == BreakerState::open && now >= until_) {
        enter(BreakerState::half_open, now);
        until_ = now + settings_.trial;
    }
    if (state_ == BreakerState::half_open && now >= until_) end_trials(now);
}

void Breaker::count(Deadline now, Outcome outcome, bool slow) {
    if (outcome == Outcome::unknown) return;
    const bool failed = outcome == Outcome::bad;
    const BreakerCounts before = window_.sum(now);
    window_.at(now) += {1, failed ? 1U : 0U, slow && !failed ? 1U : 0U};
    if (!failed && !slow) {
        bad_in_a_row_ = 0;
        return;
    }
    if (before.failures + before.slow == 0) bad_since_ = now;
    if (bad_in_a_row_++ == 0) in_a_row_since_ = now;
    if (mode_ != BreakerMode::automatic) return;
    if (auto reason = too_bad(now); !reason.empty()) open(now, std::move(reason));
}

// Why it has to open; empty when it need not.
std::string Breaker::too_bad(Deadline now) const {
    const BreakerCounts counts = window_.sum(now);
    const auto calls_min = static_cast<std::uint64_t>(settings_.calls_min);
    const Deadline in_a_row = now - in_a_row_since_ > settings_.window ? now : in_a_row_since_;
    if (bad_in_a_row_ >= settings_.calls_min && now - in_a_row >= settings_.patience)
        return "the last " + std::to_string(bad_in_a_row_) + " calls failed or were slow";
    if (counts.calls < calls_min || now - bad_since_ < settings_.patience) return "";
    if (reaches(counts.failures, counts.calls, settings_.failure_percent))
        return of_calls(counts.failures, counts.calls, "failed");
    if (reaches(counts.failures + counts.slow, counts.calls, settings_.slow_percent))
        return of_calls(counts.failures + counts.slow, counts.calls, "failed or were slow");
    return "";
}

void Breaker::count_trial(Deadline now, Outcome outcome, bool slow, bool waits) {
    if (outcome == Outcome::unknown) {
        if (!waits) --trials_.given;
        return;
    }
    if (waits) ++trials_.given;
    ++(outcome == Outcome::bad || slow ? trials_.bad : trials_.good);
    const auto bad = static_cast<std::uint64_t>(trials_.bad);
    const auto trials = static_cast<std::uint64_t>(settings_.trials);
    const auto bad_at_most = trials - std::min(trials, static_cast<std::uint64_t>(trials_.good));
    const bool failed = reaches(bad, trials, settings_.failure_percent);
    if (failed || !reaches(bad_at_most, trials, settings_.failure_percent)) end_trials(now);
}

// Decides on what came back; what did not has failed.
void Breaker::end_trials(Deadline now) {
    if (trials_.given == 0) {  // nobody has called
        until_ = now + settings_.trial;
        return;
    }
    const auto given = static_cast<std::uint64_t>(std::min(trials_.given, settings_.trials));
    const auto decided = static_cast<std::uint64_t>(trials_.good) + static_cast<std::uint64_t>(trials_.bad);
    const bool in_time = now < until_;
    const std::uint64_t bad = in_time ? static_cast<std::uint64_t>(trials_.bad)
                                      : given - std::min(given, static_cast<std::uint64_t>(trials_.good));
    const std::uint64_t of = in_time ? decided : given;
    if (reaches(bad, of, settings_.failure_percent))
        return open(now, std::to_string(bad) + " of " + std::to_string(of) + " trial calls failed");
    opened_in_a_row_ = 0;
    enter(BreakerState::closed, now);
    if (told_) told_(BreakerState::closed, reason_);
}

void Breaker::open(Deadline now, std::string reason) {
    const auto longest = settings_.open * (1 << std::min(opened_in_a_row_, doublings_max));
    const std::chrono::duration<double> length = std::min<Millis>(longest, settings_.open_max);
    enter(BreakerState::open, now);
    until_ =
        now + std::chrono::duration_cast<std::chrono::nanoseconds>(length * (1 - jitter * dice_.fraction()));
    reason_ = std::move(reason);
    ++opened_;
    if (++opened_in_a_row_ == 1 && told_) told_(BreakerState::open, reason_);
}

void Breaker::enter(BreakerState state, Deadline now) {
    state_ = state;
    since_ = now;
    ++period_;
    trials_ = {};
    bad_in_a_row_ = 0;
    if (state == BreakerState::closed) window_.clear();  // while open it shows why
}

}  // namespace jebi::guard
