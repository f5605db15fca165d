#include "kit/guard/guarded_channel.h"

#include <map>
#include <optional>

#include "kit/guard/guard_testing.h"
#include "kit/rpc/errors.h"
#include "kit/rpc/testing/echo.jebi.h"
#include "kit/rpc/testing/seen_calls.h"

namespace jebi::guard::testing {

namespace {

using namespace rpc::testing;
using rpc::Effect;

constexpr rpc::Method once{.service = "a.B", .name = "Once"};
constexpr rpc::Method asks{.service = "a.B", .name = "Asks", .effect = Effect::none};
constexpr rpc::Method keyed{.service = "a.B", .name = "Keyed", .effect = Effect::keyed};
constexpr rpc::Method waits{.service = "a.B", .name = "Waits", .effect = Effect::none, .waits = true};
constexpr rpc::Method kept{
    .service = "a.B", .name = "Kept", .effect = Effect::none, .stale_max = Millis{60'000}};

Error unavailable(std::string_view reason = "") {
    return error(Code::unavailable, "No.").because(std::string(reason));
}

// Some endpoints by the numbers of their ports, and what each answers now: an error, or the text.
struct Neighbour {
    ManualTime time;
    struct State {
        std::optional<Error> error;
        Millis takes{1};
        int calls = 0;
        Deadline until{};  // of the last call
    };
    std::map<int, State> endpoints;
    std::string text = "fresh";
    std::function<void()> inside = [] {};  // while an endpoint is asked
    SeenCalls seen;
    std::unique_ptr<GuardedChannel> channel;

    explicit Neighbour(int count = 1, const Settings& settings = {}) {
        std::vector<fiber::Address> addresses;
        for (int port = 1; port <= count; ++port) {
            addresses.push_back(*fiber::Address::from("127.0.0.1:" + std::to_string(port)));
            endpoints[port];
        }
        channel = std::make_unique<GuardedChannel>(
            "b", addresses, settings,
            [this](const auto& at) { return std::make_unique<Fake>(*this, at.port); }, seen.observer(), time);
    }

    struct Fake final : rpc::Channel {
        Neighbour& of;
        int port;
        Fake(Neighbour& neighbour, int number) : of(neighbour), port(number) {}
        Result<void> call(const Call& call, const rpc::Method& /*method*/, const rpc::Message& /*request*/,
                          rpc::Message& reply) override {
            State& state = of.endpoints.at(port);
            ++state.calls;
            state.until = call.until;
            of.inside();
            of.time.advance(state.takes);
            if (state.error) return fail(*state.error);
            static_cast<LargeReply&>(reply).set_text(of.text);
            return {};
        }
    };

    State& only() { return endpoints.at(1); }
    Result<std::string> ask(const rpc::Method& method, const Call& call = Call{.until = in(Millis{9'000})},
                            std::uint32_t bytes = 0) {
        LargeRequest request;
        request.set_bytes(bytes);
        TRY(const LargeReply reply, channel->ask<LargeReply>(call, method, request));
        return reply.text();
    }
    void break_endpoint(int port) {
        endpoints.at(port).error = unavailable();
        endpoints.at(port).takes = Millis{20};
        for (int i = 0; i < 400 && !is_ejected(port); ++i)
            (void)ask(once);
        REQUIRE(is_ejected(port));
    }
    bool is_ejected(int port) const {
        return channel->view().endpoints[static_cast<std::size_t>(port - 1)].ejected;
    }
};

Call with_key() {
    return Call{.until = in(Millis{9'000}), .idempotency_key = "k"};
}

}  // namespace

TEST_CASE("a call goes through, and is seen once") {
    Neighbour neighbour;
    CHECK(neighbour.ask(once).value() == "fresh");
    const auto seen = neighbour.seen.take();
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].side == rpc::Side::client);
    CHECK(seen[0].method == "Once");
    CHECK(neighbour.channel->view().calls == 1);
}

TEST_CASE("what may be repeated is tried three times in all, and seen once") {
    Neighbour neighbour;
    neighbour.only().error = unavailable();
    CHECK(neighbour.ask(asks).error().code == Code::unavailable);
    CHECK(neighbour.only().calls == 3);
    CHECK(neighbour.seen.take().size() == 1);
    CHECK(neighbour.channel->view().retries == 2);
}

TEST_CASE("what may not be repeated is sent once, unless it has certainly not happened") {
    for (const auto& [method, call, reason, calls] : {std::tuple(once, Call{}, "", 1),
                                                      {once, with_key(), "", 1},
                                                      {keyed, Call{}, "", 1},
                                                      {keyed, with_key(), "", 3},
                                                      {once, Call{}, "not_connected", 3},
                                                      {asks, Call{}, "bad_answer", 3},
                                                      {once, Call{}, "bad_answer", 1},
                                                      {once, Call{}, "overloaded", 1},
                                                      {asks, Call{}, "not_let_in", 1},
                                                      {asks, Call{}, "not_trusted", 1}}) {
        CAPTURE(method.name);
        CAPTURE(reason);
        Neighbour neighbour;
        neighbour.only().error = unavailable(reason);
        CHECK_FALSE(neighbour.ask(method, call).has_value());
        CHECK(neighbour.only().calls == calls);
    }
}

TEST_CASE("errors that would be the same again are not tried again") {
    for (const auto code : {Code::invalid, Code::unauthenticated, Code::forbidden, Code::not_found,
                            Code::conflict, Code::exhausted, Code::deadline, Code::internal}) {
        CAPTURE(name(code));
        Neighbour neighbour;
        neighbour.only().error = error(code, "No.");
        CHECK(neighbour.ask(asks).error().code == code);
        CHECK(neighbour.only().calls == 1);
    }
}

TEST_CASE("a retry that would come after the deadline is not made") {
    Neighbour neighbour;
    neighbour.only().error = unavailable();
    neighbour.only().takes = Millis{1'000};
    CHECK_FALSE(neighbour.ask(asks, Call{.until = in(Millis{900})}).has_value());
    CHECK(neighbour.only().calls == 1);
}

TEST_CASE("no call gets more time than its caller has, nor than the setting says") {
    Neighbour neighbour(1, {.timeout = Millis{3'000}});
    const Call brief{.until = in(Millis{500})};
    REQUIRE(neighbour.ask(once, brief).has_value());
    CHECK(neighbour.only().until <= brief.until + Millis{1});
    REQUIRE(neighbour.ask(once).has_value());
    CHECK(neighbour.only().until <= in(Millis{3'001}));
}

TEST_CASE("a neighbour that is left alone is not called, and answers again when it is well") {
    Neighbour neighbour;
    neighbour.break_endpoint(1);
    const int before = neighbour.only().calls;
    const auto refused = neighbour.ask(asks);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().reason == rpc::left_alone);
    CHECK(refused.error().retry_after_s == 1);
    CHECK(neighbour.only().calls == before);
    CHECK(neighbour.channel->view().endpoints[0].breaker.reason.find("failed") != std::string::npos);
    neighbour.only().error.reset();
    neighbour.time.advance(Millis{1'000});
    for (int i = 0; i < 3; ++i)
        CHECK(neighbour.ask(once).value() == "fresh");
    CHECK(neighbour.channel->view().endpoints[0].breaker.state == BreakerState::closed);
}

TEST_CASE("what people do wrong does not open the breaker, and neither does a caller without time") {
    for (const auto code : {Code::invalid, Code::not_found, Code::exhausted, Code::conflict}) {
        Neighbour neighbour;
        neighbour.only().error = error(code, "No.");
        neighbour.only().takes = Millis{50};
        for (int i = 0; i < 100; ++i)
            (void)neighbour.ask(once);
        CHECK_FALSE(neighbour.is_ejected(1));
    }
    Neighbour neighbour;
    neighbour.only().error = error(Code::deadline, "Too late.");
    neighbour.only().takes = Millis{30};
    for (int i = 0; i < 100; ++i)
        (void)neighbour.ask(once, Call{.until = in(Millis{30})});
    CHECK_FALSE(neighbour.is_ejected(1));
}

TEST_CASE("what waits on purpose takes no place, and its time and its end say nothing") {
    Neighbour neighbour(1, {.in_flight_max = 1, .queue_max = 0});
    neighbour.only().takes = Millis{5'000};
    neighbour.inside = [&] { CHECK(neighbour.channel->view().in_flight == 0); };
    for (int i = 0; i < 30; ++i)
        CHECK(neighbour.ask(waits).has_value());
    neighbour.only().error = error(Code::deadline, "Too late.");
    for (int i = 0; i < 30; ++i)
        CHECK_FALSE(neighbour.ask(waits).has_value());
    const GuardView view = neighbour.channel->view();
    CHECK(view.endpoints[0].breaker.state == BreakerState::closed);
    CHECK(view.endpoints[0].latency == std::chrono::nanoseconds{0});
    neighbour.inside = [&] { CHECK(neighbour.channel->view().in_flight == 1); };
    (void)neighbour.ask(once);
}

TEST_CASE("an operator may cut a neighbour off") {
    Neighbour neighbour;
    neighbour.channel->set_mode(BreakerMode::forced_open);
    CHECK(neighbour.ask(asks).error().reason == rpc::left_alone);
    CHECK(neighbour.only().calls == 0);
    neighbour.channel->set_mode(BreakerMode::automatic);
    CHECK(neighbour.ask(asks).has_value());
}

TEST_CASE("an old answer stands in when the neighbour cannot be asked, for as long as the contract says") {
    Neighbour neighbour;
    REQUIRE(neighbour.ask(kept).value() == "fresh");
    neighbour.only().error = unavailable();
    neighbour.text = "newer";
    CHECK(neighbour.ask(kept).value() == "fresh");
    CHECK(neighbour.channel->view().stale_answers == 1);
    for (const auto& broken : {error(Code::deadline, ""), error(Code::internal, "")}) {
        neighbour.only().error = broken;
        CHECK(neighbour.ask(kept).value() == "fresh");
    }
    neighbour.time.advance(Millis{60'000});
    CHECK_FALSE(neighbour.ask(kept).has_value());
    neighbour.only().error.reset();
    CHECK(neighbour.ask(kept).value() == "newer");
}

TEST_CASE(
    "an old answer stands in for the same user and the same question only, and where the contract allows "
    "it") {
    Neighbour neighbour;
    const Call one{.user = UserId{1}, .until = in(Millis{9'000})};
    const Call other{.user = UserId{2}, .until = in(Millis{9'000})};
    REQUIRE(neighbour.ask(kept, one, 5).has_value());
    REQUIRE(neighbour.ask(asks, one, 5).has_value());
    neighbour.only().error = unavailable();
    CHECK(neighbour.ask(kept, one, 5).has_value());
    CHECK_FALSE(neighbour.ask(kept, other, 5).has_value());
    CHECK_FALSE(neighbour.ask(kept, one, 6).has_value());
    CHECK_FALSE(neighbour.ask(asks, one, 5).has_value());
}

TEST_CASE("what is gone does not come back as an old answer") {
    Neighbour neighbour;
    REQUIRE(neighbour.ask(kept).has_value());
    neighbour.only().error = error(Code::not_found, "It is gone.");
    CHECK(neighbour.ask(kept).error().code == Code::not_found);
    neighbour.only().error = unavailable();
    CHECK_FALSE(neighbour.ask(kept).has_value());
}

TEST_CASE("the setting may shorten what the contract allows, or forbid it") {
    Neighbour neighbour(1, {.stale_max = Millis{0}});
    REQUIRE(neighbour.ask(kept).has_value());
    neighbour.only().error = unavailable();
    CHECK_FALSE(neighbour.ask(kept).has_value());
    CHECK(neighbour.channel->view().stale_entries == 0);
}

TEST_CASE("while an old answer is at hand, half of the time is kept for it") {
    Neighbour neighbour;
    REQUIRE(neighbour.ask(kept).has_value());
    const Call call{.until = in(Millis{8'000})};
    REQUIRE(neighbour.ask(kept, call).has_value());
    CHECK(neighbour.only().until <= call.until - Millis{3'500});
}

TEST_CASE("of two endpoints the quicker gets more, and one that refuses quickly does not") {
    Neighbour neighbour(2);
    neighbour.endpoints[1].takes = Millis{20};
    for (int i = 0; i < 200; ++i)
        REQUIRE(neighbour.ask(once).has_value());
    CHECK(neighbour.endpoints[2].calls > 150);

    Neighbour refusing(2);
    refusing.endpoints[1].takes = Millis{20};
    refusing.endpoints[2].error = unavailable("overloaded");
    int good = 0;
    for (int i = 0; i < 100; ++i)
        good += refusing.ask(once).has_value() ? 1 : 0;
    CHECK(good >= 98);
    CHECK(refusing.endpoints[2].calls < 20);
}

TEST_CASE("an endpoint that fails is ejected while the other serves, and comes back when it is well") {
    Neighbour neighbour(2, {.breaker = {.calls_min = 5, .patience = Millis{0}}, .retry = {.max = 0}});
    for (auto& [port, endpoint] : neighbour.endpoints)
        endpoint.takes =
            Millis{990};  // nearly the penalty, so that only the breaker sends calls away; not slow
    neighbour.endpoints[1].error = error(Code::internal, "No.");
    for (int i = 0; i < 100 && !neighbour.is_ejected(1); ++i)
        (void)neighbour.ask(once);
    REQUIRE(neighbour.is_ejected(1));
    neighbour.endpoints[2].takes = Millis{1};
    const int before = neighbour.endpoints[1].calls;
    for (int i = 0; i < 50; ++i)
        CHECK(neighbour.ask(once).has_value());
    CHECK(neighbour.endpoints[1].calls == before);
    neighbour.endpoints[1].error.reset();
    neighbour.endpoints[1].takes = neighbour.endpoints[2].takes = Millis{20};
    for (int i = 0; i < 2'000; ++i)
        CHECK(neighbour.ask(once).has_value());
    CHECK(neighbour.endpoints[1].calls > before);
    CHECK_FALSE(neighbour.is_ejected(1));
}

TEST_CASE(
    "of three endpoints one is ejected, not two, since the third would not bear it; when none is well, all") {
    Neighbour neighbour(3, {.breaker = {.calls_min = 3,
                                        .patience = Millis{0},
                                        .open = Millis{600'000},
                                        .open_max = Millis{600'000}},
                            .retry = {.max = 0}});
    for (const int port : {1, 2})
        neighbour.endpoints[port].error = unavailable();
    for (auto& [port, endpoint] : neighbour.endpoints)
        endpoint.takes = Millis{990};
    for (int i = 0; i < 500 && !(neighbour.is_ejected(1) && neighbour.is_ejected(2)); ++i)
        (void)neighbour.ask(once);
    REQUIRE(neighbour.is_ejected(1));
    REQUIRE(neighbour.is_ejected(2));
    const int before = neighbour.endpoints[1].calls + neighbour.endpoints[2].calls;
    for (int i = 0; i < 50; ++i)
        (void)neighbour.ask(once);
    CHECK(neighbour.endpoints[1].calls + neighbour.endpoints[2].calls > before);

    neighbour.endpoints[3].error = unavailable();
    for (int i = 0; i < 500 && !neighbour.is_ejected(3); ++i)
        (void)neighbour.ask(once);
    const auto tries = neighbour.channel->view().tries;
    CHECK(neighbour.ask(once).error().reason == rpc::left_alone);
    CHECK(neighbour.channel->view().tries == tries);
}

// A minute in which a neighbour fails half of its calls, quickly, at 200 calls a second that all may be
// repeated.
TEST_CASE("a neighbour that fails half of its calls is not sent more than 1.3 times the calls") {
    const std::uint64_t from = seed();
    CAPTURE(from);
    std::mt19937_64 chance(from);
    for (const auto mode : {BreakerMode::automatic, BreakerMode::disabled}) {
        Settings settings{
            .retry = {.backoff = Millis{1}, .backoff_max = Millis{1}}};  // others call meanwhile
        settings.breaker.mode = mode;
        Neighbour neighbour(1, settings);
        neighbour.only().takes = Millis{0};
        constexpr int calls = 60 * 200;
        for (int i = 0; i < calls; ++i) {
            neighbour.only().error = chance() % 2 == 0 ? std::optional(unavailable()) : std::nullopt;
            const Deadline begun = neighbour.time.now();
            (void)neighbour.ask(asks, Call{.until = in(Millis{500})});
            neighbour.time.advance(Millis{5} - (neighbour.time.now() - begun));
        }
        const auto view = neighbour.channel->view();
        CHECK(view.tries <= calls * 13 / 10);
        if (mode == BreakerMode::disabled) CHECK(view.retries_denied > 0);
    }
}

}  // namespace jebi::guard::testing
