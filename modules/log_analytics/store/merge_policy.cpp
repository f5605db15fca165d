#include "modules/log_analytics/store/merge_policy.h"

#include <algorithm>

namespace jebi::log_analytics {

namespace {

bool fit_together(std::span<const std::shared_ptr<const Segment>> run, const MergeRules& rules) {
    std::uint64_t sum = 0, least = UINT64_MAX, most = 0;
    for (std::size_t i = 0; i < run.size(); ++i) {
        if (i > 0 && run[i]->span().first_group != run[i - 1]->span().last_group + 1) return false;
        sum += run[i]->rows();
        least = std::min(least, run[i]->rows());
        most = std::max(most, run[i]->rows());
    }
    return sum <= rules.rows_max && most <= least * rules.count;
}

}  // namespace

Library::Segments to_merge(const Library::Segments& segments, const MergeRules& rules) {
    for (std::size_t begin = 0; begin + rules.count <= segments.size(); ++begin) {
        const std::span run{segments.data() + begin, rules.count};
        if (fit_together(run, rules)) return {run.begin(), run.end()};
    }
    return {};
}

Library::Segments to_drop(const Library::Segments& segments, const Retention& rules, WallMs now_ms) {
    Library::Segments dropped;
    std::uint64_t bytes = 0;
    for (const auto& segment : segments)
        bytes += segment->file_bytes();
    for (const auto& segment : segments) {
        const bool too_many = rules.bytes_max > 0 && bytes > rules.bytes_max;
        const bool too_old =
            rules.age_max.count() > 0 && segment->newest_ms() < now_ms - rules.age_max.count();
        if (!too_many && !too_old) continue;
        bytes -= segment->file_bytes();
        dropped.push_back(segment);
    }
    return dropped;
}

}  // namespace jebi::log_analytics
