// How late the event loops are: a fiber on each wants to run every 100 ms and sees how much later it does.
// What blocks a loop (a long computation, file I/O) shows here before users feel it.
#pragma once

#include <memory>
#include <vector>

#include "kit/fiber/fiber.h"
#include "kit/watch/window.h"

namespace jebi::watch {

class LoopLag {
public:
    explicit LoopLag(fiber::Loops& loops);  // ends before them
    ~LoopLag();
    LoopLag(const LoopLag&) = delete;

    // Of all loops, in the last ten seconds. A loop that is blocked right now is seen when it goes on.
    Recent recent(Deadline now) const;

private:
    void measure(Window& window) const;
    std::vector<std::unique_ptr<Window>> windows_;  // one for each loop
    fiber::Event ending_;
    fiber::Gate gate_;
};

}  // namespace jebi::watch
