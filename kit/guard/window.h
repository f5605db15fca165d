// Counts of the last while, in ten parts: as a part grows older than the window, what it counted is
// forgotten.
#pragma once

#include <array>
#include <cstdint>

#include "kit/base/clock.h"

namespace jebi::guard {

// `Counts` is a plain struct with `+=`, all zero when made. Not thread-safe.
template <typename Counts>
class Window {
public:
    static constexpr std::size_t parts = 10;

    explicit Window(Millis length) : part_length_(length / parts) {}

    // The counts of now, to add to.
    Counts& at(Deadline now) {
        const std::int64_t number = number_of(now);
        Part& part = parts_[static_cast<std::size_t>(number) % parts];
        if (part.number != number) part = {number, {}};
        return part.counts;
    }
    Counts sum(Deadline now) const {
        const std::int64_t newest = number_of(now);
        Counts sum{};
        for (const Part& part : parts_) {
            if (part.number <= newest && part.number > newest - static_cast<std::int64_t>(parts))
                sum += part.counts;
        }
        return sum;
    }
    void clear() { parts_.fill({}); }

private:
    struct Part {
        std::int64_t number = -1;  // of the part's time since the clock's beginning
        Counts counts{};
    };
    std::int64_t number_of(Deadline now) const { return now.time_since_epoch() / part_length_; }

    std::chrono::nanoseconds part_length_;
    std::array<Part, parts> parts_{};
};

}  // namespace jebi::guard
