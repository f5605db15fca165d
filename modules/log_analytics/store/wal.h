// The write-ahead log: what was taken, before anything else is done with it.
//
// Rows arrive in batches, batches are written in groups: one write and one fsync for all that arrived during
// the fsync before (group commit; Gawlick and Kinkade, 1985). A group is read again as a whole or not at all.
//
// Files are called wal-NNNNNNNNNNNNNNNNNNNN.log after their first group; groups are numbered from 1, without
// gaps inside a file. A file ends when it is large enough, or when a write failed: the next group begins a
// new one.
//
// The file (version 2; little endian):
//     8 bytes "JEBIWAL2", u64 first group, u64 the last group before it that was surely written (0: none)
//     u64 hash (hash64) of these 24 bytes
// then groups:
//     4 bytes "JGRP", u32 batches, u64 number, u64 bytes behind this head
//     u64 hash (hash64) of these 24 bytes
//     for each batch: u32 bytes of names, u32 of shapes, u32 of rows, u64 hash64(rows, seed: hash64(shapes,
//         seed: hash64(names, seed: the group's number))), names, shapes, rows (rows.h)
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "kit/disk/disk.h"
#include "modules/log_analytics/store/rows.h"

namespace jebi::log_analytics {

inline constexpr std::uint64_t group_bytes_max = 256 * 1024 * 1024;  // what a reader believes

std::string wal_name(std::uint64_t first_group);
// The first group of a file of that name; nothing when it is no such name.
std::optional<std::uint64_t> first_group_of(std::string_view wal_name);

// One file that is written. One thread at a time.
class WalWriter {
public:
    // Makes the file and makes sure that its name is on the disk.
    static Result<WalWriter> create(disk::Disk& disk, const std::string& folder, std::uint64_t first_group,
                                    std::uint64_t last_written);
    // On the disk when it has answered. After an error the file must not be written any more.
    Result<void> append(std::uint64_t group, std::span<const Rows* const> batches);
    std::uint64_t bytes() const { return file_->size(); }

private:
    explicit WalWriter(std::unique_ptr<disk::Output> file) : file_(std::move(file)) {}
    std::unique_ptr<disk::Output> file_;
};

// What was found in a file.
struct WalContent {
    bool head_damaged = false;
    std::uint64_t last_written_before = 0;
    std::uint64_t last_group = 0;  // that was read; 0: none
    std::uint64_t torn_bytes = 0;  // at its end, which are no group: a write that never ended
    // Groups that are there but damaged, or missing between others: acknowledged rows may have been in them.
    std::uint64_t damaged_groups = 0;
};

// Reads a file, and gives each batch of each whole group to `use`, in their order; stops early when `use`
// fails. `not_found` ("torn") when there is no whole group and no head: the file was just being made;
// `invalid` ("other_version") when it is of another version.
Result<WalContent> read_wal(disk::Disk& disk, const std::string& path,
                            const std::function<Result<void>(std::uint64_t group, RowsReader& batch)>& use);

}  // namespace jebi::log_analytics
