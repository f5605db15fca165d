#include "modules/search/postings.h"

#include <doctest/doctest.h>

#include <algorithm>

#include <random>
#include <set>

using namespace jebi::search;

namespace {

Numbers some(std::mt19937_64& random, std::uint32_t below) {
    std::set<std::uint32_t> numbers;
    for (std::size_t left = random() % 300; left > 0; --left)
        numbers.insert(static_cast<std::uint32_t>(random() % below));
    return {numbers.begin(), numbers.end()};
}

Bytes kept(const Numbers& numbers) {
    Bytes bytes;
    append(bytes, numbers);
    return bytes;
}

}  // namespace

TEST_CASE("numbers come back as they were added, however they were split") {
    constexpr std::uint64_t seed = 7;
    std::mt19937_64 random{seed};
    for (int round = 0; round < 200; ++round) {
        const Numbers numbers = some(random, round % 2 == 0 ? 1'000 : 3'000'000);
        const std::span all{numbers};
        const std::size_t split = numbers.empty() ? 0 : random() % numbers.size();
        Bytes bytes;
        append(bytes, all.first(split));
        append(bytes, all.subspan(split));
        CHECK(numbers_in(bytes) == numbers);
    }
    CHECK(kept({0, 1, 2}).size() == 3);
}

TEST_CASE("what is in both stays") {
    std::mt19937_64 random{8};
    for (int round = 0; round < 200; ++round) {
        const Numbers one = some(random, 500);
        const Numbers other = some(random, 500);
        Numbers expected;
        std::ranges::set_intersection(one, other, std::back_inserter(expected));
        Numbers common = one;
        keep_common(common, kept(other));
        CHECK(common == expected);
    }
}

TEST_CASE("damaged bytes give numbers, and no harm") {
    const Bytes endless(100, 0xFF);
    CHECK(numbers_in(endless).size() <= 100);
    const Bytes cut{0x81};
    CHECK(numbers_in(cut).empty());
    CHECK(id_at(Bytes(7), 0) == 0);
    Bytes ids;
    append_id(ids, 0x0123'4567'89AB'CDEF);
    append_id(ids, 42);
    CHECK(id_at(ids, 0) == 0x0123'4567'89AB'CDEF);
    CHECK(id_at(ids, 1) == 42);
    CHECK(id_at(ids, 2) == 0);
}
