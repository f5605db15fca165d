// The one thread that writes to a database, in groups of batches that share a commit.
//
// Each group: take all that waits; BEGIN; every batch in a savepoint of its own, so that one that fails is
// undone alone; COMMIT, which returns after the fsync; and only then the answers, also the refusals, since
// what they were judged by is true only now. When the commit fails, the whole group answers `unavailable`,
// nothing is tried again, and the connection is opened anew before the next group.
//
// Who was answered often writes again at once. So after a group of many the writer lingers, for a fraction
// of the commit's duration, until as many wait as before; otherwise two half groups would take turns.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

#include "kit/fiber/fiber.h"
#include "kit/sql/sqlite_connection.h"
#include "kit/sql/sqlite_readers.h"

namespace jebi::sql {

struct GroupLimits {
    std::size_t batches_max;  // at least 1
    Millis duration_max;
};

class Writer {
public:
    // `readers`: who is to see what is committed, and holds the log.
    Writer(ConnectionOptions options, std::unique_ptr<Connection> connection, GroupLimits limits,
           Readers& readers);
    // Commits what is queued.
    ~Writer();

    Result<Outcome> write(const Access& access, const Call& call, Batch batch);
    // Goes the way of a batch: is the thread alive, does it get the lock? After a failed commit the probe
    // writes, so that only a disk that takes writes again answers well.
    Result<void> probe(const Call& call);
    Stats stats() const;
    void pretend_full(Deadline until) { full_until_ = until; }

private:
    using Answer = Result<Outcome>;
    struct Job {
        const Access* access;
        Batch batch;
        std::string texts;  // the batch's SQL; its caller may be gone when the job's turn comes
        Deadline until;
        fiber::Promise<Answer> done{};
    };
    using Group = std::vector<std::unique_ptr<Job>>;
    struct Counters {
        std::atomic<std::uint64_t> batches{0};
        std::atomic<std::uint64_t> commits{0};
        std::atomic<std::uint64_t> commit_failures{0};
        std::atomic<std::uint64_t> checkpoint_failures{0};
        std::atomic<std::uint64_t> commit_us_total{0};
    };

    Answer ask(const Access& access, const Call& call, Batch batch);

    // On the writer's thread.
    void run();
    Group next_group();
    bool wait_for(std::size_t jobs, Deadline until, std::unique_lock<std::mutex>& lock);
    void expect_again(std::size_t answered, Deadline begun);
    void serve(const Group& group);
    Result<std::vector<Answer>> transaction(const Group& group);
    Result<void> connect();
    // An error of the batch's own is inside the Answer; one of the Result's ends the group.
    Result<Answer> attempt(const Job& job);
    Answer statements_of(const Job& job);
    Result<Outcome::Done> statement_of(const Access& access, const Statement& statement);
    void acknowledge(const Group& group, std::vector<Answer> answers);
    void give_up(const Group& group, Error why);
    void checkpoint();

    const ConnectionOptions options_;
    const GroupLimits limits_;
    Readers& readers_;
    std::unique_ptr<Connection> connection_;  // null after a failure, until the next group
    Deadline group_until_{};
    std::size_t expected_ = 1;  // in the next group, when everyone who was just answered writes again
    Deadline linger_until_{};   // but no longer than this is waited for them

    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::deque<std::unique_ptr<Job>> queue_;
    std::size_t wake_at_ = 1;  // wakes the writer when the queue gets this long
    bool ending_ = false;

    Counters counters_;
    std::atomic<bool> failed_{false};  // the last group did
    std::atomic<Deadline> full_until_{Deadline{}};
    std::thread thread_;  // last: starts when all else is there
};

}  // namespace jebi::sql
