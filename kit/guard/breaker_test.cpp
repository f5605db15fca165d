#include "kit/guard/breaker.h"

#include <deque>
#include <list>

#include "kit/guard/guard_testing.h"

namespace jebi::guard::testing {

namespace {

constexpr BreakerSettings by_the_book{.open = Millis{5'000}, .open_max = Millis{60'000}};

struct Watched {
    ManualTime time;
    std::vector<std::string> told;
    Breaker breaker{by_the_book, time, 1, [this](BreakerState state, const std::string& reason) {
                        told.push_back(std::string(name(state)) + ": " + reason);
                    }};

    BreakerState state() const { return breaker.view().state; }
    // One call that takes so long; false: it was refused.
    bool call(Outcome outcome, Millis took = Millis{1}) {
        auto permit = breaker.admit();
        if (!permit) return false;
        time.advance(took);
        permit->report(outcome);
        return true;
    }
    void calls(int count, Outcome outcome, Millis took = Millis{20}) {
        for (int i = 0; i < count; ++i)
            call(outcome, took);
    }
    void calls_at_once(int count, Millis took) {
        std::deque<Breaker::Permit> permits;
        for (int i = 0; i < count; ++i)
            permits.push_back(breaker.admit().value());
        time.advance(took);
        for (auto& permit : permits)
            permit.report(Outcome::good);
    }
    void break_it() {
        calls(20, Outcome::bad);
        REQUIRE(state() == BreakerState::open);
    }
};

}  // namespace

TEST_CASE("a breaker opens at half of twenty calls, and says why") {
    Watched watched;
    watched.calls(10, Outcome::good);
    watched.calls(9, Outcome::bad, Millis{50});
    CHECK(watched.state() == BreakerState::closed);
    CHECK(watched.call(Outcome::bad));
    CHECK(watched.state() == BreakerState::open);
    CHECK(watched.breaker.view().reason == "10 of 20 calls failed");
    CHECK(watched.breaker.view().window.failures == 10);
    CHECK_FALSE(watched.call(Outcome::good));
    CHECK(watched.breaker.view().refused == 1);
}

TEST_CASE("a breaker tells once that it opens, however often trials fail, and once that it is closed again") {
    Watched watched;
    watched.break_it();
    CHECK(watched.told == std::vector<std::string>{"open: the last 20 calls failed or were slow"});
    for (int i = 0; i < 3; ++i) {
        watched.time.advance(Millis{60'000});
        watched.calls(5, Outcome::bad);
        CHECK(watched.state() == BreakerState::open);
    }
    CHECK(watched.told.size() == 1);
    watched.time.advance(Millis{60'000});
    watched.calls(5, Outcome::good);
    REQUIRE(watched.told.size() == 2);
    CHECK(watched.told[1].starts_with("closed: "));
    watched.break_it();
    CHECK(watched.told.size() == 3);
}

TEST_CASE("nineteen calls prove nothing") {
    Watched watched;
    watched.calls(19, Outcome::bad, Millis{50});
    CHECK(watched.state() == BreakerState::closed);
}

TEST_CASE("fewer than half of the calls do not open it") {
    Watched watched;
    for (int i = 0; i < 100; ++i)
        watched.calls(1, i % 9 >= 5 ? Outcome::bad : Outcome::good);
    CHECK(watched.state() == BreakerState::closed);
}

TEST_CASE("slow calls open it as failures do") {
    Watched watched;
    watched.calls(15, Outcome::good, Millis{10});
    watched.calls_at_once(9, Millis{1'000});
    watched.calls_at_once(5, Millis{999});
    CHECK(watched.breaker.view().window.slow == 9);
    CHECK(watched.state() == BreakerState::closed);
    watched.calls_at_once(11, Millis{1'000});
    CHECK(watched.state() == BreakerState::open);
    CHECK(watched.breaker.view().reason == "20 of 40 calls failed or were slow");
}

TEST_CASE("what waits on purpose is not slow") {
    Watched watched;
    for (int i = 0; i < 40; ++i) {
        auto permit = watched.breaker.admit(true);
        REQUIRE(permit);
        watched.time.advance(Millis{5'000});
        permit->report(Outcome::good);
    }
    CHECK(watched.state() == BreakerState::closed);
    CHECK(watched.breaker.view().window.slow == 0);
}

TEST_CASE("what is older than the window is forgotten") {
    Watched watched;
    watched.calls(19, Outcome::bad, Millis{10});
    watched.time.advance(Millis{10'000});
    watched.calls(19, Outcome::bad, Millis{10});
    CHECK(watched.state() == BreakerState::closed);
    CHECK(watched.breaker.view().window.calls == 19);
}

TEST_CASE(
    "a burst of failures that is over at once, as when a neighbour is killed and back, does not open it") {
    Watched watched;
    watched.calls(30, Outcome::good);
    watched.calls(64, Outcome::bad, Millis{2});
    CHECK(watched.state() == BreakerState::closed);
    watched.calls(1, Outcome::good);
    watched.calls(70, Outcome::good, Millis{2});
    CHECK(watched.state() == BreakerState::closed);
}

TEST_CASE("a neighbour that fails always is found out before the window has turned") {
    Watched watched;
    watched.calls(1'000, Outcome::good, Millis{9});
    const Deadline sick = watched.time.now();
    while (watched.call(Outcome::bad, Millis{9})) {
    }
    CHECK(watched.time.now() - sick < Millis{1'000});
}

TEST_CASE("when its time is over, five trials are let through, and three good ones close it") {
    Watched watched;
    watched.break_it();
    watched.time.advance(Millis{3'900});
    CHECK_FALSE(watched.breaker.admit().has_value());
    watched.time.advance(Millis{1'100});
    std::deque<Breaker::Permit> trials;
    for (int i = 0; i < 5; ++i)
        trials.push_back(*watched.breaker.admit());
    CHECK(watched.state() == BreakerState::half_open);
    CHECK_FALSE(watched.breaker.admit().has_value());
    trials[0].report(Outcome::bad);
    trials[1].report(Outcome::bad);
    trials[2].report(Outcome::good);
    trials[3].report(Outcome::good);
    CHECK(watched.state() == BreakerState::half_open);
    trials[4].report(Outcome::good);
    CHECK(watched.state() == BreakerState::closed);
    CHECK(watched.breaker.view().window.calls == 0);
}

TEST_CASE("failed trials open it again, for twice as long, and never longer than the longest") {
    Watched watched;
    watched.break_it();
    for (const int seconds : {5, 10, 20, 40, 60, 60, 60}) {
        CAPTURE(seconds);
        watched.time.advance(Millis{seconds * 800 - 10});
        CHECK_FALSE(watched.breaker.admits());
        watched.time.advance(Millis{seconds * 200 + 10});
        REQUIRE(watched.breaker.admits());
        for (int i = 0; i < 3; ++i)
            CHECK(watched.call(Outcome::bad, Millis{0}));
        REQUIRE(watched.state() == BreakerState::open);
    }
    watched.time.advance(Millis{60'000});
    watched.calls(3, Outcome::good);
    CHECK(watched.state() == BreakerState::closed);
    watched.break_it();
    watched.time.advance(Millis{5'000});  // as at the first time
    CHECK(watched.breaker.admits());
}

TEST_CASE("trials without an answer count as failed after their time, and do not block for ever") {
    Watched watched;
    watched.break_it();
    watched.time.advance(Millis{5'000});
    std::deque<Breaker::Permit> silent;
    for (int i = 0; i < 5; ++i)
        silent.push_back(*watched.breaker.admit());
    watched.time.advance(Millis{4'999});
    CHECK_FALSE(watched.breaker.admit().has_value());
    watched.time.advance(Millis{1});
    CHECK_FALSE(watched.breaker.admits());
    CHECK(watched.state() == BreakerState::open);
    watched.time.advance(Millis{10'000});
    auto trial = watched.breaker.admit();
    REQUIRE(trial);
    for (auto& late : silent)
        late.report(Outcome::good);  // they are of another time
    CHECK(watched.state() == BreakerState::half_open);
}

TEST_CASE("calls that wait on purpose do not use the trials up, nor fail them by their silence") {
    Watched watched;
    watched.break_it();
    watched.time.advance(Millis{5'000});
    std::deque<Breaker::Permit> waiting;
    for (int i = 0; i < 9; ++i)
        waiting.push_back(watched.breaker.admit(true).value());
    watched.time.advance(Millis{6'000});
    CHECK(watched.state() == BreakerState::half_open);
    CHECK(watched.call(Outcome::good));
    CHECK(watched.call(Outcome::bad));
    for (int i = 0; i < 2; ++i)
        waiting[static_cast<std::size_t>(i)].report(Outcome::good);
    CHECK(watched.state() == BreakerState::closed);
}

TEST_CASE("where only such calls are made, their answers decide") {
    Watched watched;
    watched.break_it();
    for (const auto& [outcome, state] :
         {std::pair(Outcome::bad, BreakerState::open), {Outcome::good, BreakerState::closed}}) {
        watched.time.advance(Millis{10'000});
        for (int i = 0; i < 3; ++i)
            watched.breaker.admit(true).value().report(outcome);
        CHECK(watched.state() == state);
    }
}

TEST_CASE("few trials decide as well, when no more came in their time") {
    Watched watched;
    watched.break_it();
    watched.time.advance(Millis{5'000});
    CHECK(watched.call(Outcome::good));
    watched.time.advance(Millis{5'000});
    CHECK(watched.breaker.admits());
    CHECK(watched.state() == BreakerState::closed);
}

TEST_CASE("nobody calls for a while: it stays half-open, and ready") {
    Watched watched;
    watched.break_it();
    watched.time.advance(Millis{500'000});
    CHECK(watched.breaker.admits());
    CHECK(watched.call(Outcome::good));
}

TEST_CASE(
    "a permit that nobody reports on comes back as a failure, one that says nothing comes back unused") {
    Watched watched;
    watched.break_it();
    watched.time.advance(Millis{5'000});
    for (int i = 0; i < 20; ++i)
        CHECK(watched.call(Outcome::unknown));
    CHECK(watched.state() == BreakerState::half_open);
    for (int i = 0; i < 3; ++i)
        (void)watched.breaker.admit();
    CHECK(watched.state() == BreakerState::open);
}

TEST_CASE("an operator may force it open, and may disable it") {
    Watched watched;
    watched.breaker.set_mode(BreakerMode::forced_open);
    CHECK_FALSE(watched.call(Outcome::good));
    watched.time.advance(Millis{100'000});
    CHECK_FALSE(watched.call(Outcome::good));
    CHECK(watched.state() == BreakerState::forced_open);
    watched.breaker.set_mode(BreakerMode::disabled);
    watched.calls(100, Outcome::bad);
    CHECK(watched.call(Outcome::bad));
    CHECK(watched.state() == BreakerState::disabled);
    CHECK(watched.breaker.view().window.failures > 0);
    watched.breaker.set_mode(BreakerMode::automatic);
    watched.break_it();
}

namespace {

// Any order of events: calls that answer well or badly, late or never, and time that passes.
struct Storm {
    std::mt19937_64 chance;
    ManualTime time;
    Breaker breaker{by_the_book, time, 7};
    std::list<Breaker::Permit> out;

    explicit Storm(std::uint64_t seed) : chance(seed) {}

    bool one_in(unsigned many) { return chance() % many == 0; }
    void step() {
        time.advance(Millis{chance() % (one_in(20) ? 8'000 : 60)});
        if (auto permit = breaker.admit(one_in(4))) out.push_back(std::move(*permit));
        if (one_in(9)) out.push_back(breaker.admit_anyway());
        if (!out.empty() && !one_in(3)) {
            const auto one = std::next(out.begin(), static_cast<std::ptrdiff_t>(chance() % out.size()));
            if (!one_in(5)) one->report(static_cast<Outcome>(chance() % 3));
            out.erase(one);
        }
    }
};

}  // namespace

TEST_CASE("after any sequence of events a neighbour that is well again is reached, in bounded time") {
    const std::uint64_t first = seed();
    for (std::uint64_t round = 0; round < 200; ++round) {
        CAPTURE(first + round);
        Storm storm(first + round);
        for (int i = 0; i < 500; ++i)
            storm.step();
        // From here everything goes well, but what was out stays out: open 60 s at most, and twice 5 s of
        // trials.
        for (int i = 0; i < 7'100 && storm.breaker.view().state != BreakerState::closed; ++i) {
            storm.time.advance(Millis{10});
            if (auto permit = storm.breaker.admit()) permit->report(Outcome::good);
        }
        CHECK(storm.breaker.view().state == BreakerState::closed);
    }
}

TEST_CASE("half-open it never has more than five calls out, whatever happens") {
    const std::uint64_t first = seed();
    for (std::uint64_t round = 0; round < 100; ++round) {
        CAPTURE(first + round);
        std::mt19937_64 chance(first + round);
        Watched watched;
        watched.break_it();
        std::deque<Breaker::Permit> trials;
        for (int i = 0; i < 300; ++i) {
            watched.time.advance(Millis{chance() % 200});
            const std::uint64_t before = watched.breaker.view().opened;
            auto permit = watched.breaker.admit();
            if (watched.breaker.view().opened != before) trials.clear();
            if (watched.state() == BreakerState::closed) break;
            if (permit) trials.push_back(std::move(*permit));
            CHECK(trials.size() <= 5);
            if (chance() % 4 == 0 && !trials.empty()) {
                trials.front().report(chance() % 2 == 0 ? Outcome::unknown : Outcome::bad);
                trials.pop_front();
                if (watched.state() == BreakerState::open) trials.clear();
            }
        }
    }
}

}  // namespace jebi::guard::testing
