#include "kit/base/json.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

namespace jebi::json {

namespace {

// `depth` arrays around a 1.
std::string nested(std::size_t depth) {
    return std::string(depth, '[') + "1" + std::string(depth, ']');
}

Value parsed(std::string_view text) {
    auto value = parse(text);
    REQUIRE(value.has_value());
    return std::move(*value);
}

}  // namespace

TEST_CASE("each kind of JSON value is read as what it is") {
    const Value value =
        parsed(R"( {"text":"제비","n":-7,"yes":true,"no":false,"none":null,"list":[1,[2],{}]} )");
    CHECK(*value.find("text")->text() == "제비");
    CHECK(value.find("n")->integer() == -7);
    CHECK(value.find("yes")->flag() == true);
    CHECK(value.find("no")->flag() == false);
    CHECK(std::holds_alternative<std::nullptr_t>(value.find("none")->data));
    REQUIRE(value.find("list")->array()->size() == 3);
    CHECK((*value.find("list")->array())[0].integer() == 1);
    CHECK((*value.find("list")->array())[2].object()->empty());
}

TEST_CASE("asking a value for what it is not gives nothing") {
    const Value value = parsed(R"({"text":"1","n":1})");
    CHECK(value.find("absent") == nullptr);
    CHECK(value.find("text")->find("text") == nullptr);
    CHECK(value.text() == nullptr);
    CHECK(value.array() == nullptr);
    CHECK_FALSE(value.find("text")->integer().has_value());
    CHECK_FALSE(value.find("n")->flag().has_value());
    CHECK(value.find("n")->object() == nullptr);
}

TEST_CASE("a document may be a single value") {
    CHECK(parsed("true").flag() == true);
    CHECK(parsed(" \"a\" ").text()->size() == 1);
    CHECK(parsed("\r\n\t 5 ").integer() == 5);
}

TEST_CASE("escapes in strings are decoded") {
    CHECK(*parsed(R"("\"\\\/\b\f\n\r\t")").text() == "\"\\/\b\f\n\r\t");
    CHECK(*parsed(R"("\uC81C\ube44")").text() == "제비");
    CHECK(*parsed(R"("\uD83D\uDE00")").text() == "😀");
    CHECK(*parsed(R"("a\u0000b")").text() == std::string("a\0b", 3));
    CHECK(parsed(R"({"\u0061":1})").find("a") != nullptr);
}

TEST_CASE("integers keep all their digits up to 64 bits") {
    CHECK(parsed("9223372036854775807").integer() == std::numeric_limits<std::int64_t>::max());
    CHECK(parsed("-9223372036854775808").integer() == std::numeric_limits<std::int64_t>::min());
    CHECK(std::get<std::uint64_t>(parsed("18446744073709551615").data) == UINT64_MAX);
    CHECK_FALSE(parsed("9223372036854775808").integer().has_value());
    CHECK_FALSE(parse("18446744073709551616").has_value());
    CHECK_FALSE(parse("-9223372036854775809").has_value());
    CHECK_FALSE(parse("1" + std::string(400, '0')).has_value());
}

TEST_CASE("numbers with a fraction or an exponent are no integers") {
    CHECK(std::get<double>(parsed("0.1").data) == 0.1);
    CHECK(std::get<double>(parsed("-1.5E+2").data) == -150.0);
    CHECK(std::get<double>(parsed("1e-400").data) == 0.0);
    CHECK_FALSE(parsed("1.0").integer().has_value());
    CHECK_FALSE(parse("1e400").has_value());
}

TEST_CASE("what RFC 8259 does not allow is refused") {
    for (const std::string& text : {
             std::string(),
             std::string("  "),
             std::string("nul"),
             std::string("NULL"),
             std::string("truex"),
             std::string("NaN"),
             std::string("Infinity"),
             std::string("-Infinity"),
             std::string("undefined"),
             std::string("01"),
             std::string("-"),
             std::string("+1"),
             std::string(".5"),
             std::string("1."),
             std::string("1e"),
             std::string("0x10"),
             std::string("--1"),
             std::string("1_000"),
             std::string("["),
             std::string("]"),
             std::string("[1"),
             std::string("[1,]"),
             std::string("[,1]"),
             std::string("[1 2]"),
             std::string("[1}"),
             std::string("[1]]"),
             std::string("[1] 2"),
             std::string("{"),
             std::string("{\"a\"}"),
             std::string("{\"a\":}"),
             std::string("{\"a\":1,}"),
             std::string("{\"a\" 1}"),
             std::string("{a:1}"),
             std::string("{1:2}"),
             std::string("{'a':1}"),
             std::string("'a'"),
             std::string("\"a"),
             std::string("\"\\x\""),
             std::string("\"\\u12G4\""),
             std::string("\"\\u12\""),
             std::string("\"a\nb\""),
             std::string("\"\t\""),
             std::string("\"\0\"", 3),
             std::string("1\0", 2),
             std::string("[1]//"),
             std::string("/**/1"),
         }) {
        CAPTURE(text);
        CHECK_FALSE(parse(text).has_value());
    }
}

TEST_CASE("lone surrogates are refused, so that every string is UTF-8") {
    for (const char* text :
         {R"("\uD800")", R"("\uDC00")", R"("\uD800\u0041")", R"("\uDE00\uD83D")", R"("\uD800a")"}) {
        CAPTURE(text);
        CHECK_FALSE(parse(text).has_value());
    }
}

TEST_CASE("text that is not UTF-8 is refused, and so is a byte order mark") {
    CHECK_FALSE(parse("\"\xff\"").has_value());
    CHECK_FALSE(parse("\"\xed\xa0\x80\"").has_value());
    CHECK_FALSE(parse("\"\xc0\xaf\"").has_value());
    CHECK_FALSE(parse("\xef\xbb\xbf{}").has_value());
}

TEST_CASE("a key that is there twice is refused, however it is spelled") {
    CHECK_FALSE(parse(R"({"a":1,"b":2,"a":1})").has_value());
    CHECK_FALSE(parse(R"({"a":1,"\u0061":2})").has_value());
    CHECK_FALSE(parse(R"([{"x":{"a":1,"a":2}}])").has_value());
    CHECK(parse(R"([{"a":1},{"a":2}])").has_value());
}

TEST_CASE("an error says what is wrong, with a reason for programs") {
    const auto twice = parse(R"({"a":1,"a":2})");
    CHECK(twice.error().code == Code::invalid);
    CHECK(twice.error().reason == "invalid_json");
    CHECK(twice.error().message == "This is no valid JSON: the key \"a\" is there twice.");
    CHECK(parse("\"abc").error().message == "This is no valid JSON: a string is not closed.");
}

TEST_CASE("nesting is bounded") {
    CHECK(parse(nested(depth_max)).has_value());
    CHECK_FALSE(parse(nested(depth_max + 1)).has_value());
    CHECK(parse(nested(depth_max + 1)).error().message == "This is no valid JSON: it is nested too deeply.");
    CHECK_FALSE(parse(nested(1'000'000)).has_value());
    CHECK_FALSE(parse(std::string(1'000'000, '[')).has_value());
    std::string objects;
    for (std::size_t i = 0; i < depth_max + 1; ++i)
        objects += "{\"a\":";
    CHECK_FALSE(parse(objects + "1" + std::string(depth_max + 1, '}')).has_value());
}

TEST_CASE("input does not need to be followed by anything") {
    const std::vector<char> exact = {'[', '1', '2', ']'};
    CHECK(parse(std::string_view(exact.data(), exact.size())).has_value());
    CHECK((*parsed(std::string_view("[12]34", 4)).array())[0].integer() == 12);
}

}  // namespace jebi::json
