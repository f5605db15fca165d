// The segments that there are, and their files: what the manifest says, kept true through crashes.
//
// Only one thread changes it; any thread reads it.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "kit/disk/disk.h"
#include "modules/log_analytics/store/cache.h"
#include "modules/log_analytics/store/manifest.h"
#include "modules/log_analytics/store/segment.h"

namespace jebi::log_analytics {

class Library {
public:
    using Segments = std::vector<std::shared_ptr<const Segment>>;  // in the order of their rows

    // `told` is told what was found damaged and what was repaired.
    Library(disk::Disk& disk, std::string folder, Cache& cache, std::function<void(std::string_view)> told);

    // Opens the segments of the manifest and removes files that are in none. When the manifest is lost or
    // damaged, it is made again from the segments. A segment that is missing or damaged is named in
    // damaged(), and stays in the manifest, so that it is served again once its file is put back. `invalid`
    // for a newer version.
    Result<void> open();

    Segments segments() const;
    std::vector<std::string> damaged() const;
    std::uint64_t last_group() const;  // that is in a segment, or was; 0: none
    std::uint64_t next_row() const;    // behind the last segment's last

    // Writes the parts as one segment, and puts it into the manifest. When `instead_of` is not empty, those
    // leave in the same step. Afterwards `switched` is called under the lock that segments() takes.
    Result<void> add(const SegmentSpan& span, std::span<const std::shared_ptr<const Part>> parts,
                     const Segments& instead_of, const std::function<void()>& switched);
    // Takes segments out of the manifest and removes their files.
    Result<void> drop(const Segments& dropped);

    // At a clean end: up to which group the log has been written, and in which file.
    struct LogEnd {
        std::uint64_t file = 0, last_group = 0;
    };
    Result<void> note_log(const LogEnd& end);
    // What the last clean end noted.
    const LogEnd& log_end() const { return log_end_; }

    // For whoever must see segments and what is not in one yet at the same moment.
    std::mutex& mutex() const { return mutex_; }
    const Segments& segments_locked() const { return segments_; }

private:
    Result<Manifest> known_or_found();
    Manifest found_in_footers(const std::vector<std::string>& names);
    void remove_strangers(const std::vector<std::string>& names, const std::vector<GroupRange>& known);
    void tell_damage(std::string what);
    Result<void> switch_to(Segments segments, const SegmentSpan& newest,
                           const std::function<void()>& switched);
    void remove_file(const Segment& segment);
    std::string path_of(const GroupRange& groups) const { return folder_ + "/" + segment_name(groups); }

    disk::Disk& disk_;
    std::string folder_;
    Cache& cache_;
    std::function<void(std::string_view)> told_;
    mutable std::mutex mutex_;
    Segments segments_;
    std::uint64_t last_group_ = 0, next_row_ = 1;
    LogEnd log_end_;
    std::vector<GroupRange> unreadable_;  // in the manifest, but missing or damaged
    std::vector<std::string> damaged_;
};

}  // namespace jebi::log_analytics
