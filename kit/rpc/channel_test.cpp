// The client, and servers that are gone or answer nonsense.
#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <string>

#include "kit/base/compress.h"
#include "kit/http/client.h"
#include "kit/http/server.h"
#include "kit/rpc/codec.h"
#include "kit/rpc/errors.h"
#include "kit/rpc/testing/echo_contract.h"
#include "kit/rpc/testing/echo_service.h"
#include "kit/rpc/testing/seen_calls.h"
#include "kit/rpc/testing/socket_folder.h"

namespace jebi::rpc::testing {

namespace {

// A server that answers whatever the test says, and a client of it.
struct Oddity {
    fiber::Loops loops{1};
    http::Response answer;
    http::ClientRequest asked;  // the last request
    std::unique_ptr<http::Server> server = *http::Server::start(
        loops, *fiber::Address::from("127.0.0.1:0"), {.limits = {.body_bytes_max = message_bytes_max}},
        [this](http::Request& request) {
            asked = {request.method, std::string(request.path), {}, std::string(request.body)};
            for (const auto& [name, value] : request.fields.list)
                asked.fields.add(std::string(name), std::string(value));
            return answer;
        });
    SeenCalls seen;
    HttpChannel channel{{.address = server->address()}, seen.observer()};
    EchoClient echo{channel};

