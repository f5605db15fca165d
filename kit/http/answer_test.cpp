#include "kit/http/answer.h"

#include <doctest/doctest.h>

using namespace jebi;
using namespace jebi::http;

namespace {

std::string head_of(const Response& response, const AnswerShape& shape = {},
                    const Fields<std::string>& always = {}) {
    std::string out;
    append_head(out, response, shape, "", AlwaysFields{always});
    return out;
}

}  // namespace

TEST_CASE("an answer's head has its status, its fields and its length") {
    CHECK(head_of(Response::text(404, "gone")) ==
          "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 4\r\n\r\n");
    CHECK(head_of({.status = 299}) == "HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n");
    CHECK(head_of({.status = 204}) == "HTTP/1.1 204 No Content\r\n\r\n");
    CHECK(head_of({.status = 304}) == "HTTP/1.1 304 Not Modified\r\n\r\n");
}

TEST_CASE("connection and framing fields are the server's") {
    const Response response{.body = "ab"};
    CHECK(head_of(response, {.keep_alive = false}) ==
          "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n");
    CHECK(head_of(response, {.to_1_1 = false}) ==
          "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\n");
    CHECK(head_of(response, {.in_chunks = true}) == "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    CHECK(head_of(response, {.keep_alive = false, .to_1_1 = false, .in_chunks = true}) ==
          "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    Response meddling{.body = "ab"};
    for (const char* name : {"content-length", "Transfer-Encoding", "Date", "CONNECTION", "Keep-Alive"})
        meddling.fields.add(name, "1");
    CHECK(head_of(meddling) == "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
}

TEST_CASE("a field that could split the answer is dropped as a whole") {
    Response response;
    response.fields.add("Location", "/a\r\nSet-Cookie: stolen=1");
    response.fields.add("X-Lf", "a\nb");
    response.fields.add("X-Cr", "a\rb");
    response.fields.add("X-Nul", std::string("a\0b", 3));
    response.fields.add("X-Name\r\nY", "a");
    response.fields.add("X Space", "a");
    response.fields.add("", "a");
    response.fields.add("X-Good", "제비\t ok");
    std::string out;
    CHECK(append_head(out, response, {}, "", AlwaysFields{{}}) == 7);
    CHECK(out == "HTTP/1.1 200 OK\r\nX-Good: 제비\t ok\r\nContent-Length: 0\r\n\r\n");
}

TEST_CASE("fields for every answer step back behind the handler's") {
    Fields<std::string> always;
    always.add("X-Frame-Options", "DENY");
    always.add("X-B", "b");
    Response response;
    response.fields.add("x-frame-options", "SAMEORIGIN");
    CHECK(head_of(response, {}, always) ==
          "HTTP/1.1 200 OK\r\nx-frame-options: SAMEORIGIN\r\nX-B: b\r\nContent-Length: 0\r\n\r\n");
}

TEST_CASE("dates are written as RFC 9110 wants them") {
    DateLine line;
    CHECK(line.at(784'111'777) == "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
    CHECK(line.at(784'111'778) == "Date: Sun, 06 Nov 1994 08:49:38 GMT\r\n");
    CHECK(line.at(1'709'164'800) == "Date: Thu, 29 Feb 2024 00:00:00 GMT\r\n");
}
