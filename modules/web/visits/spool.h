// Lines on disk that could not be delivered yet: a queue of small files, bounded in bytes.
//
// What append() has taken survives kill -9 and a power cut. Lines come out in the order in which they went
// in, some of them a second time after a crash: whoever takes them must know them again (events have ids).
//
//     <folder>/<number>.lines    whole lines, each ended by \n, up to `file_bytes_max` and one append more;
//                                the lowest number is the oldest. A last line without \n was cut off by a
//                                crash, was never promised to anybody, and is left out.
//
// One thread at a time, but for bytes(). Blocks on the disk: call it on threads of its own, never on a loop.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include "kit/disk/disk.h"

namespace jebi::web {

class Spool {
public:
    // Touches nothing yet. `disk` outlives this.
    Spool(disk::Disk& disk, std::string folder, std::uint64_t bytes_max)
        : disk_(disk), folder_(std::move(folder)), bytes_max_(bytes_max) {}

    // Makes the folder, and finds what an earlier process has left. The others do so too when it has not
    // happened yet, so a folder that cannot be used now may be mended later.
    Result<void> open();
    // Keeps lines, each with its \n; all of them, or, after an error, some (then they may come out twice).
    // `exhausted` with the reason "spool_full" beyond `bytes_max`; else the disk's errors.
    Result<void> append(std::string_view lines);
    // The lines of the oldest file, again and again until remove_oldest(); empty: nothing is kept. A file
    // that cannot be read three times in a row is removed, and counted in files_lost().
    Result<std::string> oldest();
    Result<void> remove_oldest();

    std::uint64_t bytes() const { return bytes_; }  // from any thread
    std::uint64_t files_lost() const { return files_lost_; }

    static constexpr std::size_t file_bytes_max = 1024 * 1024;
    static constexpr unsigned reads_max = 3;

private:
    struct File {
        std::uint64_t number = 0;
        std::uint64_t bytes = 0;
    };
    std::string path(std::uint64_t number) const;
    Result<void> begin_file();
    Result<void> write(std::string_view lines);
    Result<std::string> lines_of(const File& file);

    disk::Disk& disk_;
    std::string folder_;
    std::uint64_t bytes_max_;
    bool open_ = false;
    std::deque<File> files_;                // the oldest first
    std::unique_ptr<disk::Output> output_;  // of the last file, while it grows
    std::uint64_t next_number_ = 1;
    unsigned reads_failed_ = 0;
    std::atomic<std::uint64_t> bytes_ = 0;
    std::atomic<std::uint64_t> files_lost_ = 0;
};

}  // namespace jebi::web