    Result<SayReply> answered(int status, std::string_view type, std::string body) {
        answer = {};
        answer.status = status;
        if (!type.empty()) answer.fields.add("Content-Type", std::string(type));
        answer.body = std::move(body);
        return echo.say(Call{.until = in(Millis{30'000})}, {});
    }
};

}  // namespace

TEST_CASE("a request is Connect's") {
    Oddity oddity;
    Call call{.user = UserId{7}, .until = in(Millis{5'000}), .trace = Trace::start(), .idempotency_key = "k"};
    oddity.answer.fields.add("Content-Type", "application/proto");
    REQUIRE(oddity.echo.say(call, something_of_everything()).has_value());
    const auto& asked = oddity.asked;
    CHECK(asked.method == http::Method::post);
    CHECK(asked.target == "/jebi.rpc.testing.v1.Echo/Say");
    CHECK(asked.fields.get("Content-Type") == "application/proto");
    CHECK(asked.fields.get("Connect-Protocol-Version") == "1");
    CHECK(asked.fields.get("Idempotency-Key") == "k");
    CHECK(asked.fields.get("Jebi-User") == "7");
    REQUIRE(asked.fields.get("traceparent").has_value());
    const auto trace = trace_from(*asked.fields.get("traceparent"));
    CHECK(trace->id == call.trace.id);
    CHECK(trace->span != call.trace.span);
    const auto timeout_ms = std::stol(std::string(asked.fields.get("Connect-Timeout-Ms").value_or("0")));
    CHECK(timeout_ms > 0);
    CHECK(timeout_ms <= 5'000);
    SayRequest request;
    REQUIRE(decode(Codec::proto, asked.body, request).has_value());
    CHECK(request.ShortDebugString() == something_of_everything().ShortDebugString());
}

TEST_CASE("a success is a 200 of the same codec with a message in it") {
    Oddity oddity;
    CHECK(oddity.answered(200, "application/proto", "").has_value());
    CHECK(oddity.answered(200, "Application/Proto; x=1", "").has_value());
    for (const auto* type : {"", "application/json", "text/html", "application/protobuf"}) {
        CAPTURE(type);
        CHECK(oddity.answered(200, type, "").error().code == Code::internal);
    }
    CHECK(oddity.answered(200, "application/proto", "\xff").error().code == Code::internal);
    for (const int status : {201, 204, 301})
        CHECK(oddity.answered(status, "application/proto", "").error().code == Code::internal);
}

TEST_CASE("an answer that is no Connect is read by its status") {
    Oddity oddity;
    for (const auto& [status, code] : {std::pair(400, Code::internal),
                                       {401, Code::unauthenticated},
                                       {403, Code::forbidden},
                                       {404, Code::internal},
                                       {429, Code::unavailable},
                                       {502, Code::unavailable},
                                       {503, Code::unavailable},
                                       {504, Code::unavailable},
                                       {500, Code::internal}}) {
        CAPTURE(status);
        for (const auto& [type, body] : {std::pair("text/html", "<h1>nginx</h1>"),
                                         {"application/json", "{}"},
                                         {"application/json", "no JSON"},
                                         {"", ""}}) {
            CHECK(oddity.answered(status, type, body).error().code == code);
        }
    }
}

TEST_CASE("a Connect error is read, with whatever else stands beside it") {
    Oddity oddity;
    const auto answer = oddity.answered(
        404, "application/json",
        R"({"code":"not_found","message":"Gone.","details":[{"type":"x","value":"*"}],"new":1})");
    CHECK(answer.error().code == Code::not_found);
    CHECK(answer.error().message == "Gone.");
    CHECK(oddity.answered(409, "application/json", R"({"code":"aborted"})").error().code == Code::conflict);
    CHECK(oddity.answered(499, "application/json", R"({"code":"canceled"})").error().code == Code::deadline);
}

TEST_CASE("a gzipped answer is read") {
    Oddity oddity;
    SayReply reply;
    reply.mutable_said()->set_text(std::string(10'000, 'a'));
    oddity.answer.fields.add("Content-Type", "application/proto");
    oddity.answer.fields.add("Content-Encoding", "gzip");
    oddity.answer.body = gzipped(*encode(Codec::proto, reply), 6);
    const auto answer = oddity.echo.say(a_call(), {});
    REQUIRE(answer.has_value());
    CHECK(answer->said().text() == reply.said().text());
}

TEST_CASE("too large an answer is refused, a request not even sent") {
    Oddity oddity;
    const auto answer = oddity.answered(200, "application/proto", std::string(message_bytes_max + 1, '\0'));
    REQUIRE(!answer.has_value());
    CHECK(answer.error().reason == "bad_answer");  // by the HTTP client, so that it is not even kept
    oddity.asked = {};
    SayRequest request;
    request.set_text(std::string(message_bytes_max, 'a'));
    CHECK(oddity.echo.say(a_call(), request).error().code == Code::exhausted);
    CHECK(oddity.asked.target.empty());
}

TEST_CASE("a server that is gone is unavailable, and the observer knows") {
    const SocketFolder folder;
    SeenCalls seen;
    HttpChannel nowhere({.address = *fiber::Address::from(folder.address("nobody.sock"))}, seen.observer());
    EchoClient echo(nowhere);
    const auto answer = echo.say(a_call(), {});
    REQUIRE(!answer.has_value());
    CHECK(answer.error().code == Code::unavailable);
    CHECK(answer.error().reason == not_connected);
    const auto calls = seen.take();
    REQUIRE(calls.size() == 1);
    CHECK(calls[0].error->code == Code::unavailable);
}

TEST_CASE("what a service heard from its own neighbour is not taken for its own refusal") {
    const EchoServer server("127.0.0.1:0", {});
    HttpChannel channel({.address = server.address()}, {});
    EchoClient echo(channel);
    for (const auto reason : {not_connected, overloaded, left_alone, queue_full, bad_answer}) {
        auto request = a_failure("unavailable");
        request.set_reason(std::string(reason));
        const auto answer = echo.fail(a_call(), request);
        REQUIRE(!answer.has_value());
        CHECK(answer.error().code == Code::unavailable);
        CHECK(answer.error().reason.empty());
    }
}

TEST_CASE("a foreign server may refuse before it begins, and may not claim what only we can know") {
    Oddity oddity;
    for (const auto& [reason, kept] :
         {std::pair(overloaded, true), {not_connected, false}, {left_alone, false}}) {
        const auto said = answer_of(error(Code::unavailable, "No.").because(std::string(reason)));
        const auto answer = oddity.answered(said.status, "application/json", said.body);
        REQUIRE(!answer.has_value());
        CHECK((answer.error().reason == reason) == kept);
    }
}

TEST_CASE("a server that stops answering is unavailable") {
    Oddity oddity;
    REQUIRE(oddity.answered(200, "application/proto", "").has_value());
    oddity.server.reset();
    CHECK(oddity.echo.say(a_call(), {}).error().code == Code::unavailable);
}

TEST_CASE("a call that meets a closing connection is sent again when it has an idempotency key") {
    constexpr std::string_view ok =
        "HTTP/1.1 200 OK\r\nContent-Type: application/proto\r\nContent-Length: 0\r\n\r\n";
    for (const auto* key : {"", "key"}) {
        CAPTURE(key);
        fiber::Loops loops(1);
        std::atomic<int> connections = 0;
        auto listener = fiber::Listener::open(loops, *fiber::Address::from("127.0.0.1:0"));
        REQUIRE(listener.has_value());
        listener->start(
            [&connections, ok](fiber::Socket socket) {  // the first one answers once, and hangs up
                const bool first = ++connections == 1;
                const auto until = in(Millis{30'000});
                std::array<char, 4096> request;
                for (int answered = 0; socket.read_some(request, until).value_or(0) > 0; ++answered) {
                    if (first && answered == 1) return;
                    if (!socket.write(ok, until)) return;
                }
            });
        HttpChannel channel({.address = listener->address()}, {});
        EchoClient echo(channel);
        const Call call{.until = in(Millis{30'000}), .idempotency_key = key};
        REQUIRE(echo.say(call, {}).has_value());
        const auto again = echo.say(call, {});
        CHECK(again.has_value() == (*key != '\0'));
        if (!again) CHECK(again.error().code == Code::unavailable);
    }
}

TEST_CASE("a server that hangs up or talks nonsense is no success") {
    fiber::Loops loops(1);
    for (const auto* said :
         {"", "HTTP/1.1 200 OK\r\nContent-Type: application/proto\r\nContent-Length: 10\r\n\r\nabc",
          "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 200 OK\r\nContent-Le"}) {
        CAPTURE(said);
        auto listener = fiber::Listener::open(loops, *fiber::Address::from("127.0.0.1:0"));
        REQUIRE(listener.has_value());
        listener->start([said](fiber::Socket socket) {
            std::array<char, 4096> request;
            const auto until = in(Millis{30'000});
            if (socket.read_some(request, until)) (void)socket.write(said, until);
        });
        HttpChannel channel({.address = listener->address()}, {});
        EchoClient echo(channel);
        const auto answer = echo.say(Call{.until = in(Millis{30'000})}, {});
        REQUIRE(!answer.has_value());
        const bool fitting =
            answer.error().code == Code::unavailable || answer.error().code == Code::internal;
        CHECK(fitting);
    }
}

TEST_CASE("a server that never answers costs the time of the call, no more") {
    fiber::Loops loops(1);
    auto listener = fiber::Listener::open(loops, *fiber::Address::from("127.0.0.1:0"));
    REQUIRE(listener.has_value());
    const fiber::Event over;
    const fiber::Gate inside;
    listener->start([&](const fiber::Socket&) {
        const auto pass = inside.enter();
        over.wait_until(in(Millis{30'000}));
    });
    HttpChannel channel({.address = listener->address()}, {});
    EchoClient echo(channel);
    CHECK(echo.say(Call{.until = in(Millis{30})}, {}).error().code == Code::deadline);
    over.set();
    listener->close();
    inside.close();
    CHECK(inside.wait_until(in(Millis{30'000})));
}

}  // namespace jebi::rpc::testing
