// What stands behind Store: see store.h for what it promises.
//
// Threads: GroupCommit's writes the log; the appender takes groups from there into the tail, and answers; the
// keeper makes segments of full tails, merges them, and drops what is too old.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "modules/log_analytics/store/event_ids.h"
#include "modules/log_analytics/store/group_commit.h"
#include "modules/log_analytics/store/library.h"
#include "modules/log_analytics/store/store.h"
#include "modules/log_analytics/store/tail.h"

namespace jebi::log_analytics {

class Store::Engine {
public:
    Engine(StoreOptions options, disk::Disk& disk, const Clock& clock, disk::FolderLock lock);
    ~Engine();

    // Repairs and reads what is there, then starts the threads. Once, first.
    Result<void> open();

    Result<std::uint64_t> write(Rows rows, Deadline until);
    Snapshot snapshot() const;
    const fiber::Signal& appended() const { return appended_; }
    Result<void> writable() const { return commit_->writable(); }
    std::vector<std::string> damaged() const;
    StoreStats stats() const;
    Result<void> settle(Deadline until);

private:
    // A tail, and which groups of the log are in it.
    struct Filling {
        std::shared_ptr<Tail> tail;
        std::uint64_t last_group = 0;
        WallMs first_arrival_ms = 0, last_arrival_ms = 0;  // 0: it is empty
        std::uint64_t rows = 0, bytes = 0;
    };

    // engine_open.cpp
    Result<void> read_logs();
    Result<void> read_log(const std::string& name);
    Result<void> replay(std::uint64_t group, RowsReader& batch);
    void note_gap(const std::string& name, const WalContent& content);
    void tell_damage(std::string what);
    void remember_event_ids();
    Result<std::uint64_t> remember_event_ids_of(const Segment& segment);
    Result<void> seal_while_opening();

    // The appender.
    void append_groups();
    void append_group(CommittedGroup& group);
    std::uint64_t append_batch(RowsReader& batch);
    bool is_new(const RowsReader& row, std::size_t id_field);
    bool is_full() const;
    void make_room();

    void begin_next_tail();  // both locks are held

    // The keeper.
    void keep();
    std::uint64_t wait_for_work(bool at_once);
    void pause_after(const Error& failed);
    Result<bool> keep_once(std::uint64_t settles);
    void begin_next_tail_when_wanted(bool settling);
    bool is_due() const;  // library_.mutex() is held
    Result<void> seal();
    Result<bool> merge();
    Result<void> drop();
    SegmentSpan span_of(const Filling& filling) const;

    StoreOptions options_;
    disk::Disk& disk_;
    const Clock& clock_;
    disk::FolderLock folder_lock_;
    static constexpr std::size_t cache_bytes_max = 16 * 1024 * 1024;
    Cache cache_{cache_bytes_max};
    Library library_;
    EventIds event_ids_;
    fiber::Signal appended_, kept_;

    std::mutex appending_;  // of filling_.tail: held while rows are appended, and to begin another tail

    // Guarded by library_.mutex(): a snapshot sees a tail or its segment, never both or none.
    Filling filling_;
    std::optional<Filling> full_;  // waits to be made a segment
    bool ending_ = false;
    std::uint64_t settles_wanted_ = 0, settles_done_ = 0;
    std::optional<Error> keeper_failed_;
    std::uint64_t rows_taken_ = 0, duplicates_ = 0, sealed_ = 0, merged_ = 0, dropped_ = 0;
    std::condition_variable work_;  // for the keeper
    std::condition_variable room_;  // for the appender: full_ is empty again

    std::vector<std::string> log_damage_;               // found while opening
    std::map<std::uint64_t, std::uint64_t> log_files_;  // while opening: first group -> bytes
    std::uint64_t last_group_ = 0;                      // while opening
    std::unique_ptr<GroupCommit> commit_;
    std::thread appender_, keeper_;
};

}  // namespace jebi::log_analytics
