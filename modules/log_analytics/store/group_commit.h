// Writes batches to the write-ahead log: whatever arrived during the last fsync shares the next one.
//
// A thread of its own writes; batches come out, in groups, in the order of their groups, for whoever takes
// them from here (next()). Thread-safe.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "kit/disk/disk.h"
#include "kit/fiber/fiber.h"
#include "modules/log_analytics/store/rows.h"
#include "modules/log_analytics/store/wal.h"

namespace jebi::log_analytics {

// Somebody's rows, and where the answer goes: how many of them were new.
struct WaitingBatch {
    Rows rows;
    fiber::Promise<Result<std::uint64_t>> answer;
};
using WaitingBatches = std::vector<std::unique_ptr<WaitingBatch>>;

struct CommittedGroup {
    std::uint64_t number;
    WaitingBatches batches;
};

struct GroupCommitOptions {
    std::string folder;
    std::size_t queue_bytes_max;                      // taken, and not taken out by next() yet
    std::uint64_t file_bytes_max = 16 * 1024 * 1024;  // a file that is larger is followed by a new one
    std::size_t group_bytes_max = 16 * 1024 * 1024;   // of one write, unless a batch alone is larger
    std::uint64_t free_bytes_min;                     // with less, nothing is taken
};

class GroupCommit {
public:
    // `last_group` is the last that was ever written; `files`: those that are there already, by first group.
    GroupCommit(disk::Disk& disk, GroupCommitOptions options, std::uint64_t last_group,
                std::map<std::uint64_t, std::uint64_t> files);
    // What was taken is written; next() must be called until it answers nothing, or be ended.
    ~GroupCommit();

    // Takes a batch. Its promise is kept by whoever takes it from next(), or here when it could not be
    // written. Errors: `exhausted` ("queue_full", "disk_full").
    Result<void> take(std::unique_ptr<WaitingBatch> batch);
    // The next group that is on the disk; waits for it. Nothing: the end.
    std::optional<CommittedGroup> next();
    // Takes nothing more, and ends when all is written.
    void end();

    // All groups up to this one are in segments: removes files that hold no other. The file that is written
    // is closed and removed too when it holds no other and nothing waits.
    void forget(std::uint64_t up_to_group);
    // Looks at the free space of the disk again.
    void look_at_disk();
    Result<void> writable() const;
    // The first group of the newest file; 0: there is none.
    std::uint64_t last_file() const;

    struct Stats {
        std::uint64_t groups = 0, wal_bytes = 0, queue_bytes = 0;
    };
    Stats stats() const;

private:
    void run();
    WaitingBatches wait_for_batches();
    void close_forgotten_file(std::unique_lock<std::mutex>& lock);
    void remove_files(const std::vector<std::uint64_t>& gone);
    Result<void> write(std::uint64_t group, const WaitingBatches& batches);
    void refuse(WaitingBatches& batches, const Error& why);

    disk::Disk& disk_;
    GroupCommitOptions options_;
    mutable std::mutex mutex_;  // of all below but what is said to be the thread's
    std::condition_variable arrived_, committed_;
    std::deque<std::unique_ptr<WaitingBatch>> waiting_;
    std::deque<CommittedGroup> groups_;
    std::size_t queue_bytes_ = 0;
    std::map<std::uint64_t, std::uint64_t> files_;  // first group -> bytes
    bool ending_ = false, ended_ = false;
    bool disk_is_full_ = false;
    std::optional<Error> failed_;  // the last write, if it did
    std::uint64_t groups_count_ = 0;
    std::uint64_t forgotten_ = 0, committed_last_ = 0;  // groups
    bool close_wanted_ = false;

    std::uint64_t last_group_, last_written_;  // the thread's
    std::optional<WalWriter> file_;            // the thread's
    std::uint64_t file_first_group_ = 0;       // the thread's
    std::thread thread_;                       // last: it uses all of the above
};

}  // namespace jebi::log_analytics
