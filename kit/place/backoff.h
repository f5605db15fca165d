// How long to wait before something that has ended is started again: not at all the first time, then longer
// and longer, by chance between half and all of it, so that those that died together do not come back
// together.
#pragma once

#include <algorithm>
#include <random>

#include "kit/base/clock.h"

namespace jebi::place {

struct BackoffBounds {
    Millis first{100};       // before the second start in a row; doubled each time after that
    Millis max{10'000};      // never longer
    Millis settled{10'000};  // whoever was well for so long is as good as new
};

// Not thread-safe.
class Backoff {
public:
    Backoff(BackoffBounds bounds, unsigned seed) : bounds_(bounds), random_(seed) {}

    // It has ended, after having been well for so long.
    Millis pause_after(Millis well_for) {
        if (well_for >= bounds_.settled) in_a_row_ = 0;
        if (in_a_row_++ == 0) return Millis{0};
        const Millis longest =
            std::min(bounds_.max, Millis{bounds_.first.count() << std::min(in_a_row_ - 2, 20U)});
        return Millis{
            std::uniform_int_distribution<std::int64_t>{longest.count() / 2, longest.count()}(random_)};
    }

private:
    BackoffBounds bounds_;
    std::mt19937 random_;
    unsigned in_a_row_ = 0;
};

}  // namespace jebi::place
