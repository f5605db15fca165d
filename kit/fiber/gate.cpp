#include <mutex>

#include "kit/fiber/fiber.h"

namespace jebi::fiber {

struct GateState {
    std::mutex mutex;
    bool closed = false;
    std::size_t inside = 0;
    Event emptied;  // set once: closed, and nobody inside

    void leave() {
        const std::lock_guard lock{mutex};
        --inside;
        if (closed && inside == 0) emptied.set();
    }
};

Gate::Gate() : state_(std::make_shared<GateState>()) {}

Gate::Pass::~Pass() {
    if (state_) state_->leave();
}

Gate::Pass Gate::enter() const {
    const std::lock_guard lock{state_->mutex};
    Pass pass;
    if (state_->closed) return pass;
    ++state_->inside;
    pass.state_ = state_;
    return pass;
}

void Gate::close() const {
    const std::lock_guard lock{state_->mutex};
    state_->closed = true;
    if (state_->inside == 0) state_->emptied.set();
}

std::size_t Gate::inside() const {
    const std::lock_guard lock{state_->mutex};
    return state_->inside;
}

bool Gate::wait_until(Deadline until) const {
    return state_->emptied.wait_until(until);
}

}  // namespace jebi::fiber
