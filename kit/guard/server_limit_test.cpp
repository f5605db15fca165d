#include "kit/guard/server_limit.h"

#include <deque>
#include <vector>

#include "kit/guard/guard_testing.h"
#include "kit/rpc/errors.h"
#include "kit/rpc/testing/echo_service.h"

namespace jebi::guard::testing {

namespace {

constexpr ServerLimitSettings ten{.gradient = {.min = 8, .max = 1'000, .initial = 10}};

struct Door {
    ManualTime time;
    ServerLimit limit{ten, time};
    std::deque<ServerLimit::Pass> inside;

    bool enter(bool background) {
        auto pass = limit.enter(background);
        if (!pass) return false;
        inside.push_back(std::move(*pass));
        return true;
    }
    int let_in(bool background, int tries) {
        int count = 0;
        for (int i = 0; i < tries; ++i)
            count += enter(background) ? 1 : 0;
        return count;
    }
};

}  // namespace

TEST_CASE("beyond the limit a call is refused as unavailable, with the time to wait") {
    Door door;
    CHECK(door.let_in(false, 100) == 10);
    const auto refused = door.limit.enter(false);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::unavailable);
    CHECK(refused.error().reason == rpc::overloaded);
    CHECK(refused.error().retry_after_s == 1);
    CHECK(door.limit.view().shed_users == 91);
    door.inside.pop_front();
    CHECK(door.enter(false));
}

TEST_CASE("jobs use what people leave, and do not keep them out") {
    Door door;
    CHECK(door.let_in(true, 100) == 10);
    CHECK(door.let_in(false, 100) == 9);
    CHECK(door.limit.view().background == 10);
}

TEST_CASE("people who take all leave jobs a tenth") {
    Door door;
    CHECK(door.let_in(false, 100) == 10);
    CHECK(door.let_in(true, 100) == 1);
}

TEST_CASE("it learns from how long those inside took") {
    Door door;
    for (int i = 0; i < 300; ++i) {
        CHECK(door.let_in(false, 10) == 10);
        door.time.advance(Millis{20});
        door.inside.clear();
    }
    CHECK(door.limit.view().usual == Millis{20});
    CHECK(door.limit.view().limit > 10);
}

namespace {

// A machine that works on `cores` requests at once, 10 ms each; more make each other wait.
std::chrono::nanoseconds time_of(int in_flight, int cores) {
    return Millis{10} * std::max(1, (in_flight + cores - 1) / cores);
}

int limit_after(Gradient& gradient, Deadline& now, int seconds, int wanted, int cores) {
    for (int i = 0; i < seconds * 50; ++i) {
        now += Millis{20};
        const int in_flight = std::min(wanted, gradient.limit());
        gradient.add(now, time_of(in_flight, cores), in_flight);
    }
    return gradient.limit();
}

}  // namespace

TEST_CASE("the limit grows while answers take their usual time, up to its bound") {
    Gradient gradient({.max = 100, .initial = 20});
    Deadline now = in(Millis{0});
    CHECK(limit_after(gradient, now, 600, 1'000, 1'000) == 100);
}

TEST_CASE("when answers take longer the limit comes down, and later goes up again") {
    Gradient gradient({.max = 200, .initial = 20});
    Deadline now = in(Millis{0});
    const int before = limit_after(gradient, now, 120, 1'000, 1'000);
    CHECK(before > 80);
    const int overloaded = limit_after(gradient, now, 30, 1'000, 10);
    CHECK(overloaded < before / 2);
    CHECK(overloaded >= 8);
    CHECK(limit_after(gradient, now, 120, 1'000, 1'000) > overloaded + 50);
}

TEST_CASE("a limit that is not half used says nothing, and neither do few answers") {
    Gradient gradient({.initial = 20});
    Deadline now = in(Millis{0});
    CHECK(limit_after(gradient, now, 60, 9, 1'000) == 20);
    for (int i = 0; i < 60; ++i) {
        now += Millis{200};
        gradient.add(now, Millis{10}, 20);
    }
    CHECK(gradient.limit() == 20);
}

TEST_CASE("it never falls below its least, however long answers take") {
    Gradient gradient({.min = 8, .initial = 100});
    Deadline now = in(Millis{0});
    limit_after(gradient, now, 10, 1'000, 1'000);
    for (int i = 0; i < 5'000; ++i) {
        now += Millis{20};
        gradient.add(now, Millis{5'000}, gradient.limit());
    }
    CHECK(gradient.limit() == 8);
}

TEST_CASE("a served contract is behind the limit, but for what waits on purpose") {
    using namespace rpc::testing;
    const ManualTime time;
    ServerLimit limit({.gradient = {.min = 1, .initial = 1}}, time);
    EchoService service;
    const auto table = limit.around(methods(service));
    const auto asked = [&](std::size_t method) {
        const auto request = table[method].make_request();
        const auto reply = table[method].invoke(Call{.until = in(Millis{0})}, *request);
        return reply ? std::string("fine") : reply.error().reason;
    };
    CHECK(asked(0) == "fine");
    CHECK(limit.view().users == 0);
    const auto full = limit.enter(false);
    CHECK(asked(0) == rpc::overloaded);
    CHECK(service.begun() == 1);
    REQUIRE(table[2].method.waits);
    CHECK(asked(2).empty());  // its own deadline
    CHECK(service.begun() == 2);
}

// A server of ten cores that answers in 10 ms, and calls that come three times as fast as it can answer, each
// of them of use only within 500 ms. Without a limit all of them are late.
TEST_CASE("at three times what it can do, a server does at least four fifths of its best") {
    constexpr int cores = 10;
    constexpr Millis work{10};
    constexpr Millis useful{500};
    const ManualTime time;
    ServerLimit limit({}, time);
    struct Job {
        ServerLimit::Pass pass;
        Deadline came;
        Millis left = work;
    };
    std::vector<Job> jobs;
    int good = 0;
    int late = 0;
    constexpr int seconds = 60;
    for (int ms = 0; ms < seconds * 1'000; ++ms) {
        for (int i = 0; i < 3; ++i) {
            if (auto pass = limit.enter(false)) jobs.push_back({std::move(*pass), time.now(), work});
        }
        time.advance(Millis{1});
        for (std::size_t i = 0; i < jobs.size() && i < cores; ++i)
            jobs[i].left -= Millis{1};
        std::vector<Job> still;
        for (auto& job : jobs) {
            if (job.left > Millis{0}) {
                still.push_back(std::move(job));
            } else {
                ++(time.now() - job.came <= useful ? good : late);
            }
        }
        jobs = std::move(still);
    }
    const int best = seconds * 1'000 * cores / static_cast<int>(work.count());
    CAPTURE(limit.view().limit);
    CHECK(good >= best * 4 / 5);
    CHECK(late == 0);
    CHECK(limit.view().shed_users > 0);
}

}  // namespace jebi::guard::testing
