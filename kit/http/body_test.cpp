#include "kit/http/body.h"

#include <doctest/doctest.h>

using namespace jebi::http;

namespace {

constexpr std::size_t bytes_max = 1000;

// What a reader made of some bytes.
struct Read {
    std::string body;
    std::string rest;  // bytes that it left to the next message
    bool whole = false;
    int status = 0;  // of the refusal

    bool operator==(const Read&) const = default;
};

// Gives the bytes in two pieces, cut at `cut`.
Read read(const Framing& framing, std::string_view bytes, std::size_t cut) {
    Read out;
    BodyReader reader;
    if (const auto begun = reader.begin(framing, bytes_max); !begun) return {.status = begun.error().status};
    for (const auto piece : {bytes.substr(0, cut), bytes.substr(cut)}) {
        const auto taken = reader.take(piece, out.body);
        if (!taken) return {.status = taken.error().status};
        out.rest += piece.substr(*taken);
    }
    out.whole = reader.whole();
    return out;
}

const Framing chunked{.kind = Framing::Kind::chunked};

// The same wherever the bytes are cut.
Read read_everywhere(const Framing& framing, std::string_view bytes) {
    const Read at_once = read(framing, bytes, bytes.size());
    for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
        CAPTURE(cut);
        CHECK(read(framing, bytes, cut) == at_once);
    }
    return at_once;
}

}  // namespace

TEST_CASE("a body of a known length ends there") {
    const Framing four{.kind = Framing::Kind::length, .length = 4};
    CHECK(read_everywhere(four, "abcdGET") == Read{"abcd", "GET", true});
    CHECK(read_everywhere(four, "abc") == Read{"abc", "", false});
    CHECK(read({.kind = Framing::Kind::length, .length = bytes_max + 1}, "a", 0).status == 413);
    CHECK(read({.kind = Framing::Kind::length, .length = bytes_max}, "a", 0).status == 0);
    CHECK(read({}, "GET", 0) == Read{"", "GET", true});
}

TEST_CASE("chunks are put together, wherever they are cut") {
    CHECK(read_everywhere(chunked, "0\r\n\r\n") == Read{"", "", true});
    CHECK(read_everywhere(chunked, "3\r\nabc\r\n0\r\n\r\nGET") == Read{"abc", "GET", true});
    CHECK(read_everywhere(chunked, "3\r\nabc\r\n00a\r\n0123\r\n6789\r\n000\r\n\r\n") ==
          Read{"abc0123\r\n6789", "", true});
    CHECK(read_everywhere(chunked, "1;a=b;c=\"d;e\"\r\nx\r\n0;last\r\n\r\n") == Read{"x", "", true});
    CHECK(read_everywhere(chunked, "1\r\nx\r\n0\r\nTrailer: a\r\nContent-Length: 5\r\n\r\nGET") ==
          Read{"x", "GET", true});
    CHECK(read_everywhere(chunked, "1\r\nx\r\n0\r\n") == Read{"x", "", false});
}

TEST_CASE("chunks that could be read differently are refused") {
    for (const char* bad : {"3\nabc\r\n0\r\n\r\n",
                            "3\r\nabc0\r\n\r\n",
                            "3\r\nabcd\r\n0\r\n\r\n",
                            "3\r\nab\r\n0\r\n\r\n",
                            "\r\n",
                            ";a\r\n",
                            "0x3\r\nabc\r\n",
                            "+3\r\nabc\r\n",
                            "-3\r\nabc\r\n",
                            " 3\r\nabc\r\n",
                            "3 \r\nabc\r\n",
                            "3 ;a\r\nabc\r\n",
                            "3\t\r\nabc\r\n",
                            "g\r\n",
                            "3,3\r\nabc\r\n",
                            "3\r\rabc\r\n",
                            "3;\na\r\nabc\r\n",
                            "3;a\x01\r\nabc\r\n",
                            "3;\"\r\n\"\r\nabc\r\n",
                            "3\r\nabc\n0\r\n\r\n",
                            "3\r\nabc\r0\r\n\r\n",
                            "0\r\nA: b\n\r\n",
                            "0\r\n A: b\r\n\r\n",
                            "0\r\nA: b\r\n c\r\n\r\n",
                            "0\r\n\rx",
                            "0\r\n\n",
                            "0000000000000003\r\nabc\r\n",
                            "ffffffffffffffff\r\n",
                            "10000000000000003\r\nabc\r\n"}) {
        CAPTURE(bad);
        CHECK(read_everywhere(chunked, bad).status == 400);
    }
}

TEST_CASE("chunks may not add up to more than the limit") {
    std::string bytes;
    for (int i = 0; i < 10; ++i)
        bytes += "64\r\n" + std::string(100, 'x') + "\r\n";
    CHECK(read(chunked, bytes + "0\r\n\r\n", 7).body.size() == bytes_max);
    CHECK(read(chunked, bytes + "1\r\n", 7).status == 413);
    CHECK(read(chunked, "3e9\r\n", 0).status == 413);
    CHECK(read(chunked, "fffffffffffffff\r\n", 0).status == 413);
}

TEST_CASE("a body that is mostly framing is refused") {
    CHECK(read(chunked, "1;" + std::string(10'000, 'a') + "\r\nx\r\n0\r\n\r\n", 0).whole);
    CHECK(read(chunked, "1;" + std::string(20'000, 'a'), 0).status == 400);
    CHECK(read(chunked, "0\r\nA: " + std::string(20'000, 'a'), 0).status == 400);
    std::string small_chunks;
    for (std::size_t i = 0; i < bytes_max; ++i)
        small_chunks += "1\r\nx\r\n";
    CHECK(read(chunked, small_chunks + "0\r\n\r\n", 0).whole);
    std::string greedy;
    for (std::size_t i = 0; i < bytes_max; ++i)
        greedy += "1;" + std::string(40, 'a') + "\r\nx\r\n";
    CHECK(read(chunked, greedy, 0).status == 400);
}

TEST_CASE("a body until the connection's end is whole then, another is cut off") {
    const auto ended = [](const Framing& framing, std::string_view bytes) {
        BodyReader reader;
        std::string body;
        REQUIRE(reader.begin(framing, bytes_max));
        REQUIRE(reader.take(bytes, body));
        return reader.end_with_connection().has_value();
    };
    const Framing until_close{.kind = Framing::Kind::until_close};
    CHECK(read_everywhere(until_close, "abc") == Read{"abc", "", false});
    CHECK(ended(until_close, "abc"));
    CHECK(ended({}, ""));
    CHECK_FALSE(ended(chunked, "3\r\nabc\r\n"));
    CHECK_FALSE(ended({.kind = Framing::Kind::length, .length = 4}, "abc"));
    CHECK(read(until_close, std::string(bytes_max + 1, 'a'), 500).status == 413);
    CHECK(read(until_close, std::string(bytes_max, 'a'), 500).status == 0);
}
