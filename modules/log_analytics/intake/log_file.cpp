#include "modules/log_analytics/intake/log_file.h"

#include <algorithm>

namespace jebi::log_analytics {

namespace {

constexpr std::string_view gzip_magic = "\x1f\x8b";
constexpr std::size_t packed_bytes_max = 64 * 1024, skipped_bytes_max = 1024 * 1024;  // at once

}  // namespace

Result<LogFile> LogFile::open(disk::Disk& disk, const std::string& path) {
    TRY(auto input, disk.open(path));
    LogFile file{path, std::move(input)};
    std::string magic(std::min<std::uint64_t>(gzip_magic.size(), file.disk_bytes()), '\0');
    TRY_VOID(file.input_->read(0, magic.data(), magic.size()));
    if (magic == gzip_magic) file.gzip_.emplace();
    return file;
}

Result<void> LogFile::read(std::size_t bytes_max, std::string& to) {
    const std::size_t before = to.size();
    if (gzip_)
        TRY_VOID(unpack(bytes_max, to));
    else
        TRY_VOID(read_disk(bytes_max, to));
    at_ += to.size() - before;
    return {};
}

Result<void> LogFile::unpack(std::size_t bytes_max, std::string& to) {
    const std::size_t end = to.size() + bytes_max;
    while (to.size() < end) {
        const std::size_t before = to.size();
        std::string_view packed = packed_;
        const auto unpacked = gzip_->read(packed, end - before, to);
        if (!unpacked) return fail(Code::invalid, path_ + " is damaged: " + unpacked.error().message);
        packed_.erase(0, packed_.size() - packed.size());
        if (to.size() > before) continue;
        TRY_VOID(read_disk(packed_bytes_max, packed_));
        if (!packed_.empty()) continue;
        if (!gzip_->is_whole()) return fail(Code::invalid, path_ + " is cut off.");
        break;
    }
    return {};
}

Result<void> LogFile::read_disk(std::size_t bytes_max, std::string& to) {
    const std::size_t before = to.size();
    const std::size_t count = std::min<std::uint64_t>(bytes_max, disk_bytes() - read_);
    to.resize(before + count);
    TRY_VOID(input_->read(read_, to.data() + before, count));
    read_ += count;
    return {};
}

Result<void> LogFile::skip(std::uint64_t bytes) {
    if (!gzip_) {
        read_ += std::min(bytes, disk_bytes() - read_);
        at_ = read_;
        return {};
    }
    std::string skipped;
    for (const std::uint64_t end = at_ + bytes; at_ < end; skipped.clear()) {
        TRY_VOID(read(std::min<std::uint64_t>(end - at_, skipped_bytes_max), skipped));
        if (skipped.empty()) break;
    }
    return {};
}

}  // namespace jebi::log_analytics
