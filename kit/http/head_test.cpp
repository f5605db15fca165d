#include "kit/http/head.h"

#include <doctest/doctest.h>

#include <vector>

using namespace jebi::http;

namespace {

constexpr HeadLimits limits{.bytes_max = 16 * 1024, .target_bytes_max = 8 * 1024, .fields_max = 100};

// 0: it is taken.
int status_of_head(std::string_view bytes) {
    Head head;
    const auto read = read_request_head(bytes, limits, head);
    return read ? 0 : read.error().status;
}

// A request whose only special part is `fields`.
std::string post_with(std::string_view fields) {
    return "POST / HTTP/1.1\r\nHost: a\r\n" + std::string(fields) + "\r\n";
}

std::string_view text(const char* bytes, std::size_t size) {
    return {bytes, size};
}

}  // namespace

TEST_CASE("a plain head is read") {
    Head head;
    REQUIRE(
        read_request_head("POST /a?b HTTP/1.1\r\nHost: jebi.example:80\r\nX-A:  b c \t\r\nEmpty:\r\n"
                          "content-LENGTH: 12\r\n\r\n",
                          limits, head));
    CHECK(head.method == "POST");
    CHECK(head.target == "/a?b");
    CHECK(head.is_1_1);
    CHECK(head.keep_alive);
    CHECK(head.fields.get("x-a") == "b c");
    CHECK(head.fields.get("empty") == "");
    CHECK(head.framing.kind == Framing::Kind::length);
    CHECK(head.framing.length == 12);
}

TEST_CASE("heads that are unambiguous are taken") {
    const std::vector<std::string> heads{
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.0\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nhOsT:a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: [::1]:3000\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a_b-c.example\r\n\r\n",
        "GET http://a/x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET HTTPS://A:81 HTTP/1.1\r\nHost: a:81\r\n\r\n",
        "GET http://a?q HTTP/1.0\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
        "BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /제비 HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET // HTTP/1.1\r\nHost: a\r\n\r\n",
        post_with("Content-Length: 0\r\n"),
        post_with("Transfer-Encoding: Chunked\r\n"),
        post_with("Transfer-Encoding:chunked\t\r\n"),
        post_with("Content_Length: 5\r\nContent-Length: 3\r\n"),
        post_with("X: \x80\xff\r\n"),
        post_with("Accept-Encoding: a\r\nAccept-Encoding: b\r\n"),
        post_with("TE: trailers\r\nTrailer: X\r\n"),
    };
    for (const auto& head : heads) {
        CAPTURE(head);
        CHECK(status_of_head(head) == 0);
    }
}

