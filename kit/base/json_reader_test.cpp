#include "kit/base/json_reader.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <random>

using namespace jebi;
using namespace jebi::json;

namespace {

// Writes down what it is told.
class Scribe final : public Visitor {
public:
    std::string told;
    bool into_arrays = true;

    void begin_object() override { told += "{ "; }
    void key(std::string_view name) override { told += std::string(name) + ": "; }
    void end_object() override { told += "} "; }
    bool begin_array() override {
        if (into_arrays) told += "[ ";
        return into_arrays;
    }
    void end_array() override { told += "] "; }
    void array_text(std::string_view compact) override { told += "<" + std::string(compact) + "> "; }
    void text(std::string_view value) override { told += "'" + std::string(value) + "' "; }
    void integer(std::int64_t value) override { told += std::to_string(value) + " "; }
    void long_integer(std::string_view digits) override { told += "long " + std::string(digits) + " "; }
    void number(double value) override {
        Writer out;
        told += "~" + out.number(value).take() + " ";
    }
    void flag(bool value) override { told += value ? "yes " : "no "; }
    void null() override { told += "null "; }
};

std::string told(std::string_view text, bool into_arrays = true) {
    Reader reader;
    Scribe scribe;
    scribe.into_arrays = into_arrays;
    const auto status = reader.read(text, scribe);
    return status ? scribe.told : "refused: " + status.error().message;
}

std::string refusal(std::string_view text) {
    Reader reader;
    Scribe scribe;
    const auto status = reader.read(text, scribe);
    if (status) return "taken: " + scribe.told;
    CHECK(status.error().code == Code::invalid);
    return status.error().reason;
}

// Builds what json::parse() builds, to compare them.
class Builder final : public Visitor {
public:
    Value root;
    bool doubled = false, has_long = false;

    void begin_object() override { open(Value{Value::Object{}}); }
    void key(std::string_view name) override { keys_.emplace_back(name); }
    void end_object() override { open_.pop_back(); }
    bool begin_array() override {
        open(Value{Value::Array{}});
        return true;
    }
    void end_array() override { open_.pop_back(); }
    void array_text(std::string_view) override {}
    void text(std::string_view value) override { put(Value{std::string(value)}); }
    void integer(std::int64_t value) override { put(Value{value}); }
    void long_integer(std::string_view) override {
        has_long = true;
        put(Value{nullptr});
    }
    void number(double value) override { put(Value{value}); }
    void flag(bool value) override { put(Value{value}); }
    void null() override { put(Value{nullptr}); }

private:
    Value* put(Value value) {
        if (open_.empty()) {
            root = std::move(value);
            return &root;
        }
        if (auto* items = std::get_if<Value::Array>(&open_.back()->data))
            return &items->emplace_back(std::move(value));
        auto& members = std::get<Value::Object>(open_.back()->data);
        const auto [at, is_new] = members.insert_or_assign(keys_.back(), std::move(value));
        keys_.pop_back();
        doubled = doubled || !is_new;
        return &at->second;
    }
    void open(Value value) { open_.push_back(put(std::move(value))); }
    std::vector<Value*> open_;
    std::vector<std::string> keys_;
};

void write(Writer& out, const Value& value);

void write_all(Writer& out, const Value& value) {
    if (const auto* items = value.array()) {
        out.begin_array();
        for (const auto& item : *items)
            write(out, item);
        out.end_array();
    } else {
        out.begin_object();
        for (const auto& [key, item] : *value.object())
            write(out.key(key), item);
        out.end_object();
    }
}

void write(Writer& out, const Value& value) {
    if (value.array() != nullptr || value.object() != nullptr) {
        write_all(out, value);
    } else if (const auto* text = value.text()) {
        out.string(*text);
    } else if (const auto integer = value.integer()) {
        out.integer(*integer);
    } else if (const auto flag = value.flag()) {
        out.boolean(*flag);
    } else if (const auto* number = std::get_if<double>(&value.data)) {
        out.number(*number);
    } else {
        out.null();
    }
}

std::string written(const Value& value) {
    Writer out;
    write(out, value);
    return out.take();
}

// As a seed of its own each run, printed; JEBI_SEED repeats one.
std::uint64_t seed() {
    const char* given = std::getenv("JEBI_SEED");  // NOLINT(concurrency-mt-unsafe)
    const std::uint64_t chosen =
        given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
    MESSAGE("JEBI_SEED=" << chosen);
    return chosen;
}

// Texts of JSON's pieces, right and wrong.
class RandomTexts {
public:
    std::string next() {
        std::string text;
        if (below(2) == 0) {
            for (std::size_t i = 1 + below(8); i > 0; --i)
                text += pieces_[below(pieces_.size())];
            return text;
        }
        text = R"({"k":[1,{"m":"v\t"},-3.25e2],"l":{"n":null,"o":true}})";
        for (std::size_t i = below(3); i > 0; --i)
            text.replace(below(text.size()), below(3), pieces_[below(pieces_.size())]);
        return text;
    }
    std::size_t below(std::size_t end) {
        return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_);
    }

private:
    std::mt19937_64 random_{seed()};
    const std::vector<std::string> pieces_{"{",
                                           "}",
                                           "[",
                                           "]",
                                           ",",
                                           ":",
                                           "\"a\"",
                                           "\"b\\n\"",
                                           "1",
                                           "-2.5",
                                           "true",
                                           "null",
                                           " ",
                                           "\n",
                                           "1e5",
                                           "\"",
                                           "\\",
                                           "\"c\":",
                                           "[1,2]",
                                           "\"\\u00e9\"",
                                           "x",
                                           "{\"d\":false}",
                                           "\"\xc3\xa9\"",
                                           "\xff",
                                           "0"};
};

}  // namespace

