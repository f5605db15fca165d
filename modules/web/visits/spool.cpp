#include "modules/web/visits/spool.h"

#include <algorithm>
#include <optional>

#include "kit/base/ids.h"

namespace jebi::web {

namespace {

constexpr std::string_view ending = ".lines";
// No append is larger: a file is read whole.
constexpr std::size_t append_bytes_max = Spool::file_bytes_max;

std::optional<std::uint64_t> number_of(std::string_view name) {
    if (!name.ends_with(ending)) return std::nullopt;
    return id_from(name.substr(0, name.size() - ending.size()));
}

}  // namespace

std::string Spool::path(std::uint64_t number) const {
    return folder_ + "/" + std::to_string(number) + std::string(ending);
}

Result<void> Spool::open() {
    if (open_) return {};
    TRY_VOID(disk_.make_folder(folder_));
    TRY(const auto names, disk_.names(folder_));
    std::deque<File> found;
    std::uint64_t bytes = 0;
    for (const std::string& name : names) {
        const auto number = number_of(name);
        if (!number) continue;
        TRY(const auto file, disk_.open(folder_ + "/" + name));
        found.push_back({.number = *number, .bytes = file->size()});
        bytes += file->size();
    }
    std::ranges::sort(found, {}, &File::number);
    if (!found.empty()) next_number_ = found.back().number + 1;
    files_ = std::move(found);
    bytes_ = bytes;
    open_ = true;
    return {};
}

Result<void> Spool::append(std::string_view lines) {
    if (lines.empty()) return {};
    TRY_VOID(open());
    if (lines.size() > append_bytes_max || bytes_ + lines.size() > bytes_max_)
        return fail(error(Code::exhausted, "The spool is full.").because("spool_full"));
    if (output_ && output_->size() >= file_bytes_max) output_.reset();
    if (!output_) TRY_VOID(begin_file());
    const std::uint64_t before = output_->size();
    auto written = write(lines);
    const std::uint64_t grown = output_->size() - before;
    files_.back().bytes += grown;
    bytes_ += grown;
    // What follows a failed write or sync goes to a new file: nobody knows how this one ends.
    if (!written) output_.reset();
    return written;
}

Result<void> Spool::begin_file() {
    const std::uint64_t number = next_number_++;
    TRY(output_, disk_.create(path(number)));
    files_.push_back({.number = number});
    auto named = disk_.sync_folder(folder_);
    if (!named) output_.reset();
    return named;
}

Result<void> Spool::write(std::string_view lines) {
    TRY_VOID(output_->append(lines));
    return output_->sync();
}

Result<std::string> Spool::oldest() {
    TRY_VOID(open());
    while (!files_.empty()) {
        if (files_.size() == 1) output_.reset();  // what is read does not grow any more
        auto lines = lines_of(files_.front());
        if (!lines && lines.error().code != Code::not_found && ++reads_failed_ < reads_max) return lines;
        if (lines && !lines->empty()) {
            reads_failed_ = 0;
            return lines;
        }
        if (!lines) ++files_lost_;
        TRY_VOID(remove_oldest());
    }
    return std::string();
}

Result<std::string> Spool::lines_of(const File& file) {
    TRY(std::string bytes, disk::read_all(disk_, path(file.number), file_bytes_max + append_bytes_max));
    bytes.resize(bytes.rfind('\n') + 1);  // npos + 1 is 0
    return bytes;
}

Result<void> Spool::remove_oldest() {
    TRY_VOID(open());
    if (files_.empty()) return {};
    const File file = files_.front();
    if (files_.size() == 1) output_.reset();
    files_.pop_front();
    bytes_ -= std::min<std::uint64_t>(bytes_, file.bytes);
    reads_failed_ = 0;
    // When that fails the file comes back at the next start, and its lines arrive twice.
    auto removed = disk_.remove(path(file.number));
    if (!removed && removed.error().code == Code::not_found) return {};
    return removed;
}

}  // namespace jebi::web
