#include "modules/log_analytics/store/engine.h"

#include <algorithm>
#include <array>

#include "modules/log_analytics/store/merge_policy.h"

namespace jebi::log_analytics {

namespace {

constexpr Millis keeper_pause_max{200};  // until it looks at the disk and at ages again
constexpr std::uint64_t ending = UINT64_MAX;
constexpr WallMs tail_age_max_ms = 3'600'000;  // then even a small tail becomes a segment

std::size_t event_id_among(const std::vector<RowsReader::Name>& names) {
    const auto found = std::ranges::find_if(names, [](const RowsReader::Name& name) {
        return name.kind == Kind::text && name.name == event_id_field;
    });
    return static_cast<std::size_t>(found - names.begin());
}

}  // namespace

Store::Engine::Engine(StoreOptions options, disk::Disk& disk, const Clock& clock, disk::FolderLock lock)
    : options_(std::move(options)),
      disk_(disk),
      clock_(clock),
      folder_lock_(std::move(lock)),
      library_(disk, options_.folder, cache_, options_.told),
      event_ids_(options_.event_ids_max) {}

Store::Engine::~Engine() {
    if (commit_ == nullptr) return;
    commit_->end();
    {
        const std::lock_guard lock{library_.mutex()};
        ending_ = true;
    }
    work_.notify_all();
    room_.notify_all();
    appender_.join();
    keeper_.join();
    if (const auto noted =
            library_.note_log({.file = commit_->last_file(), .last_group = filling_.last_group});
        !noted)
        options_.told(noted.error().message);
}

Result<std::uint64_t> Store::Engine::write(Rows rows, Deadline until) {
    if (rows.empty()) return 0;
    auto batch = std::make_unique<WaitingBatch>(WaitingBatch{.rows = std::move(rows)});
    const auto answer = batch->answer;
    TRY_VOID(commit_->take(std::move(batch)));
    TRY(auto answered, answer.wait_until(until));
    return answered;
}

Snapshot Store::Engine::snapshot() const {
    Snapshot snapshot;
    std::array<std::shared_ptr<Tail>, 2> tails;
    {
        const std::lock_guard lock{library_.mutex()};
        const Library::Segments& segments = library_.segments_locked();
        snapshot.parts.assign(segments.begin(), segments.end());
        if (full_) tails[0] = full_->tail;
        tails[1] = filling_.tail;
    }
    for (const auto& tail : tails) {
        if (tail == nullptr) continue;
        auto part = tail->snapshot();
        if (part->rows() > 0) snapshot.parts.push_back(std::move(part));
    }
    snapshot.damaged = damaged();
    return snapshot;
}

std::vector<std::string> Store::Engine::damaged() const {
    std::vector<std::string> all = library_.damaged();
    all.insert(all.end(), log_damage_.begin(), log_damage_.end());
    return all;
}

StoreStats Store::Engine::stats() const {
    const GroupCommit::Stats commit = commit_->stats();
    const std::lock_guard lock{library_.mutex()};
    StoreStats stats{.rows_taken = rows_taken_,
                     .duplicates = duplicates_,
                     .groups = commit.groups,
                     .wal_bytes = commit.wal_bytes,
                     .queue_bytes = commit.queue_bytes,
                     .sealed = sealed_,
                     .merged = merged_,
                     .dropped = dropped_};
    for (const auto& segment : library_.segments_locked()) {
        ++stats.segments;
        stats.rows += segment->rows();
        stats.segment_bytes += segment->file_bytes();
    }
    stats.rows += filling_.rows + (full_ ? full_->rows : 0);
    stats.tail_bytes = filling_.bytes + (full_ ? full_->bytes : 0);
    return stats;
}

// ---- The appender ----

void Store::Engine::append_groups() {
    while (auto group = commit_->next())
        append_group(*group);
}

void Store::Engine::append_group(CommittedGroup& group) {
    make_room();
    const std::lock_guard appending{appending_};
    std::vector<std::uint64_t> taken;
    for (const auto& batch : group.batches) {
        RowsReader reader = RowsReader::of(batch->rows);
        taken.push_back(append_batch(reader));
    }
    filling_.tail->publish();
    {
        const std::lock_guard lock{library_.mutex()};
        filling_.last_group = group.number;
        filling_.last_arrival_ms = clock_.wall_ms();
        if (filling_.first_arrival_ms == 0) filling_.first_arrival_ms = filling_.last_arrival_ms;
        for (std::size_t i = 0; i < taken.size(); ++i) {
            rows_taken_ += taken[i];
            duplicates_ += group.batches[i]->rows.count() - taken[i];
        }
        filling_.rows = filling_.tail->rows();
        filling_.bytes = filling_.tail->bytes();
    }
    for (std::size_t i = 0; i < taken.size(); ++i)
        group.batches[i]->answer.set(taken[i]);
    appended_.tell();
}

std::uint64_t Store::Engine::append_batch(RowsReader& batch) {
    Tail::Places places = Tail::places(batch);
    const std::size_t event_id = event_id_among(batch.names());
    std::uint64_t count = 0;
    while (batch.next()) {
        if (event_id < places.size() && !is_new(batch, event_id)) continue;
        filling_.tail->append(batch, places);
        ++count;
    }
    filling_.tail->finish_batch(places);
    return count;
}

bool Store::Engine::is_new(const RowsReader& row, std::size_t id_field) {
    const auto found = std::ranges::find(row.values(), id_field, &RowsReader::Value::field);
    return found == row.values().end() || event_ids_.add(found->text);
}

bool Store::Engine::is_full() const {
    const Tail& tail = *filling_.tail;
    return tail.rows() >= options_.tail_rows_max || tail.bytes() >= options_.tail_bytes_max ||
           tail.columns() >= options_.tail_columns_max;
}

// Gives a full tail to the keeper, as soon as it is done with the one before. Does not hold appending_ while
// it waits, as the keeper may want that first.
void Store::Engine::make_room() {
    while (true) {
        {
            const std::lock_guard appending{appending_};
            const std::lock_guard lock{library_.mutex()};
            if (!is_full()) return;
            if (!full_) {
                begin_next_tail();
                work_.notify_one();
                return;
            }
        }
        std::unique_lock lock{library_.mutex()};
        room_.wait(lock, [this] { return !full_ || ending_; });
        if (ending_) return;  // what does not fit any more stays in the log
    }
}

void Store::Engine::begin_next_tail() {
    const Filling next{.tail = std::make_shared<Tail>(filling_.tail->first_row() + filling_.tail->rows()),
                       .last_group = filling_.last_group};
    full_ = std::exchange(filling_, next);
}

// ---- The keeper ----

void Store::Engine::keep() {
    bool more = false;
    while (true) {
        const std::uint64_t settles = wait_for_work(more);
        if (settles == ending) return;
        commit_->look_at_disk();
        const auto done = keep_once(settles);
        more = done && *done;
        std::unique_lock lock{library_.mutex()};
        keeper_failed_ = done ? std::nullopt : std::optional(done.error());
        if (done && !more) settles_done_ = settles;
        lock.unlock();
        kept_.tell();
        if (!done) pause_after(done.error());
    }
}

void Store::Engine::pause_after(const Error& failed) {
    options_.told("Segments could not be kept in order, which is tried again: " + failed.message);
    std::unique_lock lock{library_.mutex()};
    work_.wait_for(lock, options_.retry_pause, [this] { return ending_; });
}

// How often settle() was asked for so far; `ending` at the end.
std::uint64_t Store::Engine::wait_for_work(bool at_once) {
    std::unique_lock lock{library_.mutex()};
    if (!at_once)
        work_.wait_for(lock, keeper_pause_max,
                       [this] { return ending_ || full_ || settles_wanted_ > settles_done_; });
    return ending_ ? ending : settles_wanted_;
}

// True: there is more to do.
Result<bool> Store::Engine::keep_once(std::uint64_t settles) {
    begin_next_tail_when_wanted(settles > settles_done_);
    TRY_VOID(seal());
    TRY(const bool more, merge());
    TRY_VOID(drop());
    return more;
}

void Store::Engine::begin_next_tail_when_wanted(bool settling) {
    const std::lock_guard appending{appending_};
    const std::lock_guard lock{library_.mutex()};
    if (!full_ && filling_.tail->rows() > 0 && (settling || is_due())) begin_next_tail();
}

// Is the tail old, or large enough while nothing arrives?
bool Store::Engine::is_due() const {
    if (filling_.first_arrival_ms == 0) return false;
    const WallMs now_ms = clock_.wall_ms();
    const bool quiet = now_ms - filling_.last_arrival_ms >= options_.tail_quiet.count();
    return now_ms - filling_.first_arrival_ms > tail_age_max_ms ||
           (quiet && filling_.rows >= options_.tail_quiet_rows_min);
}

// Makes a segment of the full tail. Until that is in the manifest, the tail stays.
Result<void> Store::Engine::seal() {
    std::unique_lock lock{library_.mutex()};
    if (!full_) return {};
    const Filling full = *full_;
    lock.unlock();
    const std::shared_ptr<const Part> part = full.tail->snapshot();
    if (part->rows() == 0) {
        lock.lock();
        full_.reset();
        lock.unlock();
    } else {
        TRY_VOID(library_.add(span_of(full), {&part, 1}, {}, [this] {
            full_.reset();
            ++sealed_;
        }));
    }
    room_.notify_all();
    commit_->forget(full.last_group);
    return {};
}

SegmentSpan Store::Engine::span_of(const Filling& filling) const {
    return {.first_row = filling.tail->first_row(),
            .rows = filling.tail->rows(),
            .first_group = library_.last_group() + 1,
            .last_group = filling.last_group};
}

// Merges one run of neighbours, if there is one; true when there may be another.
Result<bool> Store::Engine::merge() {
    const Library::Segments run =
        to_merge(library_.segments(), {.count = options_.merge_count, .rows_max = options_.segment_rows_max});
    if (run.empty()) return false;
    SegmentSpan span{.first_row = run.front()->first_row(),
                     .rows = 0,
                     .first_group = run.front()->span().first_group,
                     .last_group = run.back()->span().last_group};
    for (const auto& segment : run)
        span.rows += segment->rows();
    const std::vector<std::shared_ptr<const Part>> parts{run.begin(), run.end()};
    TRY_VOID(library_.add(span, parts, run, [&] { merged_ += run.size(); }));
    return true;
}

Result<void> Store::Engine::drop() {
    const Library::Segments old =
        to_drop(library_.segments(), {.bytes_max = options_.bytes_max, .age_max = options_.age_max},
                clock_.wall_ms());
    if (old.empty()) return {};
    TRY_VOID(library_.drop(old));
    const std::lock_guard lock{library_.mutex()};
    dropped_ += old.size();
    return {};
}

Result<void> Store::Engine::settle(Deadline until) {
    std::unique_lock lock{library_.mutex()};
    const std::uint64_t wanted = ++settles_wanted_;
    work_.notify_one();
    while (settles_done_ < wanted) {
        const fiber::Event kept = kept_.next();
        lock.unlock();
        if (!kept.wait_until(until)) return fail(Code::deadline, "The store was not settled in time.");
        lock.lock();
        if (keeper_failed_) return fail(*keeper_failed_);
    }
    return {};
}

}  // namespace jebi::log_analytics
