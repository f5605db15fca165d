#include "kit/base/clock.h"

#include <doctest/doctest.h>

#include <limits>

namespace jebi {

TEST_CASE("a time is written as RFC 3339 with milliseconds and Z") {
    CHECK(iso8601(0) == "1970-01-01T00:00:00.000Z");
    CHECK(iso8601(1'795'355'885'007) == "2026-11-22T13:58:05.007Z");
    CHECK(iso8601(951'782'399'999) == "2000-02-28T23:59:59.999Z");
    CHECK(iso8601(951'782'400'000) == "2000-02-29T00:00:00.000Z");
    CHECK(iso8601(4'107'542'400'000) == "2100-03-01T00:00:00.000Z");
}

TEST_CASE("times before 1970 count down from it") {
    CHECK(iso8601(-1) == "1969-12-31T23:59:59.999Z");
    CHECK(iso8601(-86'400'000) == "1969-12-31T00:00:00.000Z");
}

TEST_CASE("times that RFC 3339 cannot say become the nearest that it can") {
    CHECK(iso8601(std::numeric_limits<WallMs>::min()) == "0000-01-01T00:00:00.000Z");
    CHECK(iso8601(std::numeric_limits<WallMs>::max()) == "9999-12-31T23:59:59.999Z");
}

TEST_CASE("nothing is left of a deadline that has passed") {
    CHECK(left_until(in(Millis{-50})) == Millis{0});
    CHECK(left_until(Deadline::min()) == Millis{0});
}

TEST_CASE("what is left of a deadline is at most what was given") {
    const Millis left = left_until(in(Millis{60'000}));
    CHECK(left <= Millis{60'000});
    CHECK(left > Millis{0});
}

TEST_CASE("a manual clock moves only when told, back as well") {
    ManualClock clock(1'000);
    CHECK(clock.wall_ms() == 1'000);
    clock.advance(Millis{5});
    CHECK(clock.wall_ms() == 1'005);
    clock.advance(Millis{-10});
    CHECK(clock.wall_ms() == 995);
}

TEST_CASE("the system's clock counts milliseconds since 1970") {
    const WallMs year_2024 = 1'704'067'200'000;
    const WallMs year_2200 = 7'258'118'400'000;
    const WallMs now = SystemClock().wall_ms();
    CHECK(now > year_2024);
    CHECK(now < year_2200);
}

}  // namespace jebi
