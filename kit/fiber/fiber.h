// Fibers: code that reads as if it blocked, on threads that never do.
//
// A fiber is a function with a stack of its own, pinned to one event loop. When it has to wait (for a
// socket, a timer, another thread) it gives its loop's thread to other fibers and goes on later. So
// a connection, a background job and a request are plain synchronous code.
//
// Rules. Never block a loop: no file I/O but SQLite's short reads, no std::mutex held across a wait,
// no sleeping; what must block (Argon2, fsync) goes to a Pool and the fiber waits for it. What is
// thread_local must not be held across a wait. Every wait has a deadline.
//
// Everything here that waits also works on a plain thread (it blocks that thread then), so rules and
// stores can be tested without an event loop.
//
// Stackful fibers come from boost::asio::spawn; docs/decisions/0001-fibers.md says why.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "kit/base/clock.h"
#include "kit/base/result.h"

namespace jebi::fiber {

inline constexpr std::size_t stack_bytes = 256 * 1024;

// One event loop on one thread. Made by Loops only.
class Loop;

// The process's event loops, one thread each.
class Loops {
public:
    explicit Loops(unsigned count = 0);  // 0: one per core
    // Stops, and waits for the threads. Whoever starts fibers ends them first (see Gate).
    ~Loops();
    Loops(const Loops&) = delete;

    unsigned size() const;
    Loop& at(unsigned index) const;

private:
    std::vector<std::unique_ptr<Loop>> loops_;
};

// Starts `body` as a fiber on `loop`; from any thread. An exception that leaves `body` ends the
// process: catching is the business of whoever knows what to answer.
void spawn(Loop& loop, std::function<void()> body);

// Is the caller running in a fiber? On which loop? (null: no)
Loop* current_loop();

// Gives the thread to others until then.
void sleep_until(Deadline until);

// Waits for this fiber's turn to begin what will keep its loop's thread busy. In each round of the loop one
// of those that wait here goes on, the longest first, and between two of them the loop sees to all sockets:
// so what has come is known, and can be refused, instead of standing unseen in the kernel. At once when
// nobody waits, and on a plain thread.
void wait_for_turn();

// Something that happens once: any thread sets it, any number of waits see it.
class Event {
public:
    Event();
    void set() const;
    // True: it happened. False: the time was up first.
    bool wait_until(Deadline until) const;
    bool is_set() const;

private:
    friend class EventWatch;
    struct State;
    std::shared_ptr<State>
        state_;  // shared by the waiter and the thread that sets it, whoever outlives the other
};

// A value that another thread or fiber will put here once.
template <typename T>
class Promise {
public:
    void set(T value) const {
        const auto shared = shared_;  // the waiter may destroy this Promise as soon as the event is set
        shared->value = std::move(value);
        shared->event.set();
    }
    // The value, or `deadline`. Called once.
    Result<T> wait_until(Deadline until) const {
        if (!shared_->event.wait_until(until)) {
            return fail(Code::deadline, "This took too long. It may or may not have been done.");
        }
        return std::move(*shared_->value);
    }

private:
    struct Shared {
        Event event;
        std::optional<T> value;
    };
    std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
};

// Two problems of stopping: no new work may begin, and what has begun must be waited for.
// Work holds a Pass while it runs; close() refuses new passes and wait_until() waits for the rest.
// Thread-safe.
class Gate {
public:
    Gate();
    class Pass {
    public:
        Pass() = default;
        explicit operator bool() const { return state_ != nullptr; }
        Pass(Pass&&) noexcept = default;
        Pass& operator=(Pass&& other) noexcept {
            std::swap(state_, other.state_);
            return *this;
        }
        ~Pass();

    private:
        friend class Gate;
        std::shared_ptr<struct GateState> state_;
    };
    Pass enter() const;  // false when the gate is closed
    void close() const;
    std::size_t inside() const;
    bool wait_until(Deadline until) const;  // closed, and nobody inside any more

private:
    std::shared_ptr<struct GateState> state_;  // shared with passes that outlive the gate
};

// Result<T> for T, and for a Result<T> itself.
template <typename T>
struct PlainOf {
    using type = Result<T>;
};
template <typename T>
struct PlainOf<Result<T>> {
    using type = Result<T>;
};
template <typename T>
using Plain = typename PlainOf<T>::type;

// A few threads for what must block, behind a bounded queue. Thread-safe.
class Pool {
public:
    // `name` appears in errors and in `top`.
    Pool(std::string name, unsigned threads, std::size_t queue_max);
    // Runs what is queued to its end.
    ~Pool();

    // Runs `work` on one of the threads while the caller waits. `exhausted` at once when the queue is
    // full. `deadline` when the time is up; work that has not begun by then is not begun.
    // Work that answers a Result<T> makes this a Result<T> too.
    template <typename Work, typename T = std::invoke_result_t<Work>>
    auto run(Deadline until, Work work) -> Plain<T> {
        Promise<T> promise;
        TRY_VOID(post(until, [promise, work = std::move(work)]() mutable { promise.set(work()); }));
        TRY(T answer, promise.wait_until(until));
        return answer;
    }

private:
    Result<void> post(Deadline until, std::function<void()> task);
    struct Threads;
    std::unique_ptr<Threads> threads_;
};

}  // namespace jebi::fiber
