// Real sockets, and neighbours behind them that misbehave.
#include <array>
#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "kit/fiber/fiber.h"
#include "kit/guard/guard_testing.h"
#include "kit/guard/guarded_channel.h"
#include "kit/guard/server_limit.h"
#include "kit/http/client.h"
#include "kit/http/router.h"
#include "kit/http/server.h"
#include "kit/rpc/errors.h"
#include "kit/rpc/testing/echo_contract.h"
#include "kit/rpc/testing/echo_service.h"
#include "kit/rpc/testing/socket_folder.h"

namespace jebi::guard::testing {

namespace {

using namespace rpc::testing;

constexpr Settings watchful{.breaker = {.calls_min = 5, .patience = Millis{0}}};
constexpr std::string_view answer =
    "HTTP/1.1 200 OK\r\nContent-Type: application/proto\r\nContent-Length: 0\r\n\r\n";

fiber::Address at(const std::string& text) {
    return *fiber::Address::from(text);
}

// What a neighbour does with each connection, once something was asked; it ends with its test.
class Misbehaving {
public:
    Misbehaving(fiber::Loops& loops, const fiber::Address& address, std::function<void(fiber::Socket&)> serve)
        : listener_(fiber::Listener::open(loops, address).value()) {
        listener_.start([this, serve = std::move(serve)](fiber::Socket socket) {
            const auto pass = inside_.enter();
            std::array<char, 4096> request{};
            if (socket.read_some(request, in(Millis{30'000}))) serve(socket);
        });
    }
    ~Misbehaving() {
        over_.set();
        listener_.close();
        inside_.close();
        CHECK(inside_.wait_until(in(Millis{30'000})));
    }
    void hold() const { over_.wait_until(in(Millis{30'000})); }
    const fiber::Address& address() const { return listener_.address(); }

private:
    fiber::Event over_;
    fiber::Gate inside_;
    fiber::Listener listener_;
};

void is_found_out(GuardedChannel& channel) {
    EchoClient echo(channel);
    for (int i = 0; i < 20 && channel.view().endpoints[0].breaker.state == BreakerState::closed; ++i) {
        const auto reply = echo.fail(Call{.until = in(Millis{60})}, {});
        REQUIRE_FALSE(reply.has_value());
        const bool fitting = reply.error().code == Code::unavailable || reply.error().code == Code::deadline;
        CHECK(fitting);
    }
    const GuardView view = channel.view();
    CHECK(view.endpoints[0].breaker.state == BreakerState::open);
    CHECK(view.endpoints[0].in_flight == 0);
    CHECK(view.in_flight == 0);
    CHECK(echo.fail(Call{.until = in(Millis{30'000})}, {}).error().reason == rpc::left_alone);
}

void comes_back(GuardedChannel& channel, const ManualTime& time) {
    EchoClient echo(channel);
    time.advance(Millis{1'000});
    for (int i = 0; i < 3; ++i)
        CHECK(echo.say(a_call(), {}).has_value());
    CHECK(channel.view().endpoints[0].breaker.state == BreakerState::closed);
}

}  // namespace

TEST_CASE(
    "a neighbour that accepts and does not answer, talks nonsense, or stops in the middle is left alone "
    "until it is well") {
    const SocketFolder folder;
    const std::string address = folder.address("b.sock");
    using Serve = std::function<void(fiber::Socket&, const Misbehaving&)>;
    const std::vector<std::pair<std::string, Serve>> ways{
        {"no answer", [](fiber::Socket&, const Misbehaving& self) { self.hold(); }},
        {"garbage",
         [](fiber::Socket& socket, const Misbehaving&) {
             (void)socket.write("SSH-2.0-OpenSSH_9.2\r\n\xff\xfe", in(Millis{30'000}));
         }},
        {"half close",
         [](fiber::Socket& socket, const Misbehaving& self) {
             socket.finish_writing();
             self.hold();
         }},
        {"half an answer",
         [](fiber::Socket& socket, const Misbehaving& self) {
             (void)socket.write(answer.substr(0, answer.size() - 20), in(Millis{30'000}));
             self.hold();
         }},
        {"hangs up", [](fiber::Socket&, const Misbehaving&) {}}};
    for (const auto& [name, serve] : ways) {
        CAPTURE(name);
        const ManualTime time;
        GuardedChannel channel("b", {at(address)}, watchful, plain_http(), {}, time);
        {
            fiber::Loops loops(1);
            const Misbehaving* self = nullptr;
            const Misbehaving neighbour(loops, at(address),
                                        [&](fiber::Socket& socket) { serve(socket, *self); });
            self = &neighbour;
            is_found_out(channel);
        }
        const EchoServer well(address, {});
        comes_back(channel, time);
    }
}

TEST_CASE("a neighbour that does not accept, or is not there, is left alone until it is well") {
    const SocketFolder folder;
    const std::string address = folder.address("b.sock");
    const ManualTime time;
    GuardedChannel channel("b", {at(address)}, watchful, plain_http(), {}, time);
    is_found_out(channel);
    {
        const EchoServer well(address, {});
        comes_back(channel, time);
    }
    {
        const auto mute = fiber::ListeningSocket::open(at(address));
        REQUIRE(mute.has_value());
        is_found_out(channel);
    }
    const EchoServer well(address, {});
    comes_back(channel, time);
}

TEST_CASE("a call that is cut off is sent again, and nobody notices; one that may not be repeated is not") {
    fiber::Loops loops(1);
    std::atomic<int> asked = 0;
    const Misbehaving neighbour(loops, at("127.0.0.1:0"), [&](fiber::Socket& socket) {
        if (++asked == 3) (void)socket.write(answer, in(Millis{30'000}));
    });
    const SteadyTime time;
    GuardedChannel channel("b", {neighbour.address()}, {}, plain_http(), {}, time);
    EchoClient echo(channel);
    CHECK_FALSE(echo.say(a_call(), {}).has_value());
    CHECK(asked == 1);
    CHECK(echo.large(a_call(), {}).has_value());
    CHECK(asked == 3);
}

namespace {

// An Echo behind a limit of one call.
struct Limited {
    SteadyTime time;
    fiber::Loops loops{1};
    EchoService service;
    ServerLimit limit{{.gradient = {.min = 1, .initial = 1}}, time};
    http::Router router;
    std::unique_ptr<http::Server> server;

    Limited() {
        rpc::serve(router, limit.around(methods(service)), {});
        server = *http::Server::start(loops, at("127.0.0.1:0"), {},
                                      [this](http::Request& request) { return router.answer(request); });
    }
};

}  // namespace

TEST_CASE(
    "a server that is full says so with 503 and Retry-After, and a call goes to another one, whatever it "
    "is") {
    Limited full;
    Limited idle;
    const auto place = full.limit.enter(false);
    REQUIRE(place);

    http::Client client({.address = full.server->address()});
    http::ClientRequest request;
    request.method = http::Method::post;
    request.target = "/jebi.rpc.testing.v1.Echo/Say";
    request.fields.add("Content-Type", "application/json");
    request.body = "{}";
    const auto refused = client.send(request, in(Millis{30'000}));
    REQUIRE(refused.has_value());
    CHECK(refused->status == 503);
    CHECK(refused->fields.get("Retry-After") == "1");

    GuardedChannel channel("b", {full.server->address(), idle.server->address()}, {.retry = {.max = 10}},
                           plain_http(), {}, full.time);
    EchoClient echo(channel);
    for (int i = 0; i < 20; ++i)
        CHECK(echo.say(a_call(), {}).has_value());
    CHECK(full.service.begun() == 0);
    CHECK(idle.service.begun() == 20);
}

TEST_CASE("many callers at once lose nothing: no call, no place, no connection") {
    const EchoServer server("127.0.0.1:0", {});
    fiber::Loops loops(2);
    const SteadyTime time;
    GuardedChannel channel("b", {server.address()}, {.in_flight_max = 5, .queue_max = 1'000}, plain_http(5),
                           {}, time);
    constexpr int callers = 60;
    std::atomic<int> left = callers;
    std::atomic<int> good = 0;
    const fiber::Event done;
    for (int i = 0; i < callers; ++i) {
        fiber::spawn(loops.at(static_cast<unsigned>(i) % 2), [&] {
            EchoClient echo(channel);
            for (int call = 0; call < 20; ++call)
                good += echo.say(a_call(), {}).has_value() ? 1 : 0;
            if (--left == 0) done.set();
        });
    }
    REQUIRE(done.wait_until(in(Millis{60'000})));
    CHECK(good == callers * 20);
    const GuardView view = channel.view();
    CHECK(view.calls == callers * 20);
    CHECK(view.tries == callers * 20);
    CHECK(view.in_flight == 0);
    CHECK(view.queued == 0);
    CHECK(view.endpoints[0].in_flight == 0);
    CHECK(server.service().begun() == callers * 20);
}

}  // namespace jebi::guard::testing
