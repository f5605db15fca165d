// Which neighbouring segments become one, and which segments are too old to stay.
#pragma once

#include "modules/log_analytics/store/library.h"

namespace jebi::log_analytics {

struct MergeRules {
    std::size_t count;       // neighbours of about one size
    std::uint64_t rows_max;  // of the segment that they become
};

// Size-tiered: the oldest run of `count` neighbours without a gap between them, none of which has more than
// `count` times the rows of another, and which together have no more than `rows_max` rows. Empty: none.
Library::Segments to_merge(const Library::Segments& segments, const MergeRules& rules);

struct Retention {
    std::uint64_t bytes_max;  // 0: no bound
    Millis age_max;           // 0: no bound
};

// The oldest ones above `bytes_max`, and all whose newest row is older than `age_max`.
Library::Segments to_drop(const Library::Segments& segments, const Retention& rules, WallMs now_ms);

}  // namespace jebi::log_analytics
