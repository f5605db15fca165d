// What the tests of this room share: time that they hold, and chance that can be had again.
#pragma once

#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <random>
#include <string>

#include "kit/guard/time.h"

namespace jebi::guard::testing {

// Moves only when the test says so, or sleeps. Begins now, since deadlines are of this process.
class ManualTime final : public Time {
public:
    Deadline now() const override { return start_ + std::chrono::nanoseconds(passed_ns_); }
    void sleep_until(Deadline until) const override {
        if (until > now()) advance(until - now());
    }
    std::chrono::nanoseconds ahead() const override { return now() - std::chrono::steady_clock::now(); }
    void advance(std::chrono::nanoseconds by) const { passed_ns_ += by.count(); }

private:
    Deadline start_ = std::chrono::steady_clock::now();
    mutable std::atomic<std::int64_t> passed_ns_ = 0;
};

// JEBI_SEED, or a new one; the test shows it where it fails.
inline std::uint64_t seed() {
    if (const char* const given = std::getenv("JEBI_SEED"))  // NOLINT(concurrency-mt-unsafe): nobody sets it
        return std::stoull(given);
    return std::random_device{}();
}

}  // namespace jebi::guard::testing
