#include "kit/http/server.h"

#include <doctest/doctest.h>

#include <iterator>
#include <mutex>
#include <random>
#include <stdexcept>

#include "kit/base/compress.h"
#include "kit/http/digest.h"
#include "kit/http/server_testing.h"

using namespace jebi;
using namespace jebi::http;

namespace {

std::string post_echo(std::string_view body, std::string_view fields = {}) {
    return "POST /echo HTTP/1.1\r\nHost: a\r\n" + std::string(fields) +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

std::size_t count_of(std::string_view text, std::string_view what) {
    std::size_t count = 0;
    for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1))
        ++count;
    return count;
}

}  // namespace

TEST_CASE("a request is answered, over TCP and over a Unix socket") {
    for (const bool on_unix : {false, true}) {
        CAPTURE(on_unix);
        TestServer test{{}, on_unix};
        test.router.on(Method::get, "/peer",
                       [&](const Request& request) { return Response::text(200, request.peer); });
        const std::string answer = test.answers_to(get_hello_and_close);
        CHECK(answer.starts_with("HTTP/1.1 200 OK\r\nDate: "));
        CHECK(has_line(answer, "Content-Type: text/plain; charset=utf-8"));
        CHECK(has_line(answer, "Content-Length: 5"));
        CHECK(has_line(answer, "Connection: close"));
        CHECK(body_of_answer(answer) == "hello");
        CHECK(body_of_answer(test.answers_to("GET /peer HTTP/1.0\r\n\r\n")) ==
              (on_unix ? "unix" : "127.0.0.1"));
    }
}

TEST_CASE("a connection serves one request after another") {
    TestServer test;
    RawClient client = test.connect();
    for (int i = 0; i < 100; ++i) {
        client.send(i % 2 == 0 ? get_hello : post_echo("body " + std::to_string(i)));
        const std::string answer = client.read_answer();
        REQUIRE(status_of_answer(answer) == 200);
        CHECK(body_of_answer(answer) == (i % 2 == 0 ? "hello" : "body " + std::to_string(i)));
        CHECK_FALSE(has_line(answer, "Connection: close"));
    }
}

TEST_CASE("pipelined requests are answered in their order, wherever they are cut") {
    TestServer test;
    const std::string requests = get_hello + post_echo("one") +
                                 "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                                 "2\r\ntw\r\n1;x=y\r\no\r\n0\r\nTrailer: z\r\n\r\n" +
                                 get_hello_and_close;
    for (std::size_t cut = 0; cut < requests.size(); ++cut) {
        CAPTURE(cut);
        RawClient client = test.connect();
        client.send(requests.substr(0, cut));
        client.send(requests.substr(cut));
        std::string bodies;
        for (int i = 0; i < 4; ++i)
            bodies += body_of_answer(client.read_answer()) + " ";
        REQUIRE(bodies == "hello one two hello ");
        REQUIRE(client.read_to_end().empty());
    }
}

