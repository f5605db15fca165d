#include "modules/log_analytics/store/library.h"

#include <algorithm>

#include "modules/log_analytics/store/segment_writer.h"

namespace jebi::log_analytics {

namespace {

GroupRange groups_of(const Segment& segment) {
    return {.first = segment.span().first_group, .last = segment.span().last_group};
}

}  // namespace

Library::Library(disk::Disk& disk, std::string folder, Cache& cache,
                 std::function<void(std::string_view)> told)
    : disk_(disk), folder_(std::move(folder)), cache_(cache), told_(std::move(told)) {}

Result<void> Library::open() {
    TRY(const Manifest manifest, known_or_found());
    last_group_ = manifest.last_group;
    next_row_ = manifest.next_row;
    log_end_ = {.file = manifest.log_file, .last_group = manifest.log_last_group};
    for (const GroupRange& groups : manifest.segments) {
        auto segment = Segment::open(disk_, path_of(groups), cache_);
        if (segment && groups_of(**segment) == groups) {
            segments_.push_back(std::move(*segment));
            continue;
        }
        unreadable_.push_back(groups);
        tell_damage(segment ? path_of(groups) + " is damaged: it holds other rows than its name says."
                            : segment.error().message);
    }
    return {};
}

Result<Manifest> Library::known_or_found() {
    TRY(const auto names, disk_.names(folder_));
    auto known = read_manifest(disk_, folder_);
    if (known) {
        remove_strangers(names, known->segments);
        return known;
    }
    if (known.error().reason == "other_version") return fail(known.error());
    Manifest found = found_in_footers(names);
    const bool is_new = found.segments.empty() && known.error().code == Code::not_found;
    if (!is_new) tell_damage(known.error().message + " It was made again from the segments' own footers.");
    // A new store has a manifest before its first segment, so that one without is known to have lost it.
    TRY_VOID(write_manifest(disk_, folder_, found));
    return found;
}

// Files that were being written, or had been replaced, when the process ended.
void Library::remove_strangers(const std::vector<std::string>& names, const std::vector<GroupRange>& known) {
    for (const std::string& name : names) {
        const auto groups = log_analytics::groups_of(name);
        if (!groups || std::ranges::find(known, *groups) != known.end()) continue;
        if (auto removed = disk_.remove(folder_ + "/" + name); !removed) told_(removed.error().message);
    }
}

// Whole segments; of those that hold the same groups, the one that holds the most.
Manifest Library::found_in_footers(const std::vector<std::string>& names) {
    Manifest found;
    std::vector<GroupRange> whole;
    for (const std::string& name : names) {
        const auto groups = log_analytics::groups_of(name);
        if (!groups) continue;
        const auto segment = Segment::open(disk_, folder_ + "/" + name, cache_);
        if (!segment || groups_of(**segment) != *groups) continue;
        whole.push_back(*groups);
        found.last_group = std::max(found.last_group, groups->last);
        found.next_row = std::max(found.next_row, (*segment)->first_row() + (*segment)->rows());
    }
    std::ranges::copy_if(whole, std::back_inserter(found.segments), [&](const GroupRange& groups) {
        return std::ranges::none_of(
            whole, [&](const GroupRange& other) { return other != groups && other.contains(groups); });
    });
    std::ranges::sort(found.segments);
    return found;
}

void Library::tell_damage(std::string what) {
    told_(what);
    damaged_.push_back(std::move(what));
}

Library::Segments Library::segments() const {
    const std::lock_guard lock{mutex_};
    return segments_;
}

std::vector<std::string> Library::damaged() const {
    const std::lock_guard lock{mutex_};
    return damaged_;
}

std::uint64_t Library::last_group() const {
    const std::lock_guard lock{mutex_};
    return last_group_;
}

std::uint64_t Library::next_row() const {
    const std::lock_guard lock{mutex_};
    return next_row_;
}

Result<void> Library::add(const SegmentSpan& span, std::span<const std::shared_ptr<const Part>> parts,
                          const Segments& instead_of, const std::function<void()>& switched) {
    const std::string path = path_of({.first = span.first_group, .last = span.last_group});
    if (auto removed = disk_.remove(path); !removed && removed.error().code != Code::not_found)
        return fail(removed.error());  // of a try before
    TRY_VOID(write_segment(disk_, path, span, parts));
    TRY_VOID(disk_.sync_folder(folder_));
    TRY(auto segment, Segment::open(disk_, path, cache_));
    Segments segments = this->segments();
    std::erase_if(segments,
                  [&](const auto& old) { return std::ranges::find(instead_of, old) != instead_of.end(); });
    const auto place = std::ranges::find_if(
        segments, [&](const auto& other) { return other->span().first_group > span.first_group; });
    segments.insert(place, std::move(segment));
    TRY_VOID(switch_to(std::move(segments), span, switched));
    for (const auto& old : instead_of)
        remove_file(*old);
    return {};
}

Result<void> Library::drop(const Segments& dropped) {
    Segments segments = this->segments();
    std::erase_if(segments,
                  [&](const auto& old) { return std::ranges::find(dropped, old) != dropped.end(); });
    TRY_VOID(switch_to(std::move(segments), {}, [] {}));
    for (const auto& old : dropped)
        remove_file(*old);
    return {};
}

Result<void> Library::switch_to(Segments segments, const SegmentSpan& newest,
                                const std::function<void()>& switched) {
    Manifest manifest{.last_group = std::max(last_group(), newest.last_group),
                      .next_row = std::max(next_row(), newest.first_row + newest.rows),
                      .log_file = log_end_.file,
                      .log_last_group = log_end_.last_group,
                      .segments = unreadable_};
    for (const auto& segment : segments)
        manifest.segments.push_back(groups_of(*segment));
    std::ranges::sort(manifest.segments);
    TRY_VOID(write_manifest(disk_, folder_, manifest));
    const std::lock_guard lock{mutex_};
    segments_ = std::move(segments);
    last_group_ = manifest.last_group;
    next_row_ = manifest.next_row;
    switched();
    return {};
}

Result<void> Library::note_log(const LogEnd& end) {
    log_end_ = end;
    return switch_to(segments(), {}, [] {});
}

void Library::remove_file(const Segment& segment) {
    // Queries that read it go on: the file lives as long as it is open.
    if (auto removed = disk_.remove(segment.path()); !removed) told_(removed.error().message);
}

}  // namespace jebi::log_analytics
