#include "kit/fiber/fiber.h"

#include <boost/context/protected_fixedsize_stack.hpp>
#include <cstdio>
#include <cstdlib>

#include "kit/fiber/loop.h"

namespace jebi::fiber {

namespace {

constexpr Millis end_max{10'000};

thread_local Fiber* current_fiber = nullptr;

void run_fiber(Loop& loop, const std::function<void()>& body, Yield yield) {
    Fiber fiber{loop, std::move(yield), __builtin_frame_address(0)};
    set_current(&fiber);
    body();
    set_current(nullptr);
}

// A fiber that is still suspended when its loop goes away cannot be ended in order.
void wait_for_fibers(const Loop& loop) {
    const Deadline until = in(end_max);
    while (loop.fibers.load() > 0) {
        if (std::chrono::steady_clock::now() > until) {
            std::fputs("jebi: fibers are still running although their loop was told to end\n", stderr);
            std::abort();
        }
        std::this_thread::sleep_for(Millis{1});
    }
}

}  // namespace

Fiber* current() {
    return current_fiber;
}
void set_current(Fiber* fiber) {
    current_fiber = fiber;
}

Loop::Loop() : thread_([this] { context.run(); }) {}

Loop::~Loop() {
    wait_for_fibers(*this);
    work_.reset();
    context.stop();
    thread_.join();
}

Loops::Loops(unsigned count) {
    if (count == 0) count = std::max(1u, std::thread::hardware_concurrency());
    for (unsigned i = 0; i < count; ++i)
        loops_.push_back(std::make_unique<Loop>());
}

Loops::~Loops() = default;

unsigned Loops::size() const {
    return static_cast<unsigned>(loops_.size());
}
Loop& Loops::at(unsigned index) const {
    return *loops_.at(index);
}

void spawn(Loop& loop, std::function<void()> body) {
    loop.fibers.fetch_add(1);
    // Posted, so that the new fiber begins on its own thread and never inside the caller's turn.
    boost::asio::post(loop.context, [&loop, body = std::move(body)]() mutable {
        boost::asio::spawn(
            loop.context.get_executor(), std::allocator_arg,
            boost::context::protected_fixedsize_stack(stack_bytes),
            [&loop, body = std::move(body)](Yield yield) { run_fiber(loop, body, std::move(yield)); },
            [&loop](const std::exception_ptr& thrown) {
                if (thrown) std::rethrow_exception(thrown);  // leaves the loop's thread: the program ends
                loop.fibers.fetch_sub(1);
            });
    });
}

Loop* current_loop() {
    return current_fiber == nullptr ? nullptr : &current_fiber->loop;
}

void Turns::wait(Fiber& fiber) {
    if (!std::exchange(is_taken_, true)) return end_round_later();
    waiting_.push_back(&fiber);
    fiber.park_until(Deadline::max());
}

// Posted behind what the loop has to do already, a look at its sockets among it.
void Turns::end_round_later() {
    boost::asio::post(context_, [this] { end_round(); });
}

void Turns::end_round() {
    is_taken_ = !waiting_.empty();
    if (!is_taken_) return;
    waiting_.front()->wake();
    waiting_.pop_front();
    end_round_later();
}

bool Fiber::park_until(Deadline until) {
    timer_.expires_at(until);
    const auto error = wait([&](auto token) { return timer_.async_wait(token); });
    return error == boost::asio::error::operation_aborted;
}

void wait_for_turn() {
    if (Fiber* self = current()) self->loop.turns.wait(*self);
}

void sleep_until(Deadline until) {
    if (Fiber* self = current()) {
        self->park_until(until);
    } else {
        std::this_thread::sleep_until(until);
    }
}

}  // namespace jebi::fiber
