#include "kit/guard/time.h"

#include "kit/fiber/fiber.h"

namespace jebi::guard {

Deadline SteadyTime::now() const {
    return std::chrono::steady_clock::now();
}

void SteadyTime::sleep_until(Deadline until) const {
    fiber::sleep_until(until);
}

}  // namespace jebi::guard
