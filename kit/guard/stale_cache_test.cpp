#include "kit/guard/stale_cache.h"

#include <map>

#include "kit/guard/guard_testing.h"

namespace jebi::guard::testing {

namespace {

constexpr Millis minute{60'000};

}  // namespace

TEST_CASE("an answer stands in while it is young enough, each time by the caller's bound") {
    const ManualTime time;
    StaleCache cache(100'000, time);
    CHECK_FALSE(cache.get("key", minute).has_value());
    cache.put("key", "answer");
    time.advance(minute);
    CHECK(cache.has("key", minute));
    CHECK(cache.get("key", minute) == "answer");
    CHECK_FALSE(cache.get("key", minute - Millis{1}).has_value());
    time.advance(Millis{1});
    CHECK_FALSE(cache.get("key", minute).has_value());
    cache.put("key", "later");
    CHECK(cache.get("key", minute) == "later");
    cache.forget("key");
    CHECK_FALSE(cache.has("key", minute));
    CHECK(cache.bytes() == 0);
}

TEST_CASE("when it is full, what was used for the longest time ago goes") {
    const ManualTime time;
    StaleCache cache(10 * (StaleCache::entry_overhead_bytes + 2), time);
    for (char key = 'a'; key <= 'j'; ++key)
        cache.put({key}, "1");
    CHECK(cache.entries() == 10);
    CHECK(cache.get("a", minute).has_value());
    cache.put("k", "1");
    CHECK(cache.entries() == 10);
    CHECK(cache.has("a", minute));
    CHECK_FALSE(cache.has("b", minute));
}

TEST_CASE("an answer that would crowd out the others is not kept, nor the one before it") {
    const ManualTime time;
    StaleCache cache(8'000, time);
    cache.put("key", "small");
    cache.put("key", std::string(1'000, 'x'));
    CHECK_FALSE(cache.has("key", minute));
    CHECK(cache.bytes() == 0);
}

TEST_CASE("a cache without room keeps nothing") {
    const ManualTime time;
    StaleCache cache(0, time);
    cache.put("key", "answer");
    CHECK(cache.entries() == 0);
}

TEST_CASE("it never holds more than its bytes, nor answers what was not put") {
    const std::uint64_t from = seed();
    CAPTURE(from);
    std::mt19937_64 chance(from);
    const ManualTime time;
    StaleCache cache(20'000, time);
    std::map<std::string, std::string> last;
    for (int i = 0; i < 20'000; ++i) {
        const std::string key = std::to_string(chance() % 100);
        if (chance() % 2 == 0) {
            last[key] = std::string(chance() % 3'000, static_cast<char>('a' + chance() % 26));
            cache.put(key, last[key]);
        } else if (const auto found = cache.get(key, minute)) {
            REQUIRE(*found == last[key]);
        }
        REQUIRE(cache.bytes() <= 20'000);
    }
    CHECK(cache.entries() > 0);
}

}  // namespace jebi::guard::testing