// What two programs could read differently. Sources: RFC 9112, and the published smuggling techniques (CL.TE,
// TE.CL, TE.TE, CL.CL, CL.0, line ends, names, hosts).
TEST_CASE("heads that could be read differently are refused with 400") {
    const std::vector<std::string> heads{
        // Both lengths, in both orders.
        post_with("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n"),
        post_with("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n"),
        post_with("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n"),
        // Lengths.
        post_with("Content-Length: 4\r\nContent-Length: 5\r\n"),
        post_with("Content-Length: 4\r\ncontent-length: 4\r\n"),
        post_with("Content-Length: 4, 4\r\n"),
        post_with("Content-Length: 4,5\r\n"),
        post_with("Content-Length: +4\r\n"),
        post_with("Content-Length: -4\r\n"),
        post_with("Content-Length: -0\r\n"),
        post_with("Content-Length: 0x4\r\n"),
        post_with("Content-Length: 04\r\n"),
        post_with("Content-Length: 4 4\r\n"),
        post_with("Content-Length: 4.0\r\n"),
        post_with("Content-Length: 4e0\r\n"),
        post_with("Content-Length: four\r\n"),
        post_with("Content-Length:\r\n"),
        post_with("Content-Length: \"4\"\r\n"),
        post_with("Content-Length: 18446744073709551620\r\n"),
        post_with("Content-Length: 9223372036854775808\r\n"),
        post_with("Content-Length: 4\v\r\n"),
        post_with("Content-Length: \xef\xbc\x94\r\n"),
        // Encodings.
        post_with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
        post_with("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"),
        post_with("Transfer-Encoding: identity\r\n"),
        post_with("Transfer-Encoding: gzip, chunked\r\n"),
        post_with("Transfer-Encoding: chunked, gzip\r\n"),
        post_with("Transfer-Encoding: chunked, chunked\r\n"),
        post_with("Transfer-Encoding: chunked,\r\n"),
        post_with("Transfer-Encoding: xchunked\r\n"),
        post_with("Transfer-Encoding: chunkedx\r\n"),
        post_with("Transfer-Encoding: \"chunked\"\r\n"),
        post_with("Transfer-Encoding: 'chunked'\r\n"),
        post_with("Transfer-Encoding: chunked;x=y\r\n"),
        post_with("Transfer-Encoding:\r\n"),
        post_with("Transfer-Encoding: \vchunked\r\n"),
        post_with("Transfer-Encoding: chunked\f\r\n"),
        post_with("Transfer-Encoding: c\xc4\xb1hunked\r\n"),
        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
        // Names and colons.
        post_with("Transfer-Encoding : chunked\r\n"),
        post_with("Content-Length : 4\r\n"),
        post_with("Content-Length\t: 4\r\n"),
        post_with("Transfer\rEncoding: chunked\r\n"),
        post_with("Transfer Encoding: chunked\r\n"),
        post_with(": empty\r\n"),
        post_with("no colon\r\n"),
        post_with("X\xc3\xa9: a\r\n"),
        post_with("X[]: a\r\n"),
        std::string(text("POST / HTTP/1.1\r\nHost: a\r\nX\0Y: a\r\n\r\n", 36)),
        // Folded lines.
        post_with("X: a\r\n b\r\n"),
        post_with("X: a\r\n\tTransfer-Encoding: chunked\r\n"),
        post_with("Transfer-Encoding:\r\n chunked\r\n"),
        post_with(" X: a\r\n"),
        "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
        // Line ends and controls.
        "GET / HTTP/1.1\nHost: a\n\n",
        "GET / HTTP/1.1\r\nHost: a\n\r\n",
        "GET / HTTP/1.1\nHost: a\r\n\r\n",
        post_with("X: a\nTransfer-Encoding: chunked\r\n"),
        post_with("X: a\rTransfer-Encoding: chunked\r\n"),
        post_with("X: a\r\r\n"),
        post_with("X: a\r\n\rY: b\r\n"),
        std::string(text("POST / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", 37)),
        post_with("X: \x7f\r\n"),
        post_with("X: \x1b[0m\r\n"),
        // Hosts.
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost:\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a,b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a:\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a:1:2\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a:123456\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: :80\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: []\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: [::1]x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\xc3\xa9\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: <a>\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n",
        "GET http://a:80/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http:///x HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET http://a/ HTTP/1.1\r\n\r\n",
        // First lines.
        "GET /\r\n\r\n",
        "GET\r\n\r\n",
        "\r\n\r\n",
        "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /  HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
        " GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /\tx HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /#a HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET a HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n",
        "GET / HTTP/1.1x\r\nHost: a\r\n\r\n",
        "GET / http/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/11\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.10\r\nHost: a\r\n\r\n",
        "GET / XTTP/1.1\r\nHost: a\r\n\r\n",
        "G\xc3\x89T / HTTP/1.1\r\nHost: a\r\n\r\n",
        "G(T / HTTP/1.1\r\nHost: a\r\n\r\n",
        std::string(33, 'A') + " / HTTP/1.1\r\nHost: a\r\n\r\n",
        std::string(text("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 29)),
        // Something behind the head.
        "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET",
    };
    CHECK(heads.size() >= 100);
    for (const auto& head : heads) {
        CAPTURE(head);
        CHECK(status_of_head(head) == 400);
    }
}

TEST_CASE("versions that we do not speak are 505") {
    for (const char* version : {"HTTP/2.0", "HTTP/0.9", "HTTP/1.2", "HTTP/3.0"}) {
        CHECK(status_of_head("GET / " + std::string(version) + "\r\nHost: a\r\n\r\n") == 505);
    }
}

TEST_CASE("limits have their statuses, and one less is taken") {
    const auto get = [](std::size_t size) {
        return "GET /" + std::string(size - 1, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n";
    };
    CHECK(status_of_head(get(limits.target_bytes_max)) == 0);
    CHECK(status_of_head(get(limits.target_bytes_max + 1)) == 414);
    std::string fields;
    for (std::size_t i = 1; i < limits.fields_max; ++i)
        fields += "X: a\r\n";
    CHECK(status_of_head(post_with(fields)) == 0);
    CHECK(status_of_head(post_with(fields + "X: a\r\n")) == 431);
}

TEST_CASE("keep-alive follows the version and the Connection header") {
    const auto kept = [](const std::string& version, const std::string& fields) {
        Head head;
        REQUIRE(read_request_head("GET / " + version + "\r\nHost: a\r\n" + fields + "\r\n", limits, head));
        return head.keep_alive;
    };
    CHECK(kept("HTTP/1.1", ""));
    CHECK_FALSE(kept("HTTP/1.1", "Connection: close\r\n"));
    CHECK_FALSE(kept("HTTP/1.1", "connection: X, ,\tCLOSE\t\r\n"));
    CHECK_FALSE(kept("HTTP/1.1", "Connection: keep-alive\r\nConnection: close\r\n"));
    CHECK_FALSE(kept("HTTP/1.1", "Connection: close, x\r\nConnection: keep-alive\r\n"));
    CHECK(kept("HTTP/1.1", "Connection: closed\r\n"));
    CHECK_FALSE(kept("HTTP/1.0", ""));
    CHECK(kept("HTTP/1.0", "Connection: x,Keep-Alive\r\n"));
}

TEST_CASE("the end of a head is found wherever the bytes are cut") {
    const std::string head = post_with("X: a\r\n");
    const std::string bytes = head + "body\r\n\r\n";
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        CAPTURE(cut);
        HeadEnd end{limits};
        const auto first = end.in(std::string_view(bytes).substr(0, cut));
        REQUIRE(first);
        CHECK(*first == (cut < head.size() ? 0 : head.size()));
        CHECK(end.in(bytes).value() == head.size());
    }
}

TEST_CASE("what cannot become a head is refused before it has ended") {
    const auto status = [](std::string_view bytes, HeadLimits with = limits) {
        const auto end = HeadEnd{with}.in(bytes);
        return end ? 0 : end.error().status;
    };
    CHECK(status("\x16\x03\x01\x02") == 400);  // a browser that tries TLS
    CHECK(status("GET / HTTP/1.1\n") == 400);
    CHECK(status("\n") == 400);
    CHECK(status("GET /" + std::string(limits.target_bytes_max, 'a')) == 0);
    CHECK(status("GET /" + std::string(limits.target_bytes_max + 40, 'a')) == 414);
    CHECK(status("GET /" + std::string(200, 'a'),
                 {.bytes_max = 100, .target_bytes_max = 500, .fields_max = 9}) == 414);
    CHECK(status("GET / HTTP/1.1\r\nX: " + std::string(limits.bytes_max, 'a')) == 431);
    const std::string fits = post_with("X: " + std::string(limits.bytes_max - 33, 'a') + "\r\n");
    REQUIRE(fits.size() == limits.bytes_max);
    CHECK(status(fits) == 0);
    CHECK(status(fits.substr(0, fits.size() - 1) + "x\r\n\r\n") == 431);
}

TEST_CASE("heads of answers are read, and their framing") {
    using Kind = Framing::Kind;
    Head head;
    const auto kind = [&](const std::string& bytes, bool to_head = false) {
        REQUIRE(read_answer_head(bytes, limits, to_head, head));
        return head.framing.kind;
    };
    CHECK(kind("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n") == Kind::length);
    CHECK(head.status == 200);
    CHECK(head.keep_alive);
    CHECK(kind("HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n") == Kind::chunked);
    CHECK(kind("HTTP/1.1 404\r\nContent-Length: 0\r\n\r\n") == Kind::none);
    CHECK(head.status == 404);
    CHECK(kind("HTTP/1.1 200 OK\r\n\r\n") == Kind::until_close);
    CHECK_FALSE(head.keep_alive);
    CHECK(kind("HTTP/1.1 204 No Content\r\n\r\n") == Kind::none);
    CHECK(kind("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n") == Kind::none);
    CHECK(kind("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", true) == Kind::none);
    CHECK(kind("HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\n") == Kind::length);
    CHECK_FALSE(head.keep_alive);
}

TEST_CASE("heads of answers are as strict as those of requests") {
    for (const std::string bytes :
         {"HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1  200 OK\r\n\r\n",
          "HTTP/1.1 099 OK\r\n\r\n", "HTTP/2 200 OK\r\n\r\n", "200 OK\r\n\r\n", "HTTP/1.1 200 O\x01K\r\n\r\n",
          "HTTP/1.1 200 OK\n\n", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
          "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n"}) {
        CAPTURE(bytes);
        Head head;
        CHECK_FALSE(read_answer_head(bytes, limits, false, head));
    }
}
