#include "kit/fiber/fiber.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

using namespace jebi;
using namespace jebi::fiber;

namespace {

constexpr Millis patience{10'000};
const auto soon = [] { return in(patience); };

// Runs `body` in a fiber and waits for its end.
void in_fiber(Loops& loops, std::function<void()> body) {
    const Event done;
    spawn(loops.at(0), [&] {
        body();
        done.set();
    });
    REQUIRE(done.wait_until(soon()));
}

}  // namespace

TEST_CASE("a fiber runs on its loop's thread and knows it") {
    Loops loops{2};
    in_fiber(loops, [&] { CHECK(current_loop() == &loops.at(0)); });
    CHECK(current_loop() == nullptr);
}

TEST_CASE("while one fiber waits, others of the same loop run") {
    Loops loops{1};
    const Event first, second, done;
    spawn(loops.at(0), [&] {
        CHECK(first.wait_until(soon()));
        second.set();
    });
    spawn(loops.at(0), [&] {
        first.set();
        CHECK(second.wait_until(soon()));
        done.set();
    });
    CHECK(done.wait_until(soon()));
}

TEST_CASE(
    "one fiber begins in each round of the loop, the longest waiting first; what comes meanwhile is seen") {
    Loops loops{1};
    std::string begun;
    constexpr int count = 3;
    const Event all_seen;
    const auto begin = [&](char name) {
        wait_for_turn();
        begun += name;
        spawn(loops.at(0), [&, name] {
            begun += static_cast<char>(name - 'a' + 'A');
            if (begun.size() == 2 * count) all_seen.set();
        });
    };
    spawn(loops.at(0), [&] {  // so that all are there before one begins
        for (char name = 'a'; name < 'a' + count; ++name)
            spawn(loops.at(0), [&begin, name] { begin(name); });
    });
    REQUIRE(all_seen.wait_until(soon()));
    CHECK(begun == "aAbBcC");
}

TEST_CASE("on a plain thread it is always one's turn") {
    wait_for_turn();
    CHECK(current_loop() == nullptr);
}

TEST_CASE("an event that has happened is not waited for, and one that does not happen is given up") {
    Loops loops{1};
    const Event happened, never;
    happened.set();
    CHECK(happened.wait_until(Deadline::min()));
    CHECK_FALSE(never.wait_until(in(Millis{1})));
    in_fiber(loops, [&] {
        CHECK(happened.wait_until(Deadline::min()));
        CHECK_FALSE(never.wait_until(in(Millis{1})));
    });
}

TEST_CASE("a wake-up that comes after the fiber gave up disturbs nobody") {
    Loops loops{1};
    const Event late;
    in_fiber(loops, [&] {
        CHECK_FALSE(late.wait_until(in(Millis{1})));
        late.set();
        const Event other;
        CHECK_FALSE(other.wait_until(in(Millis{5})));
    });
}

TEST_CASE("many threads set events that many fibers wait for") {
    Loops loops{2};
    constexpr unsigned count = 2'000;
    std::vector<Event> events(count);
    std::atomic<unsigned> seen = 0;
    const Event all;
    for (unsigned i = 0; i < count; ++i) {
        spawn(loops.at(i % 2), [&, i] {
            if (events[i].wait_until(soon()) && ++seen == count) all.set();
        });
    }
    std::vector<std::thread> setters;
    setters.reserve(4);
    for (unsigned t = 0; t < 4; ++t) {
        setters.emplace_back([&, t] {
            for (unsigned i = t; i < count; i += 4)
                events[i].set();
        });
    }
    for (auto& setter : setters)
        setter.join();
    CHECK(all.wait_until(soon()));
    CHECK(seen == count);
}

TEST_CASE("a promise hands its value over once, or says that the time is up") {
    const Promise<std::string> kept, broken;
    std::thread other{[&] { kept.set("value"); }};
    CHECK(kept.wait_until(soon()).value() == "value");
    other.join();
    CHECK(broken.wait_until(in(Millis{1})).error().code == Code::deadline);
}

TEST_CASE("a closed gate lets nobody in and waits for those inside") {
    const Gate gate;
    auto pass = std::make_unique<Gate::Pass>(gate.enter());
    REQUIRE(*pass);
    gate.close();
    CHECK_FALSE(gate.enter());
    CHECK(gate.inside() == 1);
    CHECK_FALSE(gate.wait_until(in(Millis{1})));
    pass.reset();
    CHECK(gate.wait_until(soon()));
}

TEST_CASE("a pool runs work on its own threads while fibers go on") {
    Loops loops{1};
    Pool pool{"test", 1, 8};
    in_fiber(loops, [&] {
        const auto answer = pool.run(soon(), [] { return current_loop() == nullptr ? 42 : 0; });
        CHECK(answer.value() == 42);
        const Result<int> flat = pool.run(soon(), []() -> Result<int> { return fail(Code::conflict, "no"); });
        CHECK(flat.error().code == Code::conflict);
    });
}

TEST_CASE("a full pool refuses at once, and work whose time is up is not begun") {
    Pool pool{"test", 1, 1};
    const Event begun, finish;
    std::thread holder{[&] {
        CHECK(pool.run(soon(), [&] {
            begun.set();
            return finish.wait_until(soon());
        }));
    }};
    REQUIRE(begun.wait_until(soon()));
    std::atomic<bool> ran = false;
    const auto late = pool.run(in(Millis{1}), [&] { return ran.exchange(true); });
    CHECK(late.error().code == Code::deadline);
    const auto refused = pool.run(soon(), [&] { return ran.exchange(true); });
    CHECK(refused.error().code == Code::exhausted);
    CHECK(refused.error().retry_after_s > 0);
    finish.set();
    holder.join();
    CHECK(pool.run(soon(), [] { return 1; }).has_value());
    CHECK_FALSE(ran);
}
