// Whatever bytes come: nothing crashes, and what was accepted can be written and read again.
#include <doctest/doctest.h>

#include <cstdlib>
#include <random>

#include "kit/base/compress.h"
#include "kit/base/crypto.h"
#include "kit/base/ids.h"
#include "kit/base/json.h"
#include "kit/base/trace.h"
#include "kit/base/unicode.h"

namespace jebi {

namespace {

// A seed of its own each run, printed; JEBI_SEED repeats one.
class Random {
public:
    Random() { MESSAGE("JEBI_SEED=" << seed_); }

    std::size_t below(std::size_t end) {
        return std::uniform_int_distribution<std::size_t>(0, end - 1)(generator_);
    }
    std::string bytes(std::size_t size_max) {
        std::string text(below(size_max + 1), '\0');
        for (char& c : text)
            c = static_cast<char>(below(256));
        return text;
    }
    // `text` with a few characters changed, dropped, doubled or moved: more of it gets past the first check.
    std::string changed(std::string text) {
        for (std::size_t i = below(4); i > 0 && !text.empty(); --i) {
            const std::size_t at = below(text.size());
            switch (below(4)) {
                case 0:
                    text[at] = static_cast<char>(below(256));
                    break;
                case 1:
                    text.erase(at, 1);
                    break;
                case 2:
                    text.insert(at, 1, text[below(text.size())]);
                    break;
                default:
                    text.insert(at, text.substr(below(text.size()), below(8)));
                    break;
            }
        }
        return text;
    }

private:
    static std::uint64_t chosen_seed() {
        const char* given = std::getenv("JEBI_SEED");  // NOLINT(concurrency-mt-unsafe)
        return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
    }
    std::uint64_t seed_ = chosen_seed();
    std::mt19937_64 generator_{seed_};
};

void write(json::Writer& out, const json::Value& value);

void write_array(json::Writer& out, const json::Value::Array& items) {
    out.begin_array();
    for (const json::Value& item : items)
        write(out, item);
    out.end_array();
}

void write_object(json::Writer& out, const json::Value::Object& members) {
    out.begin_object();
    for (const auto& [key, item] : members)
        write(out.key(key), item);
    out.end_object();
}

void write(json::Writer& out, const json::Value& value) {
    if (const auto* text = value.text())
        out.string(*text);
    else if (const auto number = value.integer())
        out.integer(*number);
    else if (const auto flag = value.flag())
        out.boolean(*flag);
    else if (const auto* items = value.array())
        write_array(out, *items);
    else if (const auto* members = value.object())
        write_object(out, *members);
    else if (const auto* large = std::get_if<std::uint64_t>(&value.data))
        out.number(static_cast<double>(*large));
    else if (const auto* real = std::get_if<double>(&value.data))
        out.number(*real + 0.0);  // -0.0 becomes 0.0: "-0" is read as an integer.
    else
        out.null();
}

std::string written(const json::Value& value) {
    json::Writer out;
    write(out, value);
    return out.take();
}

constexpr int rounds = 20'000;

}  // namespace

TEST_CASE("random bytes: two libraries agree on what is UTF-8, and repaired text is") {
    Random random;
    for (int i = 0; i < rounds; ++i) {
        const std::string bytes =
            i % 2 == 0 ? random.bytes(64) : random.changed("제비 é 😀 \u2028 \U0010ffff abc");
        CAPTURE(hex(bytes));
        const std::string repaired = repaired_utf8(bytes);
        REQUIRE(is_utf8(bytes) == (repaired == bytes));
        REQUIRE(is_utf8(repaired));
    }
}

TEST_CASE("random text: the forms of a text are stable, and counts are in bounds") {
    Random random;
    for (int i = 0; i < rounds; ++i) {
        const std::string text = repaired_utf8(random.changed(
            "ＡＢＣ ㅎㅏㄴ \u1112\u1161\u11ab é\u0301 👨‍👩‍👧 🇰🇷 1\u20e3 "
            "©\ufe0f\u3000"));
        CAPTURE(hex(text));
        REQUIRE(nfc(nfc(text)) == nfc(text));
        REQUIRE(folded(folded(text)) == folded(text));
        REQUIRE(trimmed(trimmed(text)) == trimmed(text));
        const CodePoints points = code_points(text);
        REQUIRE(grapheme_count(text) <= points.points.size());
        for (std::size_t at = 0; at < points.points.size(); ++at) {
            REQUIRE(emoji_length(points.points, at) <= points.points.size() - at);
        }
    }
}

TEST_CASE("random JSON: what is read can be written and read again") {
    const std::string samples[] = {
        R"({"a":[1,-2.5e3,true,null,{"b":"c\u00e9\n"}],"z":18446744073709551615,"":{}})",
        R"([[[]],{"k":"\uD83D\uDE00"},"제비",0.1,-0,9007199254740993])",
    };
    Random random;
    int accepted = 0;
    for (int i = 0; i < rounds; ++i) {
        const std::string text = i % 4 == 0 ? random.bytes(64) : random.changed(samples[i % 2]);
        CAPTURE(text);
        const auto value = json::parse(text);
        if (!value.has_value()) continue;
        ++accepted;
        const std::string once = written(*value);
        const auto again = json::parse(once);
        REQUIRE(again.has_value());
        REQUIRE(written(*again) == once);
    }
    CHECK(accepted > rounds / 10);
}

TEST_CASE("random traceparents: what is read is written back the same") {
    Random random;
    int accepted = 0;
    for (int i = 0; i < rounds; ++i) {
        const std::string text =
            i % 4 == 0 ? random.bytes(64) : random.changed(Trace::start(true).traceparent());
        CAPTURE(text);
        const auto trace = trace_from(text);
        if (!trace.has_value()) continue;
        ++accepted;
        REQUIRE(trace->traceparent().substr(3, 49) == text.substr(3, 49));
    }
    CHECK(accepted > rounds / 10);
}

TEST_CASE("random ids: what is read is written back the same") {
    Random random;
    int accepted = 0;
    for (int i = 0; i < rounds; ++i) {
        const std::string text = i % 4 == 0 ? random.bytes(24) : random.changed("9223372036854775807");
        CAPTURE(text);
        const auto id = id_from(text);
        if (!id.has_value()) continue;
        ++accepted;
        REQUIRE(std::to_string(*id) == text);
    }
    CHECK(accepted > rounds / 10);
}

TEST_CASE("random gzip and base64: nothing is read past its bound") {
    Random random;
    const std::string gzip = gzipped("제비가 돌아왔다. 제비가 돌아왔다.", 9);
    for (int i = 0; i < rounds; ++i) {
        const auto unzipped = gunzipped(random.changed(gzip), 100);
        if (unzipped.has_value()) REQUIRE(unzipped->size() <= 100);
        const std::string text = random.changed("Zm9vYmFy+/8=");
        CAPTURE(text);
        const auto bytes = from_base64(text);
        if (bytes.has_value()) REQUIRE(base64(*bytes).starts_with(text));
    }
}

}  // namespace jebi
