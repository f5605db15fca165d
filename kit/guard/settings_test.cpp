#include "kit/guard/settings.h"

#include <doctest/doctest.h>

#include <vector>

namespace jebi::guard::testing {

namespace {

using Given = std::vector<std::pair<std::string, std::string>>;

Error refused(const Given& given) {
    const auto settings = Settings::from(given);
    REQUIRE_FALSE(settings.has_value());
    CHECK(settings.error().code == Code::invalid);
    return settings.error();
}

}  // namespace

TEST_CASE("without a word the defaults hold, and they do not contradict each other") {
    const auto settings = Settings::from({});
    REQUIRE(settings.has_value());
    CHECK(settings->in_flight_max == 64);
    CHECK(settings->breaker.calls_min == 20);
}

TEST_CASE("each setting reaches its place") {
    const Given all{{"timeout_ms", "9000"},
                    {"breaker", "disabled"},
                    {"breaker_calls_min", "21"},
                    {"breaker_failure_percent", "51"},
                    {"breaker_slow_percent", "52"},
                    {"breaker_slow_ms", "1001"},
                    {"breaker_window_ms", "10001"},
                    {"breaker_patience_ms", "301"},
                    {"breaker_open_ms", "5000"},
                    {"breaker_open_ms_max", "60000"},
                    {"breaker_trials", "6"},
                    {"breaker_trial_ms", "5001"},
                    {"retries_max", "3"},
                    {"retry_backoff_ms", "51"},
                    {"retry_backoff_ms_max", "999"},
                    {"retry_percent", "22"},
                    {"retry_reserve_per_s", "11"},
                    {"retry_ttl_ms", "10002"},
                    {"in_flight_max", "65"},
                    {"queue_max", "63"},
                    {"stale_ms_max", "299999"},
                    {"stale_bytes_max", "1000"}};
    const auto settings = Settings::from(all);
    REQUIRE(settings.has_value());
    CHECK(settings->timeout == Millis{9'000});
    CHECK(settings->breaker.mode == BreakerMode::disabled);
    CHECK(settings->breaker.calls_min == 21);
    CHECK(settings->breaker.failure_percent == 51);
    CHECK(settings->breaker.slow_percent == 52);
    CHECK(settings->breaker.slow == Millis{1'001});
    CHECK(settings->breaker.window == Millis{10'001});
    CHECK(settings->breaker.patience == Millis{301});
    CHECK(settings->breaker.open == Millis{5'000});
    CHECK(settings->breaker.open_max == Millis{60'000});
    CHECK(settings->breaker.trials == 6);
    CHECK(settings->breaker.trial == Millis{5'001});
    CHECK(settings->retry.max == 3);
    CHECK(settings->retry.backoff == Millis{51});
    CHECK(settings->retry.backoff_max == Millis{999});
    CHECK(settings->budget.percent == 22);
    CHECK(settings->budget.reserve_per_s == 11);
    CHECK(settings->budget.ttl == Millis{10'002});
    CHECK(settings->in_flight_max == 65);
    CHECK(settings->queue_max == 63);
    CHECK(settings->stale_max == Millis{299'999});
    CHECK(settings->stale_bytes_max == 1'000);
}

TEST_CASE("a name nobody knows is refused with the nearest") {
    const Error misspelt = refused({{"retrys_max", "1"}});
    CHECK(misspelt.field == "retrys_max");
    CHECK(misspelt.message.find("\"retries_max\"") != std::string::npos);
    CHECK(refused({{"colour", "red"}}).message.find("mean") == std::string::npos);
    CHECK(refused({{std::string(100'000, 'x'), "1"}}).message.size() < 300);
}

TEST_CASE("a value that is none, or out of its bounds, is refused with the bounds") {
    for (const auto* value : {"", "-1", "11", "2.5", "2 ", "two", "99999999999999999999"}) {
        CAPTURE(value);
        const Error error = refused({{"retries_max", value}});
        CHECK(error.field == "retries_max");
        CHECK(error.message.find("from 0 to 10") != std::string::npos);
    }
    CHECK(refused({{"breaker", "off"}}).message.find("forced-open") != std::string::npos);
    CHECK(refused({{"queue_max", "1"}, {"queue_max", "1"}}).message.find("twice") != std::string::npos);
}

TEST_CASE("settings that contradict each other are refused") {
    CHECK(refused({{"breaker_open_ms", "2000"}}).field == "breaker_open_ms");
    CHECK(refused({{"retry_backoff_ms", "1001"}}).field == "retry_backoff_ms");
    CHECK(refused({{"breaker_window_ms", "300"}}).field == "breaker_patience_ms");
    CHECK(refused({{"in_flight_max", "4"}}).field == "breaker_trials");
    const Error never = refused({{"in_flight_max", "10"}});
    CHECK(never.field == "breaker_calls_min");
    CHECK(never.message.find("at most 10 calls") != std::string::npos);
    CHECK(Settings::from(Given{{"in_flight_max", "10"}, {"timeout_ms", "5000"}}).has_value());
    CHECK(Settings::from(Given{{"breaker_open_ms", "5000"}, {"breaker_open_ms_max", "60000"}}).has_value());
}

}  // namespace jebi::guard::testing
