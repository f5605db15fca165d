// Time, from a clock that a test can hold.
//
// Two times that must not be mixed: wall time is what people read and databases keep, and may step
// back; a Deadline counts on a steady clock, means nothing outside this process, and crosses to
// another process as the duration that is left.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

namespace jebi {

// Milliseconds since 1970-01-01T00:00:00Z.
using WallMs = std::int64_t;
using Deadline = std::chrono::steady_clock::time_point;
using Millis = std::chrono::milliseconds;

// Thread-safe. Owners outlive users; app/ builds one SystemClock for the process.
class Clock {
public:
    virtual ~Clock() = default;
    virtual WallMs wall_ms() const = 0;
};

class SystemClock final : public Clock {
public:
    WallMs wall_ms() const override;
};

// Moves only when the test says so. Not thread-safe.
class ManualClock final : public Clock {
public:
    explicit ManualClock(WallMs start_ms = 1'800'000'000'000) : now_ms_(start_ms) {}
    WallMs wall_ms() const override { return now_ms_; }
    void advance(Millis by) { now_ms_ += by.count(); }

private:
    std::atomic<WallMs> now_ms_;  // read by the threads of what is tested
};

inline Deadline in(Millis duration) {
    return std::chrono::steady_clock::now() + duration;
}

// What is left, never negative.
Millis left_until(Deadline deadline);

// "2026-11-22T13:58:05.000Z" (RFC 3339, always with milliseconds and Z). Times outside of the years 0000
// to 9999, which it cannot say, become the nearest that it can.
std::string iso8601(WallMs time_ms);

}  // namespace jebi
