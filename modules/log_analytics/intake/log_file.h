// A log file's text, from its first byte to its last, in pieces; a gzipped one is decompressed on the way, in
// memory that does not grow with it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "kit/base/compress.h"
#include "kit/disk/disk.h"

namespace jebi::log_analytics {

// One thread at a time. Errors: those of the disk; `invalid` for what begins like gzip and is damaged or cut
// off.
class LogFile {
public:
    static Result<LogFile> open(disk::Disk& disk, const std::string& path);

    // Appends the next bytes of the text: `bytes_max`, fewer only at its end.
    Result<void> read(std::size_t bytes_max, std::string& to);
    // Leaves out that many, or all there are.
    Result<void> skip(std::uint64_t bytes);
    // Where in the text it is.
    std::uint64_t at() const { return at_; }

    // Of the file as it lies on the disk.
    std::uint64_t disk_bytes_read() const { return read_ - packed_.size(); }
    std::uint64_t disk_bytes() const { return input_->size(); }

private:
    LogFile(std::string path, std::unique_ptr<disk::Input> input)
        : path_(std::move(path)), input_(std::move(input)) {}
    Result<void> unpack(std::size_t bytes_max, std::string& to);
    // Appends from the disk; nothing at the end.
    Result<void> read_disk(std::size_t bytes_max, std::string& to);

    std::string path_;
    std::unique_ptr<disk::Input> input_;
    std::uint64_t at_ = 0, read_ = 0;
    std::optional<GzipReader> gzip_;  // none: a plain file
    std::string packed_;              // read, and not decompressed yet
};

}  // namespace jebi::log_analytics
