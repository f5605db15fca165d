#include "kit/watch/pace.h"

#include <doctest/doctest.h>

using namespace jebi;
using namespace jebi::watch;

TEST_CASE("many lines in a second are few, and those that were left out are counted") {
    using namespace std::chrono_literals;
    Pace pace{2};
    const Deadline second{1'000s};
    CHECK(pace.takes(second));
    CHECK(pace.takes(second + 500ms));
    CHECK_FALSE(pace.takes(second + 600ms));
    CHECK_FALSE(pace.takes(second + 999ms));
    CHECK(pace.takes(second + 1s));
    CHECK(pace.left_out() == 2);
    CHECK(pace.left_out() == 0);
}
