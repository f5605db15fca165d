#include "kit/http/websocket.h"

#include <doctest/doctest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "kit/http/server_testing.h"
#include "kit/http/websocket_testing.h"

using namespace jebi;
using namespace jebi::http;

namespace {

using Serve = std::function<void(WebSocket&)>;

// A server with one WebSocket on /ws.
struct Test {
    explicit Test(Serve serve, WebSocketOptions options = {}, ServerOptions server = {})
        : http(std::move(server)) {
        http.router.on(Method::get, "/ws", [serve = std::move(serve), options](const Request& request) {
            return websocket(request, options, serve);
        });
    }
    WebSocketPeer connect() const { return WebSocketPeer{http.server->address(), "/ws"}; }

    TestServer http;
};

void echo(WebSocket& socket) {
    while (const auto message = socket.receive(soon()))
        (void)(message->is_text ? socket.send(message->bytes) : socket.send_binary(message->bytes));
}

// Receives until the end, and keeps how that was.
struct Ending {
    Serve serve() {
        return [this](WebSocket& socket) {
            while (socket.receive(soon())) {
            }
            code = socket.closed_with();
            ended.set();
        };
    }
    CloseCode wait() const {
        REQUIRE(ended.wait_until(soon()));
        return code;
    }

    CloseCode code = CloseCode::none;
    fiber::Event ended;
};

}  // namespace

TEST_CASE("the handshake answers what the key asks for") {
    const Test test{echo};
    const std::string answer = test.connect().answer;
    CHECK(answer.starts_with("HTTP/1.1 101 Switching Protocols\r\n"));
    CHECK(has_line(answer, "Upgrade: websocket"));
    CHECK(has_line(answer, "Connection: Upgrade"));
    CHECK(has_line(answer, "Sec-WebSocket-Accept: " + test_accept));
    CHECK(answer.find("Content-Length") == std::string::npos);
    CHECK(answer.find("Sec-WebSocket-Protocol") == std::string::npos);
}

TEST_CASE("the subprotocol that was chosen is answered, one that was not offered is refused") {
    TestServer test;
    std::string offered;
    test.router.on(Method::get, "/ws", [&](const Request& request) {
        for (const auto one : offered_protocols(request))
            offered += std::string(one) + " ";
        return websocket(request, {.protocol = "token-2"}, echo);
    });
    const auto& at = test.server->address();
    CHECK(has_line(WebSocketPeer(at, "/ws", "Sec-WebSocket-Protocol: token-1, token-2\r\n").answer,
                   "Sec-WebSocket-Protocol: token-2"));
    CHECK(offered == "token-1 token-2 ");
    CHECK(status_of_answer(WebSocketPeer(at, "/ws", "Sec-WebSocket-Protocol: token\r\n").answer) == 400);
    CHECK(status_of_answer(WebSocketPeer(at, "/ws").answer) == 400);
}

TEST_CASE("what is no handshake is answered 426 or 400, and the connection goes on") {
    const Test test{echo};
    const std::string right = websocket_request("/ws");
    const auto with = [&](std::string_view line, std::string_view instead) {
        std::string request = right;
        request.replace(request.find(line), line.size(), instead);
        RawClient client = test.http.connect();
        client.send(request);
        const std::string answer = client.read_answer();
        client.send(get_hello);
        CHECK(status_of_answer(client.read_answer()) == 200);
        return answer;
    };
    const std::string old = with("Version: 13", "Version: 8");
    CHECK(status_of_answer(old) == 426);
    CHECK(has_line(old, "Sec-WebSocket-Version: 13"));
    CHECK(has_line(old, "Upgrade: websocket"));
    CHECK(status_of_answer(with("Upgrade: websocket", "Upgrade: h2c")) == 426);
    CHECK(status_of_answer(with("keep-alive, Upgrade", "keep-alive")) == 426);
    CHECK(status_of_answer(with("Sec-WebSocket-Version: 13\r\n", "")) == 426);
    CHECK(status_of_answer(with("Key: " + test_key, "Key: c2hvcnQ=")) == 400);
    CHECK(status_of_answer(with("Key: " + test_key, "Key: " + test_key + "\r\nSec-WebSocket-Key: x")) == 400);
    CHECK(status_of_answer(with("Sec-WebSocket-Key: " + test_key + "\r\n", "")) == 400);
}

TEST_CASE("HTTP/1.0 cannot be upgraded") {
    const Test test{echo};
    std::string request = websocket_request("/ws");
    request.replace(request.find("HTTP/1.1"), 8, "HTTP/1.0");
    RawClient client = test.http.connect();
    client.send(request);
    CHECK(status_of_answer(client.read_answer()) == 426);
}

