#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "modules/log_analytics/store/filter.h"
#include "modules/log_analytics/store/number_encoding.h"
#include "modules/log_analytics/store/packing.h"
#include "modules/log_analytics/store/testing.h"
#include "modules/log_analytics/store/text_encoding.h"

namespace jebi::log_analytics {
namespace {

std::mt19937_64 random_of_run() {
    const std::uint64_t seed = std::random_device{}();
    MESSAGE("seed: " << seed);
    return std::mt19937_64{seed};
}

std::vector<std::uint64_t> random_bits_for(std::mt19937_64& random, std::size_t rows) {
    std::vector<std::uint64_t> bits((rows + 63) / 64);
    for (std::size_t row = 0; row < rows; ++row)
        bits[row / 64] |= (random() % 2) << (row % 64);
    return bits;
}

bool is_set(const std::vector<std::uint64_t>& bits, std::size_t row) {
    return bits.empty() || ((bits[row / 64] >> (row % 64)) & 1U) != 0;
}

// Integers as blocks have them: constant, small, rising, anything, and the extremes.
std::vector<std::int64_t> random_integers(std::mt19937_64& random, std::size_t count) {
    std::vector<std::int64_t> values(count);
    const std::uint64_t shape = random() % 5;
    std::int64_t before = static_cast<std::int64_t>(random());
    for (std::int64_t& value : values) {
        if (shape == 0) value = 42;
        if (shape == 1) value = static_cast<std::int64_t>(random() % 1000) - 500;
        if (shape == 2)
            value = before = static_cast<std::int64_t>(static_cast<std::uint64_t>(before) + random() % 100);
        if (shape == 3) value = static_cast<std::int64_t>(random());
        if (shape == 4) value = random() % 2 == 0 ? INT64_MIN : INT64_MAX;
    }
    return values;
}

}  // namespace

TEST_CASE("packed integers come back for every width") {
    std::mt19937_64 random = random_of_run();
    for (unsigned width = 1; width <= packed_width_max; ++width) {
        std::vector<std::uint64_t> values(random() % 300);
        for (std::uint64_t& value : values)
            value = random() & ((std::uint64_t{1} << width) - 1);
        std::string bytes;
        pack<std::uint64_t>(bytes, values, width);
        CHECK(bytes.size() == packed_bytes(values.size(), width));
        std::vector<std::int64_t> found(values.size());
        unpack(bytes, width, std::span{found});
        CHECK(std::ranges::equal(values, found, {}, {},
                                 [](std::int64_t value) { return static_cast<std::uint64_t>(value); }));
    }
}

TEST_CASE("integers come back, whatever their shape, with rows that are absent") {
    std::mt19937_64 random = random_of_run();
    for (int round = 0; round < 500; ++round) {
        const std::size_t rows = 1 + random() % 700;
        const auto values = random_integers(random, rows);
        const auto present = round % 2 == 0 ? std::vector<std::uint64_t>{} : random_bits_for(random, rows);
        std::string payload;
        append_integers(payload, values, present, round % 4 < 2 ? Layout::packed : Layout::planes);
        std::vector<std::int64_t> found(rows);
        std::vector<std::uint64_t> found_present;
        REQUIRE(read_integers(payload, found, found_present));
        CHECK(found_present == present);
        for (std::size_t row = 0; row < rows; ++row) {
            if (is_set(present, row)) CHECK(found[row] == values[row]);
        }
    }
}

TEST_CASE("numbers come back bit by bit, decimal or not") {
    std::mt19937_64 random = random_of_run();
    for (int round = 0; round < 500; ++round) {
        const std::size_t rows = 1 + random() % 300;
        std::vector<double> values(rows);
        for (double& value : values) {
            value = static_cast<double>(random() % 1'000'000) / 1000;
            if (round % 4 == 1) value = std::exp(static_cast<double>(random() % 100)) / 3;
            if (round % 4 == 2 && random() % 50 == 0) value = -0.0;
            if (round % 4 == 3)
                value = std::numeric_limits<double>::denorm_min() * static_cast<double>(random() % 9);
        }
        const auto present = round % 3 == 0 ? random_bits_for(random, rows) : std::vector<std::uint64_t>{};
        std::string payload;
        append_numbers(payload, values, present, round % 2 == 0 ? Layout::packed : Layout::planes);
        std::vector<double> found(rows);
        std::vector<std::uint64_t> found_present;
        REQUIRE(read_numbers(payload, found, found_present));
        CHECK(found_present == present);
        for (std::size_t row = 0; row < rows; ++row) {
            if (is_set(present, row))
                CHECK(std::bit_cast<std::uint64_t>(found[row]) == std::bit_cast<std::uint64_t>(values[row]));
        }
    }
}

TEST_CASE("decimal numbers take the space of their digits") {
    std::vector<double> values(8'000);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<double>(i % 1000) / 1000;
    std::string payload;
    append_numbers(payload, values, {}, Layout::packed);
    CHECK(payload.size() < values.size() * 2);
}

TEST_CASE("texts come back: any bytes, hex ids, absent rows") {
    std::mt19937_64 random = random_of_run();
    for (int round = 0; round < 300; ++round) {
        const std::size_t rows = 1 + random() % 200;
        std::vector<std::string> texts(rows);
        const std::size_t hex_size = 2 * (1 + random() % 20);
        for (std::string& text : texts) {
            const bool hex = round % 3 == 0;
            const std::size_t size = hex ? hex_size : random() % 30;
            for (std::size_t i = 0; i < size; ++i)
                text += hex ? "0123456789abcdef"[random() % 16] : static_cast<char>(random());
        }
        const auto present = round % 3 == 1 ? random_bits_for(random, rows) : std::vector<std::uint64_t>{};
        for (std::size_t row = 0; row < rows; ++row) {
            if (!is_set(present, row)) texts[row].clear();
        }
        const std::vector<std::string_view> views{texts.begin(), texts.end()};
        std::string payload;
        append_texts(payload, views, present);
        if (round % 3 == 0) CHECK(payload.size() < rows * (hex_size / 2) + 40);
        ReadTexts read;
        REQUIRE(read_texts(payload, rows, read));
        CHECK(read.present == present);
        CHECK(std::ranges::equal(read.texts, texts));
        std::string joined;
        for (const std::string& text : texts)
            joined += text + '\0';
        CHECK(read.joined == joined);
    }
}

TEST_CASE("codes come back, packed and as planes") {
    std::mt19937_64 random = random_of_run();
    for (int round = 0; round < 300; ++round) {
        const auto max = static_cast<std::uint32_t>(random() >> (32 + random() % 32));
        std::vector<std::uint32_t> codes(1 + random() % 500), found(codes.size());
        for (std::uint32_t& code : codes)
            code = static_cast<std::uint32_t>(random() % (std::uint64_t{max} + 1));
        for (const auto append : {append_packed_codes, append_code_planes}) {
            std::string payload;
            append(payload, codes);
            REQUIRE(read_codes(payload, found, max));
            CHECK(found == codes);
            if (std::ranges::max(codes) > 0)
                CHECK_FALSE(read_codes(payload, found, std::ranges::max(codes) - 1));
        }
    }
}

TEST_CASE("damaged payloads are refused or read as something, and never read beyond their end") {
    std::mt19937_64 random = random_of_run();
    for (int round = 0; round < 3'000; ++round) {
        const std::size_t rows = 1 + random() % 100;
        std::string payload;
        std::vector<std::string> texts(rows, "some text");
        const std::vector<std::string_view> views{texts.begin(), texts.end()};
        std::vector<std::uint32_t> codes(rows, 7);
        codes[0] = 3;
        if (round % 3 == 0)
            append_integers(payload, random_integers(random, rows), {},
                            round % 2 == 0 ? Layout::packed : Layout::planes);
        if (round % 3 == 1) append_texts(payload, views, {});
        if (round % 3 == 2) (round % 2 == 0 ? append_packed_codes : append_code_planes)(payload, codes);
        for (std::uint64_t changes = 1 + random() % 4; changes > 0; --changes)
            payload[random() % payload.size()] = static_cast<char>(random());
        if (random() % 2 == 0) payload.resize(random() % payload.size());
        std::vector<std::int64_t> integers(rows);
        std::vector<double> numbers(rows);
        std::vector<std::uint64_t> present;
        ReadTexts read;
        // In memory of exactly its size, so that a sanitizer sees one byte too far.
        const std::vector<char> exact{payload.begin(), payload.end()};
        const std::string_view bytes{exact.data(), exact.size()};
        (void)read_integers(bytes, integers, present);
        (void)read_numbers(bytes, numbers, present);
        (void)read_texts(bytes, rows, read);
        (void)read_codes(bytes, codes, 100);
    }
}

TEST_CASE("a filter never denies what is there, and denies most of what is not") {
    std::mt19937_64 random = random_of_run();
    std::vector<std::string> ids(5'000), messages(5'000);
    for (std::size_t i = 0; i < ids.size(); ++i) {
        ids[i] = std::to_string(random());
        messages[i] = "request " + std::to_string(random() % 100'000) + " 처리했습니다 by worker, deadlock" +
                      std::string(i % 3, '!');
    }
    const std::vector<std::string_view> id_views{ids.begin(), ids.end()},
        texts{messages.begin(), messages.end()};
    std::string values, pieces;
    append_value_filter(values, id_views);
    append_piece_filter(pieces, texts);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        CHECK(may_equal(values, ids[i]));
        CHECK(may_equal(pieces, messages[i]));
        const std::size_t at = random() % messages[i].size();
        CHECK(may_contain(pieces, std::string_view{messages[i]}.substr(at, random() % 30)));
        wrong += may_equal(values, "x" + ids[i]);
    }
    CHECK(wrong < ids.size() / 20);
    CHECK(may_contain(pieces, "처리했"));
    CHECK_FALSE(may_contain(pieces, "timeout"));
    CHECK_FALSE(may_contain(pieces, "실패했습니다"));
    CHECK(may_contain("", "anything"));
    CHECK(may_equal("\1short", "anything"));
}

}  // namespace jebi::log_analytics
