#include "kit/fiber/alive.h"

#include "kit/fiber/loop.h"

namespace jebi::fiber {

std::size_t alive(const Loops& loops) {
    std::size_t count = 0;
    for (unsigned i = 0; i < loops.size(); ++i)
        count += static_cast<std::size_t>(loops.at(i).fibers.load());
    return count;
}

}  // namespace jebi::fiber
