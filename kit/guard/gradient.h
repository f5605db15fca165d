// How many requests a server should work on at once: learnt from how long they take.
//
// Gradient2 of Netflix's concurrency-limits. In windows of a second the time that answers took is compared
// with what they take in the long run. Much longer (`tolerance`) means that requests wait for each other: the
// limit goes down with the ratio, by half at most; else it goes up by a few at a time. A window counts only
// when it holds enough answers, and while the limit is not half used it says nothing about it.
#pragma once

#include "kit/base/clock.h"

namespace jebi::guard {

struct GradientSettings {
    int min = 8;  // requests at once
    int max = 1'000;
    int initial = 64;
    double tolerance = 1.5;  // so many times the usual time is still well
};

// Not thread-safe.
class Gradient {
public:
    static constexpr Millis window{1'000};

    explicit Gradient(const GradientSettings& settings);

    // An answer took so long, while so many requests were worked on.
    void add(Deadline now, std::chrono::nanoseconds took, int in_flight);
    int limit() const { return static_cast<int>(limit_); }
    std::chrono::nanoseconds usual() const {
        return std::chrono::nanoseconds{static_cast<std::int64_t>(long_ns_)};
    }

private:
    void end_window();

    const GradientSettings settings_;
    double limit_;
    double long_ns_ = 0;  // in the long run; 0: nothing is known
    int windows_ = 0;     // that it is made of, as far as that matters
    Deadline window_end_{};
    double window_ns_ = 0;  // of all answers in the window together
    int answers_ = 0;
    int in_flight_max_ = 0;
};

}  // namespace jebi::guard