TEST_CASE("a value is told piece by piece") {
    CHECK(told(R"({"a": 1, "b" :[true,false , null], "c":{ }, "d":[], "e":"x"})") ==
          "{ a: 1 b: [ yes no null ] c: { } d: [ ] e: 'x' } ");
    CHECK(told(" 7 ") == "7 ");
    CHECK(told("\n\"a\"\r\n") == "'a' ");
}

TEST_CASE("numbers keep what they are") {
    CHECK(told("[0,-0,-1,9223372036854775807,-9223372036854775808]") ==
          "[ 0 0 -1 9223372036854775807 -9223372036854775808 ] ");
    CHECK(told("[9223372036854775808,-9223372036854775809,123456789012345678901234567890]") ==
          "[ long 9223372036854775808 long -9223372036854775809 long 123456789012345678901234567890 ] ");
    CHECK(told("[1.5,1e3,-2.5E-1,1.0]") == "[ ~1.5 ~1000 ~-0.25 ~1 ] ");
    CHECK(told("[1e-400,-0.0000001e-999999999,0e999999,0." + std::string(400, '0') + "1]") ==
          "[ ~0 ~0 ~0 ~0 ] ");
}

TEST_CASE("malformed and endless numbers are refused") {
    for (const char* text :
         {"01",  "-",   "-01", "+1",       "1.",    ".5",     "1e",      "1e+",   "1.e1", "0x1",
          "1_0", "NaN", "--1", "Infinity", "1e400", "-1e400", "12\"a\"", "1.5.5", "1a",   "\xef\xbc\x91"}) {
        CAPTURE(text);
        CHECK(refusal(text) == "invalid_json");
    }
    CHECK(refusal("1" + std::string(400, '0') + ".0") == "invalid_json");
    CHECK(refusal("1" + std::string(400, '0') + "e-000000000000000000000001") == "invalid_json");
    CHECK(refusal("1e99999999999999999999") == "invalid_json");
    CHECK(told("0.5e-99999999999999999999") == "~0 ");
}

TEST_CASE("escapes are undone in keys and texts") {
    CHECK(told(R"({"\u0061\n":"\"\\\/\b\f\n\r\t"})") == "{ a\n: '\"\\/\b\f\n\r\t' } ");
    CHECK(told(R"("\uD55C\u00e9\ud83d\ude00x")") == "'\xed\x95\x9c\xc3\xa9\xf0\x9f\x98\x80x' ");
    CHECK(told(R"("\u0000")") == std::string("'\0' ", 4));
}

TEST_CASE("broken escapes and lone surrogates are refused") {
    for (const char* text :
         {R"("\x")", R"("\u12")", R"("\u12G4")", R"("\ud83d")", R"("\ude00")", R"("\ud83d\u0041")",
          R"("\ud83d\ud83d")", R"("\u+123")", R"("\ud83dx\ude00")", R"("\u-001")"}) {
        CAPTURE(text);
        CHECK(refusal(text) == "invalid_json");
    }
}

TEST_CASE("what breaks the grammar is refused") {
    for (const char* text : {"{\"a\" 1}",
                             "{a:1}",
                             "{\"a\":}",
                             "{\"a\":1,}",
                             "{,}",
                             "[1,]",
                             "[,1]",
                             "[1 2]",
                             "{\"a\":1]",
                             "[1}",
                             "}",
                             ":1",
                             ",",
                             "tru",
                             "True",
                             "nul",
                             "truefalse",
                             "{\"a\":1}}",
                             "1 2",
                             "[1]]",
                             "'a'",
                             "\"a\"b",
                             "{\"a\"::1}",
                             "{1:2}",
                             "{\"a\":1 \"b\":2}",
                             "\"a",
                             "{\"a\":\"b}",
                             "\"a\nb\"",
                             "\"a\tb\"",
                             "\xff",
                             "\"\xff\"",
                             "\"\xed\xa0\x80\"",
                             "\xef\xbb\xbf{}"}) {
        CAPTURE(text);
        CHECK(refusal(text) == "invalid_json");
    }
}

TEST_CASE("a text that only ends too early is told from a wrong one") {
    for (const char* text :
         {"{", "[", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "[1,", "[[]", "{\"a\":{}", "", " \n"}) {
        CAPTURE(text);
        CHECK(refusal(text) == "incomplete_json");
    }
}

