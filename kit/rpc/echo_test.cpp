// What the plugin generated, tested by using it: one contract for all who claim to be an Echo.
#include <doctest/doctest.h>

#include <concepts>
#include <string>
#include <type_traits>
#include <vector>

#include "kit/http/client.h"
#include "kit/rpc/testing/echo_contract.h"
#include "kit/rpc/testing/echo_service.h"
#include "kit/rpc/testing/seen_calls.h"
#include "kit/rpc/testing/socket_folder.h"

namespace jebi::rpc::testing {

static_assert(std::is_abstract_v<Echo> && std::has_virtual_destructor_v<Echo>);
static_assert(std::derived_from<EchoLocal, Echo> && std::derived_from<EchoClient, Echo>);
static_assert(std::same_as<Echo::Here, EchoLocal> && std::same_as<Echo::Elsewhere, EchoClient>);
static_assert(Echo::service_name == "jebi.rpc.testing.v1.Echo");
static_assert(std::same_as<SayReply, v1::SayReply> && MOOD_LOUD == v1::MOOD_LOUD);

TEST_CASE("the service keeps the contract") {
    EchoService service;
    echo_keeps_its_contract(service);
}

TEST_CASE("a local wrapper keeps the contract, and guards it") {
    EchoService service;
    EchoLocal echo(service, {});
    echo_keeps_its_contract(echo);
    echo_is_guarded(echo);
}

TEST_CASE("a client over a Unix socket keeps the contract, and guards it") {
    const SocketFolder folder;
    const EchoServer server(folder.address("echo.sock"), {});
    HttpChannel channel({.address = server.address()}, {});
    EchoClient echo(channel);
    echo_keeps_its_contract(echo);
    echo_is_guarded(echo);
}

TEST_CASE("a client over TCP keeps the contract, and guards it") {
    const EchoServer server("127.0.0.1:0", {});
    HttpChannel channel({.address = server.address()}, {});
    EchoClient echo(channel);
    echo_keeps_its_contract(echo);
    echo_is_guarded(echo);
}

TEST_CASE("a client in a fiber keeps the contract") {
    const EchoServer server("127.0.0.1:0", {});
    const fiber::Loops loops(1);
    HttpChannel channel({.address = server.address()}, {});
    const fiber::Event done;
    fiber::spawn(loops.at(0), [&] {
        EchoClient echo(channel);
        echo_keeps_its_contract(echo);
        done.set();
    });
    CHECK(done.wait_until(in(Millis{60'000})));
}

TEST_CASE("the table names every method as the wire does") {
    EchoService service;
    std::vector<std::string> names;
    for (const auto& entry : methods(service)) {
        CHECK(entry.method.service == "jebi.rpc.testing.v1.Echo");
        names.emplace_back(entry.method.name);
    }
    CHECK(names == std::vector<std::string>{"Say", "Fail", "Wait", "Large", "Throw"});
}

TEST_CASE("the table knows what repeating each method does, as the contract says") {
    EchoService service;
    const auto table = methods(service);
    REQUIRE(table.size() == 5);
    CHECK(table[0].method.effect == Effect::keyed);
    CHECK(table[1].method.effect == Effect::idempotent);
    CHECK(table[2].method.effect == Effect::none);
    CHECK(table[2].method.waits);
    CHECK(!table[3].method.waits);
    CHECK(table[3].method.stale_max == Millis{1'000});
    CHECK(table[2].method.stale_max == Millis{0});
    CHECK(table[4].method.effect == Effect::once);
}

TEST_CASE("the detail of an error stays in the process") {
    const EchoServer server("127.0.0.1:0", {});
    HttpChannel channel({.address = server.address()}, {});
    EchoClient echo(channel);
    const auto failed = echo.fail(a_call(), a_failure("not_found"));
    REQUIRE(!failed.has_value());
    CHECK(failed.error().detail.empty());
    const auto thrown = echo.throw_(a_call(), {});
    REQUIRE(!thrown.has_value());
    CHECK(thrown.error().detail.empty());
}

TEST_CASE("both ends tell their observers, in one trace") {
    SeenCalls served;
    SeenCalls asked;
    const EchoServer server("127.0.0.1:0", served.observer());
    HttpChannel channel({.address = server.address()}, asked.observer());
    EchoClient echo(channel);
    const Call call{.user = UserId{7}, .until = in(served_max), .trace = Trace::start()};
    REQUIRE(!echo.fail(call, a_failure("conflict")).has_value());
    const auto client_side = asked.take();
    const auto server_side = served.take();
    REQUIRE(client_side.size() == 1);
    REQUIRE(server_side.size() == 1);
    CHECK(client_side[0].side == Side::client);
    CHECK(server_side[0].side == Side::server);
    CHECK(client_side[0].parent_span == call.trace.span);
    for (const auto& seen : {client_side[0], server_side[0]}) {
        CHECK(seen.service == "jebi.rpc.testing.v1.Echo");
        CHECK(seen.method == "Fail");
        CHECK(seen.trace.id == call.trace.id);
        CHECK(seen.user == call.user);
        REQUIRE(seen.error.has_value());
        CHECK(seen.error->code == Code::conflict);
        CHECK(seen.took.count() > 0);
    }
    CHECK(client_side[0].trace.span != server_side[0].trace.span);
    CHECK(server_side[0].error->detail == a_failure("").detail());  // here the operator sees it
}

TEST_CASE("the service works in the span that the observer is told") {
    SeenCalls served;
    EchoService service;
    EchoLocal local(service, served.observer());
    const EchoServer server("127.0.0.1:0", served.observer());
    HttpChannel channel({.address = server.address()}, {});
    EchoClient client(channel);
    for (Echo* echo : std::initializer_list<Echo*>{&local, &client}) {
        const auto reply = echo->say(Call{.until = in(served_max), .trace = Trace::start()}, {});
        REQUIRE(reply.has_value());
        const auto seen = served.take();
        REQUIRE(seen.size() == 1);
        CHECK(reply->traceparent() == seen[0].trace.traceparent());
    }
}

TEST_CASE("what a bug says is told to the observer alone") {
    SeenCalls served;
    EchoService service;
    EchoLocal echo(service, served.observer());
    REQUIRE(!echo.throw_(a_call(), {}).has_value());
    const auto seen = served.take();
    REQUIRE(seen.size() == 1);
    CHECK(seen[0].side == Side::local);
    CHECK(seen[0].error->detail == "a secret of the inside");
}

TEST_CASE("work whose time is up is not begun") {
    EchoService service;
    EchoLocal echo(service, {});
    REQUIRE(!echo.say(Call{.until = in(Millis{-1})}, {}).has_value());
    CHECK(service.begun() == 0);
}

}  // namespace jebi::rpc::testing
