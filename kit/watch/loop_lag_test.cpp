#include "kit/watch/loop_lag.h"

#include <doctest/doctest.h>

using namespace jebi;
using namespace jebi::watch;

TEST_CASE("a loop that was blocked shows in the lag") {
    fiber::Loops loops{1};
    const LoopLag lag{loops};
    const Deadline end = in(Millis{20'000});
    // Blocks the loop, again and again until it was seen.
    while (lag.recent(std::chrono::steady_clock::now()).took.quantile(1) < Millis{100}) {
        REQUIRE(std::chrono::steady_clock::now() < end);
        const fiber::Event done;
        fiber::spawn(loops.at(0), [done] {
            const Deadline until = in(Millis{250});
            while (std::chrono::steady_clock::now() < until) {
            }
            done.set();
        });
        done.wait_until(end);
        const fiber::Event breath;
        fiber::spawn(loops.at(0), [breath] {
            fiber::sleep_until(in(Millis{1}));
            breath.set();
        });
        breath.wait_until(end);
    }
    CHECK(lag.recent(std::chrono::steady_clock::now()).count > 0);
}
