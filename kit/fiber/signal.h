// Something that happens again and again: whoever waits is told about the next time.
//
// Take the Event first, then look whether there is something to do, then wait: what happens in between
// is not missed. Thread-safe.
#pragma once

#include <mutex>
#include <utility>

#include "kit/fiber/fiber.h"

namespace jebi::fiber {

class Signal {
public:
    Event next() const {
        const std::lock_guard lock{mutex_};
        return event_;
    }
    void tell() {
        Event happened;
        {
            const std::lock_guard lock{mutex_};
            std::swap(happened, event_);
        }
        happened.set();
    }

private:
    mutable std::mutex mutex_;
    Event event_;
};

}  // namespace jebi::fiber
