#include "kit/watch/rarely.h"

#include <doctest/doctest.h>

using namespace jebi;

TEST_CASE("what fails again and again is told at once, then once a pause, with how many were left out") {
    watch::Rarely rarely{Millis{10'000}};
    const Deadline begin{Millis{5}};
    CHECK(rarely.takes(begin) == 0);
    CHECK_FALSE(rarely.takes(begin + Millis{50}));
    CHECK_FALSE(rarely.takes(begin + Millis{9'999}));
    CHECK(rarely.takes(begin + Millis{10'000}) == 2);
    CHECK_FALSE(rarely.takes(begin + Millis{19'999}));
    CHECK(rarely.takes(begin + Millis{60'000}) == 1);
}
