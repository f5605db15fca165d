#include "modules/log_analytics/store/group_commit.h"

#include <algorithm>

namespace jebi::log_analytics {

namespace {

constexpr std::int64_t retry_queue_s = 1, retry_disk_s = 5;

Error queue_full() {
    return error(Code::exhausted, "More arrives than the disk takes. Send it again in a moment.")
        .because("queue_full")
        .after_s(retry_queue_s);
}

Error disk_full() {
    return error(Code::exhausted,
                 "The disk is nearly full, so nothing more is taken. Free some space, or set a retention.")
        .because("disk_full")
        .after_s(retry_disk_s);
}

}  // namespace

GroupCommit::GroupCommit(disk::Disk& disk, GroupCommitOptions options, std::uint64_t last_group,
                         std::map<std::uint64_t, std::uint64_t> files)
    : disk_(disk),
      options_(std::move(options)),
      files_(std::move(files)),
      committed_last_(last_group),
      last_group_(last_group),
      last_written_(last_group) {
    look_at_disk();
    thread_ = std::thread{[this] { run(); }};
}

GroupCommit::~GroupCommit() {
    end();
    thread_.join();
}

Result<void> GroupCommit::take(std::unique_ptr<WaitingBatch> batch) {
    const std::size_t bytes = batch->rows.bytes();
    {
        const std::lock_guard lock{mutex_};
        if (disk_is_full_) return fail(disk_full());
        if (ending_) return fail(Code::unavailable, "The log service is stopping.");
        if (queue_bytes_ > 0 && queue_bytes_ + bytes > options_.queue_bytes_max) return fail(queue_full());
        queue_bytes_ += bytes;
        waiting_.push_back(std::move(batch));
    }
    arrived_.notify_one();
    return {};
}

std::optional<CommittedGroup> GroupCommit::next() {
    std::unique_lock lock{mutex_};
    committed_.wait(lock, [this] { return !groups_.empty() || ended_; });
    if (groups_.empty()) return std::nullopt;
    CommittedGroup group = std::move(groups_.front());
    groups_.pop_front();
    for (const auto& batch : group.batches)
        queue_bytes_ -= batch->rows.bytes();
    return group;
}

void GroupCommit::end() {
    {
        const std::lock_guard lock{mutex_};
        ending_ = true;
    }
    arrived_.notify_one();
}

void GroupCommit::run() {
    for (WaitingBatches batches = wait_for_batches(); !batches.empty(); batches = wait_for_batches()) {
        const std::uint64_t group = ++last_group_;
        const auto written = write(group, batches);
        if (!written) {
            file_.reset();  // nobody knows what is at its end
            refuse(batches, written.error());
            continue;
        }
        last_written_ = group;
        const std::lock_guard lock{mutex_};
        failed_.reset();
        committed_last_ = group;
        ++groups_count_;
        files_[file_first_group_] = file_->bytes();
        groups_.push_back({.number = group, .batches = std::move(batches)});
        committed_.notify_one();
    }
    const std::lock_guard lock{mutex_};
    ended_ = true;
    committed_.notify_all();
}

// Empty: the end.
WaitingBatches GroupCommit::wait_for_batches() {
    std::unique_lock lock{mutex_};
    while (true) {
        arrived_.wait(lock, [this] { return !waiting_.empty() || ending_ || close_wanted_; });
        if (!close_wanted_) break;
        close_forgotten_file(lock);
    }
    WaitingBatches batches;
    std::size_t bytes = 0;
    while (!waiting_.empty() && (batches.empty() || bytes < options_.group_bytes_max)) {
        bytes += waiting_.front()->rows.bytes();
        batches.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    }
    return batches;
}

Result<void> GroupCommit::write(std::uint64_t group, const WaitingBatches& batches) {
    if (file_ && file_->bytes() > options_.file_bytes_max) file_.reset();
    if (!file_) {
        file_first_group_ = group;
        TRY(file_, WalWriter::create(disk_, options_.folder, group, last_written_));
        const std::lock_guard lock{mutex_};
        files_[group] = file_->bytes();
    }
    std::vector<const Rows*> rows;
    rows.reserve(batches.size());
    for (const auto& batch : batches)
        rows.push_back(&batch->rows);
    return file_->append(group, rows);
}

void GroupCommit::refuse(WaitingBatches& batches, const Error& why) {
    {
        const std::lock_guard lock{mutex_};
        failed_ = why;
        for (const auto& batch : batches)
            queue_bytes_ -= batch->rows.bytes();
    }
    look_at_disk();
    Error told = why;
    told.retry_after_s = retry_disk_s;
    for (const auto& batch : batches)
        batch->answer.set(fail(told));
}

void GroupCommit::forget(std::uint64_t up_to_group) {
    std::vector<std::uint64_t> gone;
    {
        const std::lock_guard lock{mutex_};
        forgotten_ = std::max(forgotten_, up_to_group);
        // A file ends before the next one begins; the last one may still be written.
        for (auto file = files_.begin(); file != files_.end() && std::next(file) != files_.end(); ++file) {
            if (std::next(file)->first <= up_to_group + 1) gone.push_back(file->first);
        }
        for (const std::uint64_t first : gone)
            files_.erase(first);
        close_wanted_ = committed_last_ <= forgotten_ && !files_.empty();
    }
    if (!gone.empty()) remove_files(gone);
    arrived_.notify_one();
}

// By the thread that writes. Batches that wait come first: their group is in no segment.
void GroupCommit::close_forgotten_file(std::unique_lock<std::mutex>& lock) {
    close_wanted_ = false;
    if (!waiting_.empty() || committed_last_ > forgotten_ || last_group_ > forgotten_) return;
    std::vector<std::uint64_t> gone;
    for (const auto& [first, bytes] : files_)
        gone.push_back(first);
    files_.clear();
    lock.unlock();
    file_.reset();
    remove_files(gone);
    lock.lock();
}

void GroupCommit::remove_files(const std::vector<std::uint64_t>& gone) {
    for (const std::uint64_t first : gone)
        (void)disk_.remove(options_.folder + "/" +
                           wal_name(first));  // what stays is removed at the next start
}

void GroupCommit::look_at_disk() {
    const auto free = disk_.free_bytes(options_.folder);
    const std::lock_guard lock{mutex_};
    disk_is_full_ = free && *free < options_.free_bytes_min;
}

Result<void> GroupCommit::writable() const {
    const std::lock_guard lock{mutex_};
    if (disk_is_full_) return fail(disk_full());
    if (failed_) return fail(*failed_);
    return {};
}

std::uint64_t GroupCommit::last_file() const {
    const std::lock_guard lock{mutex_};
    return files_.empty() ? 0 : files_.rbegin()->first;
}

GroupCommit::Stats GroupCommit::stats() const {
    const std::lock_guard lock{mutex_};
    Stats stats{.groups = groups_count_, .wal_bytes = 0, .queue_bytes = queue_bytes_};
    for (const auto& [first, bytes] : files_)
        stats.wal_bytes += bytes;
    return stats;
}

}  // namespace jebi::log_analytics
