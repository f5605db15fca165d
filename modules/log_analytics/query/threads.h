// The threads that queries share: made once, for the whole process.
#pragma once

#include <functional>
#include <memory>

namespace jebi::log_analytics::query {

class QueryThreads {
public:
    // `count` threads besides those that ask. 0: whoever asks does all of it.
    explicit QueryThreads(unsigned count = 1);
    // Queries have ended by then.
    ~QueryThreads();
    QueryThreads(const QueryThreads&) = delete;

    // Runs work(0), work(1), ..., each at most once: work(0) on the caller's thread, the others as threads
    // become free. Returns when work(0) has returned and all that began has ended; what had not begun by then
    // is left out. So the work is shared out by who comes, and none of it may depend on another's coming.
    // Thread-safe.
    void run(unsigned workers, const std::function<void(unsigned)>& work);

private:
    struct Queue;
    std::unique_ptr<Queue> queue_;
};

}  // namespace jebi::log_analytics::query
