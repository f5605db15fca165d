// Which segments there are: a small text file that is switched in one step (disk::replace).
//
//     jebi log store 2
//     up to group 42
//     next row 1001
//     log file 43
//     log written to group 57
//     segment-00000000000000000001-00000000000000000042.seg
//     ...
//     hash 0123456789abcdef      of all lines before, hash64 in hex
//
// All groups of the write-ahead log up to the one named are in segments, or were and have been dropped since.
// The log had been written at least up to the last group named, in the file called after the group named
// before; a clean end notes that, so that a file that is cut or taken away is missed. A segment's file is
// called after the groups of the write-ahead log that it holds. The manifest could be made again from the
// files' footers (library.cpp does so when it is lost), but for old segments whose rows are in a newer,
// merged one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kit/disk/disk.h"

namespace jebi::log_analytics {

struct GroupRange {
    std::uint64_t first = 0, last = 0;
    bool contains(const GroupRange& other) const { return first <= other.first && other.last <= last; }
    auto operator<=>(const GroupRange&) const = default;
};

inline constexpr const char* manifest_name = "manifest";

std::string segment_name(const GroupRange& groups);
std::optional<GroupRange> groups_of(std::string_view segment_name);

struct Manifest {
    std::uint64_t last_group = 0;
    std::uint64_t next_row = 1;
    std::uint64_t log_file = 0, log_last_group = 0;  // 0: not known
    std::vector<GroupRange> segments;
};

Result<void> write_manifest(disk::Disk& disk, const std::string& folder, const Manifest& manifest);
// `not_found` when there is none; `internal` ("damaged") when it is damaged; `invalid` when it is of another
// version.
Result<Manifest> read_manifest(disk::Disk& disk, const std::string& folder);

}  // namespace jebi::log_analytics
