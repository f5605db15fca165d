#include "kit/http/client.h"

#include <doctest/doctest.h>

#include <mutex>
#include <thread>

#include "kit/base/compress.h"
#include "kit/http/answer_reader.h"
#include "kit/http/digest.h"
#include "kit/http/server_testing.h"

using namespace jebi;
using namespace jebi::http;

namespace {

// A server that does to each connection what the test says, and counts them.
struct ScriptedServer {
    explicit ScriptedServer(const std::function<void(fiber::Socket&, int number)>& serve) {
        listener.start([this, serve](fiber::Socket socket) {
            const auto pass = gate.enter();
            if (pass) serve(socket, ++connections);
        });
    }
    ~ScriptedServer() {
        listener.close();
        gate.close();
        CHECK(gate.wait_until(soon()));
    }

    ClientOptions options() const { return {.address = listener.address()}; }

    std::atomic<int> connections = 0;
    fiber::Loops loops{1};
    fiber::Gate gate;
    fiber::Listener listener =
        fiber::Listener::open(loops, fiber::Address::from("127.0.0.1:0").value()).value();
};

// Reads one request without a body, or with the body "body". False: the client has left.
bool read_request(fiber::Socket& socket) {
    std::string got;
    while (got.find("\r\n\r\n") == std::string::npos ||
           (got.starts_with("POST") && !got.ends_with("\r\n\r\nbody"))) {
        char bytes[4096];
        const auto count = socket.read_some(bytes, soon());
        if (!count || *count == 0) return false;
        got.append(bytes, *count);
    }
    return true;
}

// Answers each request with these bytes.
auto answering(const std::string& bytes) {
    return [bytes](fiber::Socket& socket, int) {
        while (read_request(socket) && socket.write(bytes, soon())) {
        }
    };
}

// Answers one request with these bytes and closes.
auto answering_once(const std::string& bytes) {
    return [bytes](fiber::Socket& socket, int) {
        if (read_request(socket)) CHECK(socket.write(bytes, soon()));
    };
}

const ClientRequest get{.target = "/hello"};
const ClientRequest post{.method = Method::post, .target = "/echo", .body = "body"};
const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

Error error_of(const ScriptedServer& server, const ClientRequest& request = get) {
    const auto answer = Client{server.options()}.send(request, soon());
    REQUIRE_FALSE(answer);
    return answer.error();
}

}  // namespace

TEST_CASE("requests go out and answers come back, from threads and from fibers, over TCP and Unix") {
    for (const bool on_unix : {false, true}) {
        CAPTURE(on_unix);
        TestServer test{{}, on_unix};
        test.router.on(Method::put, "/where", [](const Request& request) {
            return Response::text(
                201, std::string(request.query) + " " + std::string(*request.fields.get("host")) + " " +
                         std::string(*request.fields.get("x-a")) + " " + std::string(request.body));
        });
        Client client{{.address = test.server->address()}};
        const auto use = [&] {
            CHECK(client.send(get, soon()).value().body == "hello");
            CHECK(client.send(post, soon()).value().body == "body");
            ClientRequest request{.method = Method::put, .target = "/where?q", .body = "b"};
            request.fields.add("X-A", "a");
            const auto answer = client.send(request, soon()).value();
            CHECK(answer.status == 201);
            CHECK(answer.fields.get("content-type") == "text/plain; charset=utf-8");
            CHECK(answer.body == "q " + (on_unix ? "localhost" : test.server->address().text()) + " a b");
            CHECK(client.send({.method = Method::head, .target = "/hello"}, soon()).value().body.empty());
            CHECK(client.send({.method = Method::options, .target = "*"}, soon()).value().status == 204);
            CHECK(client.send({.target = "/none"}, soon()).value().status == 404);
        };
        use();
        const fiber::Event done;
        fiber::spawn(test.loops.at(0), [&] {
            use();
            done.set();
        });
        CHECK(done.wait_until(soon()));
    }
}

TEST_CASE("one connection is used again and again") {
    ScriptedServer server{answering(ok)};
    Client client{server.options()};
    for (int i = 0; i < 10; ++i)
        CHECK(client.send(i % 2 == 0 ? get : post, soon()).value().body == "ok");
    CHECK(server.connections == 1);
}

