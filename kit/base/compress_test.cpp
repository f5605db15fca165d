#include "kit/base/compress.h"

#include <brotli/decode.h>
#include <doctest/doctest.h>

#include <cstdint>

namespace jebi {

namespace {

std::string unbrotlied(std::string_view brotli, std::size_t size) {
    std::string out(size, '\0');
    const auto result =
        BrotliDecoderDecompress(brotli.size(), reinterpret_cast<const std::uint8_t*>(brotli.data()), &size,
                                reinterpret_cast<std::uint8_t*>(out.data()));
    return result == BROTLI_DECODER_RESULT_SUCCESS ? out.substr(0, size) : "damaged";
}

std::string some_text() {
    std::string text;
    for (int i = 0; i < 20'000; ++i)
        text += "제비 " + std::to_string(i * 7919 % 1000) + "\n";
    return text;
}

}  // namespace

TEST_CASE("what was gzipped comes back") {
    const std::string long_text = some_text();
    for (const std::string& text : {std::string(), std::string("a"), std::string("a\0b", 3), long_text}) {
        for (const int level : {1, 6, 9})
            CHECK(gunzipped(gzipped(text, level), text.size()).value() == text);
    }
    CHECK(gzipped(long_text, 9).size() < long_text.size() / 3);
}

TEST_CASE("gzip says nothing about when or where it was made") {
    const std::string gzip = gzipped("text", 9);
    CHECK(gzip.substr(0, 4) == std::string("\x1f\x8b\x08\x00", 4));
    CHECK(gzip.substr(4, 4) == std::string(4, '\0'));  // the time
    CHECK(gzip == gzipped("text", 9));
}

TEST_CASE("what was brotlied comes back") {
    const std::string long_text = some_text();
    for (const std::string& text : {std::string(), std::string("a"), long_text}) {
        CHECK(unbrotlied(brotlied(text, 5), text.size()) == text);
        CHECK(unbrotlied(brotlied(text, 11), text.size()) == text);
    }
    CHECK(brotlied(long_text, 5).size() < long_text.size() / 3);
}

TEST_CASE("more than the bound is not decompressed") {
    const std::string bomb = gzipped(std::string(8'000'000, 'a'), 9);
    CHECK(bomb.size() < 100'000);
    const auto result = gunzipped(bomb, 1'000'000);
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == Code::exhausted);
    // Nor is it read to its end, where it would turn out to be damaged.
    CHECK(gunzipped(bomb.substr(0, bomb.size() - 1), 1'000'000).error().code == Code::exhausted);
}

TEST_CASE("the bound itself is still allowed") {
    const std::string text(200'000, 'a');
    const std::string gzip = gzipped(text, 9);
    CHECK(gunzipped(gzip, text.size()).has_value());
    CHECK(gunzipped(gzip, text.size() - 1).error().code == Code::exhausted);
    CHECK(gunzipped(gzip, SIZE_MAX).has_value());
    CHECK(gunzipped(gzipped("", 9), 0).value().empty());
}

TEST_CASE("damaged, cut and extended gzip is refused") {
    const std::string whole = gzipped(some_text(), 6);
    std::string flipped = whole;
    flipped[whole.size() / 2] ^= 0x20;
    std::string wrong_sum = whole;
    wrong_sum[whole.size() - 6] ^= 1;
    for (const std::string& gzip :
         {std::string(), std::string("plain text"), whole.substr(0, 5), whole.substr(0, whole.size() / 2),
          whole.substr(0, whole.size() - 1), flipped, wrong_sum, whole + "x", whole + whole}) {
        const auto result = gunzipped(gzip, 10'000'000);
        REQUIRE_FALSE(result.has_value());
        CHECK(result.error().code == Code::invalid);
    }
}

TEST_CASE("gzip is read in pieces of any size, and several parts count as one") {
    const std::string text = some_text(), gzip = gzipped(text, 6) + gzipped("", 6) + gzipped(text, 9);
    for (const std::size_t packed_bytes : {1UL, 7UL, 1'000UL, gzip.size()}) {
        for (const std::size_t bytes_max : {1UL, 13UL, 5'000UL, 10'000'000UL}) {
            GzipReader reader;
            CHECK(reader.is_whole());
            std::string out;
            for (std::size_t begin = 0; begin < gzip.size(); begin += packed_bytes) {
                std::string_view packed = std::string_view(gzip).substr(begin, packed_bytes);
                for (std::size_t before = SIZE_MAX; before != out.size();) {
                    before = out.size();
                    REQUIRE(reader.read(packed, bytes_max, out));
                    REQUIRE(out.size() - before <= bytes_max);
                }
                REQUIRE(packed.empty());
            }
            CHECK(reader.is_whole());
            CHECK((out == text + text));
        }
    }
}

TEST_CASE("gzip that is read in pieces is refused where it is damaged, and not whole where it is cut") {
    std::string gzip = gzipped(some_text(), 6), out;
    GzipReader cut;
    std::string_view packed = std::string_view(gzip).substr(0, gzip.size() - 1);
    REQUIRE(cut.read(packed, 10'000'000, out));
    CHECK_FALSE(cut.is_whole());
    gzip[gzip.size() - 6] ^= 1;
    GzipReader damaged;
    packed = gzip;
    CHECK(damaged.read(packed, 10'000'000, out).error().code == Code::invalid);
    GzipReader plain;
    packed = "plain text";
    CHECK(plain.read(packed, 10'000'000, out).error().code == Code::invalid);
}

}  // namespace jebi