TEST_CASE("nesting is allowed up to its bound") {
    const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
    CHECK(refusal(nested(depth_max)).starts_with("taken"));
    CHECK(refusal(nested(depth_max + 1)) == "invalid_json");
    CHECK(refusal(std::string(100'000, '[')) == "invalid_json");
    CHECK(refusal(std::string(100'000, '{')) == "invalid_json");
}

TEST_CASE("an array that nobody wants to look into comes as its compact text") {
    CHECK(told(R"({"a":[ 1 , "x , y" , {"b" : [ 2 ]} , [ ] , 1.50 ], "c": [], "d": 1})", false) ==
          R"({ a: <[1,"x , y",{"b":[2]},[],1.50]> c: <[]> d: 1 } )");
    CHECK(told(R"([1, [2, "\u0041"]])", false) == R"(<[1,[2,"\u0041"]]> )");
    CHECK(told("{\"a\":[1,}", false).starts_with("refused"));
    CHECK(told("{\"a\":[1 2]}", false).starts_with("refused"));
}

TEST_CASE("values may stand one behind the other") {
    Reader reader;
    Scribe scribe;
    const std::string_view text = "{\"a\":1}{\"a\":2}\n 3 [4]  ";
    REQUIRE(reader.open(text));
    std::vector<std::size_t> positions;
    while (!reader.at_end()) {
        positions.push_back(reader.position());
        REQUIRE(reader.next(scribe));
    }
    CHECK(scribe.told == "{ a: 1 } { a: 2 } 3 [ 4 ] ");
    CHECK(positions == std::vector<std::size_t>{0, 7, 16, 18});
    CHECK(reader.position() == text.size());
}

TEST_CASE("after an error nothing more comes, and the next text is read as if nothing had been") {
    Reader reader;
    Scribe scribe;
    REQUIRE(reader.open("[1,} 2 3"));
    CHECK_FALSE(reader.next(scribe));
    CHECK(reader.at_end());
    CHECK_FALSE(reader.open("\"a"));
    CHECK(reader.at_end());
    scribe.told.clear();
    REQUIRE(reader.read("[2]", scribe));
    CHECK(scribe.told == "[ 2 ] ");
    scribe.into_arrays = false;
    CHECK_FALSE(reader.read("[[1", scribe));
    REQUIRE(reader.read("{\"b\":1}", scribe));
    CHECK(scribe.told == "[ 2 ] { b: 1 } ");
}

TEST_CASE("a refusal says where") {
    CHECK(told("{\"a\":1,\n  x}") == "refused: This is no valid JSON: a key in quotes is missing (byte 10).");
}

TEST_CASE("texts of every length around the blocks of the index are read, and nothing behind them") {
    Reader reader;
    for (std::size_t size = 0; size < 300; ++size) {
        // Exactly as long as the text, so that the sanitizers see each byte that is read behind it.
        const std::string value(size, 'x');
        const std::vector<char> exact = [&] {
            const std::string text = "{\"k\":\"" + value + "\",\"n\":12}";
            return std::vector<char>(text.begin(), text.end());
        }();
        Scribe scribe;
        REQUIRE(reader.read({exact.data(), exact.size()}, scribe));
        CHECK(scribe.told == "{ k: '" + value + "' n: 12 } ");
        if (size % 50 == 0) reader.shrink(0);
    }
}

TEST_CASE("random texts are taken and refused as json::parse does") {
    RandomTexts texts;
    Reader reader;
    std::size_t taken = 0;
    for (int round = 0; round < 20'000; ++round) {
        const std::string text = texts.next();
        Builder builder;
        const bool read = reader.read(text, builder).has_value();
        const auto parsed = parse(text);
        if (builder.doubled || builder.has_long) continue;
        CAPTURE(text);
        REQUIRE(read == parsed.has_value());
        if (!read) continue;
        ++taken;
        REQUIRE(written(builder.root) == written(*parsed));
    }
    CHECK(taken > 100);
}

TEST_CASE("lines that are indexed at once are read as each of them by itself") {
    RandomTexts texts;
    Reader reader, alone;
    // What a line is told as, and how its reading ended.
    const auto told_of = [](Reader& opened) {
        Scribe scribe;
        Result<void> status;
        while (status && !opened.at_end())
            status = opened.next(scribe);
        return scribe.told + (status ? "" : status.error().message);
    };
    std::size_t indexed = 0;
    for (int round = 0; round < 10'000; ++round) {
        std::string text;
        for (std::size_t i = texts.below(4); i > 0; --i)
            text += texts.next() + (texts.below(4) == 0 ? "\r\n" : "\n");
        if (texts.below(2) == 0) text += texts.next();
        CAPTURE(text);
        if (!reader.open_lines(text)) continue;
        ++indexed;
        for (std::string_view rest = text; !rest.empty();) {
            const std::string_view line = rest.substr(0, rest.find('\n'));
            rest.remove_prefix(std::min(rest.size(), line.size() + 1));
            REQUIRE(reader.next_line());
            REQUIRE(alone.open(line));
            REQUIRE(told_of(reader) == told_of(alone));
        }
        CHECK_FALSE(reader.next_line());
    }
    CHECK(indexed > 1'000);
}
