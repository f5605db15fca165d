#include "kit/base/trace.h"

#include <doctest/doctest.h>

#include <initializer_list>
#include <set>

namespace jebi {

namespace {

constexpr std::string_view id = "0af7651916cd43dd8448eb211c80319c";
constexpr std::string_view span = "b7ad6b7169203331";

std::string header(std::initializer_list<std::string_view> parts) {
    std::string text;
    for (const std::string_view part : parts)
        text += part;
    return text;
}

// With one part other than it should be.
std::string with_version(std::string_view version) {
    return header({version, "-", id, "-", span, "-01"});
}
std::string with_id(std::string_view other) {
    return header({"00-", other, "-", span, "-01"});
}
std::string with_span(std::string_view other) {
    return header({"00-", id, "-", other, "-01"});
}
std::string with_flags(std::string_view flags) {
    return header({"00-", id, "-", span, "-", flags});
}

const std::string valid = with_flags("01");

}  // namespace

TEST_CASE("a traceparent is read and written back the same") {
    const auto trace = trace_from(valid);
    REQUIRE(trace.has_value());
    CHECK(trace->id_hex() == id);
    CHECK(trace->span == 0xb7ad6b7169203331);
    CHECK(trace->sampled);
    CHECK(trace->traceparent() == valid);
}

TEST_CASE("only the lowest flag means sampled") {
    CHECK_FALSE(trace_from(with_flags("00"))->sampled);
    CHECK_FALSE(trace_from(with_flags("02"))->sampled);
    CHECK(trace_from(with_flags("ff"))->sampled);
}

TEST_CASE("a higher version is read as version 0, with or without more fields") {
    const std::string future = with_version("cc");
    CHECK(trace_from(future).has_value());
    CHECK(trace_from(future + "-what-the-future-will-be").has_value());
    CHECK(trace_from(future + "-").has_value());
    CHECK_FALSE(trace_from(future + ".what").has_value());
    CHECK_FALSE(trace_from(future + "1").has_value());
}

TEST_CASE("the version ff is forbidden, and version 00 has no more fields") {
    CHECK_FALSE(trace_from(with_version("ff")).has_value());
    CHECK_FALSE(trace_from(with_version("0g")).has_value());
    CHECK_FALSE(trace_from(valid + "-00").has_value());
    CHECK_FALSE(trace_from(valid + "0").has_value());
}

TEST_CASE("ids of zeros stand for none, so they are refused") {
    CHECK_FALSE(trace_from(with_id("00000000000000000000000000000000")).has_value());
    CHECK_FALSE(trace_from(with_span("0000000000000000")).has_value());
    CHECK(trace_from(with_id("00000000000000000000000000000001")).has_value());
    CHECK(trace_from(with_id("10000000000000000000000000000000")).has_value());
}

TEST_CASE("only lower-case hex is read") {
    CHECK_FALSE(trace_from(with_id("0AF7651916CD43DD8448EB211C80319C")).has_value());
    CHECK_FALSE(trace_from(with_id("0af7651916cd43dd8448eb211c80319g")).has_value());
    CHECK_FALSE(trace_from(with_span("B7AD6B7169203331")).has_value());
    CHECK_FALSE(trace_from(with_flags("0x")).has_value());
    CHECK_FALSE(trace_from(with_flags("0A")).has_value());
}

TEST_CASE("every part has its place and its length") {
    CHECK_FALSE(trace_from("").has_value());
    CHECK_FALSE(trace_from("00").has_value());
    CHECK_FALSE(trace_from(valid.substr(1)).has_value());
    CHECK_FALSE(trace_from(valid.substr(0, valid.size() - 1)).has_value());
    CHECK_FALSE(trace_from(" " + valid).has_value());
    for (const std::size_t dash : std::initializer_list<std::size_t>{2, 35, 52}) {
        std::string text = valid;
        text[dash] = '_';
        CHECK_FALSE(trace_from(text).has_value());
    }
}

TEST_CASE("a started trace can be read by others") {
    const auto read = trace_from(Trace::start(true).traceparent());
    REQUIRE(read.has_value());
    CHECK(read->sampled);
    CHECK_FALSE(Trace::start().sampled);
}

TEST_CASE("a child belongs to the same request and is another piece of it") {
    const Trace parent = Trace::start(true);
    const Trace child = parent.child();
    CHECK(child.id == parent.id);
    CHECK(child.sampled);
    CHECK(child.span != parent.span);
    CHECK(child.span != 0);
}

TEST_CASE("the last of all ids is among all traces, and the first among any share") {
    CHECK(trace_from(with_id("ffffffffffffffffffffffffffffffff"))->is_within(1));
    CHECK_FALSE(trace_from(with_id("ffffffffffffffffffffffffffffffff"))->is_within(0.99));
    CHECK(trace_from(with_id("ffffffffffffffff0000000000000000"))->is_within(0.01));
    CHECK_FALSE(trace_from(with_id("ffffffffffffffff0000000000000000"))->is_within(0));
}

TEST_CASE("a share of all traces is told by their ids") {
    int within = 0;
    for (int i = 0; i < 10'000; ++i) {
        const Trace trace = Trace::start();
        CHECK_FALSE(trace.is_within(0));
        CHECK(trace.is_within(1));
        CHECK(trace.is_within(0.25) == trace.child().is_within(0.25));
        if (trace.is_within(0.25)) ++within;
    }
    CHECK(within > 2'000);  // 2500 +- 43: no run in 10^30 leaves these bounds
    CHECK(within < 3'000);
}

TEST_CASE("no two of a thousand traces are the same") {
    std::set<std::string> seen;
    for (int i = 0; i < 1'000; ++i)
        seen.insert(Trace::start().traceparent());
    CHECK(seen.size() == 1'000);
}

}  // namespace jebi
