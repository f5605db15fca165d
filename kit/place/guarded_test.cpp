#include "kit/place/guarded.h"

#include <doctest/doctest.h>

#include "kit/rpc/testing/echo_service.h"
#include "kit/rpc/testing/socket_folder.h"
#include "kit/watch/health.h"
#include "kit/watch/spans.h"

using namespace jebi;
using namespace jebi::place;
using rpc::testing::Echo;
using rpc::testing::EchoServer;
using rpc::testing::EchoService;
using rpc::testing::SocketFolder;

namespace {

// What a process has for its calls. Its spans stay with it.
struct TestProcess {
    watch::Metrics metrics;
    std::vector<std::string> lines;  // of the log; all tests call on one thread
    watch::Log log{watch::Level::info, watch::Format::text,
                   [this](std::string_view line) { lines.emplace_back(line); }};
    watch::Requests requests{metrics, log};
    fiber::Loops loops{1};
    watch::Spans spans{
        {.address = fiber::Address::from("127.0.0.1:9").value(), .pause = Millis{600'000}, .tries_max = 1},
        loops,
        metrics,
        log};

    TestProcess() { requests.tell(spans); }
    std::vector<watch::CallRecent> calls() const {
        return requests.recent_calls(std::chrono::steady_clock::now());
    }
};

Call a_call() {
    return {.until = in(Millis{10'000}), .trace = Trace::start(true)};
}

FindWay to(const fiber::Address& address, const guard::Settings& settings = {}) {
    return [address, settings](std::string_view, std::string_view) -> std::optional<WayTo> {
        return WayTo{"echo", {address}, settings};
    };
}

guard::EndpointView endpoint(guard::BreakerState state, bool ejected, std::string reason = "") {
    return {.breaker = {.state = state, .reason = std::move(reason)}, .ejected = ejected};
}

}  // namespace

TEST_CASE("a call counts and is a span once on its caller's side, wherever the neighbour is") {
    TestProcess here, there;
    EchoServer server("127.0.0.1:0", there.requests.calls());
    GuardedWays ways(to(server.address()), here.requests, here.log);
    EchoService service;
    for (const bool kept_here : {true, false}) {
        CAPTURE(kept_here);
        Neighbours neighbours(ways.watch(), ways.way());
        if (kept_here) neighbours.keep<Echo>(service);
        const std::size_t counted = here.calls().size(), spans = here.spans.waiting();
        REQUIRE(neighbours.get<Echo>("web").say(a_call(), {}).has_value());
        const auto calls = here.calls();
        REQUIRE(calls.size() == counted + 1);
        const auto side = kept_here ? rpc::Side::local : rpc::Side::client;
        const auto seen = std::ranges::find(calls, side, &watch::CallRecent::side);
        REQUIRE(seen != calls.end());
        CHECK(seen->caller == "web");
        CHECK(seen->service == Echo::service_name);
        CHECK(seen->recent.count == 1);
        CHECK(here.spans.waiting() == spans + 1);
    }
    REQUIRE(there.calls().size() == 1);
    CHECK(there.calls()[0].side == rpc::Side::server);
    CHECK(there.spans.waiting() == 1);
}

TEST_CASE("a contract that nobody keeps is absent") {
    TestProcess process;
    GuardedWays ways([](auto, auto) { return std::nullopt; }, process.requests, process.log);
    Neighbours neighbours(ways.watch(), ways.way());
    const auto reply = neighbours.get<Echo>("web").say(a_call(), {});
    REQUIRE_FALSE(reply.has_value());
    CHECK(reply.error().reason == "absent");
    CHECK(ways.read()().empty());
}

TEST_CASE("a neighbour that is gone is cut off, and the process is degraded and says why") {
    const SocketFolder folder;
    TestProcess process;
    const auto nobody = fiber::Address::from(folder.address("gone")).value();
    GuardedWays ways(to(nobody, {.breaker = {.calls_min = 5, .patience = Millis{0}}, .retry = {.max = 0}}),
                     process.requests, process.log);
    Neighbours neighbours(ways.watch(), ways.way());
    watch::Health health;
    health.add_neighbours(watch::by_name(ways.read()));
    for (int i = 0; i < 5; ++i) {
        CHECK(health.report(Call{}).wellness == watch::Wellness::ready);
        REQUIRE_FALSE(neighbours.get<Echo>("web").say(a_call(), {}).has_value());
    }
    const auto report = health.report(Call{});
    CHECK(report.wellness == watch::Wellness::degraded);
    REQUIRE(report.lines.size() == 1);
    CHECK(report.lines[0].name == "echo");
    CHECK(report.lines[0].why.contains("breaker open ("));
    const auto states = ways.read()();
    REQUIRE(states.size() == 1);
    CHECK(states[0].caller == "web");
    CHECK(states[0].opened == 1);
    REQUIRE(states[0].endpoints.size() == 1);
    CHECK(states[0].endpoints[0].address == nobody.text());
    CHECK(states[0].endpoints[0].failures == 5);
    const auto opened = std::ranges::find_if(
        process.lines, [](const std::string& line) { return line.contains("a breaker has opened"); });
    REQUIRE(opened != process.lines.end());
    for (const char* said : {"caller=web", "neighbour=echo", "5 calls failed"})
        CHECK(opened->contains(said));
}

TEST_CASE("each caller has a way of its own, and whoever asks later than they lived is told nothing") {
    TestProcess process;
    watch::ReadNeighbours read;
    {
        GuardedWays ways(to(fiber::Address::from("127.0.0.1:9").value()), process.requests, process.log);
        Neighbours neighbours(ways.watch(), ways.way());
        neighbours.get<Echo>("web");
        neighbours.get<Echo>("search");
        neighbours.get<Echo>("web");
        read = ways.read();
        REQUIRE(read().size() == 2);
        CHECK(read()[1].caller == "search");
        CHECK(read()[1].breaker == "closed");
        CHECK(read()[1].in_flight_max == 64);
        CHECK(read()[1].waiting_max == 64);
    }
    CHECK(read().empty());
}

TEST_CASE("who waits for something to happen elsewhere is let go, others go on") {
    TestProcess process;
    const auto silent = fiber::ListeningSocket::open(fiber::Address::from("127.0.0.1:0").value()).value();
    GuardedWays ways(to(silent.address()), process.requests, process.log);
    Neighbours neighbours(ways.watch(), ways.way());
    Echo& echo = neighbours.get<Echo>("web");
    fiber::Promise<Result<rpc::testing::Empty>> waiting;
    fiber::spawn(process.loops.at(0), [&] { waiting.set(echo.wait(a_call(), {})); });
    neighbours.end_waits();
    const auto let_go = waiting.wait_until(in(Millis{5'000}));
    REQUIRE(let_go);
    CHECK(let_go->error().code == Code::deadline);
    Call short_call = a_call();
    short_call.until = in(Millis{200});
    CHECK(echo.say(short_call, {}).error().code == Code::deadline);
    CHECK(in(Millis{0}) >= short_call.until);
}

TEST_CASE("a neighbour shows its worst endpoint, and is cut when all are") {
    using enum guard::BreakerState;
    const auto shown = [](std::vector<guard::EndpointView> endpoints) {
        return neighbour_state({.neighbour = "tweets", .endpoints = std::move(endpoints)}, {});
    };
    const auto state = shown({endpoint(closed, false), endpoint(open, true, "20 of 20 failed")});
    CHECK(state.breaker == "open");
    CHECK(state.reason == "20 of 20 failed");
    CHECK_FALSE(state.is_cut);
    CHECK(state.ejected == 1);
    CHECK(shown({endpoint(half_open, true), endpoint(open, true)}).is_cut);
    CHECK(shown({endpoint(half_open, false), endpoint(closed, false)}).breaker == "half-open");
    CHECK(shown({}).breaker.empty());
    CHECK_FALSE(shown({}).is_cut);
}

TEST_CASE("an endpoint shows its breaker with the window, and since when it is in that state") {
    const Deadline now{Millis{90'000}};
    guard::EndpointView sick = endpoint(guard::BreakerState::open, true);
    sick.address = "127.0.0.1:7";
    sick.latency = Millis{12};
    sick.breaker.since = now - Millis{1'500};
    sick.breaker.window = {.calls = 20, .failures = 19, .slow = 1};
    sick.breaker.opened = 4;
    const auto state =
        neighbour_state({.endpoints = {sick, endpoint(guard::BreakerState::closed, false)}}, now);
    CHECK(state.opened == 4);
    REQUIRE(state.endpoints.size() == 2);
    CHECK_FALSE(state.endpoints[1].is_ejected);
    const auto& shown = state.endpoints[0];
    CHECK(shown.is_ejected);
    CHECK(shown.address == "127.0.0.1:7");
    CHECK(shown.breaker == "open");
    CHECK(shown.state_s == 1.5);
    CHECK(shown.calls == 20);
    CHECK(shown.failures == 19);
    CHECK(shown.slow == 1);
    CHECK(shown.opened == 4);
    CHECK(shown.usual_ms == 12);
}

TEST_CASE("a neighbour shows what is under way, what waits, and what was tried again or left alone") {
    const auto state = neighbour_state({.neighbour = "tweets",
                                        .retry_balance = 4.5,
                                        .in_flight = 3,
                                        .queued = 2,
                                        .retries = 7,
                                        .retries_denied = 1,
                                        .left_alone = 5,
                                        .queue_full = 1,
                                        .stale_answers = 8},
                                       {});
    CHECK(state.name == "tweets");
    CHECK(state.retries_left == 4.5);
    CHECK(state.in_flight == 3);
    CHECK(state.waiting == 2);
    CHECK(state.retries == 7);
    CHECK(state.retries_denied == 1);
    CHECK(state.refused == 6);
    CHECK(state.stale_answers == 8);
}

TEST_CASE("a limit shows what is under way and what was refused, by class") {
    const auto state = limit_state({.limit = 40,
                                    .users = 7,
                                    .background = 2,
                                    .shed_users = 5,
                                    .shed_background = 9,
                                    .usual = std::chrono::microseconds{500}});
    CHECK(state.in_flight_max == 40);
    CHECK(state.users == 7);
    CHECK(state.background == 2);
    CHECK(state.shed_users == 5);
    CHECK(state.shed_background == 9);
    CHECK(state.usual_ms == 0.5);
}
