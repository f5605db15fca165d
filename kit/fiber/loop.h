// Inside kit/fiber only: the event loop and the fiber that runs on it, with Asio visible.
#pragma once

#include <atomic>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <thread>

#include "kit/fiber/asan_stack.h"
#include "kit/fiber/fiber.h"

namespace jebi::fiber {

// The executor's own type instead of any_io_executor: no type erasure on the way of every wait.
using Executor = boost::asio::io_context::executor_type;
using Yield = boost::asio::basic_yield_context<Executor>;
using Timer =
    boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                      boost::asio::wait_traits<std::chrono::steady_clock>, Executor>;

class Fiber;

// Who begins in which round of a loop (wait_for_turn). On the loop's thread only.
class Turns {
public:
    explicit Turns(boost::asio::io_context& context) : context_(context) {}
    void wait(Fiber& fiber);

private:
    void end_round_later();
    void end_round();
    boost::asio::io_context& context_;
    std::deque<Fiber*> waiting_;
    bool is_taken_ = false;  // somebody has begun in this round
};

class Loop {
public:
    Loop();
    ~Loop();

    boost::asio::io_context context{1};
    std::atomic<int> fibers{0};  // alive on this loop
    Turns turns{context};

private:
    boost::asio::executor_work_guard<Executor> work_{context.get_executor()};
    std::thread thread_;
};

// What a running fiber knows of itself. Lives on the fiber's stack.
class Fiber {
public:
    // `frame`: where its stack begins.
    Fiber(Loop& on, Yield yield, void* frame)
        : loop(on), yield_(std::move(yield)), timer_(on.context), stack_(frame, stack_bytes) {}

    // Runs an asynchronous operation of Asio and gives the thread away until it is done.
    template <typename Operation>
    auto wait(Operation operation);
    // False: the time was up. True: wake() came first.
    bool park_until(Deadline until);
    // On the loop's thread only.
    void wake() { timer_.cancel(); }

    Loop& loop;

private:
    Yield yield_;
    Timer timer_;
    AsanStack stack_;
};

// Calls `wake` on the loop's thread soon after the event happens, as long as the watch lives. Made and
// destroyed on that thread; an event that happened before calls nobody, so look at it once the watch is made.
class EventWatch {
public:
    EventWatch(const Event& event, Loop& loop, std::function<void()> wake);
    ~EventWatch();
    EventWatch(const EventWatch&) = delete;

private:
    struct Waker;
    friend class Event;
    std::shared_ptr<Event::State> event_;
    std::shared_ptr<Waker> waker_;  // shared with the call that is on its way to the loop
};

// The fiber that runs on this thread now; null on a plain thread and in the loop itself.
Fiber* current();
void set_current(Fiber* fiber);

template <typename Operation>
auto Fiber::wait(Operation operation) {
    set_current(nullptr);
    stack_.leave();
    boost::system::error_code error;
    if constexpr (std::is_void_v<decltype(operation(yield_[error]))>) {
        operation(yield_[error]);
        stack_.enter();
        set_current(this);
        return error;
    } else {
        auto answer = operation(yield_[error]);
        stack_.enter();
        set_current(this);
        return std::pair{error, std::move(answer)};
    }
}

}  // namespace jebi::fiber
