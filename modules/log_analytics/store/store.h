// The engine: takes rows, keeps them, and shows them to queries.
//
// Promises. When write() has answered, the rows survive kill -9 and a power cut, and every snapshot taken
// from then on has them. What write() refused is either not there or, after an error that says so
// (`unavailable`, `deadline`), may be there: send it again with the same event ids. A row with the text field
// `event_id` that is among the last `event_ids_max` ones is taken once, however often it arrives.
//
// How. Each batch goes to the write-ahead log (wal.h) in a group with whatever else arrived during the last
// fsync, then into the tail (tail.h). A full tail becomes an immutable segment (segment.h) in the background;
// small neighbouring segments are merged; a manifest (manifest.h) says which segments there are, and is
// switched in one step. Opening repairs what a crash left: it reads the log again from the last segment's
// end, and forgets a torn group at the end of a file, which nobody was told about.
//
// Bounds of memory: `queue_bytes_max` for what waits for the disk, twice `tail_bytes_max` for tails, about
// half of that again while a segment is made.
//
// Thread-safe. Waits like everything in kit/fiber; its own threads do all file I/O but queries' reads.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kit/base/clock.h"
#include "kit/disk/disk.h"
#include "kit/fiber/signal.h"
#include "modules/log_analytics/store/part.h"
#include "modules/log_analytics/store/rows.h"

namespace jebi::log_analytics {

struct StoreOptions {
    std::string folder;
    std::uint64_t tail_rows_max = 131'072;
    std::size_t tail_bytes_max = 24 * 1024 * 1024;
    std::size_t tail_columns_max = 4'096;
    // A tail of at least so many rows becomes a segment as soon as nothing has arrived for so long: a row
    // takes five times as many bytes in the log as in a segment.
    std::uint64_t tail_quiet_rows_min = 8'192;
    Millis tail_quiet{1'000};
    std::size_t queue_bytes_max =
        32 * 1024 * 1024;  // taken, not yet on the disk; beyond: `exhausted`, "queue_full"
    std::uint64_t free_bytes_min =
        64 * 1024 * 1024;                        // with less, writes are refused: `exhausted`, "disk_full"
    std::uint64_t segment_rows_max = 1'048'576;  // merges stop there
    std::size_t merge_count = 8;                 // neighbours of about one size are merged
    std::uint64_t bytes_max = 0;                 // of segments: beyond, the oldest go; 0: no bound
    Millis age_max{0};                           // segments whose newest row is older go; 0: kept for ever
    std::size_t event_ids_max = 1'000'000;
    Millis retry_pause{1'000};  // after a segment could not be written
    // Told about repairs and damage: a sentence with the file's name.
    std::function<void(std::string_view)> told = {};
};

struct StoreStats {
    std::uint64_t rows = 0;        // that can be queried
    std::uint64_t rows_taken = 0;  // since the start
    std::uint64_t duplicates = 0;  // rows left out, as their event id was there
    std::uint64_t groups = 0;      // written to the log, each with one fsync
    std::uint64_t segments = 0;
    std::uint64_t segment_bytes = 0, wal_bytes = 0, tail_bytes = 0, queue_bytes = 0;
    std::uint64_t sealed = 0, merged = 0, dropped = 0;  // tails, segments, segments
};

class Store {
public:
    // `disk` and `clock` outlive the store. `conflict` when another process has the folder; `unavailable`
    // when it cannot be written; `invalid` when it is of a newer version. Damage is no error: see damaged().
    static Result<std::unique_ptr<Store>> open(StoreOptions options, disk::Disk& disk, const Clock& clock);
    // What was taken is written first.
    ~Store();

    // How many of the rows were new. Errors: `exhausted` ("queue_full": at once worth another try after
    // retry_after_s; "disk_full"), `unavailable` ("disk_error"), `deadline`.
    Result<std::uint64_t> write(Rows rows, Deadline until);

    Snapshot snapshot() const;
    // Told whenever rows have become visible.
    const fiber::Signal& appended() const;
    // May writes succeed now? Else why not: for /readyz.
    Result<void> writable() const;
    // What is known to be missing or unreadable: the file and why.
    std::vector<std::string> damaged() const;
    StoreStats stats() const;

    // Makes a segment of the tail, merges what is to be merged, drops what is too old, and waits for it.
    Result<void> settle(Deadline until);

private:
    class Engine;
    explicit Store(std::unique_ptr<Engine> engine);
    std::unique_ptr<Engine> engine_;
};

}  // namespace jebi::log_analytics
