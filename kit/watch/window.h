// What happened in the last ten seconds: how often, how often it failed, and how long it took.
//
// Thread-safe. Adding takes some 70 ns, and a window 5 KiB, whatever comes. Times are told by the caller, so
// a test holds them; they may come a little out of order, as from several threads.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>

#include "kit/base/clock.h"

namespace jebi::watch {

// Counts of durations in bounded memory: from 1 us on four buckets for each doubling, and one for all beyond
// 67 s. So a quantile is right to an eighth.
class Histogram {
public:
    void add(std::chrono::nanoseconds took);
    void add(const Histogram& other);
    std::uint64_t count() const;
    // The duration that this share of all does not exceed; 0 when there are none.
    std::chrono::nanoseconds quantile(double share) const;

private:
    static constexpr std::size_t buckets = 106;
    std::array<std::uint32_t, buckets> counts_{};
};

// The sum of a window, or of several.
struct Recent {
    double span_s = 0;  // the time that it covers: a second at least, so that a first call is no flood
    std::uint64_t count = 0;
    std::uint64_t errors = 0;
    Histogram took{};

    double per_second() const { return span_s > 0 ? static_cast<double>(count) / span_s : 0; }
    double errors_per_second() const { return span_s > 0 ? static_cast<double>(errors) / span_s : 0; }
    void add(const Recent& other);
};

class Window {
public:
    static constexpr std::int64_t seconds_max = 10;

    explicit Window(Deadline since = std::chrono::steady_clock::now()) : since_(since) {}
    void add(std::chrono::nanoseconds took, bool failed, Deadline now);
    // The ten seconds before the present one, and what there is of that.
    Recent recent(Deadline now) const;

private:
    struct Second {
        std::int64_t number = -1;  // of the steady clock's
        std::uint64_t errors = 0;
        Histogram took{};
    };
    Deadline since_;
    mutable std::mutex mutex_;  // of the seconds
    std::array<Second, seconds_max + 1> seconds_{};
};

}  // namespace jebi::watch
