#include "kit/base/nearest.h"

#include <algorithm>
#include <numeric>

namespace jebi {

namespace {

// How many single-letter edits lead from one to the other (Levenshtein, 1966).
std::size_t edits(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
        }
    }
    return row.back();
}

constexpr std::size_t name_bytes_max = 100;  // a longer one is nobody's slip of the finger

}  // namespace

std::optional<std::string> nearest(std::string_view name, const std::vector<std::string>& known) {
    if (known.empty() || name.size() > name_bytes_max) return std::nullopt;
    const auto distance = [&](const std::string& candidate) { return edits(name, candidate); };
    const auto best = std::ranges::min_element(known, {}, distance);
    const std::size_t near_enough = std::max<std::size_t>(2, name.size() / 3);
    if (distance(*best) > near_enough) return std::nullopt;
    return *best;
}

}  // namespace jebi
