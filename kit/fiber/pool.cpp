#include <pthread.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "kit/fiber/fiber.h"

namespace jebi::fiber {

namespace {

constexpr std::size_t thread_name_max = 15;  // Linux

struct Task {
    Deadline until;
    std::function<void()> run;
};

}  // namespace

struct Pool::Threads {
    std::string name;
    std::size_t queue_max;
    std::mutex mutex;
    std::condition_variable arrived;
    std::deque<Task> queue;
    bool ending = false;
    std::vector<std::thread> threads;

    // The next task, or nothing when the pool ends and all is done.
    std::optional<Task> take() {
        std::unique_lock lock{mutex};
        arrived.wait(lock, [this] { return ending || !queue.empty(); });
        if (queue.empty()) return std::nullopt;
        Task task = std::move(queue.front());
        queue.pop_front();
        return task;
    }

    void work() {
        pthread_setname_np(pthread_self(), name.substr(0, thread_name_max).c_str());
        while (auto task = take()) {
            if (std::chrono::steady_clock::now() < task->until) task->run();
        }
    }
};

Pool::Pool(std::string name, unsigned threads, std::size_t queue_max)
    : threads_(std::make_unique<Threads>()) {
    threads_->name = std::move(name);
    threads_->queue_max = queue_max;
    for (unsigned i = 0; i < threads; ++i)
        threads_->threads.emplace_back([all = threads_.get()] { all->work(); });
}

Pool::~Pool() {
    {
        const std::lock_guard lock{threads_->mutex};
        threads_->ending = true;
    }
    threads_->arrived.notify_all();
    for (auto& thread : threads_->threads)
        thread.join();
}

Result<void> Pool::post(Deadline until, std::function<void()> task) {
    {
        const std::lock_guard lock{threads_->mutex};
        if (threads_->queue.size() >= threads_->queue_max) {
            return fail(
                error(Code::exhausted, "Too many people ask for this right now. Please try again soon.")
                    .because("busy")
                    .after_s(1)
                    .detailed("the queue of pool " + threads_->name + " is full"));
        }
        threads_->queue.push_back({until, std::move(task)});
    }
    threads_->arrived.notify_one();
    return {};
}

}  // namespace jebi::fiber
