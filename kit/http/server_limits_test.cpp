// Slow and greedy clients, and stopping.
#include <doctest/doctest.h>

#include <optional>
#include <thread>

#include "kit/http/server_testing.h"

using namespace jebi;
using namespace jebi::http;

namespace {

// A client that behaves well is served whatever the others do.
void check_served(const TestServer& test) {
    for (int i = 0; i < 20; ++i)
        CHECK(body_of_answer(test.answers_to(get_hello_and_close)) == "hello");
}

std::vector<RawClient> clients_that_send(const TestServer& test, std::size_t count, std::string_view bytes) {
    std::vector<RawClient> clients;
    clients.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
        clients.push_back(test.connect());
    for (auto& client : clients)
        client.send(bytes);
    return clients;
}

// What comes back while one byte after the other goes out, without an end.
std::string answer_to_dripping(const TestServer& test, std::string_view begin) {
    RawClient client = test.connect();
    client.send(begin);
    std::atomic<bool> answered = false;
    std::thread drip{[&] {
        while (!answered && client.send("x")) {
        }
    }};
    std::string answer = client.read_to_end();
    answered = true;
    drip.join();
    return answer;
}

constexpr std::string_view half_a_head = "GET /hello HTTP/1.1\r\nHost: a\r\nX: ";
constexpr std::string_view half_a_body =
    "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 90000000\r\n\r\nx";

}  // namespace

TEST_CASE("a head that does not end is answered 408 when its time is up") {
    Limits limits;
    limits.head_ms = Millis{50};
    TestServer test{{.limits = limits}};
    auto slow = clients_that_send(test, 50, half_a_head);
    check_served(test);
    for (auto& client : slow)
        CHECK(status_of_answer(client.read_to_end()) == 408);
}

TEST_CASE("a body that does not come is answered 408 when its time is up") {
    Limits limits;
    limits.body_ms = Millis{50};
    limits.body_bytes_max = 100'000'000;
    TestServer test{{.limits = limits}};
    auto slow = clients_that_send(test, 50, half_a_body);
    check_served(test);
    for (auto& client : slow)
        CHECK(status_of_answer(client.read_to_end()) == 408);
}

TEST_CASE("each byte more does not buy more time") {
    Limits limits;
    limits.head_ms = limits.body_ms = Millis{50};
    limits.head_bytes_max = limits.body_bytes_max = 100'000'000;
    TestServer test{{.limits = limits}};
    CHECK(status_of_answer(answer_to_dripping(test, half_a_head)) == 408);
    CHECK(status_of_answer(answer_to_dripping(test, half_a_body)) == 408);
}

TEST_CASE("a connection without a request is closed without a word when its time is up") {
    Limits limits;
    limits.idle_ms = Millis{30};
    TestServer test{{.limits = limits}};
    CHECK(test.connect().read_to_end().empty());
    RawClient client = test.connect();
    client.send(get_hello);
    CHECK(body_of_answer(client.read_answer()) == "hello");
    CHECK(client.read_to_end().empty());
}

