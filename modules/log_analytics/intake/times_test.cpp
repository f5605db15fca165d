#include "modules/log_analytics/intake/times.h"

#include <doctest/doctest.h>

#include "modules/log_analytics/intake/testing.h"

using namespace jebi;
using namespace jebi::log_analytics;

namespace {

std::string text_of(std::optional<WallMs> time) {
    return time ? iso8601(*time) : "none";
}

}  // namespace

TEST_CASE("a number is a time in the unit that its magnitude tells") {
    for (const std::int64_t per_s : {1LL, 1'000LL, 1'000'000LL, 1'000'000'000LL}) {
        CAPTURE(per_s);
        CHECK(text_of(time_of(std::int64_t{1'763'812'685} * per_s)) == "2025-11-22T11:58:05.000Z");
        CHECK(text_of(time_of(std::int64_t{100'000'000} * per_s)) == "1973-03-03T09:46:40.000Z");
        CHECK(text_of(time_of(std::int64_t{99'999'999} * per_s)) == "none");
    }
    CHECK(text_of(time_of(std::int64_t{1'763'812'685'123'456'789})) == "2025-11-22T11:58:05.123Z");
    CHECK(text_of(time_of(1'763'812'685.123)) == "2025-11-22T11:58:05.123Z");
    CHECK(text_of(time_of(1'763'812'685'123.7)) == "2025-11-22T11:58:05.123Z");
}

TEST_CASE("a duration, a zero and an endless number are no times") {
    for (const std::int64_t number : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{250},
                                      std::int64_t{20'251'122}, INT64_MIN, std::int64_t{10'000'000'000}}) {
        CAPTURE(number);
        CHECK(text_of(time_of(number)) == "none");
    }
    for (const double number :
         {0.0, -1.0, 0.25, 1e300, -1e300, static_cast<double>(NAN), static_cast<double>(INFINITY), 9.3e18}) {
        CAPTURE(number);
        CHECK(text_of(time_of(number)) == "none");
    }
}

TEST_CASE("ISO 8601 and RFC 3339 are read with any offset and fraction") {
    for (const char* text :
         {"2025-11-22T11:58:05Z", "2025-11-22t11:58:05z", "2025-11-22 11:58:05", "2025-11-22T11:58:05",
          "2025-11-22T20:58:05+09:00", "2025-11-22T20:58:05+0900", "2025-11-22T20:58:05+09",
          "2025-11-22 20:58:05 +0900", "2025-11-21T23:58:05-12:00", "1763812685", "1763812685000"}) {
        CAPTURE(text);
        CHECK(text_of(time_of(text)) == "2025-11-22T11:58:05.000Z");
    }
    CHECK(text_of(time_of("2025-11-22T11:58:05.1Z")) == "2025-11-22T11:58:05.100Z");
    CHECK(text_of(time_of("2025-11-22T11:58:05,123456789+00:00")) == "2025-11-22T11:58:05.123Z");
    CHECK(text_of(time_of("2025-11-22T11:58Z")) == "2025-11-22T11:58:00.000Z");
    CHECK(text_of(time_of("2016-12-31T23:59:60Z")) == "2017-01-01T00:00:00.000Z");
    CHECK(text_of(time_of("2024-02-29T00:00:00Z")) == "2024-02-29T00:00:00.000Z");
    CHECK(text_of(time_of("1763812685.25")) == "2025-11-22T11:58:05.250Z");
}

TEST_CASE("what is no time is none") {
    for (const char* text : {"",
                             "now",
                             "2025",
                             "2025-11-22",
                             "11:58:05",
                             "2025-13-01T00:00:00Z",
                             "2025-02-29T00:00:00Z",
                             "2025-11-22T24:00:00Z",
                             "2025-11-22T11:60:00Z",
                             "2025-11-22T11:58:61Z",
                             "2025-11-22T11:58:05.Z",
                             "2025-11-22T11:58:05+9",
                             "2025-11-22T11:58:05+09:0",
                             "2025-11-22T11:58:05ZZ",
                             "2025-11-22T11:58:05 ",
                             "2025-11-22X11:58:05",
                             "0001-01-01T00:00:00Z",
                             "9999-12-31T00:00:00Z",
                             " 2025-11-22T11:58:05Z",
                             "20251122T115805Z",
                             "12",
                             "1.2.3",
                             "-5"}) {
        CAPTURE(text);
        CHECK(text_of(time_of(text)) == "none");
    }
    CHECK(text_of(time_of("2025-11-22T11:58:05." + std::string(100, '1') + "Z")) == "none");
}

TEST_CASE("access logs write the day first") {
    CHECK(text_of(access_log_time_of("10/Oct/2000:13:55:36 -0700")) == "2000-10-10T20:55:36.000Z");
    CHECK(text_of(access_log_time_of("01/Jan/2026:00:00:00 +0900")) == "2025-12-31T15:00:00.000Z");
    for (const char* text :
         {"", "10/Oct/2000:13:55:36", "10/Okt/2000:13:55:36 -0700", "32/Oct/2000:13:55:36 -0700",
          "10/octNov/2000:13:55:36 -0700", "10/Oct/2000:13:55 -0700"}) {
        CAPTURE(text);
        CHECK(text_of(access_log_time_of(text)) == "none");
    }
}

TEST_CASE("a time without a year is the nearest to the arrival") {
    const WallMs new_year = *time_of("2027-01-01T00:30:00Z");
    CHECK(text_of(rfc3164_time_of("Dec 31 23:59:59", new_year, 0)) == "2026-12-31T23:59:59.000Z");
    CHECK(text_of(rfc3164_time_of("Jan  1 00:31:00", new_year, 0)) == "2027-01-01T00:31:00.000Z");
    CHECK(text_of(rfc3164_time_of("Jan  1 09:30:00", new_year, 540)) == "2027-01-01T00:30:00.000Z");
    CHECK(text_of(rfc3164_time_of("Feb 29 00:00:00", *time_of("2027-03-01T00:00:00Z"), 0)) ==
          "2028-02-29T00:00:00.000Z");
    for (const char* text : {"", "Oct 11", "Oct 1 22:14:15", "Oct 11 25:14:15", "oct 11 22:14:15",
                             "Feb 30 22:14:15", "ctN 11 22:14:15"}) {
        CAPTURE(text);
        CHECK(text_of(rfc3164_time_of(text, new_year, 0)) == "none");
    }
}
