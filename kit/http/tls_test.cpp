// HTTPS, the server's end and the client's.
#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "kit/fiber/signal.h"
#include "kit/fiber/tls_testing.h"
#include "kit/http/client.h"
#include "kit/http/server_testing.h"
#include "kit/http/websocket.h"
#include "kit/http/websocket_testing.h"

using namespace jebi;
using namespace jebi::http;

namespace {

struct Test {
    explicit Test(Limits limits = {}) : http(options_with(std::move(limits))) {}

    ServerOptions options_with(Limits limits) {
        const auto files = certificates.make("server");
        return {.limits = std::move(limits),
                .tls = fiber::TlsServer::load(files.certificate, files.key).value()};
    }
    Client client() const {
        return Client{
            {.address = http.server->address(), .tls = fiber::TlsClient::open(certificates.roots()).value()}};
    }
    fiber::Socket connect() const {
        auto socket = fiber::Socket::connect(http.server->address(), soon()).value();
        REQUIRE(socket.secure(fiber::TlsClient::open(certificates.roots()).value(), "localhost", soon()));
        return socket;
    }

    fiber::TestCertificates certificates;
    TestServer http;
};

std::string read_to_end(fiber::Socket& socket) {
    std::string text;
    char bytes[4096];
    while (true) {
        const auto count = socket.read_some(bytes, soon());
        CHECK(count);
        if (!count || *count == 0) return text;
        text.append(bytes, *count);
    }
}

}  // namespace

TEST_CASE("an https client and an https server understand each other") {
    const Test test;
    Client client = test.client();
    for (int i = 0; i < 3; ++i) {
        const auto answer = client.send({.target = "/hello"}, soon());
        REQUIRE(answer);
        CHECK(answer->body == "hello");
    }
    const std::string large(900'000, 'x');
    CHECK(client.send({.method = Method::post, .target = "/echo", .body = large}, soon())->body == large);
}

TEST_CASE("an https client in a fiber shares its connections too") {
    const Test test;
    fiber::Loops loops{1};  // ends after the client, whose connections live on it
    Client client = test.client();
    const fiber::Event done;
    fiber::spawn(loops.at(0), [&] {
        for (int i = 0; i < 3; ++i)
            CHECK(client.send({.target = "/hello"}, soon()).value().status == 200);
        done.set();
    });
    REQUIRE(done.wait_until(soon()));
}

TEST_CASE("a client that does not trust the server sends it nothing") {
    const Test test;
    Client client{{.address = test.http.server->address(), .tls = fiber::TlsClient::open().value()}};
    const auto answer = client.send({.target = "/hello"}, soon());
    CHECK(answer.error().reason == "not_trusted");
}

TEST_CASE("plain HTTP on an https port is closed, and so is an https client on a plain port") {
    const Test test;
    CHECK(status_of_answer(test.http.answers_to(get_hello)) == 0);
    const TestServer plain;
    Client client{{.address = plain.server->address(),
                   .tls = fiber::TlsClient::open(test.certificates.roots()).value()}};
    CHECK(client.send({.target = "/hello"}, soon()).error().code == Code::unavailable);
    CHECK(test.client().send({.target = "/hello"}, soon()).value().status == 200);
}

TEST_CASE("an answer over TLS ends with a proper end, so that a cut cannot pass for one") {
    const Test test;
    fiber::Socket socket = test.connect();
    REQUIRE(socket.write("GET /hello HTTP/1.0\r\n\r\n", soon()));
    CHECK(body_of_answer(read_to_end(socket)) == "hello");
}

TEST_CASE("a client that does not shake hands is closed in time") {
    Limits limits;
    limits.handshake_ms = Millis{20};
    const Test test{limits};
    RawClient silent = test.http.connect();
    CHECK(silent.read_to_end().empty());
}

TEST_CASE("beyond the bound of handshakes one is closed at once") {
    Limits limits;
    limits.handshake_ms = Millis{600'000};
    limits.handshakes_max = 0;
    const Test test{limits};
    RawClient silent = test.http.connect();
    CHECK(silent.read_to_end().empty());
}

TEST_CASE("stopping does not wait for handshakes") {
    Limits limits;
    limits.handshake_ms = Millis{600'000};
    Test test{limits};
    RawClient silent = test.http.connect();
    silent.send("\x16");
    CHECK(test.client().send({.target = "/hello"}, soon()).value().status == 200);
    CHECK(test.http.server->stop(soon()));
    CHECK(silent.read_to_end().empty());
}

TEST_CASE("WebSockets and streams go over TLS like everything else") {
    Test test;
    test.http.router.on(Method::get, "/ws", [](const Request& request) {
        return websocket(request, {}, [](WebSocket& socket) {
            const auto message = socket.receive(soon());
            if (message) (void)socket.send("you said " + message->bytes);
        });
    });
    test.http.router.on(Method::get, "/stream", [](const Request&) {
        Response response;
        response.stream = [](BodyWriter& out) {
            for (int i = 0; i < 3; ++i)
                out.write("piece ");
        };
        return response;
    });
    fiber::Socket socket = test.connect();
    REQUIRE(socket.write(websocket_request("/ws") + client_frame(Opcode::text, "hi") +
                             client_frame(Opcode::close, close_payload(CloseCode::normal, {})),
                         soon()));
    CHECK(read_to_end(socket).contains("\x81\x0byou said hi"));
    CHECK(test.client().send({.target = "/stream"}, soon()).value().body == "piece piece piece ");
}

TEST_CASE("a stream over TLS that waits learns that its client has left, and ends when the server stops") {
    Test test;
    fiber::Signal ended;
    std::atomic<int> left = 0;
    test.http.router.on(Method::get, "/stream", [&](const Request&) {
        Response response;
        response.stream = [&](BodyWriter& out) {
            out.write("hello");
            CHECK_FALSE(out.wait_until(soon()));
            ++left;
            ended.tell();
        };
        return response;
    });
    const auto listen = [&] {
        fiber::Socket socket = test.connect();
        REQUIRE(socket.write("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n", soon()));
        std::string heard;
        char bytes[4096];
        while (!heard.ends_with("hello\r\n"))
            heard.append(bytes, socket.read_some(bytes, soon()).value());
        return socket;
    };
    const fiber::Event first_left = ended.next();
    {
        const fiber::Socket leaves = listen();
    }
    CHECK(first_left.wait_until(soon()));
    const fiber::Socket stays = listen();
    CHECK(test.http.server->stop(soon()));
    CHECK(left == 2);
}