TEST_CASE("a connection that may hold something else is not used again") {
    for (const std::string answer : {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
                                     "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
                                     "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n"}) {
        CAPTURE(answer);
        ScriptedServer server{answering(answer)};
        Client client{server.options()};
        for (int i = 0; i < 3; ++i)
            CHECK(client.send(get, soon()).value().body == "ok");
        CHECK(server.connections == 3);
    }
    ScriptedServer server{answering(ok)};
    auto options = server.options();
    options.idle_ms = Millis{-1};
    Client client{options};
    for (int i = 0; i < 3; ++i)
        CHECK(client.send(get, soon()));
    CHECK(server.connections == 3);
}

TEST_CASE("a wait for an answer ends when somebody says so") {
    fiber::Event asked;
    ScriptedServer server{[&](fiber::Socket& socket, int) {
        read_request(socket);
        asked.set();
        read_request(socket);
    }};
    Client client{server.options()};
    const fiber::Event stop;
    fiber::Promise<Result<ClientResponse>> answered;
    fiber::spawn(server.loops.at(0), [&] { answered.set(client.send({.target = "/"}, soon(), stop)); });
    REQUIRE(asked.wait_until(soon()));
    stop.set();
    const auto answer = answered.wait_until(soon()).value();
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == Code::deadline);
}

TEST_CASE("a connection that was idle for too long is not used again") {
    ScriptedServer server{answering(ok)};
    auto options = server.options();
    options.idle_ms = Millis{0};  // any is too old
    Client client{options};
    CHECK(client.send(get, soon()));
    CHECK(client.send(get, soon()));
    CHECK(server.connections == 2);
}

TEST_CASE("what has been idle for too long is closed although nothing is sent any more") {
    constexpr int at_once = 3;
    std::atomic<int> asked = 0;
    fiber::Event all_asked;
    std::atomic<int> left = 0;
    fiber::Event all_left;
    ScriptedServer server{[&](fiber::Socket& socket, int) {
        while (read_request(socket)) {
            if (++asked == at_once) all_asked.set();
            CHECK(all_asked.wait_until(soon()));  // so that none is used for two
            CHECK(socket.write(ok, soon()));
        }
        if (++left == at_once) all_left.set();
    }};
    fiber::Loops loops{1};
    auto options = server.options();
    options.idle_ms = Millis{50};
    Client client{options};
    for (int i = 0; i < at_once; ++i)
        fiber::spawn(loops.at(0), [&] { CHECK(client.send(get, soon())); });
    CHECK(all_left.wait_until(soon()));
    CHECK(server.connections == at_once);

    const fiber::Event used_again;
    fiber::spawn(loops.at(0), [&] {
        CHECK(client.send(get, soon()));
        used_again.set();
    });
    CHECK(used_again.wait_until(soon()));
    CHECK(server.connections == at_once + 1);
}

TEST_CASE("a client that ends does not wait for its connections to grow old") {
    fiber::Event left;
    ScriptedServer server{[&](fiber::Socket& socket, int) {
        while (read_request(socket))
            CHECK(socket.write(ok, soon()));
        left.set();
    }};
    auto options = server.options();
    options.idle_ms = std::chrono::hours{1};
    fiber::Loops loops{1};
    {
        Client client{options};
        const fiber::Event used;
        fiber::spawn(loops.at(0), [&] {
            CHECK(client.send(get, soon()));
            used.set();
        });
        REQUIRE(used.wait_until(soon()));
    }
    CHECK(left.wait_until(soon()));
}

TEST_CASE("answers are read whatever their framing") {
    for (const std::string answer :
         {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1;x\r\nk\r\n0\r\nT: x\r\n\r\n",
          "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 "
          "OK\r\nContent-Length: 2\r\n\r\nok",
          "HTTP/1.1 200\r\nX: y\r\n\r\nok", "HTTP/1.0 200 OK\r\n\r\nok"}) {
        CAPTURE(answer);
        ScriptedServer server{answering_once(answer)};
        CHECK(Client{server.options()}.send(get, soon()).value().body == "ok");
    }
    ScriptedServer nothing{answering_once("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n")};
    CHECK(Client{nothing.options()}.send(get, soon()).value().status == 304);
}

