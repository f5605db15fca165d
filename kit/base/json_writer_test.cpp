#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <csignal>
#include <limits>

#include "kit/base/json.h"

namespace jebi::json {

namespace {

std::string quoted(std::string_view text) {
    std::string out;
    append_quoted(out, text);
    return out;
}

// Runs `mistake` in a process of its own, where an assert may stop it.
template <typename Mistake>
bool stops(Mistake mistake) {
    const pid_t child = fork();
    if (child == 0) {
        std::signal(SIGABRT, SIG_DFL);  // doctest would report the child's end as its own.
        close(STDERR_FILENO);
        mistake();
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

}  // namespace

TEST_CASE("the writer puts commas and colons where they belong") {
    Writer out;
    out.begin_object();
    out.key("id").id(18446744073709551615u).key("n").integer(-5).key("yes").boolean(true).key("none").null();
    out.key("list").begin_array().integer(1).string("a").begin_array().end_array();
    out.begin_object().end_object().begin_object().key("b").boolean(false).end_object().end_array();
    out.key("last").number(0.5).end_object();
    CHECK(
        out.take() ==
        R"({"id":"18446744073709551615","n":-5,"yes":true,"none":null,"list":[1,"a",[],{},{"b":false}],"last":0.5})");
}

TEST_CASE("a writer can be used again after its text was taken") {
    Writer out;
    CHECK(out.integer(1).take() == "1");
    CHECK(out.begin_array().end_array().take() == "[]");
    CHECK(out.string("x").take() == "\"x\"");
}

TEST_CASE("what the writer wrote, the parser reads") {
    Writer out;
    out.begin_object().key("a\"\\<\n").string("제비 😀 \x01\x1f \u2028").end_object();
    const auto read = parse(out.take());
    REQUIRE(read.has_value());
    CHECK(*read->find("a\"\\<\n")->text() == "제비 😀 \x01\x1f \u2028");
}

TEST_CASE("numbers are written as short as they can be read back") {
    Writer out;
    const auto written = [&](double value) { return out.number(value).take(); };
    CHECK(written(0.1) == "0.1");
    CHECK(written(3.0) == "3");
    CHECK(written(-0.0) == "-0");
    CHECK(written(1e300) == "1e+300");
    CHECK(written(std::numeric_limits<double>::denorm_min()) == "5e-324");
    CHECK(written(std::numeric_limits<double>::max()) == "1.7976931348623157e+308");
    CHECK(written(9007199254740991.0) == "9007199254740991");
    CHECK(out.integer(std::numeric_limits<std::int64_t>::min()).take() == "-9223372036854775808");
}

TEST_CASE("large numbers are not taken for integers that do not fit") {
    for (const double value : {9007199254740992.0, -9223372036854775808.0, 18446744073709551616.0, 1e300}) {
        Writer out;
        const auto read = parse(out.number(value).take());
        REQUIRE(read.has_value());
        CHECK(std::get<double>(read->data) == value);
    }
}

TEST_CASE("numbers that JSON cannot say become null") {
    Writer out;
    CHECK(out.number(std::nan("")).take() == "null");
    CHECK(out.number(std::numeric_limits<double>::infinity()).take() == "null");
    CHECK(out.begin_object().key("n").number(-std::numeric_limits<double>::infinity()).end_object().take() ==
          R"({"n":null})");
}

TEST_CASE("strings are escaped as RFC 8259 asks, and for use inside <script>") {
    CHECK(quoted("") == R"("")");
    CHECK(quoted("plain 제비 😀") == "\"plain 제비 😀\"");
    CHECK(quoted("\"\\/\n\r\t\b\f") == R"("\"\\/\n\r\t\u0008\u000c")");
    CHECK(quoted(std::string_view("\0\x1f", 2)) == R"("\u0000\u001f")");
    CHECK(quoted("</script><!--") == R"("\u003c/script>\u003c!--")");
    CHECK(quoted("a\u2028b\u2029") == R"("a\u2028b\u2029")");
    CHECK(quoted("\u2027\u202a") == "\"\u2027\u202a\"");
}

TEST_CASE("what is no UTF-8 becomes U+FFFD") {
    CHECK(quoted("a\xff"
                 "b") == "\"a\uFFFDb\"");
    CHECK(quoted("\xe2\x80") == "\"\uFFFD\"");
    CHECK(quoted("\xe2") == "\"\uFFFD\"");
    CHECK(quoted("<\xff>") == "\"\\u003c\uFFFD>\"");
}

TEST_CASE("breaking the grammar is our mistake") {
    CHECK_FALSE(stops([] { Writer().begin_object().key("a").null().end_object().take(); }));
    CHECK(stops([] { Writer().begin_object().integer(1); }));             // a value without a key
    CHECK(stops([] { Writer().begin_array().key("a"); }));                // a key in an array
    CHECK(stops([] { Writer().key("a"); }));                              // a key in nothing
    CHECK(stops([] { Writer().begin_object().key("a").key("b"); }));      // two keys
    CHECK(stops([] { Writer().begin_object().key("a").end_object(); }));  // a key without a value
    CHECK(stops([] { Writer().begin_object().end_array(); }));            // the wrong bracket
    CHECK(stops([] { Writer().end_array(); }));                           // a bracket too many
    CHECK(stops([] { Writer().integer(1).integer(2); }));                 // two documents
    CHECK(stops([] { Writer().begin_array().take(); }));                  // half a document
    CHECK(stops([] { Writer().take(); }));                                // none
}

}  // namespace jebi::json
