#include "kit/base/ids.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <latch>
#include <string>
#include <thread>
#include <type_traits>
#include <vector>

namespace jebi {

namespace {

constexpr WallMs start_ms = 1'800'000'000'000;
constexpr std::size_t ids_in_a_millisecond = 4096;

std::vector<std::uint64_t> made(IdGenerator& ids, std::size_t count) {
    std::vector<std::uint64_t> result(count);
    for (std::uint64_t& id : result)
        id = ids.next();
    return result;
}

// A list from each of so many threads that start at the same time.
std::vector<std::vector<std::uint64_t>> made_together(IdGenerator& ids, std::size_t threads,
                                                      std::size_t ids_each) {
    std::vector<std::vector<std::uint64_t>> lists(threads);
    std::latch together(static_cast<std::ptrdiff_t>(threads));
    std::vector<std::jthread> running;
    running.reserve(threads);
    for (auto& list : lists) {
        running.emplace_back([&] {
            together.arrive_and_wait();
            list = made(ids, ids_each);
        });
    }
    running.clear();  // Waits for them.
    return lists;
}

bool strictly_rising(const std::vector<std::uint64_t>& ids) {
    return std::ranges::adjacent_find(ids, std::greater_equal{}) == ids.end();
}

}  // namespace

TEST_CASE("an id tells when it was made") {
    ManualClock clock(start_ms);
    IdGenerator ids(clock, 7);
    CHECK(made_at(ids.next()) == start_ms);
    clock.advance(Millis{1});
    CHECK(made_at(ids.next()) == start_ms + 1);
}

TEST_CASE("ids fit a signed 64-bit column until 2093") {
    ManualClock clock(3'881'000'000'000);
    IdGenerator ids(clock, IdGenerator::node_max);
    CHECK(ids.next() <= std::uint64_t{INT64_MAX});
}

TEST_CASE("two nodes never make the same id") {
    const ManualClock clock(start_ms);
    IdGenerator one(clock, 1);
    IdGenerator two(clock, 2);
    std::vector<std::uint64_t> all = made(one, 5'000);
    const auto more = made(two, 5'000);
    all.insert(all.end(), more.begin(), more.end());
    std::ranges::sort(all);
    CHECK(strictly_rising(all));
}

TEST_CASE("more ids than a millisecond has are borrowed from the next") {
    ManualClock clock(start_ms);
    IdGenerator ids(clock, 3);
    const auto burst = made(ids, 3 * ids_in_a_millisecond);
    CHECK(strictly_rising(burst));
    CHECK(made_at(burst.front()) == start_ms);
    CHECK(made_at(burst[ids_in_a_millisecond - 1]) == start_ms);
    CHECK(made_at(burst[ids_in_a_millisecond]) == start_ms + 1);
    clock.advance(Millis{1});
    CHECK(ids.next() > burst.back());
}

TEST_CASE("ids rise while the clock steps back") {
    ManualClock clock(start_ms);
    IdGenerator ids(clock, 3);
    const std::uint64_t before = ids.next();
    clock.advance(Millis{-3'600'000});
    const auto after = made(ids, 10'000);
    CHECK(after.front() > before);
    CHECK(strictly_rising(after));
}

TEST_CASE("a restart with a clock that is behind goes on after the highest id in use") {
    ManualClock clock(start_ms);
    const std::uint64_t highest = IdGenerator(clock, 900).next();
    clock.advance(Millis{-86'400'000});
    IdGenerator same_node(clock, 900, highest);
    CHECK(same_node.next() > highest);
    IdGenerator lower_node(clock, 1, highest);
    CHECK(lower_node.next() != highest);
    CHECK(lower_node.next() > highest - (std::uint64_t{IdGenerator::node_max} << 12));
}

TEST_CASE("a clock before 2024 still makes ids, and none is 0") {
    const ManualClock clock(0);
    IdGenerator ids(clock, 0);
    const auto some = made(ids, 100);
    CHECK(some.front() != 0);
    CHECK(strictly_rising(some));
}

TEST_CASE("eight threads get rising ids, all different") {
    constexpr std::size_t threads = 8;
    constexpr std::size_t ids_each = 100'000;
    constexpr int rounds = 3;
    const SystemClock clock;
    for (int round = 0; round < rounds; ++round) {
        IdGenerator ids(clock, 5);
        const auto lists = made_together(ids, threads, ids_each);
        std::vector<std::uint64_t> all;
        for (const auto& list : lists) {
            CHECK(strictly_rising(list));
            all.insert(all.end(), list.begin(), list.end());
        }
        std::ranges::sort(all);
        CHECK(all.size() == threads * ids_each);
        CHECK(strictly_rising(all));
    }
}

TEST_CASE("an id is read from decimal digits") {
    CHECK(id_from("1") == 1);
    CHECK(id_from("1234567890123456789") == 1'234'567'890'123'456'789u);
    CHECK(id_from("9223372036854775807") == 9'223'372'036'854'775'807u);
}

TEST_CASE("what is no id is not read as one") {
    for (const char* text : {"", "0", "01", "00", "+1", "-1", " 1", "1 ", "1a", "a", "0x1", "1.0", "1e3", "١",
                             "9223372036854775808", "18446744073709551616", "99999999999999999999"}) {
        CAPTURE(text);
        CHECK_FALSE(id_from(text).has_value());
    }
    CHECK_FALSE(id_from(std::string_view{}).has_value());
    CHECK_FALSE(id_from(std::string_view("1\0", 2)).has_value());
}

TEST_CASE("ids of different kinds do not mix, and 0 is none") {
    static_assert(!std::is_convertible_v<UserId, TweetId>);
    static_assert(!std::is_convertible_v<std::uint64_t, UserId>);
    CHECK_FALSE(static_cast<bool>(UserId{}));
    CHECK(static_cast<bool>(UserId{1}));
    CHECK(UserId{1} < UserId{2});
}

TEST_CASE("an id from before a time is lower than any made at it") {
    ManualClock clock;
    IdGenerator ids{clock, 0};
    const std::uint64_t id = ids.next();
    CHECK(id_before(clock.wall_ms()) < id);
    CHECK(id_before(clock.wall_ms() + 1) > id);
    CHECK(made_at(id_before(clock.wall_ms())) == clock.wall_ms() - 1);
    CHECK(id_before(0) == 0);
}

TEST_CASE("an id of the past is of its millisecond, whichever is picked") {
    constexpr WallMs then = 1'760'000'000'123;
    for (const std::uint64_t chance : {std::uint64_t{0}, std::uint64_t{12345}, ~std::uint64_t{0}})
        CHECK(made_at(id_within(then, chance)) == then);
    CHECK(id_within(then, 1) == id_within(then, 0) + 1);
    CHECK(id_within(then + 1, 0) == id_within(then, ~std::uint64_t{0}) + 1);
}

}  // namespace jebi
