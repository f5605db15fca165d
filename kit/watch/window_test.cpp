#include "kit/watch/window.h"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

using namespace jebi;
using namespace jebi::watch;
using namespace std::chrono_literals;

namespace {

// The begin of some second, long after the clock's own.
constexpr Deadline start{1'000'000s};

bool is_about(std::chrono::nanoseconds told, std::chrono::nanoseconds true_one) {
    return told >= true_one * 7 / 8 && told <= true_one * 9 / 8;
}

}  // namespace

TEST_CASE("a quantile is right to an eighth, from a microsecond to a minute") {
    for (const auto took : std::initializer_list<std::chrono::nanoseconds>{1us, 2us, 3us, 17us, 999us, 1ms,
                                                                           42ms, 1s, 7s, 60s}) {
        Histogram histogram;
        histogram.add(took);
        CAPTURE(took.count());
        CHECK(is_about(histogram.quantile(0.5), took));
    }
}

TEST_CASE(
    "half of all took no longer than the median, and one in a hundred longer than the 99th percentile") {
    Histogram histogram;
    for (int i = 1; i <= 1'000; ++i)
        histogram.add(i * 1ms);
    CHECK(is_about(histogram.quantile(0.5), 500ms));
    CHECK(is_about(histogram.quantile(0.99), 990ms));
    CHECK(histogram.count() == 1'000);
    CHECK(Histogram{}.quantile(0.5) == 0ns);
}

TEST_CASE("what is beyond the last bucket, or no duration at all, is counted") {
    Histogram histogram;
    histogram.add(24h);
    histogram.add(-1s);
    CHECK(histogram.count() == 2);
    CHECK(histogram.quantile(0.99) >= 60s);
    CHECK(histogram.quantile(0.5) < 1us);
}

TEST_CASE("a window forgets what happened more than ten seconds ago") {
    Window window{start};
    window.add(1ms, true, start);
    window.add(1ms, false, start + 5s);
    const Recent at_ten = window.recent(start + 10s);
    CHECK(at_ten.count == 2);
    CHECK(at_ten.errors == 1);
    CHECK(at_ten.per_second() == doctest::Approx(0.2));
    CHECK(at_ten.errors_per_second() == doctest::Approx(0.1));
    CHECK(window.recent(start + 11s).count == 1);
    CHECK(window.recent(start + 11s).errors == 0);
    CHECK(window.recent(start + 60s).count == 0);
}

TEST_CASE("a second's place is used again, and nothing of the old one is left") {
    Window window{start};
    window.add(1ms, true, start);
    window.add(8ms, false, start + 11s);  // the same place
    const Recent recent = window.recent(start + 11s);
    CHECK(recent.count == 1);
    CHECK(recent.errors == 0);
    CHECK(is_about(recent.took.quantile(0.5), 8ms));
    window.add(1ms, true, start);  // too late
    CHECK(window.recent(start + 11s).count == 1);
}

TEST_CASE("a young window's rates are of the time that it has been there, a second at least") {
    Window window{start + 400ms};
    for (int i = 0; i < 10; ++i)
        window.add(1ms, false, start + 500ms);
    CHECK(window.recent(start + 500ms).per_second() == doctest::Approx(10));
    CHECK(window.recent(start + 2'400ms).per_second() == doctest::Approx(5));
}

TEST_CASE("several windows add up to one") {
    Window one{start}, other{start};
    one.add(1ms, false, start);
    other.add(100ms, true, start);
    Recent both = one.recent(start + 2s);
    both.add(other.recent(start + 2s));
    CHECK(both.per_second() == doctest::Approx(1));
    CHECK(both.errors == 1);
    CHECK(is_about(both.took.quantile(0.99), 100ms));
}

TEST_CASE("threads add at the same time, and nothing is lost") {
    Window window{start};
    constexpr int threads_max = 4;
    std::vector<std::jthread> threads;
    threads.reserve(threads_max);
    for (int i = 0; i < threads_max; ++i) {
        threads.emplace_back([&] {
            for (int j = 0; j < 10'000; ++j)
                window.add(1ms, j % 2 == 0, start + std::chrono::milliseconds{j});
        });
    }
    threads.clear();
    const Recent recent = window.recent(start + 10s);
    CHECK(recent.count == 40'000);
    CHECK(recent.errors == 20'000);
}
