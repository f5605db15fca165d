#include <condition_variable>
#include <mutex>

#include "kit/fiber/loop.h"

namespace jebi::fiber {

namespace {

// One fiber that waits. The wake-up is posted to the fiber's loop and may arrive when the fiber has
// given up waiting; so it goes through this record, which the fiber clears on its way out. `fiber`
// is touched on the loop's thread only.
struct Parked {
    Loop& loop;
    Fiber* fiber;
};

}  // namespace

struct Event::State {
    std::mutex mutex;
    std::condition_variable changed;
    bool set = false;
    std::vector<std::shared_ptr<Parked>> parked;

    bool wait_on_thread(Deadline until) {
        std::unique_lock lock{mutex};
        return changed.wait_until(lock, until, [this] { return set; });
    }

    // Nothing when the event has happened already.
    std::shared_ptr<Parked> enter(Fiber& self) {
        const std::lock_guard lock{mutex};
        if (set) return nullptr;
        return parked.emplace_back(std::make_shared<Parked>(self.loop, &self));
    }

    bool leave(const std::shared_ptr<Parked>& place) {
        const std::lock_guard lock{mutex};
        std::erase(parked, place);
        return set;
    }

    bool is_set() {
        const std::lock_guard lock{mutex};
        return set;
    }
};

Event::Event() : state_(std::make_shared<State>()) {}

bool Event::is_set() const {
    return state_->is_set();
}

void Event::set() const {
    const auto state = state_;  // whoever waits may destroy this Event as soon as the flag is seen
    std::vector<std::shared_ptr<Parked>> parked;
    {
        const std::lock_guard lock{state->mutex};
        state->set = true;
        parked.swap(state->parked);
    }
    state->changed.notify_all();
    for (const auto& place : parked) {
        boost::asio::post(place->loop.context, [place] {
            if (place->fiber != nullptr) place->fiber->wake();
        });
    }
}

bool Event::wait_until(Deadline until) const {
    Fiber* self = current();
    if (self == nullptr) return state_->wait_on_thread(until);
    const auto place = state_->enter(*self);
    if (place == nullptr) return true;
    while (self->park_until(until) && !state_->is_set()) {
    }
    place->fiber = nullptr;
    return state_->leave(place);
}

}  // namespace jebi::fiber
