// Steady time and waiting, as the policies of this room see them: from the system, or from a test.
#pragma once

#include "kit/base/clock.h"

namespace jebi::guard {

// Thread-safe. Outlives whatever is given it.
class Time {
public:
    virtual ~Time() = default;
    virtual Deadline now() const = 0;
    virtual void sleep_until(Deadline until) const = 0;
    // How far this time is ahead of the system's steady clock, by which a Call counts. Only a test is.
    virtual std::chrono::nanoseconds ahead() const { return {}; }
};

class SteadyTime final : public Time {
public:
    Deadline now() const override;
    void sleep_until(Deadline until) const override;  // kit/fiber's: other fibers go on
};

}  // namespace jebi::guard