TEST_CASE("an answer does not wait long for the next one") {
    TestServer test;
    const fiber::Event go_on;
    test.router.on(Method::get, "/first", [](const Request&) {
        fiber::sleep_until(in(Millis{5}));
        return Response::text(200, "first");
    });
    test.router.on(Method::get, "/second", [&](const Request&) {
        return Response::text(200, go_on.wait_until(soon()) ? "second" : "too late");
    });
    RawClient client = test.connect();
    client.send("GET /first HTTP/1.1\r\nHost: a\r\n\r\nGET /second HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(body_of_answer(client.read_answer()) == "first");
    go_on.set();
    CHECK(body_of_answer(client.read_answer()) == "second");
}

TEST_CASE("a thousand pipelined requests get a thousand answers") {
    TestServer test;
    std::string requests;
    for (int i = 0; i < 1000; ++i)
        requests += get_hello;
    const std::string answers = test.answers_to(requests + get_hello_and_close);
    CHECK(count_of(answers, "HTTP/1.1 200 OK\r\n") == 1001);
    CHECK(count_of(answers, "\r\n\r\nhello") == 1001);
}

TEST_CASE("HTTP/1.0 closes unless it asks to keep the connection") {
    TestServer test;
    CHECK(has_line(test.answers_to("GET /hello HTTP/1.0\r\n\r\n"), "Connection: close"));
    RawClient client = test.connect();
    for (int i = 0; i < 2; ++i) {
        client.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        CHECK(has_line(client.read_answer(), "Connection: keep-alive"));
    }
}

TEST_CASE("HEAD answers what GET would, without the body") {
    TestServer test;
    const auto without_date = [](std::string answer) {
        const auto begin = answer.find("Date: ");
        return answer.erase(begin, answer.find("\r\n", begin) + 2 - begin);
    };
    const std::string large(5000, 'x');
    test.router.on(Method::get, "/large", [&](const Request&) { return Response::text(200, large); });
    test.router.on(Method::get, "/stream", [](const Request&) {
        Response response;
        response.stream = [](BodyWriter& out) { out.write("never"); };
        return response;
    });
    for (const std::string rest :
         {" /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
          " /large HTTP/1.1\r\nHost: a\r\nAccept-Encoding: br\r\nConnection: close\r\n\r\n",
          " /stream HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"}) {
        const std::string got = without_date(test.answers_to("GET" + rest));
        const std::string head = without_date(test.answers_to("HEAD" + rest));
        CHECK(head == got.substr(0, got.find("\r\n\r\n") + 4));
        CHECK(got.size() > head.size());
    }
}

TEST_CASE("OPTIONS, 404 and 405 are answered and keep the connection") {
    TestServer test;
    RawClient client = test.connect();
    client.send(
        "OPTIONS /hello HTTP/1.1\r\nHost: a\r\n\r\nOPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"
        "DELETE /hello HTTP/1.1\r\nHost: a\r\n\r\nGET /none HTTP/1.1\r\nHost: a\r\n\r\n");
    const std::string options = client.read_answer();
    CHECK(status_of_answer(options) == 204);
    CHECK(has_line(options, "Allow: GET, HEAD, OPTIONS"));
    CHECK(status_of_answer(client.read_answer()) == 204);
    const std::string refused = client.read_answer();
    CHECK(status_of_answer(refused) == 405);
    CHECK(has_line(refused, "Allow: GET, HEAD, OPTIONS"));
    CHECK(status_of_answer(client.read_answer()) == 404);
}

TEST_CASE("large bodies go both ways") {
    TestServer test;
    std::string large(Limits{}.body_bytes_max, 'x');
    large.back() = 'z';
    RawClient client = test.connect();
    for (int i = 0; i < 3; ++i) {
        client.send(post_echo(large));
        CHECK(body_of_answer(client.read_answer()) == large);
    }
}

TEST_CASE("a client that waits for 100 Continue is told to go on") {
    TestServer test;
    RawClient client = test.connect();
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    CHECK(client.read_until("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("abc");
    CHECK(body_of_answer(client.read_answer()) == "abc");
    // One whose body would not be taken is not.
    const std::string refused = test.answers_to(
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\nExpect: 100-continue\r\n\r\n");
    CHECK(status_of_answer(refused) == 413);
}

TEST_CASE("text is compressed for clients that ask for it") {
    TestServer test;
    const std::string large(5000, 'x');
    test.router.on(Method::get, "/large", [&](const Request&) { return Response::text(200, large); });
    const std::string answer = test.answers_to(
        "GET /large HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n");
    CHECK(has_line(answer, "Content-Encoding: gzip"));
    CHECK(gunzipped(body_of_answer(answer), large.size()).value() == large);
}

TEST_CASE("a streamed answer comes in chunks, or until the end for HTTP/1.0") {
    TestServer test;
    const std::string large(300'000, 'x');
    test.router.on(Method::get, "/stream", [&](const Request&) {
        Response response = Response::text(200, "");
        response.stream = [&](BodyWriter& out) {
            CHECK(out.write("one"));
            CHECK(out.write(""));
            CHECK(out.wait_until(in(Millis{1})));
            CHECK(out.write(large));
        };
        return response;
    });
    RawClient client = test.connect();
    client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n" + get_hello);
    CHECK(has_line(client.read_until("\r\n\r\n"), "Transfer-Encoding: chunked"));
    CHECK(client.read_until("0\r\n\r\n").starts_with("3\r\none\r\n20000\r\nxxx"));
    CHECK(body_of_answer(client.read_answer()) == "hello");
    const std::string old = test.answers_to("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    CHECK(has_line(old, "Connection: close"));
    CHECK_FALSE(has_line(old, "Transfer-Encoding: chunked"));
    CHECK(body_of_answer(old) == "one" + large);
}

TEST_CASE("a piece of a stream is sent when it is written") {
    TestServer test;
    const fiber::Event go_on;
    test.router.on(Method::get, "/stream", [&](const Request&) {
        Response response;
        response.stream = [&](BodyWriter& out) {
            out.write("first");
            CHECK(go_on.wait_until(soon()));
            out.write("second");
        };
        return response;
    });
    RawClient client = test.connect();
    client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(client.read_until("first\r\n").ends_with("first\r\n"));
    go_on.set();
    CHECK(client.read_until("0\r\n\r\n") == "6\r\nsecond\r\n0\r\n\r\n");
}

TEST_CASE("a stream learns that its client has left, also while it waits for an event") {
    const fiber::Event never;
    const std::function<bool(BodyWriter&)> waits[] = {
        [](BodyWriter& out) { return out.wait_until(soon()); },
        [&](BodyWriter& out) { return out.wait_until(soon(), never); },
    };
    for (const auto& wait : waits) {
        TestServer test;
        const fiber::Event waiting, left;
        test.router.on(Method::get, "/stream", [&](const Request&) {
            Response response;
            response.stream = [&](BodyWriter& out) {
                waiting.set();
                CHECK_FALSE(wait(out));
                CHECK_FALSE(out.write("anybody?"));
                left.set();
            };
            return response;
        });
        {
            RawClient client = test.connect();
            client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
            REQUIRE(waiting.wait_until(soon()));
        }
        CHECK(left.wait_until(soon()));
    }
}

TEST_CASE("a stream that throws is cut, so that the client sees it") {
    std::mutex mutex;
    std::string mistake;
    ServerOptions options;
    options.on_mistake = [&](const Request& request, std::string_view what) {
        const std::lock_guard lock{mutex};
        mistake = std::string(request.path) + ": " + std::string(what);
    };
    TestServer test{std::move(options)};
    test.router.on(Method::get, "/stream", [](const Request&) {
        Response response;
        response.stream = [](BodyWriter& out) {
            out.write("half");
            throw std::runtime_error("broken");
        };
        return response;
    });
    const std::string answer = test.answers_to("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(answer.ends_with("\r\n\r\n4\r\nhalf\r\n"));
    const std::lock_guard lock{mutex};
    CHECK(mistake == "/stream: broken");
}

TEST_CASE("a handler that throws is answered 500, and the connection goes on") {
    std::atomic<int> mistakes = 0;
    ServerOptions options;
    options.on_mistake = [&](const Request&, std::string_view what) { mistakes += what == "broken"; };
    fiber::Loops loops{1};
    const auto server = Server::start(loops, fiber::Address::from("127.0.0.1:0").value(), std::move(options),
                                      [](Request& request) -> Response {
                                          if (request.path == "/odd") throw 42;
                                          throw std::runtime_error("broken");
                                      })
                            .value();
    RawClient client{server->address()};
    for (const char* path : {"/", "/odd"}) {
        client.send("GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n\r\n");
        const std::string answer = client.read_answer();
        CHECK(status_of_answer(answer) == 500);
        CHECK(answer.find("broken") == std::string::npos);
    }
    CHECK(mistakes == 1);
}

TEST_CASE("what a handler says wrongly in its answer cannot split it") {
    std::atomic<int> mistakes = 0;
    ServerOptions options;
    options.on_mistake = [&](const Request&, std::string_view) { ++mistakes; };
    TestServer test{std::move(options)};
    test.router.on(Method::get, "/split", [](const Request&) {
        Response response = Response::text(200, "ok");
        response.fields.add("X-Bad", "a\r\n\r\nHTTP/1.1 200 OK");
        response.fields.add("Content-Length", "999");
        return response;
    });
    test.router.on(Method::get, "/status", [](const Request&) { return Response{.status = 99}; });
    RawClient client = test.connect();
    client.send("GET /split HTTP/1.1\r\nHost: a\r\n\r\nGET /status HTTP/1.1\r\nHost: a\r\n\r\n");
    const std::string answer = client.read_answer();
    CHECK(answer.find("X-Bad") == std::string::npos);
    CHECK(body_of_answer(answer) == "ok");
    CHECK(status_of_answer(client.read_answer()) == 500);
    CHECK(mistakes == 2);
}

TEST_CASE("a request carries a deadline and a trace, the client's where it sends one") {
    TestServer test;
    test.router.on(Method::get, "/trace", [](const Request& request) {
        CHECK(request.until > std::chrono::steady_clock::now());
        CHECK(request.until <= in(Limits{}.handler_ms));
        return Response::text(200, request.trace.id_hex());
    });
    const std::string id = "0af7651916cd43dd8448eb211c80319c";
    RawClient client = test.connect();
    client.send("GET /trace HTTP/1.1\r\nHost: a\r\ntraceparent: 00-" + id + "-b7ad6b7169203331-01\r\n\r\n");
    CHECK(body_of_answer(client.read_answer()) == id);
    client.send("GET /trace HTTP/1.1\r\nHost: a\r\ntraceparent: nonsense\r\n\r\n");
    CHECK(body_of_answer(client.read_answer()).size() == 32);
}

TEST_CASE("a request is a span below its caller's, and is sampled when its caller's is") {
    TestServer test{{.sampled_share = 1}};
    test.router.on(Method::get, "/span", [](const Request& request) {
        CHECK(request.trace.span != request.parent_span);
        return Response::text(200, std::to_string(request.parent_span) + (request.trace.sampled ? " s" : ""));
    });
    RawClient client = test.connect();
    const auto answer_to = [&](const std::string& field) {
        client.send("GET /span HTTP/1.1\r\nHost: a\r\n" + field + "\r\n");
        return body_of_answer(client.read_answer());
    };
    const std::string of_caller = "traceparent: 00-0af7651916cd43dd8448eb211c80319c-0000000000000007-0";
    CHECK(answer_to(of_caller + "1\r\n") == "7 s");
    CHECK(answer_to(of_caller + "0\r\n") == "7");
    CHECK(answer_to("") == "0 s");
}

TEST_CASE("an answer that tells of a failure here carries its trace, others do not") {
    TestServer test;
    test.router.on(Method::get, "/broken", [](const Request&) { return Response::text(503, "gone"); });
    test.router.on(Method::get, "/mine", [](const Request&) { return Response::text(404, "none"); });
    const std::string id = "0af7651916cd43dd8448eb211c80319c";
    RawClient client = test.connect();
    const auto answer_to = [&](const std::string& path) {
        client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\ntraceparent: 00-" + id +
                    "-b7ad6b7169203331-01\r\n\r\n");
        return client.read_answer();
    };
    CHECK(answer_to("/broken").find("\r\nTrace-Id: " + id + "\r\n") != std::string::npos);
    CHECK(answer_to("/mine").find("Trace-Id") == std::string::npos);
}

TEST_CASE("the observer is told each answer, refusals too, and every answer has the fields for all") {
    std::mutex mutex;
    std::vector<std::string> seen;
    ServerOptions options;
    options.always.add("X-Always", "yes");
    options.observer = [&](const Served& served) {
        const std::lock_guard lock{mutex};
        CHECK(served.took.count() >= 0);
        CHECK(served.request.peer == "127.0.0.1");
        seen.push_back(std::string(served.request.route) + " " + std::to_string(served.status) + " " +
                       std::to_string(served.body_bytes));
    };
    TestServer test{std::move(options)};
    RawClient client = test.connect();
    client.send(get_hello + "HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\n\r\n");
    const std::string answers = client.read_to_end();
    CHECK(count_of(answers, "\r\nX-Always: yes\r\n") == 3);
    const std::lock_guard lock{mutex};
    CHECK(seen == std::vector<std::string>{"/hello 200 5", "/hello 200 0", " 400 17"});
}

TEST_CASE("the observer is told which answers were streams or held back") {
    std::mutex mutex;
    std::vector<std::string> streams;
    TestServer test{{.observer = [&](const Served& served) {
        const std::lock_guard lock{mutex};
        if (served.is_stream) streams.emplace_back(served.request.route);
    }}};
    test.router.on(Method::get, "/stream", [](const Request&) {
        Response response;
        response.stream = [](BodyWriter& out) { out.write("part"); };
        return response;
    });
    test.router.on(Method::get, "/news", [](const Request&) {
        Response response;
        response.waited = true;
        return response;
    });
    RawClient client = test.connect();
    client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\nGET /news HTTP/1.1\r\nHost: a\r\n\r\n" + get_hello +
                "GET / HTTP/1.1\r\n\r\n");
    client.read_to_end();
    const std::lock_guard lock{mutex};
    CHECK(streams == std::vector<std::string>{"/stream", "/news"});
}

TEST_CASE("bytes that are refused get one answer, and the connection ends there") {
    TestServer test;
    const std::string post = "POST /echo HTTP/1.1\r\nHost: a\r\n";
    for (const std::string& bytes :
         {std::string("GET / HTTP/1.1\nHost: a\n\n"), std::string("GET / HTTP/1.1\r\n\r\n"),
          std::string("\x16\x03\x01"),
          post + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
          post + "Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n", std::string("GET /\r\n\r\n"),
          std::string("GET / HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n"),
          std::string("GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n")}) {
        CAPTURE(bytes);
        const std::string answers = test.answers_to(bytes + get_hello);
        CHECK(status_of_answer(answers) == 400);
        CHECK(has_line(answers, "Connection: close"));
        CHECK(count_of(answers, "HTTP/1.1 ") == 1);
    }
}

TEST_CASE("sizes beyond the limits have their statuses") {
    Limits limits;
    limits.head_bytes_max = 2000;
    limits.target_bytes_max = 500;
    limits.fields_max = 10;
    limits.body_bytes_max = 1000;
    TestServer test{{.limits = limits}};
    const auto status = [&](const std::string& bytes) { return status_of_answer(test.answers_to(bytes)); };
    std::string fields;
    for (int i = 0; i < 10; ++i)
        fields += "X: y\r\n";
    CHECK(status("GET /" + std::string(500, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n") == 414);
    CHECK(status("GET /hello HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n") == 431);
    CHECK(status("GET /hello HTTP/1.1\r\nHost: a\r\nX: " + std::string(2000, 'a')) == 431);
    CHECK(status(post_echo(std::string(1001, 'a'))) == 413);
    CHECK(status(post_echo(std::string(1000, 'a'), "Connection: close\r\n")) == 200);
    CHECK(status("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n") == 413);
    CHECK(status("BREW /hello HTTP/1.1\r\nHost: a\r\n\r\n") == 501);
    CHECK(status("GET /hello HTTP/2.0\r\nHost: a\r\n\r\n") == 505);
    CHECK(status(post_echo("a", "Expect: something\r\n")) == 417);
}

// The connection must not be reset, which could take the answer from a client that has not read it yet.
TEST_CASE("a client that is still sending its refused body can read why") {
    TestServer test;
    RawClient client = test.connect();
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 30000000\r\n\r\n");
    CHECK(status_of_answer(client.read_answer()) == 413);
    for (int i = 0; i < 20; ++i)
        CHECK(client.send(std::string(100'000, 'x')));
}

TEST_CASE("noise on many connections takes nothing from the others") {
    Limits limits;
    limits.head_ms = limits.body_ms = Millis{20};
    TestServer test{{.limits = limits}};
    std::mt19937 random{test_seed()};
    const std::string pieces[] = {get_hello,
                                  post_echo("one"),
                                  "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
                                  "3\r\nabc\r\n",
                                  "0\r\n\r\n",
                                  "\r\n"};
    for (int round = 0; round < 200; ++round) {
        std::string bytes;
        for (std::size_t i = random() % 8; i > 0; --i)
            bytes += pieces[random() % std::size(pieces)];
        for (std::size_t i = random() % 3; i > 0 && !bytes.empty(); --i)
            bytes[random() % bytes.size()] = static_cast<char>(random() % 256);
        CAPTURE(bytes);
        RawClient client = test.connect();
        client.send(bytes);
        client.finish();
        const std::string answers = client.read_to_end();
        CHECK((answers.empty() || status_of_answer(answers) >= 200));
    }
    CHECK(body_of_answer(test.answers_to(get_hello_and_close)) == "hello");
}

TEST_CASE("a body that is not that of its Content-Digest is refused, and a digest is told to who wants one") {
    const TestServer server;
    const auto post = [&](const std::string& fields) {
        return server.answers_to(
            "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2\r\n" + fields +
            "\r\nid");
    };
    CHECK(post("Content-Digest: " + content_digest("id") + "\r\n").starts_with("HTTP/1.1 200"));
    CHECK(post("Content-Digest: " + content_digest("ie") + "\r\n").starts_with("HTTP/1.1 400"));
    CHECK(post("Content-Digest: sha-512=:YQ==:\r\n").starts_with("HTTP/1.1 200"));
    CHECK_FALSE(post("").contains("Content-Digest"));
    CHECK(post("Want-Content-Digest: sha-256=1\r\n").contains("Content-Digest: " + content_digest("id")));
}

TEST_CASE("who is not let in is not told about a digest first") {
    ServerOptions options;
    options.before = [](const Request&) { return Response::text(401, "who are you?"); };
    const TestServer server{std::move(options)};
    const std::string wrong = "Content-Digest: " + content_digest("another") + "\r\n";
    const std::string asked = "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + wrong + "\r\n";
    CHECK(server.answers_to(asked).starts_with("HTTP/1.1 401"));
}

TEST_CASE(
    "who is asked before the handler answers in its place, with bytes that are no HTTP, or without any") {
    ServerOptions options;
    std::atomic<int> told = 0;
    options.observer = [&](const Served& served) { told += served.status; };
    options.before = [](const Request& request) -> std::optional<Response> {
        if (request.path == "/hello") return std::nullopt;
        Response response = Response::text(503, "away\n");
        if (request.path == "/noise") response.raw = "no HTTP";
        if (request.path == "/cut") response.raw = "";
        return response;
    };
    const TestServer test{std::move(options)};
    const auto get = [&](const std::string& path) {
        return test.answers_to("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n" + get_hello_and_close);
    };
    CHECK(body_of_answer(test.answers_to(get_hello_and_close)) == "hello");
    CHECK(status_of_answer(get("/away")) == 503);
    CHECK(get("/noise") == "no HTTP");
    CHECK(get("/cut").empty());
    CHECK(told == 200 + 503 + 200 + 503 + 503);
}