TEST_CASE("messages go both ways, text and binary, in one piece and in many") {
    const Test test{echo};
    auto peer = test.connect();
    peer.say("제비");
    CHECK(peer.hear() == "제비");
    peer.send(client_frame(Opcode::binary, std::string("\0\xff", 2)));
    CHECK(peer.next()->bytes == std::string("\0\xff", 2));
    peer.send(client_frame(Opcode::text, "one ", false) + client_frame(Opcode::ping, "?") +
              client_frame(Opcode::continuation, "two"));
    CHECK(peer.next()->opcode == Opcode::pong);
    CHECK(peer.hear() == "one two");
    const std::string large(60'000, 'x');
    peer.say(large);
    CHECK(peer.hear() == large);
}

TEST_CASE("what the client sends before it has the answer is not lost") {
    const Test test{echo};
    WebSocketPeer peer{test.http.server->address(), "/ws", {}, client_frame(Opcode::text, "early")};
    CHECK(peer.hear() == "early");
}

TEST_CASE("anybody may send, from any loop and any thread, and whole messages arrive") {
    constexpr int senders = 4;
    constexpr int messages = 200;
    fiber::Loops loops{2};
    const Test test{[&](WebSocket& socket) {
        fiber::Gate gate;
        const auto send_all = [&] {
            const auto pass = gate.enter();
            for (int i = 0; i < messages; ++i)
                (void)socket.send("message " + std::to_string(i));
        };
        std::vector<std::thread> threads;
        for (int i = 0; i < senders / 2; ++i)
            threads.emplace_back(send_all);
        std::vector<fiber::Event> done(senders / 2);
        for (unsigned i = 0; i < senders / 2; ++i) {
            fiber::spawn(loops.at(i), [&, i] {
                send_all();
                done[i].set();
            });
        }
        (void)socket.receive(soon());  // "enough"
        for (auto& thread : threads)
            thread.join();
        for (const auto& one : done)
            one.wait_until(soon());
    }};
    auto peer = test.connect();
    for (int i = 0; i < senders * messages; ++i)
        REQUIRE(peer.hear().starts_with("message "));
    peer.say("enough");
    CHECK(peer.closed() == CloseCode::normal);
}

TEST_CASE("receive waits until its deadline, and one may go on") {
    fiber::Event waited;
    const Test test{[&](WebSocket& socket) {
        const auto none = socket.receive(in(Millis{5}));
        CHECK(none.error().code == Code::deadline);
        (void)socket.send("waited");
        echo(socket);
    }};
    auto peer = test.connect();
    CHECK(peer.hear() == "waited");
    peer.say("still there");
    CHECK(peer.hear() == "still there");
}

TEST_CASE("the client's close is answered with its code, and ends receive") {
    Ending ending;
    const Test test{ending.serve()};
    auto peer = test.connect();
    peer.close(CloseCode::going_away);
    CHECK(peer.closed() == CloseCode::going_away);
    CHECK_FALSE(peer.next());
    CHECK(ending.wait() == CloseCode::going_away);
}

TEST_CASE("a client that leaves without a word is noticed") {
    Ending ending;
    const Test test{ending.serve()};
    {
        auto peer = test.connect();
    }
    CHECK(ending.wait() == CloseCode::cut_off);
}

TEST_CASE("close() sends what is queued, then the reason, and waits for the client's word") {
    const Test test{[](WebSocket& socket) {
        (void)socket.send("last words");
        socket.close(CloseCode::policy, "이제 그만");
        CHECK_FALSE(socket.send("too late"));
        CHECK(socket.receive(soon()).error().reason == "closed");
        CHECK(socket.closed_with() == CloseCode::policy);
    }};
    auto peer = test.connect();
    CHECK(peer.hear() == "last words");
    const auto closed = peer.next();
    CHECK(closed->code == CloseCode::policy);
    CHECK(closed->bytes == "이제 그만");
    peer.close(CloseCode::policy);
    CHECK_FALSE(peer.next());
}

TEST_CASE("a handler that returns has its messages sent and the connection closed") {
    const Test test{[](WebSocket& socket) { (void)socket.send("bye"); }};
    auto peer = test.connect();
    CHECK(peer.hear() == "bye");
    CHECK(peer.closed() == CloseCode::normal);
    peer.close(CloseCode::normal);
    CHECK_FALSE(peer.next());
}

TEST_CASE("a handler that throws closes with 1011, and the mistake is told") {
    std::string mistake;
    fiber::Event told;
    const Test test{[](WebSocket&) { throw std::runtime_error("broken"); },
                    {},
                    {.on_mistake = [&](const Request& request, std::string_view what) {
                        mistake = std::string(request.path) + ": " + std::string(what);
                        told.set();
                    }}};
    auto peer = test.connect();
    CHECK(peer.closed() == CloseCode::mistake);
    peer.close(CloseCode::mistake);
    REQUIRE(told.wait_until(soon()));
    CHECK(mistake == "/ws: broken");
}

TEST_CASE("what cannot be read closes the connection with its code") {
    for (const auto& [bytes, code] :
         {std::pair{std::string("\x81\x01x"), CloseCode::protocol_error},
          {client_frame(Opcode::text, "\xff"), CloseCode::not_utf8},
          {client_frame(Opcode::text, std::string(101, 'x')), CloseCode::too_large}}) {
        Ending ending;
        const Test test{ending.serve(), {.message_bytes_max = 100}};
        auto peer = test.connect();
        peer.send(bytes);
        CHECK(peer.closed() == code);
        CHECK(ending.wait() == code);
        CHECK_FALSE(peer.next());
    }
}

TEST_CASE("a silent client is pinged, and cut off when it stays silent") {
    Ending ending;
    const Test test{ending.serve(), {.ping_ms = Millis{20}, .pong_ms = Millis{20}}};
    auto peer = test.connect();
    CHECK(peer.next()->opcode == Opcode::ping);
    CHECK_FALSE(peer.next());
    CHECK(ending.wait() == CloseCode::cut_off);
}

TEST_CASE("a client that answers pings stays") {
    const Test test{echo, {.ping_ms = Millis{10}, .pong_ms = Millis{10'000}}};
    auto peer = test.connect();
    for (int i = 0; i < 5; ++i) {
        REQUIRE(peer.next()->opcode == Opcode::ping);
        peer.send(client_frame(Opcode::pong, ""));
    }
    peer.say("here");
    auto arrived = peer.next();
    while (arrived && arrived->opcode == Opcode::ping)
        arrived = peer.next();
    CHECK(arrived->bytes == "here");
}

TEST_CASE("a WebSocket outlives the limits of requests") {
    Limits limits;
    limits.head_ms = limits.body_ms = limits.idle_ms = limits.write_ms = limits.handler_ms = Millis{200};
    const Test test{echo, {.ping_ms = Millis{100}, .pong_ms = Millis{10'000}}, {.limits = limits}};
    auto peer = test.connect();
    for (int i = 0; i < 5; ++i) {
        REQUIRE(peer.next()->opcode == Opcode::ping);
        peer.send(client_frame(Opcode::pong, ""));
    }
    peer.say("still here");
    CHECK(peer.hear() == "still here");
}

TEST_CASE("a client that does not read is cut off when its queue is full") {
    fiber::Event full;
    Ending ending;
    const std::string large(64 * 1024, 'x');
    const Test test{[&](WebSocket& socket) {
                        std::thread sender{[&] {
                            while (true) {
                                const auto sent = socket.send(large);
                                if (sent) continue;
                                CHECK(sent.error().code == Code::exhausted);
                                return full.set();
                            }
                        }};
                        ending.serve()(socket);
                        sender.join();
                    },
                    {.queue_bytes_max = 1024 * 1024, .write_ms = Millis{60'000}}};
    auto peer = test.connect();
    CHECK(full.wait_until(soon()));
    CHECK(ending.wait() == CloseCode::cut_off);
}

TEST_CASE("a client that does not read is cut off when a write takes too long") {
    Ending ending;
    const Test test{[&](WebSocket& socket) {
                        (void)socket.send(std::string(16 << 20, 'x'));
                        ending.serve()(socket);
                    },
                    {.queue_bytes_max = 32 << 20, .write_ms = Millis{20}}};
    auto peer = test.connect();
    CHECK(ending.wait() == CloseCode::cut_off);
}

TEST_CASE("a server that stops closes its WebSockets with 1001 and waits for them") {
    Ending ending;
    Test test{ending.serve()};
    auto peer = test.connect();
    peer.say("hello");
    std::thread stop{[&] { CHECK(test.http.server->stop(soon())); }};
    CHECK(peer.closed() == CloseCode::going_away);
    peer.close(CloseCode::going_away);
    CHECK_FALSE(peer.next());
    stop.join();
    CHECK(ending.wait() == CloseCode::going_away);
}

TEST_CASE("a WebSocket is told to the observer with its handshake") {
    std::atomic<int> status = 0;
    fiber::Event told;
    const Test test{echo, {}, {.observer = [&](const Served& served) {
                        status = served.status;
                        told.set();
                    }}};
    auto peer = test.connect();
    REQUIRE(told.wait_until(soon()));
    CHECK(status == 101);
    peer.say("goes on");
    CHECK(peer.hear() == "goes on");
}
