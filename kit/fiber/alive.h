// How many fibers there are, for metrics: a number that grows and grows is a leak.
#pragma once

#include <cstddef>

#include "kit/fiber/fiber.h"

namespace jebi::fiber {

// Those that have been started and have not ended, on all loops. From any thread.
std::size_t alive(const Loops& loops);

}  // namespace jebi::fiber
