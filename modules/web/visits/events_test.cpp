// The queue behind the one line. What a line tells is seen in tests/pages, where there are real requests.
#include "modules/web/visits/events.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>
#include <vector>

using namespace jebi;
using namespace jebi::web;

namespace {

std::string all_of(Events& events, std::size_t bytes_max = SIZE_MAX) {
    std::string all;
    for (std::string some = events.take(bytes_max); !some.empty(); some = events.take(bytes_max))
        all += some;
    return all;
}

}  // namespace

TEST_CASE("lines come out as they went in, however many are taken at once") {
    for (const std::size_t at_once : {std::size_t{0}, Events::chunk_bytes, SIZE_MAX}) {
        Events events{Events::Bounds{}};
        std::string expected;
        for (int i = 0; i < 5'000; ++i) {
            const std::string line = std::to_string(i) + std::string(static_cast<std::size_t>(i % 97), '.');
            events.put(line);
            expected += line + "\n";
        }
        CHECK(events.count() == 5'000);
        CHECK(all_of(events, at_once) == expected);
        CHECK(events.count() == 0);
    }
}

TEST_CASE("what is taken at once keeps to its bound, but for a line that is larger") {
    Events events{Events::Bounds{}};
    events.put(std::string(3 * Events::chunk_bytes, 'x'));
    for (int i = 0; i < 100; ++i)
        events.put(std::string(10'000, 'y'));
    CHECK(events.take(1).size() == 3 * Events::chunk_bytes + 1);
    CHECK(events.take(200'000).size() <= 200'000);
}

TEST_CASE(
    "beyond its bounds the queue drops what is new, counts it, and takes lines again when there is room") {
    Events few{Events::Bounds{.count_max = 2}};
    Events small{Events::Bounds{.bytes_max = 8}};
    for (const char* line : {"abc", "def", "ghi"}) {
        few.put(line);
        small.put(line);
    }
    for (Events* events : {&few, &small}) {
        CHECK(events->dropped() == 1);
        CHECK(all_of(*events) == "abc\ndef\n");
        events->put("jkl");
        CHECK(all_of(*events) == "jkl\n");
        CHECK(events->dropped() == 1);
    }
}

TEST_CASE("when nobody is to be told, nothing is kept and nothing is lost") {
    Events off{std::nullopt};
    CHECK_FALSE(off.is_on());
    off.put("a");
    CHECK(off.count() == 0);
    CHECK(off.dropped() == 0);
    CHECK(off.take(100).empty());
}

TEST_CASE("many threads put while one takes, and every line arrives once, in its thread's order") {
    constexpr int threads = 4, lines = 20'000;
    Events events{Events::Bounds{.count_max = threads * lines}};
    std::atomic<int> running = threads;
    std::vector<std::jthread> putting;
    for (int t = 0; t < threads; ++t) {
        putting.emplace_back([&, t] {
            for (int i = 0; i < lines; ++i)
                events.put(std::to_string(t) + " " + std::to_string(i));
            --running;
        });
    }
    std::string all;
    while (running > 0)
        all += events.take(100'000);
    all += all_of(events);
    std::array<int, threads> next{};
    for (std::size_t at = 0; at < all.size();) {
        const auto end = all.find('\n', at);
        const auto thread = static_cast<std::size_t>(all[at] - '0');
        REQUIRE(all.substr(at + 2, end - at - 2) == std::to_string(next.at(thread)++));
        at = end + 1;
    }
    for (const int count : next)
        CHECK(count == lines);
    CHECK(events.dropped() == 0);
}
