// Log files into the store: access logs (access_log.h) and JSON lines (json_rows.h), plain or gzipped.
//
// Every row gets an "event_id" made of the file's first line, the place of its own line in the file and a
// checksum of that line (unless a JSON event has one), so that importing a file again, also one that has
// grown or been renamed meanwhile, adds only what is new, as long as the store remembers those ids. Lines
// that cannot be read are counted and passed over; the first few are told.
//
// Blocks: for a thread of its own. Memory: a piece, a line and their rows, however large the file is.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "kit/disk/disk.h"
#include "modules/log_analytics/intake/batch.h"

namespace jebi::log_analytics {

struct ImportOptions {
    std::uint64_t from = 0;  // where in the (decompressed) file to go on: ImportProgress::bytes of before
    std::size_t piece_bytes = 1024 * 1024;         // read at once; a batch of rows is made of each
    std::size_t line_bytes_max = 2 * 1024 * 1024;  // a longer line cannot be read
};

struct ImportProgress {
    enum class Format : std::uint8_t { unknown, access_log, json };
    static constexpr std::size_t unreadable_shown_max = 5;

    Format format = Format::unknown;
    std::uint64_t bytes = 0;  // of the (decompressed) file that are dealt with: all up to here is in the sink
    std::uint64_t disk_bytes = 0, disk_bytes_total = 0;  // read so far, of the file as it lies on the disk
    std::uint64_t rows = 0;
    std::uint64_t unreadable = 0;  // lines
    struct Line {
        std::uint64_t at;  // its first byte in the file
        std::string why;
    };
    std::vector<Line> first_unreadable;
};

// Takes the rows of a piece; its error ends the import.
using ImportSink = std::function<Result<void>(Rows)>;
// Told after each piece; false ends the import early, without an error.
using ImportWatcher = std::function<bool(const ImportProgress&)>;

// `arrived`: the time of JSON events that have none. Errors: those of disk and sink; `invalid` when not one
// of the first lines is in a known format, or when gzip is damaged or cut off: what stood before is in the
// sink.
Result<ImportProgress> import_file(disk::Disk& disk, const std::string& path, const ImportOptions& options,
                                   WallMs arrived, const ImportSink& sink, const ImportWatcher& watcher);

}  // namespace jebi::log_analytics
