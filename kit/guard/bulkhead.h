// At most so many calls to one neighbour at once, and a short queue before it: who hangs takes a bounded part
// of this process along (Nygard, "Release It!").
//
// First come, first served. Who waits gives up at their call's deadline. A full queue refuses at once.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>

#include "kit/base/clock.h"
#include "kit/base/result.h"

namespace jebi::guard {

// Thread-safe. Passes must not outlive it.
class Bulkhead {
public:
    // Inside at most `inside_max` (at least 1), before the door at most `queue_max`.
    Bulkhead(std::size_t inside_max, std::size_t queue_max)
        : inside_max_(inside_max), queue_max_(queue_max) {}
    Bulkhead(const Bulkhead&) = delete;

    // Holds a place while it lives.
    class Pass {
    public:
        Pass(Pass&& other) noexcept : bulkhead_(std::exchange(other.bulkhead_, nullptr)) {}
        Pass(const Pass&) = delete;
        ~Pass() {
            if (bulkhead_ != nullptr) bulkhead_->leave();
        }

    private:
        friend class Bulkhead;
        explicit Pass(Bulkhead& bulkhead) : bulkhead_(&bulkhead) {}
        Bulkhead* bulkhead_;
    };

    // `exhausted` (queue_full), `deadline`.
    Result<Pass> enter(Deadline until);

    std::size_t inside() const;
    std::size_t queued() const;
    std::uint64_t refused() const;  // for a full queue

private:
    struct Waiter;
    void leave();

    const std::size_t inside_max_;
    const std::size_t queue_max_;
    mutable std::mutex mutex_;  // of all below
    std::size_t inside_ = 0;
    std::deque<std::shared_ptr<Waiter>> queue_;  // shared with the waiting caller, who may give up
    std::uint64_t refused_ = 0;
};

}  // namespace jebi::guard
