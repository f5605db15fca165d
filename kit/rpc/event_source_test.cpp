#include "kit/rpc/event_source.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

using namespace jebi;

namespace {

struct Asks {
    std::uint32_t limit_ = 10;
    std::uint32_t wait_ms_ = 0;
    std::uint32_t limit() const { return limit_; }
    std::uint32_t wait_ms() const { return wait_ms_; }
};

struct Reply {
    int count = 0;
    int events_size() const { return count; }
};

Call patient() {
    return Call{.until = in(Millis{60'000})};
}

const auto nothing = [](Reply&) -> Result<void> { return {}; };

}  // namespace

TEST_CASE("an event source refuses limits and waits beyond its bounds, and says which") {
    const rpc::EventSource source;
    const auto answer = [&](const Asks& asks) { return source.answer<Reply>(patient(), asks, nothing); };
    for (const std::uint32_t limit : {0U, 1'001U}) {
        const auto refused = answer({.limit_ = limit});
        REQUIRE_FALSE(refused);
        CHECK(refused.error().reason == "out_of_range");
        CHECK(refused.error().field == "limit");
    }
    CHECK(answer({.wait_ms_ = 5'001}).error().field == "wait_ms");
    CHECK(answer({.limit_ = 1'000}));
}

TEST_CASE("who waits is answered when something happens") {
    rpc::EventSource source;
    std::atomic<int> there = 0;
    std::atomic<int> reads = 0;
    std::jthread other{[&] {
        while (reads == 0)
            std::this_thread::yield();  // until the first look found nothing
        there = 1;
        source.tell();
    }};
    const auto reply =
        source.answer<Reply>(patient(), Asks{.wait_ms_ = 5'000}, [&](Reply& out) -> Result<void> {
            out.count = there;
            ++reads;
            return {};
        });
    REQUIRE(reply);
    CHECK(reply->count == 1);
    CHECK(reads == 2);
}

TEST_CASE("the end of the process answers who waits, and nobody waits afterwards") {
    rpc::EventSource source;
    std::atomic<int> reads = 0;
    // Ends the waits after the first look, and wakes whoever would wait all the same.
    std::jthread other{[&](const std::stop_token& stop) {
        while (reads == 0)
            std::this_thread::yield();
        source.end_waits();
        for (int seen = 1; !stop.stop_requested(); std::this_thread::yield()) {
            if (reads > seen) source.tell();
            seen = reads;
        }
    }};
    const auto wait = [&] {
        return source.answer<Reply>(patient(), Asks{.wait_ms_ = 5'000}, [&](Reply&) -> Result<void> {
            ++reads;
            return {};
        });
    };
    CHECK(wait()->count == 0);
    CHECK(reads == 2);
    CHECK(wait()->count == 0);
    CHECK(reads == 3);
}

TEST_CASE("an error of the reading is the answer") {
    const rpc::EventSource source;
    const auto reply = source.answer<Reply>(
        patient(), Asks{}, [](Reply&) -> Result<void> { return fail(Code::unavailable, "away"); });
    REQUIRE_FALSE(reply);
    CHECK(reply.error().code == Code::unavailable);
}
