// Random numbers that spread load and retries: quick, thread-safe, and no secret.
//
// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014). The same seed
// gives the same numbers to a single thread.
#pragma once

#include <atomic>
#include <cstdint>

namespace jebi::guard {

class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        constexpr std::uint64_t step = 0x9e3779b97f4a7c15;
        std::uint64_t z = state_.fetch_add(step, std::memory_order_relaxed) + step;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
    // From 0 to `bound` - 1; `bound` is at least 1.
    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(next() % bound); }
    // From 0 up to, not including, 1.
    double fraction() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

private:
    std::atomic<std::uint64_t> state_;
};

}  // namespace jebi::guard
