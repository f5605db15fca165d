#include "modules/log_analytics/query/threads.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace jebi::log_analytics::query {

namespace {

// One call of run().
struct Job {
    const std::function<void(unsigned)>& work;
    unsigned next, end;  // which workers have not begun
    unsigned running = 0;
};

}  // namespace

struct QueryThreads::Queue {
    std::mutex mutex;
    std::condition_variable arrived, ended;
    std::deque<Job*> jobs;  // with workers that have not begun
    bool ending = false;
    std::vector<std::thread> threads;

    void serve() {
        std::unique_lock lock{mutex};
        while (true) {
            arrived.wait(lock, [this] { return ending || !jobs.empty(); });
            if (jobs.empty()) return;
            Job& job = *jobs.front();
            const unsigned worker = job.next++;
            if (job.next == job.end) jobs.pop_front();
            ++job.running;
            lock.unlock();
            job.work(worker);
            lock.lock();
            if (--job.running == 0) ended.notify_all();
        }
    }
};

QueryThreads::QueryThreads(unsigned count) : queue_(std::make_unique<Queue>()) {
    for (unsigned i = 0; i < count; ++i)
        queue_->threads.emplace_back([queue = queue_.get()] { queue->serve(); });
}

QueryThreads::~QueryThreads() {
    {
        const std::lock_guard lock{queue_->mutex};
        queue_->ending = true;
    }
    queue_->arrived.notify_all();
    for (auto& thread : queue_->threads)
        thread.join();
}

void QueryThreads::run(unsigned workers, const std::function<void(unsigned)>& work) {
    Job job{.work = work, .next = 1, .end = workers};
    if (workers > 1 && !queue_->threads.empty()) {
        const std::lock_guard lock{queue_->mutex};
        queue_->jobs.push_back(&job);
        queue_->arrived.notify_all();
    }
    work(0);
    std::unique_lock lock{queue_->mutex};
    std::erase(queue_->jobs, &job);
    queue_->ended.wait(lock, [&job] { return job.running == 0; });
}

}  // namespace jebi::log_analytics::query
