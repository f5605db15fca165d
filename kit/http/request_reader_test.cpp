#include "kit/http/request_reader.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "kit/http/http_testing.h"

using namespace jebi;
using namespace jebi::http;

namespace {

const Limits limits;

const std::string get = "GET /a?b=c HTTP/1.1\r\nHost: a\r\n\r\n";
const std::string post = "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
const std::string chunked =
    "PUT /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nT: "
    "u\r\n\r\n";

}  // namespace

TEST_CASE("a request is read with its parts") {
    RequestReader reader{limits};
    CHECK(reader.stage() == Stage::idle);
    feed(reader, get);
    REQUIRE(reader.stage() == Stage::whole);
    const Request& request = reader.request();
    CHECK(request.method == Method::get);
    CHECK(request.path == "/a");
    CHECK(request.query == "b=c");
    CHECK(request.fields.get("host") == "a");
    CHECK(request.body.empty());
    CHECK(reader.keep_alive());
}

TEST_CASE("targets in absolute form lose their host, and an empty path is the root") {
    const auto path_of = [](const std::string& target, const std::string& method = "GET") {
        RequestReader reader{limits};
        feed(reader, method + " " + target + " HTTP/1.1\r\nHost: a:1\r\n\r\n");
        REQUIRE(reader.stage() == Stage::whole);
        return std::string(reader.request().path) + " " + std::string(reader.request().query);
    };
    CHECK(path_of("http://a:1/x/y?z") == "/x/y z");
    CHECK(path_of("http://a:1?z") == "/ z");
    CHECK(path_of("https://A:1") == "/ ");
    CHECK(path_of("/?") == "/ ");
    CHECK(path_of("//x//") == "//x// ");
    CHECK(path_of("/a?b?c") == "/a b?c");
    CHECK(path_of("*", "OPTIONS") == "* ");
}

TEST_CASE("pipelined requests are read in their order, wherever the bytes are cut") {
    const std::string bytes = get + post + "\r\n" + chunked + get;
    const auto expected = requests_in(limits, bytes, {});
    REQUIRE(expected == std::vector<std::string>{"GET /a?b=c []", "POST /p? [hello]", "PUT /c? [abcdefg]",
                                                 "GET /a?b=c []"});
    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
        CAPTURE(cut);
        CHECK(requests_in(limits, bytes, {cut}) == expected);
    }
    std::vector<std::size_t> everywhere;
    for (std::size_t cut = 1; cut < bytes.size(); ++cut)
        everywhere.push_back(cut);
    CHECK(requests_in(limits, bytes, everywhere) == expected);
}

TEST_CASE("the views of a request survive what arrives behind it") {
    RequestReader reader{limits};
    const std::string filler(3000, 'f');
    feed(reader, "POST /p HTTP/1.1\r\nHost: a\r\nX-F: " + filler + "\r\nContent-Length: 100000\r\n\r\n");
    CHECK(reader.stage() == Stage::body);
    feed(reader, std::string(100'000, 'b'));
    REQUIRE(reader.stage() == Stage::whole);
    while (!reader.space().empty())
        reader.arrived(reader.space().size());
    CHECK(reader.request().path == "/p");
    CHECK(reader.request().fields.get("X-F") == filler);
    CHECK(reader.request().body == std::string(100'000, 'b'));
}

TEST_CASE("what comes behind a body while its request is answered is not lost") {
    RequestReader reader{limits};
    feed(reader, post + get.substr(0, 10));
    REQUIRE(reader.stage() == Stage::whole);
    feed(reader, get.substr(10));
    CHECK(reader.request().path == "/p");
    CHECK(reader.request().body == "hello");
    reader.next();
    REQUIRE(reader.stage() == Stage::whole);
    CHECK(reader.request().path == "/a");
}

TEST_CASE("a head of any size leaves space for what comes while it is answered") {
    for (std::size_t size = 3900; size < 4200; ++size) {
        RequestReader reader{limits};
        const std::string head = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
        feed(reader, head + std::string(size - head.size() - 4, 'x') + "\r\n\r\n");
        REQUIRE(reader.stage() == Stage::whole);
        CHECK(reader.space().size() >= 256);
        CHECK(reader.request().fields.get("Host") == "a");
    }
}

TEST_CASE("one empty line before a request is forgiven, two are not") {
    const std::string twice = std::string(get).append("\r\n").append(get);
    for (std::size_t cut = 1; cut <= 3; ++cut) {
        CHECK(requests_in(limits, "\r\n" + get, {cut}).size() == 1);
        CHECK(requests_in(limits, twice, {get.size() + cut}).size() == 2);
        CHECK(requests_in(limits, "\r\n\r\n" + get, {cut}).back() == "refused 400");
    }
    CHECK(requests_in(limits, "\n" + get, {}).back() == "refused 400");
    CHECK(requests_in(limits, "\r" + get, {1}).back() == "refused 400");
}

TEST_CASE("what is refused stays refused") {
    for (const auto& [bytes, status] : std::vector<std::pair<std::string, int>>{
             {"GET / HTTP/1.1\r\n\r\n", 400},
             {"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
             {"get / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
             {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
             {"POST / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\n\r\n", 417},
             {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n", 413},
             {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n100001\r\n", 413},
             {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400},
         }) {
        CAPTURE(bytes);
        CHECK(requests_in(limits, bytes + get, {}) ==
              std::vector<std::string>{"refused " + std::to_string(status)});
    }
}

TEST_CASE("a client that waits for 100 Continue is known until its body begins") {
    const std::string head =
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-Continue\r\n\r\n";
    RequestReader waits{limits};
    feed(waits, head);
    CHECK(waits.stage() == Stage::body);
    CHECK(waits.wants_continue());
    CHECK_FALSE(waits.wants_continue());
    RequestReader goes_on{limits};
    feed(goes_on, head + "h");
    CHECK_FALSE(goes_on.wants_continue());
    RequestReader old{limits};
    feed(old, "POST / HTTP/1.0\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    CHECK(old.stage() == Stage::body);
    CHECK_FALSE(old.wants_continue());
}

// Requests, broken requests and noise, cut at random: never a crash (the sanitizers look), never a request
// where another cut finds none.
TEST_CASE("random bytes, cut at random, are read the same as in one piece") {
    std::mt19937 random{test_seed()};
    const auto below = [&](std::size_t end) {
        return std::uniform_int_distribution<std::size_t>{0, end - 1}(random);
    };
    const std::vector<std::string> words{get,    post,    chunked,    "\r\n",
                                         "\n",   "\r",    ":",        " ",
                                         "0",    "5",     "Host",     "GET /",
                                         "a: b", "\r\n ", "%",        ";",
                                         "\t",   "\x80",  "HTTP/1.1", "Transfer-Encoding: chunked\r\n"};
    for (int round = 0; round < 3000; ++round) {
        std::string bytes;
        for (std::size_t i = below(6); i > 0; --i)
            bytes += words[below(below(2) == 0 ? 3 : words.size())];
        for (std::size_t i = below(4); i > 0 && !bytes.empty(); --i) {
            const std::string& word = words[below(words.size())];
            const std::size_t at = below(bytes.size());
            if (below(2) == 0) {
                bytes.insert(at, word);
            } else {
                bytes[at] = static_cast<char>(below(256));
            }
        }
        std::vector<std::size_t> cuts;
        for (std::size_t i = below(5); i > 0 && !bytes.empty(); --i)
            cuts.push_back(below(bytes.size()));
        std::ranges::sort(cuts);
        CAPTURE(bytes);
        REQUIRE(requests_in(limits, bytes, cuts) == requests_in(limits, bytes, {}));
    }
}
