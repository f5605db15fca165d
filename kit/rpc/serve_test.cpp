// The server as foreign programs see it: requests that no client of ours would send.
#include <doctest/doctest.h>

#include <string>

#include "kit/base/compress.h"
#include "kit/http/client.h"
#include "kit/rpc/codec.h"
#include "kit/rpc/errors.h"
#include "kit/rpc/testing/echo_contract.h"
#include "kit/rpc/testing/echo_service.h"
#include "kit/rpc/testing/seen_calls.h"

namespace jebi::rpc::testing {

namespace {

constexpr std::string_view say = "/jebi.rpc.testing.v1.Echo/Say";

// A served Echo and a plain HTTP client of it.
struct Wire {
    SeenCalls seen;
    EchoServer server{"127.0.0.1:0", seen.observer()};
    http::Client client{{.address = server.address()}};

    http::ClientResponse send(const http::ClientRequest& request) {
        auto response = client.send(request, in(Millis{30'000}));
        REQUIRE_MESSAGE(response.has_value(), response.error().message);
        return *std::move(response);
    }
    http::ClientResponse post(std::string_view type, std::string body, std::string_view path = say) {
        return send(request_of(type, std::move(body), path));
    }
    static http::ClientRequest request_of(std::string_view type, std::string body,
                                          std::string_view path = say) {
        http::ClientRequest request;
        request.method = http::Method::post;
        request.target = path;
        request.fields.add("Content-Type", std::string(type));
        request.body = std::move(body);
        return request;
    }
};

void check_error(const http::ClientResponse& response, int status, std::string_view code) {
    CHECK(response.status == status);
    CHECK(response.fields.get("Content-Type") == "application/json");
    CHECK(response.body.find("\"code\":\"" + std::string(code) + "\"") != std::string::npos);
}

// Sends bytes as they are and reads until the server closes.
std::string raw_answer(const fiber::Address& address, std::string_view bytes) {
    const auto until = in(Millis{30'000});
    auto socket = fiber::Socket::connect(address, until);
    REQUIRE(socket.has_value());
    REQUIRE(socket->write(bytes, until).has_value());
    std::string answer;
    std::array<char, 4096> piece;
    while (true) {
        const auto size = socket->read_some(piece, until);
        REQUIRE(size.has_value());
        if (*size == 0) return answer;
        answer.append(piece.data(), *size);
    }
}

}  // namespace

TEST_CASE("JSON is answered as JSON, protobuf as protobuf") {
    Wire wire;
    const auto json = wire.post("application/json; charset=utf-8", R"({"text":"안녕"})");
    CHECK(json.status == 200);
    CHECK(json.fields.get("Content-Type") == "application/json");
    CHECK(json.body.find(R"("said":{"text":"안녕"})") != std::string::npos);

    const auto proto = wire.post("application/proto", *encode(Codec::proto, something_of_everything()));
    CHECK(proto.status == 200);
    CHECK(proto.fields.get("Content-Type") == "application/proto");
    SayReply reply;
    REQUIRE(decode(Codec::proto, proto.body, reply).has_value());
    CHECK(reply.said().ShortDebugString() == something_of_everything().ShortDebugString());
}

TEST_CASE("every error has the status and the JSON of Connect, whatever the codec of the request") {
    Wire wire;
    for (const auto& code : wire_codes()) {
        if (wire_code(code.code).name != code.name) continue;
        const auto request = a_failure(name(code.code));
        for (const auto codec : {Codec::proto, Codec::json}) {
            const auto response =
                wire.post(content_type(codec), *encode(codec, request), "/jebi.rpc.testing.v1.Echo/Fail");
            check_error(response, code.status, code.name);
            CHECK(response.fields.get("Retry-After") == "17");
            CHECK(response.body.find("the table of things") == std::string::npos);
        }
    }
}

TEST_CASE("foreign content types are 415, and say what is taken") {
    Wire wire;
    for (const auto* type : {"text/plain", "application/connect+proto", "application/grpc",
                             "application/json; charset=latin1", "application/x-www-form-urlencoded"}) {
        CAPTURE(type);
        const auto response = wire.post(type, "{}");
        check_error(response, 415, "unknown");
        CHECK(response.fields.get("Accept-Post") == "application/proto, application/json");
    }
    http::ClientRequest untyped = Wire::request_of("", "{}");
    untyped.fields.list.clear();
    check_error(wire.send(untyped), 415, "unknown");
    CHECK(wire.server.service().begun() == 0);
}

TEST_CASE("other verbs than POST are 405 with Allow") {
    Wire wire;
    for (const auto method : {http::Method::get, http::Method::put, http::Method::del, http::Method::patch}) {
        auto request = Wire::request_of("application/json", "");
        request.method = method;
        const auto response = wire.send(request);
        CHECK(response.status == 405);
        REQUIRE(response.fields.get("Allow").has_value());
        CHECK(response.fields.get("Allow")->find("POST") != std::string_view::npos);
    }
}

TEST_CASE("unknown methods and services are 404, and paths keep their case") {
    Wire wire;
    for (const auto* path : {"/jebi.rpc.testing.v1.Echo/Shout", "/jebi.rpc.testing.v1.Echo/say", "/Echo/Say",
                             "/jebi.rpc.testing.v1.echo/Say", "/jebi.rpc.testing.v1.Echo/Say/"}) {
        CHECK(wire.post("application/json", "{}", path).status == 404);
    }
}

TEST_CASE("malformed bodies are invalid, and observed") {
    Wire wire;
    for (const auto* body : {"", "{", "[]", "{\"text\":7}", "{} {}", "\xff"}) {
        CAPTURE(body);
        check_error(wire.post("application/json", body), 400, "invalid_argument");
    }
    check_error(wire.post("application/proto", "\xff"), 400, "invalid_argument");
    CHECK(wire.server.service().begun() == 0);
    const auto calls = wire.seen.take();
    CHECK(calls.size() == 7);
    CHECK(calls.back().error->code == Code::invalid);
}

TEST_CASE("malformed fields are invalid") {
    Wire wire;
    for (const auto& [name, value] : {std::pair("Connect-Timeout-Ms", "soon"),
                                      {"Connect-Timeout-Ms", "12345678901"},
                                      {"Jebi-User", "me"},
                                      {"Connect-Protocol-Version", "2"},
                                      {"Idempotency-Key", "a b"}}) {
        CAPTURE(name);
        auto request = Wire::request_of("application/json", "{}");
        request.fields.add(name, value);
        check_error(wire.send(request), 400, "invalid_argument");
    }
    CHECK(wire.server.service().begun() == 0);
}

TEST_CASE("a call ends with its Connect-Timeout-Ms") {
    Wire wire;
    auto request = Wire::request_of("application/json", "{}", "/jebi.rpc.testing.v1.Echo/Wait");
    request.fields.add("Connect-Timeout-Ms", "20");
    check_error(wire.send(request), 504, "deadline_exceeded");
}

TEST_CASE("without a timeout, or with a long one, a call has served_max") {
    Wire wire;
    for (const auto* timeout : {"", "9999999999"}) {
        auto request = Wire::request_of("application/proto", "");
        if (*timeout != '\0') request.fields.add("Connect-Timeout-Ms", timeout);
        SayReply reply;
        REQUIRE(decode(Codec::proto, wire.send(request).body, reply).has_value());
        CHECK(reply.time_left_ms() <= served_max.count());
        CHECK(reply.time_left_ms() > served_max.count() / 2);
    }
}

TEST_CASE("a request in chunks is read whole") {
    const Wire wire;
    const auto answer =
        raw_answer(wire.server.address(),
                   "POST /jebi.rpc.testing.v1.Echo/Say HTTP/1.1\r\nHost: jebi\r\nConnection: close\r\n"
                   "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
                   "3\r\n{\"t\r\n8;a=b\r\next\":\"ab\r\n3\r\nc\"}\r\n0\r\n\r\n");
    CHECK(answer.starts_with("HTTP/1.1 200 "));
    CHECK(answer.find(R"({"said":{"text":"abc"})") != std::string::npos);
}

TEST_CASE("gzip is understood, and never of an empty body") {
    Wire wire;
    auto request = Wire::request_of("application/json", gzipped(R"({"text":"packed"})", 6));
    request.fields.add("Content-Encoding", "gzip");
    CHECK(wire.send(request).body.find("packed") != std::string::npos);

    auto empty = Wire::request_of("application/proto", "");
    empty.fields.add("Content-Encoding", "GZIP");
    CHECK(wire.send(empty).status == 200);

    auto damaged = request;
    damaged.body.resize(damaged.body.size() - 1);
    check_error(wire.send(damaged), 400, "invalid_argument");

    auto identity = Wire::request_of("application/json", "{}");
    identity.fields.add("Content-Encoding", "identity");
    CHECK(wire.send(identity).status == 200);
}

TEST_CASE("a small gzip of too much is refused") {
    Wire wire;
    auto request =
        Wire::request_of("application/proto", gzipped(std::string(message_bytes_max + 1, '\0'), 9));
    CHECK(request.body.size() < 64 * 1024);
    request.fields.add("Content-Encoding", "gzip");
    const auto stopped =
        gunzipped(request.body, message_bytes_max);  // in the middle, so that memory is bounded
    const auto response = wire.send(request);
    check_error(response, 429, "resource_exhausted");
    CHECK(response.body.find(stopped.error().message) != std::string::npos);
    CHECK(wire.server.service().begun() == 0);
}

TEST_CASE("other encodings are unimplemented, and the known ones are named") {
    Wire wire;
    for (const auto* encoding : {"br", "deflate", "gzip, gzip", "x"}) {
        auto request = Wire::request_of("application/json", "{}");
        request.fields.add("Content-Encoding", encoding);
        const auto response = wire.send(request);
        check_error(response, 501, "unimplemented");
        CHECK(response.body.find("gzip") != std::string::npos);
        CHECK(response.fields.get("Accept-Encoding") == "gzip, identity");
    }
}

TEST_CASE("a long answer in JSON is gzipped for those who take it") {
    const Wire wire;
    const std::string body = R"({"bytes":100000})";
    const auto answer_with = [&](std::string_view accepted) {
        return raw_answer(
            wire.server.address(),
            "POST /jebi.rpc.testing.v1.Echo/Large HTTP/1.1\r\nHost: jebi\r\nConnection: close\r\n"
            "Content-Type: application/json\r\nContent-Length: " +
                std::to_string(body.size()) + "\r\n" + std::string(accepted) + "\r\n" + body);
    };
    const auto packed = answer_with("Accept-Encoding: gzip\r\n");
    CHECK(packed.find("Content-Encoding: gzip\r\n") != std::string::npos);
    const auto plain =
        gunzipped(std::string_view(packed).substr(packed.find("\r\n\r\n") + 4), message_bytes_max);
    REQUIRE(plain.has_value());
    CHECK(*plain == R"({"text":")" + std::string(100'000, 'a') + R"("})");
    CHECK(answer_with("").find("Content-Encoding") == std::string::npos);
}

TEST_CASE("too large a request is exhausted, too large an answer as well") {
    Wire wire;
    check_error(wire.post("application/proto", std::string(message_bytes_max + 1, ' ')), 429,
                "resource_exhausted");
    check_error(wire.post("application/json", R"({"bytes":4194304})", "/jebi.rpc.testing.v1.Echo/Large"), 429,
                "resource_exhausted");
}

TEST_CASE("an exception says nothing of the inside") {
    Wire wire;
    const auto response = wire.post("application/json", "{}", "/jebi.rpc.testing.v1.Echo/Throw");
    check_error(response, 500, "internal");
    CHECK(response.body.find("secret") == std::string::npos);
}

}  // namespace jebi::rpc::testing