TEST_CASE("a client that does not read its answer is closed when its time is up") {
    Limits limits;
    limits.write_ms = Millis{50};
    std::atomic<int> count = 0;
    const fiber::Event all_ended;
    TestServer test{{.limits = limits, .observer = [&](const Served& served) {
                         if (served.request.path == "/large" && ++count == 4) all_ended.set();
                     }}};
    const std::string large(64 << 20, 'x');
    test.router.on(Method::get, "/large", [&](const Request&) {
        Response response;
        response.body = large;
        return response;
    });
    auto slow = clients_that_send(test, 4, "GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
    check_served(test);
    CHECK(all_ended.wait_until(soon()));
    for (auto& client : slow)
        CHECK(client.read_to_end().size() < large.size());
}

TEST_CASE("a stream's client that does not read ends the stream") {
    Limits limits;
    limits.write_ms = Millis{50};
    TestServer test{{.limits = limits}};
    const fiber::Event ended;
    test.router.on(Method::get, "/stream", [&](const Request&) {
        Response response;
        response.stream = [&](BodyWriter& out) {
            while (out.write(std::string(1 << 20, 'x'))) {
            }
            ended.set();
        };
        return response;
    });
    RawClient client = test.connect();
    client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(ended.wait_until(soon()));
}

TEST_CASE("a stream that rests between its pieces outlives the limits of requests") {
    Limits limits;
    limits.head_ms = limits.body_ms = limits.idle_ms = limits.write_ms = limits.handler_ms = Millis{200};
    TestServer test{{.limits = limits}};
    test.router.on(Method::get, "/stream", [&](const Request&) {
        Response response;
        response.stream = [&](BodyWriter& out) {
            CHECK(out.wait_until(in(Millis{300})));
            CHECK(out.write("1"));
            CHECK(out.wait_until(in(Millis{300})));
            CHECK(out.write("2"));
        };
        return response;
    });
    RawClient client = test.connect();
    client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(client.read_until("\r\n0\r\n\r\n").ends_with("1\r\n1\r\n1\r\n2\r\n0\r\n\r\n"));
}

TEST_CASE("a client that sends more than a head's worth during a stream has left it") {
    TestServer test;
    const fiber::Event left;
    test.router.on(Method::get, "/stream", [&](const Request&) {
        Response response;
        response.stream = [&](BodyWriter& out) {
            CHECK_FALSE(out.wait_until(soon()));
            left.set();
        };
        return response;
    });
    RawClient client = test.connect();
    client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
    while (!left.wait_until(in(Millis{0})) && client.send(std::string(4096, 'x'))) {
    }
    CHECK(left.wait_until(soon()));
}

TEST_CASE("connections beyond the limit are told 503, and one more fits when one has ended") {
    Limits limits;
    limits.connections_max = 3;
    TestServer test{{.limits = limits}};
    auto clients = clients_that_send(test, 3, get_hello);
    for (auto& client : clients)
        CHECK(status_of_answer(client.read_answer()) == 200);
    const std::string refused = test.answers_to(get_hello);
    CHECK(status_of_answer(refused) == 503);
    CHECK(has_line(refused, "Retry-After: 1"));
    clients.pop_back();
    int status = 503;
    while (status == 503)
        status = status_of_answer(test.answers_to(get_hello_and_close));
    CHECK(status == 200);
}

TEST_CASE("stopping lets a request in flight end, and those that were sent behind it") {
    TestServer test;
    const fiber::Event inside, go_on;
    test.router.on(Method::get, "/slow", [&](const Request&) {
        inside.set();
        CHECK(go_on.wait_until(soon()));
        return Response::text(200, "done");
    });
    RawClient busy = test.connect();
    busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n" + get_hello);
    REQUIRE(inside.wait_until(soon()));
    std::optional<bool> clean;
    RawClient idle = test.connect();
    std::thread stopping{[&] { clean = test.server->stop(soon()); }};
    CHECK(idle.read_to_end().empty());
    // The other loop's listener may close a moment later.
    const Deadline until = soon();
    while (fiber::Socket::connect(test.server->address(), until) &&
           std::chrono::steady_clock::now() < until) {
    }
    CHECK(std::chrono::steady_clock::now() < until);
    go_on.set();
    const std::string first = busy.read_answer();
    const std::string second = busy.read_to_end();
    stopping.join();
    CHECK(clean == true);
    CHECK(first.ends_with("\r\n\r\ndone"));
    CHECK_FALSE(has_line(first, "Connection: close"));
    CHECK(second.ends_with("\r\n\r\nhello"));
    CHECK(has_line(second, "Connection: close"));
}

TEST_CASE("stopping closes a connection that nobody has used for a while, also before its first request") {
    Limits limits;
    limits.goodbye_ms = Millis{20};
    TestServer test{{.limits = limits}};
    RawClient used = test.connect();
    used.send(get_hello);
    CHECK(status_of_answer(used.read_answer()) == 200);
    RawClient fresh = test.connect();
    CHECK(test.server->stop(soon()));
    CHECK(used.read_to_end().empty());
    CHECK(fresh.read_to_end().empty());
}

TEST_CASE("what still comes on an open connection while the server stops is answered, and is the last") {
    Limits limits;
    limits.goodbye_ms = Millis{600'000};
    TestServer test{{.limits = limits}};
    RawClient client = test.connect();
    client.send(get_hello);
    CHECK(status_of_answer(client.read_answer()) == 200);
    std::thread stopping{[&] { CHECK(test.server->stop(soon())); }};
    while (fiber::Socket::connect(test.server->address(), soon()).has_value()) {
    }
    CHECK(client.send(get_hello));
    const std::string answer = client.read_to_end();
    CHECK(has_line(answer, "Connection: close"));
    CHECK(answer.ends_with("\r\n\r\nhello"));
    stopping.join();
}

// What a stop must not do: begin a request and then not answer it.
TEST_CASE("stopping under load answers every request that was begun") {
    for (int round = 0; round < 20; ++round) {
        TestServer test;
        std::atomic<int> begun = 0;
        std::atomic<int> answered = 0;
        const fiber::Event under_way;
        test.router.on(Method::get, "/count", [&](const Request&) {
            if (++begun == 200) under_way.set();
            return Response::text(200, "counted");
        });
        const std::string request = "GET /count HTTP/1.1\r\nHost: a\r\n\r\n";
        auto clients = clients_that_send(test, 32, request);
        std::vector<std::thread> threads;
        threads.reserve(clients.size());
        for (auto& client : clients) {
            threads.emplace_back([&] {
                while (!client.read_answer().empty()) {
                    ++answered;
                    client.send(request);
                }
                client.finish();  // or the server would linger
            });
        }
        CHECK(under_way.wait_until(soon()));
        CHECK(test.server->stop(soon()));
        for (auto& thread : threads)
            thread.join();
        REQUIRE(answered == begun);
    }
}

TEST_CASE("stopping cuts what is not done in time, and says so") {
    TestServer test;
    const fiber::Event inside, go_on;
    test.router.on(Method::get, "/slow", [&](const Request&) {
        inside.set();
        CHECK(go_on.wait_until(soon()));
        return Response::text(200, "too late");
    });
    RawClient busy = test.connect();
    busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    REQUIRE(inside.wait_until(soon()));
    CHECK_FALSE(test.server->stop(in(Millis{20})));
    go_on.set();
    CHECK(busy.read_to_end().empty());
    test.server.reset();
}

TEST_CASE("stopping ends a stream that waits") {
    TestServer test;
    const fiber::Event waiting;
    test.router.on(Method::get, "/stream", [&](const Request&) {
        Response response;
        response.stream = [&](BodyWriter& out) {
            out.write("hello");
            waiting.set();
            CHECK_FALSE(out.wait_until(soon()));
        };
        return response;
    });
    RawClient client = test.connect();
    client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
    REQUIRE(waiting.wait_until(soon()));
    CHECK(test.server->stop(soon()));
    CHECK(client.read_to_end().ends_with("5\r\nhello\r\n"));
}

// Which of the two comes first, the stop or the wait, must make no difference.
TEST_CASE("a stream that comes to wait while the server stops is ended too") {
    TestServer test;
    const fiber::Event inside, stopping;
    test.router.on(Method::get, "/stream", [&](const Request&) {
        Response response;
        response.stream = [&](BodyWriter& out) {
            out.write("hello");
            inside.set();
            CHECK(stopping.wait_until(soon()));
            CHECK_FALSE(out.wait_until(soon()));
        };
        return response;
    });
    RawClient idle = test.connect();
    RawClient client = test.connect();
    client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
    REQUIRE(inside.wait_until(soon()));
    std::thread stop{[&] { CHECK(test.server->stop(soon())); }};
    CHECK(idle.read_to_end().empty());
    stopping.set();
    CHECK(client.read_to_end().ends_with("5\r\nhello\r\n"));
    stop.join();
}

TEST_CASE("a connection that is writing when the server stops is closed after that") {
    TestServer test;
    const std::string large(64 << 20, 'x');
    test.router.on(Method::get, "/large", [&](const Request&) {
        Response response;
        response.body = large;
        return response;
    });
    RawClient idle = test.connect();
    RawClient client = test.connect();
    client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(client.read_until("\r\n\r\n").find("Connection: close") == std::string::npos);
    std::thread stop{[&] { CHECK(test.server->stop(soon())); }};
    CHECK(idle.read_to_end().empty());
    CHECK(client.read_to_end().size() == large.size());
    stop.join();
}

TEST_CASE("a server whose address is taken does not start") {
    TestServer test;
    const auto second =
        Server::start(test.loops, test.server->address(), {}, [](Request&) { return Response{}; });
    REQUIRE_FALSE(second);
    CHECK(second.error().code == Code::unavailable);
}

TEST_CASE("a route may take larger bodies than others, whole or in chunks") {
    Router routes;
    Limits limits;
    limits.body_bytes_max = 1000;
    limits.body_bytes_max_at = [&](Method method, std::string_view path) {
        return routes.body_bytes_max(method, path);
    };
    const auto taken = [](const Request& request) {
        return Response::text(200, std::to_string(request.body.size()));
    };
    TestServer test{{.limits = limits}};
    for (Router* router : {&routes, &test.router}) {
        router->on(Method::post, "/avatars/{name}", taken);
        router->on(Method::put, "/avatars/{name}", taken);
        router->set_body_bytes_max(Method::post, "/avatars/{name}", 3000);
    }
    const auto status = [&](const std::string& request_line, std::size_t size, bool in_chunks) {
        const std::string body(size, 'x');
        char chunk[32];
        std::snprintf(chunk, sizeof chunk, "%zx\r\n", size);
        return status_of_answer(test.answers_to(
            request_line + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" +
            (in_chunks ? "Transfer-Encoding: chunked\r\n\r\n" + std::string(chunk) + body + "\r\n0\r\n\r\n"
                       : "Content-Length: " + std::to_string(size) + "\r\n\r\n" + body)));
    };
    for (const bool in_chunks : {false, true}) {
        CAPTURE(in_chunks);
        CHECK(status("POST /avatars/mira?x=y", 3000, in_chunks) == 200);
        CHECK(status("POST http://a/avatars/mira", 3000, in_chunks) == 200);
        CHECK(status("POST /avatars/mira", 3001, in_chunks) == 413);
        CHECK(status("PUT /avatars/mira", 1001, in_chunks) == 413);
        CHECK(status("POST /echo", 1000, in_chunks) == 200);
        CHECK(status("POST /echo", 1001, in_chunks) == 413);
        CHECK(status("POST /%zz", 1001, in_chunks) == 413);
    }
}
