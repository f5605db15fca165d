#include "kit/guard/bulkhead.h"

#include "kit/fiber/fiber.h"

namespace jebi::guard {

struct Bulkhead::Waiter {
    fiber::Event event;
    bool granted = false;
};

Result<Bulkhead::Pass> Bulkhead::enter(Deadline until) {
    std::unique_lock lock{mutex_};
    if (inside_ < inside_max_) {
        ++inside_;
        return Pass{*this};
    }
    if (queue_.size() >= queue_max_) {
        ++refused_;
        return fail(error(Code::exhausted, "Too many wait for this part at the moment.")
                        .because("queue_full")
                        .after_s(1));
    }
    const auto waiter = queue_.emplace_back(std::make_shared<Waiter>());
    lock.unlock();
    waiter->event.wait_until(until);
    lock.lock();
    if (waiter->granted) return Pass{*this};
    std::erase(queue_, waiter);
    return fail(Code::deadline, "No place was free in time.");
}

// Who leaves hands the place over, so `inside_` stays as it is.
void Bulkhead::leave() {
    std::shared_ptr<Waiter> next;
    {
        const std::lock_guard lock{mutex_};
        if (queue_.empty()) {
            --inside_;
        } else {
            next = std::move(queue_.front());
            queue_.pop_front();
            next->granted = true;
        }
    }
    if (next) next->event.set();
}

std::size_t Bulkhead::inside() const {
    const std::lock_guard lock{mutex_};
    return inside_;
}

std::size_t Bulkhead::queued() const {
    const std::lock_guard lock{mutex_};
    return queue_.size();
}

std::uint64_t Bulkhead::refused() const {
    const std::lock_guard lock{mutex_};
    return refused_;
}

}  // namespace jebi::guard
