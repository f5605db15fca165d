#include "kit/guard/settings.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "kit/base/nearest.h"

namespace jebi::guard {

namespace {

struct Number {
    std::string_view name;
    std::int64_t min;
    std::int64_t max;
    void (*set)(Settings&, std::int64_t);
};

constexpr std::string_view mode_name = "breaker";
constexpr std::int64_t ten_minutes_ms = 600'000;
constexpr std::int64_t call_ms_max = 10'000;  // rpc::served_max

constexpr auto numbers = std::to_array<Number>({
    {"timeout_ms", 1, call_ms_max, [](Settings& to, auto value) { to.timeout = Millis{value}; }},
    {"breaker_calls_min", 1, 10'000,
     [](Settings& to, auto value) { to.breaker.calls_min = static_cast<int>(value); }},
    {"breaker_failure_percent", 1, 100,
     [](Settings& to, auto value) { to.breaker.failure_percent = static_cast<int>(value); }},
    {"breaker_slow_percent", 1, 100,
     [](Settings& to, auto value) { to.breaker.slow_percent = static_cast<int>(value); }},
    {"breaker_slow_ms", 1, call_ms_max, [](Settings& to, auto value) { to.breaker.slow = Millis{value}; }},
    {"breaker_window_ms", 100, ten_minutes_ms,
     [](Settings& to, auto value) { to.breaker.window = Millis{value}; }},
    {"breaker_patience_ms", 0, 60'000, [](Settings& to, auto value) { to.breaker.patience = Millis{value}; }},
    {"breaker_open_ms", 10, ten_minutes_ms,
     [](Settings& to, auto value) { to.breaker.open = Millis{value}; }},
    {"breaker_open_ms_max", 10, ten_minutes_ms,
     [](Settings& to, auto value) { to.breaker.open_max = Millis{value}; }},
    {"breaker_trials", 1, 1'000,
     [](Settings& to, auto value) { to.breaker.trials = static_cast<int>(value); }},
    {"breaker_trial_ms", 10, ten_minutes_ms,
     [](Settings& to, auto value) { to.breaker.trial = Millis{value}; }},
    {"retries_max", 0, 10, [](Settings& to, auto value) { to.retry.max = static_cast<int>(value); }},
    {"retry_backoff_ms", 1, call_ms_max, [](Settings& to, auto value) { to.retry.backoff = Millis{value}; }},
    {"retry_backoff_ms_max", 1, call_ms_max,
     [](Settings& to, auto value) { to.retry.backoff_max = Millis{value}; }},
    {"retry_percent", 0, 100, [](Settings& to, auto value) { to.budget.percent = static_cast<int>(value); }},
    {"retry_reserve_per_s", 0, 1'000,
     [](Settings& to, auto value) { to.budget.reserve_per_s = static_cast<int>(value); }},
    {"retry_ttl_ms", 100, ten_minutes_ms, [](Settings& to, auto value) { to.budget.ttl = Millis{value}; }},
    {"in_flight_max", 1, 10'000,
     [](Settings& to, auto value) { to.in_flight_max = static_cast<std::size_t>(value); }},
    {"queue_max", 0, 10'000,
     [](Settings& to, auto value) { to.queue_max = static_cast<std::size_t>(value); }},
    {"stale_ms_max", 0, 86'400'000, [](Settings& to, auto value) { to.stale_max = Millis{value}; }},
    {"stale_bytes_max", 0, 1'073'741'824,
     [](Settings& to, auto value) { to.stale_bytes_max = static_cast<std::size_t>(value); }},
});

std::unexpected<Error> refuse(std::string_view name, std::string why) {
    return fail(error(Code::invalid, std::move(why)).at(std::string(name)));
}

std::string quoted(std::string_view text) {
    constexpr std::size_t shown_max = 100;
    return "\"" + std::string(text.substr(0, shown_max)) + "\"";
}

std::unexpected<Error> unknown(std::string_view name) {
    std::vector<std::string> known{std::string(mode_name)};
    for (const Number& number : numbers)
        known.emplace_back(number.name);
    const auto meant = nearest(name, known);
    return refuse(name, quoted(name) + " is no setting of the calls to a neighbour." +
                            (meant ? " Did you mean " + quoted(*meant) + "?" : ""));
}

std::optional<std::int64_t> number_from(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (status != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

Result<void> set_mode(Settings& to, std::string_view value) {
    if (value == "automatic") {
        to.breaker.mode = BreakerMode::automatic;
    } else if (value == "forced-open") {
        to.breaker.mode = BreakerMode::forced_open;
    } else if (value == "disabled") {
        to.breaker.mode = BreakerMode::disabled;
    } else {
        return refuse(mode_name, "breaker is automatic, forced-open or disabled, not " + quoted(value) + ".");
    }
    return {};
}

Result<void> set(Settings& to, std::string_view name, std::string_view value) {
    if (name == mode_name) return set_mode(to, value);
    const auto* const number = std::ranges::find(numbers, name, &Number::name);
    if (number == numbers.end()) return unknown(name);
    const auto wanted = number_from(value);
    if (!wanted || *wanted < number->min || *wanted > number->max) {
        return refuse(name, std::string(name) + " is a whole number from " + std::to_string(number->min) +
                                " to " + std::to_string(number->max) + ", not " + quoted(value) + ".");
    }
    number->set(to, *wanted);
    return {};
}

std::string of_ms(std::string_view name, Millis value) {
    return std::string(name) + " (" + std::to_string(value.count()) + ")";
}

// Failed calls that the window can hold when the neighbour hangs: each place of the bulkhead is taken until
// the timeout.
std::int64_t hanging_calls_in_window(const Settings& settings) {
    const auto turns = std::max<std::int64_t>(1, settings.breaker.window / settings.timeout);
    return static_cast<std::int64_t>(settings.in_flight_max) * turns;
}

}  // namespace

Result<Settings> Settings::from(std::span<const std::pair<std::string, std::string>> given) {
    Settings settings;
    std::set<std::string_view> seen;
    for (const auto& [name, value] : given) {
        TRY_VOID(set(settings, name, value));
        if (!seen.insert(name).second) return refuse(name, std::string(name) + " is given twice.");
    }
    TRY_VOID(settings.check());
    return settings;
}

Result<void> Settings::check() const {
    if (breaker.open > breaker.open_max) {
        return refuse("breaker_open_ms", of_ms("breaker_open_ms", breaker.open) + " is more than " +
                                             of_ms("breaker_open_ms_max", breaker.open_max) + ".");
    }
    if (retry.backoff > retry.backoff_max) {
        return refuse("retry_backoff_ms", of_ms("retry_backoff_ms", retry.backoff) + " is more than " +
                                              of_ms("retry_backoff_ms_max", retry.backoff_max) + ".");
    }
    if (breaker.patience >= breaker.window) {
        return refuse("breaker_patience_ms",
                      of_ms("breaker_patience_ms", breaker.patience) + " is not less than " +
                          of_ms("breaker_window_ms", breaker.window) + ": it would never open.");
    }
    if (static_cast<std::size_t>(breaker.trials) > in_flight_max) {
        return refuse("breaker_trials", "breaker_trials (" + std::to_string(breaker.trials) +
                                            ") is more than in_flight_max (" + std::to_string(in_flight_max) +
                                            ") lets through.");
    }
    if (breaker.calls_min > hanging_calls_in_window(*this)) {
        return refuse("breaker_calls_min",
                      "breaker_calls_min (" + std::to_string(breaker.calls_min) +
                          ") is more than breaker_window_ms can hold: a neighbour that hangs ends at most " +
                          std::to_string(hanging_calls_in_window(*this)) +
                          " calls in that time (in_flight_max each timeout_ms), so it would never open.");
    }
    return {};
}

}  // namespace jebi::guard
