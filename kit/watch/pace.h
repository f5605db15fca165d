// So many a second and not more: for lines of the log that could come in a flood. Thread-safe; what comes at
// a second's turn may be counted with either.
#pragma once

#include <atomic>
#include <cstdint>

#include "kit/base/clock.h"

namespace jebi::watch {

class Pace {
public:
    explicit Pace(std::uint32_t a_second_max) : a_second_max_(a_second_max) {}

    // False: this one is too many, and is counted as left out.
    bool takes(Deadline now) {
        const auto second = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
        if (second_.exchange(second) != second) taken_ = 0;
        if (++taken_ <= a_second_max_) return true;
        ++left_out_;
        return false;
    }
    // How many were left out since this was last asked.
    std::uint64_t left_out() { return left_out_.exchange(0); }

private:
    const std::uint32_t a_second_max_;
    std::atomic<std::int64_t> second_ = 0;
    std::atomic<std::uint32_t> taken_ = 0;  // in that second
    std::atomic<std::uint64_t> left_out_ = 0;
};

}  // namespace jebi::watch
