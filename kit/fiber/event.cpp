#include <condition_variable>
#include <mutex>

#include "kit/fiber/loop.h"

namespace jebi::fiber {

// The wake-up is posted to the loop and may arrive when nobody waits any more; so it goes through this
// record, which is emptied on the way out. `wake` is touched on the loop's thread only.
struct EventWatch::Waker {
    Loop& loop;
    std::function<void()> wake;
};

struct Event::State {
    std::mutex mutex;
    std::condition_variable changed;
    bool set = false;
    std::vector<std::shared_ptr<EventWatch::Waker>> wakers;

    bool wait_on_thread(Deadline until) {
        std::unique_lock lock{mutex};
        return changed.wait_until(lock, until, [this] { return set; });
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
    std::vector<std::shared_ptr<EventWatch::Waker>> wakers;
    {
        const std::lock_guard lock{state->mutex};
        state->set = true;
        wakers.swap(state->wakers);
    }
    state->changed.notify_all();
    for (const auto& waker : wakers) {
        boost::asio::post(waker->loop.context, [waker] {
            if (waker->wake) waker->wake();
        });
    }
}

// What happens between the look at the flag and the parking is not missed: the wake-up is posted to this
// fiber's own loop, and so runs when the fiber has parked.
bool Event::wait_until(Deadline until) const {
    Fiber* self = current();
    if (self == nullptr) return state_->wait_on_thread(until);
    if (is_set()) return true;
    const EventWatch watch{*this, self->loop, [self] { self->wake(); }};
    while (!is_set()) {
        if (!self->park_until(until)) return is_set();
    }
    return true;
}

EventWatch::EventWatch(const Event& event, Loop& loop, std::function<void()> wake)
    : event_(event.state_), waker_(std::make_shared<Waker>(loop, std::move(wake))) {
    const std::lock_guard lock{event_->mutex};
    if (!event_->set) event_->wakers.push_back(waker_);
}

EventWatch::~EventWatch() {
    waker_->wake = nullptr;
    const std::lock_guard lock{event_->mutex};
    std::erase(event_->wakers, waker_);
}

}  // namespace jebi::fiber
