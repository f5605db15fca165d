#include "kit/http/rate_limit.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

using namespace jebi;
using namespace jebi::http;

namespace {

constexpr Millis window{300'000};

struct Test {
    explicit Test(std::int64_t requests_max = 3, std::size_t keys_max = 100)
        : limiter(clock, {.requests_max = requests_max, .window = window, .keys_max = keys_max}) {}

    ManualClock clock;
    RateLimiter limiter;
};

}  // namespace

TEST_CASE("so many requests are allowed in a window, and the next is refused until it ends") {
    Test test;
    const WallMs begin_ms = test.clock.wall_ms();
    for (const int remaining : {2, 1, 0}) {
        const RateState state = test.limiter.take("mira");
        CHECK(state.allowed);
        CHECK(state.limit == 3);
        CHECK(state.remaining == remaining);
        CHECK(state.reset_ms == begin_ms + window.count());
        test.clock.advance(Millis{1'000});
    }
    const RateState refused = test.limiter.take("mira");
    CHECK_FALSE(refused.allowed);
    CHECK(refused.remaining == 0);
    CHECK(refused.retry_after_s == 297);
    test.clock.advance(Millis{296'999});
    CHECK(test.limiter.take("mira").retry_after_s == 1);
    test.clock.advance(Millis{1});
    CHECK(test.limiter.take("mira").remaining == 2);
}

TEST_CASE("keys are counted apart") {
    Test test{1};
    CHECK(test.limiter.take("mira").allowed);
    CHECK(test.limiter.take("sehyun").allowed);
    CHECK_FALSE(test.limiter.take("mira").allowed);
    CHECK_FALSE(test.limiter.take("sehyun").allowed);
}

TEST_CASE("a limit of zero counts nobody") {
    Test test{0};
    for (int i = 0; i < 1000; ++i)
        REQUIRE(test.limiter.take("mira").allowed);
    CHECK(test.limiter.keys() == 0);
    Response response;
    add_rate_fields(response, test.limiter.take("mira"));
    CHECK(response.fields.list.empty());
}

TEST_CASE("the table never holds more keys than it may, and forgets the oldest window first") {
    Test test{1, 10};
    for (int i = 0; i < 10; ++i)
        test.limiter.take(std::to_string(i));
    CHECK_FALSE(test.limiter.take("9").allowed);
    test.limiter.take("one more");
    CHECK(test.limiter.keys() == 10);
    CHECK_FALSE(test.limiter.take("1").allowed);
    CHECK(test.limiter.take("0").allowed);  // was forgotten
    CHECK(test.limiter.keys() == 10);
}

TEST_CASE("windows that are over are forgotten as others come") {
    Test test{1, 1000};
    for (int i = 0; i < 100; ++i)
        test.limiter.take(std::to_string(i));
    test.clock.advance(window);
    for (int i = 0; i < 100; ++i)
        test.limiter.take("the only one");
    CHECK(test.limiter.keys() == 1);
}

TEST_CASE("a window that begins again is as young as it looks") {
    Test test{1, 2};
    test.limiter.take("old");
    test.clock.advance(Millis{1'000});
    test.limiter.take("young");
    test.clock.advance(window - Millis{1'000});
    test.limiter.take("old");  // begins again, behind "young"
    test.limiter.take("third");
    CHECK_FALSE(test.limiter.take("old").allowed);
}

TEST_CASE("a clock that steps back refuses nobody for longer than a window") {
    Test test{1};
    test.limiter.take("mira");
    CHECK_FALSE(test.limiter.take("mira").allowed);
    test.clock.advance(Millis{-3'600'000});
    CHECK(test.limiter.take("mira").allowed);
}

TEST_CASE("threads together get as much as is allowed and no more") {
    Test test{1000};
    std::atomic<int> allowed = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            for (int n = 0; n < 400; ++n)
                allowed += test.limiter.take("mira").allowed ? 1 : 0;
        });
    }
    for (auto& thread : threads)
        thread.join();
    CHECK(allowed == 1000);
}

TEST_CASE("an answer tells the limit as Mastodon does") {
    Response response;
    RateState state{.limit = 300, .remaining = 299, .reset_ms = 1'763'819'885'000};
    add_rate_fields(response, state);
    CHECK(response.fields.get("X-RateLimit-Limit") == "300");
    CHECK(response.fields.get("X-RateLimit-Remaining") == "299");
    CHECK(response.fields.get("X-RateLimit-Reset") == "2025-11-22T13:58:05.000Z");
    CHECK_FALSE(response.fields.get("Retry-After"));
    state.allowed = false;
    state.retry_after_s = 17;
    add_rate_fields(response, state);
    CHECK(response.fields.get("Retry-After") == "17");
}

TEST_CASE("of two limits the tighter is told") {
    const RateState none{};
    const RateState much{.limit = 300, .remaining = 200};
    const RateState little{.limit = 100, .remaining = 5};
    const RateState refused{.allowed = false, .limit = 300, .reset_ms = 5};
    CHECK(&tighter(none, much) == &much);
    CHECK(&tighter(much, none) == &much);
    CHECK(&tighter(much, little) == &little);
    CHECK(&tighter(little, refused) == &refused);
    CHECK(&tighter(refused, little) == &refused);
}

TEST_CASE("IPv6 addresses count by their network, others by themselves") {
    CHECK(network_of("203.0.113.7") == "203.0.113.7");
    CHECK(network_of("2001:db8:1:2:3:4:5:6") == network_of("2001:db8:1:2::9"));
    CHECK(network_of("2001:db8:1:2::9") == "2001:db8:1:2::/64");
    CHECK(network_of("2001:db8:1:3::9") != network_of("2001:db8:1:2::9"));
    CHECK(network_of("::ffff:203.0.113.7") == "::ffff:203.0.113.7");
    CHECK(network_of("unix") == "unix");
    CHECK(network_of("") == "");
}
