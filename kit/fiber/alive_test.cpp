#include "kit/fiber/alive.h"

#include <doctest/doctest.h>

#include <chrono>
#include <thread>

namespace jebi::fiber {

TEST_CASE("fibers are counted from their start to their end, on all loops") {
    const Loops loops{2};
    const Event end;
    for (unsigned i = 0; i < 5; ++i)
        spawn(loops.at(i % 2), [&end] { CHECK(end.wait_until(in(Millis{30'000}))); });
    CHECK(alive(loops) == 5);
    end.set();
    const Deadline until = in(Millis{30'000});
    while (alive(loops) > 0 && std::chrono::steady_clock::now() < until)
        std::this_thread::yield();
    CHECK(alive(loops) == 0);
}

}  // namespace jebi::fiber
