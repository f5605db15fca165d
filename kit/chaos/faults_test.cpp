// Faults on both sides of real sockets, with a clock that the test holds.
#include "kit/chaos/faults.h"

#include <algorithm>

#include "kit/guard/guard_testing.h"
#include "kit/http/client.h"
#include "kit/http/server.h"
#include "kit/rpc/errors.h"
#include "kit/rpc/testing/echo_contract.h"
#include "kit/rpc/testing/echo_service.h"

namespace jebi::chaos {

namespace {

using namespace rpc::testing;
using guard::testing::ManualTime;

constexpr std::string_view echo_name = Echo::service_name;

Fault fault(Kind kind, Millis lasts = Millis{10'000}) {
    return {.kind = kind, .delay = Millis{500}, .lasts = lasts};
}

// An Echo behind faults, a channel to it, and the faults' control beside it.
struct Served {
    Served() {
        rpc::serve(router, methods(service), {});
        router.on(http::Method::get, "/livez",
                  [](const http::Request&) { return http::Response::text(200, "alive\n"); });
        bind(control, faults);
        http::ServerOptions options;
        options.before = in_front(faults);
        server = http::Server::start(loops, *fiber::Address::from("127.0.0.1:0"), std::move(options),
                                     [this](http::Request& request) { return router.answer(request); })
                     .value();
        channel = guard::plain_http()(server->address());
    }

    // The code and reason of what Say answers.
    std::string say() {
        const auto reply = EchoClient(*channel).say(a_call(), {});
        return reply ? "ok" : std::string(name(reply.error().code)) + " " + reply.error().reason;
    }
    http::Response asked(http::Method method, std::string_view body = {}) const {
        http::Request request;
        request.method = method;
        request.path = "/chaos";
        request.body = body;
        return control.answer(request);
    }

    ManualTime time;
    Deadline full_until{};
    Faults faults{time, [this](Deadline until) { full_until = until; }};
    fiber::Loops loops{1};
    EchoService service;
    http::Router router, control;
    std::unique_ptr<http::Server> server;
    std::unique_ptr<rpc::Channel> channel;
};

}  // namespace

TEST_CASE("calls wait, fail, are cut off or get garbage for answers, until the fault ends by itself") {
    Served served;
    CHECK(served.say() == "ok");
    REQUIRE(served.faults.set(fault(Kind::error)));
    CHECK(served.say() == "unavailable chaos");
    served.faults.clear();
    REQUIRE(served.faults.set(fault(Kind::cut)));
    CHECK(served.say() == "unavailable ");
    served.faults.clear();
    REQUIRE(served.faults.set(fault(Kind::garbage)));
    for (int i = 0; i < 20; ++i) {
        const std::string said = served.say();
        CHECK((said == "internal bad_answer" || said == "unavailable bad_answer"));
    }
    CHECK(served.service.begun() == 1);
    served.time.advance(Millis{9'999});
    CHECK(served.say() != "ok");
    served.time.advance(Millis{1});
    CHECK(served.say() == "ok");
    CHECK(served.faults.active().empty());
}

TEST_CASE("a slow one is slow, and then as ever") {
    Served served;
    REQUIRE(served.faults.set(fault(Kind::slow)));
    const Deadline before = served.time.now();
    CHECK(served.say() == "ok");
    CHECK(served.time.now() - before >= Millis{500});
    const auto waited = served.faults.active();
    REQUIRE(waited.size() == 1);
    CHECK(waited[0].hits == 1);
    CHECK(waited[0].left <= Millis{9'500});
}

TEST_CASE("a fault of one contract leaves the others alone, and none touches a process's health") {
    Served served;
    Fault other = fault(Kind::cut);
    other.service = "jebi.other.v1.Other";
    REQUIRE(served.faults.set(other));
    CHECK(served.say() == "ok");
    Fault of_echo = fault(Kind::error);
    of_echo.service = echo_name;
    REQUIRE(served.faults.set(of_echo));
    CHECK(served.say() == "unavailable chaos");
    REQUIRE(served.faults.set(fault(Kind::cut)));
    http::Client client({.address = served.server->address()});
    const auto alive = client.send({.target = "/livez"}, in(Millis{30'000}));
    REQUIRE(alive.has_value());
    CHECK(alive->status == 200);
}

TEST_CASE("a share of the calls is hit, and the same seed hits the same ones") {
    const ManualTime time;
    const auto hits = [&time](std::uint64_t seed) {
        Faults faults{time};
        Fault half = fault(Kind::error);
        half.share = 0.5;
        half.seed = seed;
        REQUIRE(faults.set(half));
        std::string seen;
        for (int i = 0; i < 1'000; ++i)
            seen += faults.meet(Side::serving, echo_name).kind ? '1' : '0';
        return seen;
    };
    const auto seed = guard::testing::seed();
    CAPTURE(seed);
    const std::string one = hits(seed);
    CHECK(one == hits(seed));
    CHECK(one != hits(seed + 1));
    const auto count = std::ranges::count(one, '1');
    CHECK(count > 400);
    CHECK(count < 600);
}

TEST_CASE("on the calling side a call is cut before or after it was made, and the caller cannot tell") {
    Served served;
    const auto channel = faulty(guard::plain_http(), served.faults)(served.server->address());
    Fault cut = fault(Kind::cut);
    cut.side = Side::calling;
    REQUIRE(served.faults.set(cut));
    EchoClient echo(*channel);
    constexpr int calls = 100;
    for (int i = 0; i < calls; ++i)
        CHECK(echo.say(a_call(), {}).error().code == Code::unavailable);
    CHECK(served.service.begun() > 0);
    CHECK(served.service.begun() < calls);
    CHECK(served.say() == "ok");  // who comes another way meets nothing
    served.faults.clear();
    Fault garbage = fault(Kind::garbage);
    garbage.side = Side::calling;
    REQUIRE(served.faults.set(garbage));
    CHECK(echo.say(a_call(), {}).error().reason == rpc::bad_answer);
    served.faults.clear();
    CHECK(echo.say(a_call(), {}).has_value());
}

TEST_CASE("a call that would wait beyond its time is not made") {
    Served served;
    const auto channel = faulty(guard::plain_http(), served.faults)(served.server->address());
    Fault slow = fault(Kind::slow);
    slow.side = Side::calling;
    slow.delay = delay_max;
    REQUIRE(served.faults.set(slow));
    const Call call{.until = in(Millis{20})};
    const auto late = EchoClient(*channel).say(call, {});
    REQUIRE_FALSE(late.has_value());
    CHECK(late.error().code == Code::deadline);
    CHECK(served.time.now() < call.until + Millis{1'000} + served.time.ahead());
    CHECK(served.service.begun() == 0);
}

TEST_CASE("who waits goes on when the faults are cleared") {
    struct ClearsSoon final : guard::Time {
        Deadline now() const override { return time.now(); }
        void sleep_until(Deadline until) const override {
            time.sleep_until(until);
            if (time.now() - begin >= Millis{200}) faults->clear();
        }
        ManualTime time;
        Deadline begin = time.now();
        Faults* faults = nullptr;
    };
    ClearsSoon time;
    Faults faults{time};
    time.faults = &faults;
    Fault slow = fault(Kind::slow);
    slow.delay = delay_max;
    REQUIRE(faults.set(slow));
    CHECK(faults.wait(faults.meet(Side::serving, echo_name), time.now() + delay_max));
    CHECK(time.now() - time.begin == Millis{200});
    REQUIRE(faults.set(slow));  // the clear of before is not for who waits now
    const Hit next = faults.meet(Side::serving, echo_name);
    CHECK(next.delay == delay_max);
    CHECK(faults.wait(next, time.now() + delay_max));
    CHECK(time.now() - time.begin == Millis{200} + Faults::look_every);
}

TEST_CASE("a full disk is full until the fault ends or is cleared, where there is a disk") {
    Served served;
    const Deadline before = in(Millis{0});
    REQUIRE(served.faults.set(fault(Kind::disk_full)));
    CHECK(served.full_until >= before + Millis{10'000});
    CHECK(served.say() == "ok");
    served.faults.clear();
    CHECK(served.full_until <= in(Millis{0}));
    Faults diskless{served.time};
    CHECK(diskless.set(fault(Kind::disk_full)).error().code == Code::invalid);
}

TEST_CASE("what comes from outside, and too many at once, is refused") {
    const ManualTime time;
    Faults faults{time};
    CHECK(faults.set(fault(Kind::kill)).error().code == Code::invalid);
    CHECK(faults.set(fault(Kind::pause)).error().code == Code::invalid);
    CHECK(faults.set(fault(Kind::cut, Millis{0})).error().field == "for_ms");
    for (std::size_t i = 0; i < faults_max; ++i)
        REQUIRE(faults.set(fault(Kind::cut)));
    CHECK(faults.set(fault(Kind::cut)).error().code == Code::exhausted);
    time.advance(Millis{10'000});
    CHECK(faults.set(fault(Kind::cut)).has_value());
}

TEST_CASE("faults are set, shown and cleared over the control socket's routes") {
    Served served;
    CHECK(served.asked(http::Method::get).body == R"({"faults":[]})");
    const auto set = served.asked(http::Method::post, R"({"fault": "error", "for_ms": 10000})");
    CHECK(set.status == 200);
    CHECK(set.body.contains(R"("fault":"error")"));
    CHECK(set.body.contains(R"("left_ms":10000,"calls":0,"hits":0)"));
    CHECK(served.say() == "unavailable chaos");
    CHECK(served.asked(http::Method::get).body.contains(R"("calls":1,"hits":1)"));
    const auto refused = served.asked(http::Method::post, R"({"fault": "eror", "for_ms": 10000})");
    CHECK(refused.status == 400);
    CHECK(refused.body.contains("Did you mean"));
    CHECK(served.asked(http::Method::del).body == R"({"faults":[]})");
    CHECK(served.say() == "ok");
}

}  // namespace jebi::chaos
