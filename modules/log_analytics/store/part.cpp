#include "modules/log_analytics/store/part.h"

#include <algorithm>

namespace jebi::log_analytics {

std::optional<std::size_t> Part::find(std::string_view name, Kind kind) const {
    const auto all = columns();
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (all[i].kind == kind && all[i].name == name) return i;
    }
    return std::nullopt;
}

std::vector<Column> Snapshot::columns() const {
    std::vector<Column> all;
    for (const auto& part : parts) {
        for (const Column& column : part->columns()) {
            const bool known = std::ranges::any_of(all, [&](const Column& other) {
                return other.kind == column.kind && other.name == column.name;
            });
            if (!known) all.push_back(column);
        }
    }
    return all;
}

}  // namespace jebi::log_analytics
