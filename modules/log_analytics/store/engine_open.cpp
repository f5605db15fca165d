#include <algorithm>
#include <utility>

#include "modules/log_analytics/store/engine.h"

namespace jebi::log_analytics {

Result<void> Store::Engine::open() {
    TRY_VOID(library_.open());
    last_group_ = library_.last_group();
    filling_ = {.tail = std::make_shared<Tail>(library_.next_row()), .last_group = last_group_};
    remember_event_ids();
    TRY_VOID(read_logs());
    commit_ = std::make_unique<GroupCommit>(disk_,
                                            GroupCommitOptions{.folder = options_.folder,
                                                               .queue_bytes_max = options_.queue_bytes_max,
                                                               .free_bytes_min = options_.free_bytes_min},
                                            last_group_, std::exchange(log_files_, {}));
    commit_->forget(library_.last_group());
    appender_ = std::thread{[this] { append_groups(); }};
    keeper_ = std::thread{[this] { keep(); }};
    return {};
}

Result<void> Store::Engine::read_logs() {
    TRY(const auto names, disk_.names(options_.folder));
    for (const std::string& name : names) {
        if (first_group_of(name)) TRY_VOID(read_log(name));
    }
    const std::uint64_t read = std::max(filling_.last_group, library_.last_group());
    if (const Library::LogEnd& end = library_.log_end(); end.last_group > read) {
        tell_damage(options_.folder + "/" + wal_name(end.file) +
                    " is missing or has been cut: rows after group " + std::to_string(read) + " are lost.");
    }
    filling_.tail->publish();
    filling_.rows = filling_.tail->rows();
    filling_.bytes = filling_.tail->bytes();
    if (filling_.rows > 0) filling_.first_arrival_ms = filling_.last_arrival_ms = clock_.wall_ms();
    return {};
}

Result<void> Store::Engine::read_log(const std::string& name) {
    const std::string path = options_.folder + "/" + name;
    const std::uint64_t first = *first_group_of(name);
    const auto content = read_wal(
        disk_, path, [this](std::uint64_t group, RowsReader& batch) { return replay(group, batch); });
    last_group_ = std::max(last_group_, first);  // its name is taken, whatever is in it
    if (content) {
        note_gap(name, *content);
        last_group_ = std::max(last_group_, content->last_group);
    } else if (content.error().reason != "torn") {
        return fail(content.error());
    }
    TRY(const auto file, disk_.open(path));
    log_files_[first] = file->size();
    return {};
}

// A torn end is what a crash leaves. Groups that are missing elsewhere are damage.
void Store::Engine::note_gap(const std::string& name, const WalContent& content) {
    const std::string path = options_.folder + "/" + name;
    if (content.torn_bytes > 0) {
        options_.told(path + ": the last " + std::to_string(content.torn_bytes) +
                      " bytes are no whole group; nobody was told that they were kept.");
    }
    std::string damage;
    if (content.head_damaged) {
        damage = path + " is damaged: its head does not match; what could be read behind it was kept.";
    } else if (content.damaged_groups > 0) {
        damage = path + " is damaged: " + std::to_string(content.damaged_groups) +
                 " groups of rows in it are lost.";
    } else if (content.last_written_before > std::max(filling_.last_group, library_.last_group())) {
        damage = "A write-ahead log before " + path + " is missing or has been cut: groups up to " +
                 std::to_string(content.last_written_before) + " had been written.";
    }
    if (!damage.empty()) tell_damage(std::move(damage));
}

void Store::Engine::tell_damage(std::string what) {
    options_.told(what);
    log_damage_.push_back(std::move(what));
}

Result<void> Store::Engine::replay(std::uint64_t group, RowsReader& batch) {
    if (group <= library_.last_group()) return {};
    if (is_full() && group != filling_.last_group) TRY_VOID(seal_while_opening());
    filling_.last_group = group;
    append_batch(batch);
    return {};
}

Result<void> Store::Engine::seal_while_opening() {
    filling_.tail->publish();
    const std::shared_ptr<const Part> part = filling_.tail->snapshot();
    TRY_VOID(library_.add(span_of(filling_), {&part, 1}, {}, [] {}));
    filling_ = {.tail = std::make_shared<Tail>(library_.next_row()), .last_group = library_.last_group()};
    return {};
}

void Store::Engine::remember_event_ids() {
    const Library::Segments segments = library_.segments();
    auto from = segments.end();
    // The oldest come first, so that the newest are forgotten last.
    for (std::uint64_t rows = 0; from != segments.begin() && rows < options_.event_ids_max;)
        rows += (*--from)->rows();
    for (; from != segments.end(); ++from) {
        if (const auto done = remember_event_ids_of(**from); !done) options_.told(done.error().message);
    }
}

Result<std::uint64_t> Store::Engine::remember_event_ids_of(const Segment& segment) {
    const auto column = segment.find(event_id_field, Kind::text);
    std::uint64_t bytes = 0;
    if (!column) return bytes;
    for (std::size_t block = 0; block < segment.blocks().size(); ++block) {
        TRY(const TextBlock texts, segment.texts(*column, block, bytes));
        for (const std::uint32_t code : texts.codes) {
            if (code != 0) event_ids_.add(texts.dictionary->text(code));
        }
    }
    return bytes;
}

}  // namespace jebi::log_analytics
