#include "modules/log_analytics/query/complaint.h"

#include <algorithm>
#include <numeric>

#include "modules/log_analytics/query/ascii.h"

namespace jebi::log_analytics::query {

namespace {

constexpr std::size_t quoted_bytes_max = 40;
constexpr std::size_t name_bytes_max = 100;  // a longer one is nobody's slip of the finger

bool continues_character(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80;
}

struct Place {
    std::size_t line = 1, column = 1;
};

Place place_of(std::string_view query, std::size_t offset) {
    Place place;
    for (const char c : query.substr(0, offset)) {
        if (c == '\n') {
            ++place.line;
            place.column = 1;
        } else if (!continues_character(c)) {
            ++place.column;
        }
    }
    return place;
}

// How many single-letter edits lead from one to the other (Levenshtein, 1966).
std::size_t edits(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool same = ascii_lower(a[i - 1]) == ascii_lower(b[j - 1]);
            const std::size_t replaced = diagonal + (same ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
        }
    }
    return row.back();
}

}  // namespace

Error complaint(std::string_view query, std::size_t offset, std::string_view reason, std::string_view what) {
    const Place place = place_of(query, offset);
    const auto line = std::to_string(place.line), column = std::to_string(place.column);
    std::string message = "Line " + line + ", column " + column + ": ";
    message += what;
    return error(Code::invalid, std::move(message)).because(std::string(reason)).at(line + ":" + column);
}

std::optional<std::string_view> nearest(std::string_view name, const std::vector<std::string_view>& known) {
    if (name.size() > name_bytes_max) return std::nullopt;
    std::optional<std::string_view> best;
    std::size_t best_distance = std::max<std::size_t>(1, std::min<std::size_t>(3, name.size() / 2)) + 1;
    for (const auto candidate : known) {
        if (candidate.size() > name_bytes_max) continue;
        const std::size_t distance = edits(name, candidate);
        if (distance >= best_distance) continue;
        best = candidate;
        best_distance = distance;
    }
    return best;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string_view>& known) {
    const auto near = nearest(name, known);
    return near ? " Did you mean " + quoted(*near) + "?" : "";
}

std::string quoted(std::string_view piece) {
    std::size_t size = std::min(piece.size(), quoted_bytes_max);
    while (size > 0 && size < piece.size() && continues_character(piece[size]))
        --size;
    std::string text{piece.substr(0, size)};
    std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    return "'" + text + (size < piece.size() ? "...'" : "'");
}

}  // namespace jebi::log_analytics::query