TEST_CASE("an answer that is cut off anywhere is unavailable, and asked for once only") {
    for (const std::string& answer :
         {ok, std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")}) {
        for (std::size_t size = 0; size < answer.size(); ++size) {
            CAPTURE(size);
            ScriptedServer server{answering_once(answer.substr(0, size))};
            CHECK(error_of(server).code == Code::unavailable);
            CHECK(server.connections == 1);
        }
    }
}

TEST_CASE("an answer is read wherever it is cut") {
    const std::string answer =
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: "
        "chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
    for (std::size_t cut = 0; cut < answer.size(); ++cut) {
        CAPTURE(cut);
        AnswerReader reader{100};
        reader.expect_answer(false);
        for (const auto& piece : {answer.substr(0, cut), answer.substr(cut)}) {
            std::ranges::copy(piece, reader.space().begin());
            REQUIRE(reader.arrived(piece.size()));
        }
        CHECK(reader.whole());
        CHECK(reader.reusable());
        CHECK(reader.take().body == "ok");
    }
}

TEST_CASE("garbage and answers that are too long are unavailable, with a reason of their own") {
    const std::string long_line(70'000, 'x');
    std::string interim;
    for (int i = 0; i < 20; ++i)
        interim += "HTTP/1.1 100 Continue\r\n\r\n";
    for (const std::string& answer :
         {std::string("SSH-2.0-OpenSSH_9.2\r\n\r\n"), std::string("\x15\x03\x01"), std::string("{}\n"),
          std::string("HTTP/1.1 200 OK\nContent-Length: 0\n\n"), std::string("HTTP/2 200\r\n\r\n"),
          std::string("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok"),
          std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
          std::string("HTTP/1.1 101 Switching Protocols\r\n\r\n"), interim,
          "HTTP/1.1 200 OK\r\nX: " + long_line, "HTTP/1.1 200 " + long_line,
          std::string("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n"),
          std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n"),
          "HTTP/1.1 200 OK\r\n\r\n" + long_line}) {
        CAPTURE(answer.substr(0, 80));
        ScriptedServer server{answering_once(answer)};
        auto options = server.options();
        options.answer_bytes_max = 1000;
        const auto got = Client{options}.send(get, soon());
        REQUIRE_FALSE(got);
        CHECK(got.error().code == Code::unavailable);
        CHECK(got.error().reason == "bad_answer");
    }
}

TEST_CASE("gzip is undone, within the limit") {
    const auto zipped = [](std::size_t size) {
        const std::string body = gzipped(std::string(size, 'x'), 9);
        return "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + std::to_string(body.size()) +
               "\r\n\r\n" + body;
    };
    const auto send_to = [](const std::string& answer) {
        ScriptedServer server{answering_once(answer)};
        auto options = server.options();
        options.answer_bytes_max = 100'000;
        return Client{options}.send(get, soon());
    };
    const auto answer = send_to(zipped(100'000)).value();
    CHECK(answer.body == std::string(100'000, 'x'));
    CHECK_FALSE(answer.fields.get("Content-Encoding"));
    CHECK(send_to(zipped(100'001)).error().reason == "bad_answer");
    CHECK(
        send_to("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nxyz").error().reason ==
        "bad_answer");
}

TEST_CASE("a client that wants digests gets them from a server, of what is sent and compressed") {
    TestServer server;
    ClientOptions options{.address = server.server->address(), .digests = true};
    options.always.add("Accept-Encoding", "gzip");
    Client client{options};
    const std::string text(10'000, 'a');
    server.router.on(Method::get, "/text", [&](const Request&) { return Response::text(200, text); });
    CHECK(client.send({.target = "/text"}, soon()).value().body == text);
    CHECK(client.send({.method = Method::post, .target = "/echo", .body = text}, soon()).value().body ==
          text);
    CHECK(client.send({.method = Method::post, .target = "/echo"}, soon()).value().body.empty());
    CHECK(client.send({.method = Method::head, .target = "/hello"}, soon()).value().status == 200);
    CHECK(client.send({.target = "/nowhere"}, soon()).value().status == 404);
}

TEST_CASE("an answer without its digest, or with another one, is no answer for a client that wants them") {
    const std::string right =
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Digest: " + content_digest("id");
    const std::string none = "HTTP/1.1 200 OK\r\nContent-Length: 2";
    const std::string renamed =
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContend-Digest: " + content_digest("id");
    const std::string other = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Digest: sha-512=:YQ==:";
    const auto asked = [](const std::string& head, std::string_view body) {
        const ScriptedServer server{answering(head + "\r\n\r\n" + std::string(body))};
        auto options = server.options();
        options.digests = true;
        return Client{options}.send({.target = "/"}, soon());
    };
    CHECK(asked(right, "id").value().body == "id");
    for (const auto& [head, body] : {std::pair{right, "ie"}, {none, "id"}, {renamed, "id"}, {other, "id"}}) {
        CAPTURE(head);
        const auto refused = asked(head, body);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().reason == "bad_answer");
        CHECK(refused.error().detail.contains("Content-Digest"));
    }
}

// The server takes the second request on a connection and closes instead of answering.
TEST_CASE("a request that meets a closing connection is sent again only when that is safe") {
    std::atomic<int> requests = 0;
    const auto serve = [&](fiber::Socket& socket, int number) {
        for (int i = 0; read_request(socket); ++i) {
            ++requests;
            if (number == 1 && i == 1) return;
            CHECK(socket.write(ok, soon()));
        }
    };
    const auto second = [&](const ClientRequest& request) {
        ScriptedServer server{serve};
        Client client{server.options()};
        requests = 0;
        REQUIRE(client.send(get, soon()));
        return client.send(request, soon());
    };
    CHECK(second(get));
    CHECK(requests == 3);
    CHECK(second(post).error().code == Code::unavailable);
    CHECK(requests == 2);
    ClientRequest repeatable = post;
    repeatable.repeatable = true;
    CHECK(second(repeatable));
    CHECK(requests == 3);
}

TEST_CASE("a request is sent again once only, and not when an answer had begun") {
    ScriptedServer rude{[](fiber::Socket& socket, int) {
        if (read_request(socket) && socket.write(ok, soon())) read_request(socket);
    }};
    Client client{rude.options()};
    for (int i = 0; i < 10; ++i)
        REQUIRE(client.send(get, soon()));
    CHECK(rude.connections == 10);

    std::atomic<int> requests = 0;
    ScriptedServer half{[&](fiber::Socket& socket, int) {
        for (int i = 0; read_request(socket); ++i) {
            ++requests;
            if (!socket.write(i == 0 ? ok : "H", soon()) || i == 1) return;
        }
    }};
    Client other{half.options()};
    REQUIRE(other.send(get, soon()));
    CHECK(other.send(get, soon()).error().code == Code::unavailable);
    CHECK(requests == 2);
}

TEST_CASE("a connection that the server closed while it was idle is not used, even for a POST") {
    const fiber::Event closed;
    ScriptedServer server{[&](fiber::Socket& socket, int number) {
        if (number > 1) return answering(ok)(socket, number);
        answering_once(ok)(socket, number);
        socket.finish_writing();
        closed.set();
    }};
    auto options = server.options();
    options.trusted_ms = Millis{0};
    Client client{options};
    REQUIRE(client.send(get, soon()));
    REQUIRE(closed.wait_until(soon()));
    CHECK(client.send(post, soon()));
    CHECK(client.send(post, soon()));
    CHECK(server.connections == 2);
}

TEST_CASE("an answer that comes before the request was taken whole is read") {
    TestServer test;
    Client client{{.address = test.server->address()}};
    ClientRequest large = post;
    large.body.assign(20'000'000, 'x');
    CHECK(client.send(large, soon()).value().status == 413);
    CHECK(client.send(get, soon()).value().body == "hello");
}

TEST_CASE("an answer is read even when the server closed in the middle of the request") {
    ScriptedServer server{[](fiber::Socket& socket, int) {
        char head[10];
        CHECK(socket.read_some(head, soon()));
        CHECK(socket.write("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno", soon()));
    }};
    Client client{server.options()};
    ClientRequest large = post;
    large.body.assign(20'000'000, 'x');
    CHECK(client.send(large, soon()).value().status == 413);
    CHECK(client.send(large, soon()).value().status == 413);
    CHECK(server.connections == 2);
}

TEST_CASE("no answer in time is `deadline`, and that connection is not used again") {
    std::atomic<bool> answers = false;
    ScriptedServer server{[&](fiber::Socket& socket, int) {
        while (read_request(socket)) {
            if (answers) CHECK(socket.write(ok, soon()));
        }
    }};
    Client client{server.options()};
    CHECK(client.send(get, in(Millis{20})).error().code == Code::deadline);
    answers = true;
    CHECK(client.send(get, soon()).value().body == "ok");
    CHECK(server.connections == 2);
}

TEST_CASE("nobody there is `unavailable`") {
    const auto nowhere = fiber::Address::from("unix:/nonexistent/socket").value();
    CHECK(Client{{.address = nowhere}}.send(get, soon()).error().code == Code::unavailable);
}

TEST_CASE("requests that could be read differently are not sent") {
    ScriptedServer server{answering(ok)};
    for (const char* target : {"", "hello", "/a b", "/a\r\nX: y", "/\x7f", "http://a/"}) {
        CAPTURE(target);
        CHECK(error_of(server, {.target = target}).code == Code::invalid);
    }
    for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{{"X", "a\r\nY: b"},
                                                                                      {"X", "a\nb"},
                                                                                      {"X Y", "a"},
                                                                                      {"", "a"},
                                                                                      {"X:", "a"},
                                                                                      {"Content-Length", "5"},
                                                                                      {"connection", "x"}}) {
        ClientRequest request = get;
        request.fields.add(name, value);
        CAPTURE(name);
        CHECK(error_of(server, request).code == Code::invalid);
    }
    CHECK(server.connections == 0);
}

TEST_CASE("callers share a bounded number of connections, and all are served") {
    std::atomic<int> inside = 0;
    std::atomic<int> inside_max = 0;
    TestServer test;
    test.router.on(Method::get, "/slow", [&](const Request&) {
        inside_max = std::max<int>(inside_max, ++inside);
        fiber::sleep_until(in(Millis{1}));
        --inside;
        return Response::text(200, "ok");
    });
    Client client{{.address = test.server->address(), .connections_max = 2}};
    std::atomic<int> served = 0;
    const fiber::Gate gate;
    for (int i = 0; i < 50; ++i) {
        fiber::spawn(test.loops.at(0), [&, pass = std::make_shared<fiber::Gate::Pass>(gate.enter())] {
            for (int k = 0; k < 4; ++k)
                served += client.send({.target = "/slow"}, soon()).has_value();
        });
    }
    gate.close();
    CHECK(gate.wait_until(soon()));
    CHECK(served == 200);
    CHECK(inside_max <= 2);
}

TEST_CASE("threads share connections too") {
    TestServer test;
    Client client{{.address = test.server->address(), .connections_max = 3}};
    std::atomic<int> served = 0;
    std::vector<std::thread> threads;
    threads.reserve(8);
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            for (int k = 0; k < 50; ++k)
                served += client.send(post, soon()).has_value();
        });
    }
    for (auto& thread : threads)
        thread.join();
    CHECK(served == 400);
}

TEST_CASE("a caller that cannot have a connection gives up in time") {
    const fiber::Event taken, go_on;
    ScriptedServer server{[&](fiber::Socket& socket, int) {
        if (!read_request(socket)) return;
        taken.set();
        CHECK(go_on.wait_until(soon()));
        CHECK(socket.write(ok, soon()));
    }};
    auto options = server.options();
    options.connections_max = 1;
    Client client{options};
    std::thread first{[&] { CHECK(client.send(get, soon())); }};
    REQUIRE(taken.wait_until(soon()));
    CHECK(client.send(get, in(Millis{20})).error().code == Code::deadline);
    go_on.set();
    first.join();
    CHECK(client.send(get, soon()));
}

TEST_CASE("more callers than may wait are told so") {
    const fiber::Event taken, go_on;
    ScriptedServer server{[&](fiber::Socket& socket, int) {
        if (!read_request(socket)) return;
        taken.set();
        CHECK(go_on.wait_until(soon()));
        CHECK(socket.write(ok, soon()));
    }};
    auto options = server.options();
    options.connections_max = 1;
    options.waiting_max = 0;
    Client client{options};
    std::thread first{[&] { CHECK(client.send(get, soon())); }};
    REQUIRE(taken.wait_until(soon()));
    CHECK(client.send(get, soon()).error().code == Code::exhausted);
    go_on.set();
    first.join();
}
