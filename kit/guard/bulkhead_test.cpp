#include "kit/guard/bulkhead.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "kit/fiber/fiber.h"
#include "kit/guard/guard_testing.h"

namespace jebi::guard::testing {

TEST_CASE("so many are inside, and a pass that goes makes room") {
    Bulkhead bulkhead(2, 0);
    auto first = bulkhead.enter(in(Millis{0}));
    auto second = bulkhead.enter(in(Millis{0}));
    REQUIRE(first);
    REQUIRE(second);
    CHECK(bulkhead.inside() == 2);
    const auto refused = bulkhead.enter(in(Millis{10'000}));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::exhausted);
    CHECK(refused.error().reason == "queue_full");
    CHECK(bulkhead.refused() == 1);
    {
        const auto gone = std::move(*first);
    }
    CHECK(bulkhead.inside() == 1);
    CHECK(bulkhead.enter(in(Millis{0})));
}

TEST_CASE("who waits gives up at their deadline, and leaves the queue") {
    Bulkhead bulkhead(1, 1);
    const auto inside = bulkhead.enter(in(Millis{0}));
    const auto late = bulkhead.enter(in(Millis{5}));
    REQUIRE_FALSE(late);
    CHECK(late.error().code == Code::deadline);
    CHECK(bulkhead.queued() == 0);
    CHECK(bulkhead.inside() == 1);
}

TEST_CASE("who waits is let in first come, first served, and nobody gets lost") {
    constexpr int callers = 20;
    const fiber::Loops loops(1);
    Bulkhead bulkhead(1, callers);
    std::vector<int> order;  // of the one loop's thread
    int inside_at_once = 0;
    const fiber::Event done;
    int left = callers;
    for (int i = 0; i < callers; ++i) {
        fiber::spawn(loops.at(0), [&, i] {
            {
                const auto pass = bulkhead.enter(in(Millis{30'000}));
                REQUIRE(pass);
                CHECK(++inside_at_once == 1);
                fiber::sleep_until(in(Millis{1}));  // others queue up meanwhile
                order.push_back(i);
                --inside_at_once;
            }
            if (--left == 0) done.set();
        });
    }
    REQUIRE(done.wait_until(in(Millis{30'000})));
    CHECK(std::ranges::is_sorted(order));
    CHECK(order.size() == callers);
    CHECK(bulkhead.inside() == 0);
    CHECK(bulkhead.queued() == 0);
}

}  // namespace jebi::guard::testing
