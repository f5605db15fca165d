#include "modules/log_analytics/explorer/answer_text.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "modules/log_analytics/query/number_text.h"

namespace jebi::log_analytics {

namespace {

const query::Value* find(const query::Answer& answer, std::size_t row, std::string_view column) {
    const auto found = std::ranges::find(answer.columns, column, &query::Answer::Column::name);
    if (found == answer.columns.end()) return nullptr;
    return &answer.at(row, static_cast<std::size_t>(found - answer.columns.begin()));
}

std::string fixed(double value, int digits) {
    char text[400];  // room for the largest double
    return {text, std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, digits).ptr};
}

// Three digits that matter: 1.23, 12.3, 123.
std::string three_digits(double value) {
    return fixed(value, value < 10 ? 2 : value < 100 ? 1 : 0);
}

}  // namespace

std::string text_of(const query::Value& value) {
    using query::Type;
    std::string out;
    switch (value.type()) {
        case Type::nothing:
            break;
        case Type::text:
            out = value.text();
            break;
        case Type::time:
            out = iso8601(value.integer());
            break;
        case Type::flag:
            out = value.integer() != 0 ? "true" : "false";
            break;
        case Type::integer:
            out = std::to_string(value.integer());
            break;
        case Type::number:
            query::append_number(out, value.number());
            break;
    }
    return out;
}

std::optional<double> number_of(const query::Value& value) {
    if (query::is_whole(value.type())) return static_cast<double>(value.integer());
    if (value.type() == query::Type::number) return value.number();
    return std::nullopt;
}

std::string text_at(const query::Answer& answer, std::size_t row, std::string_view column) {
    const query::Value* value = find(answer, row, column);
    return value == nullptr ? std::string() : text_of(*value);
}

std::optional<double> number_at(const query::Answer& answer, std::size_t row, std::string_view column) {
    const query::Value* value = find(answer, row, column);
    if (value == nullptr || value->is_null()) return std::nullopt;
    // A column with several kinds is a text.
    return value->type() == query::Type::text ? query::number_from(value->text()) : number_of(*value);
}

std::vector<std::pair<std::string, std::string>> fields_of(const query::Answer& answer, std::size_t row) {
    std::vector<std::pair<std::string, std::string>> fields;
    for (std::size_t column = 0; column < answer.columns.size(); ++column) {
        const query::Value& value = answer.at(row, column);
        if (!value.is_null()) fields.emplace_back(answer.columns[column].name, text_of(value));
    }
    return fields;
}

std::string grouped(std::uint64_t count) {
    std::string digits = std::to_string(count);
    for (std::size_t at = digits.size(); at > 3; at -= 3)
        digits.insert(at - 3, ",");
    return digits;
}

std::string duration_text(double ms) {
    if (ms < 1) return fixed(ms * 1'000, 0) + " µs";
    if (ms < 1'000) return three_digits(ms) + " ms";
    return three_digits(ms / 1'000) + " s";
}

std::string bytes_text(double bytes) {
    constexpr std::array<std::string_view, 5> units{"B", "KiB", "MiB", "GiB", "TiB"};
    std::size_t unit = 0;
    while (bytes >= 1'024 && unit + 1 < units.size()) {
        bytes /= 1'024;
        ++unit;
    }
    return (unit == 0 ? fixed(bytes, 0) : three_digits(bytes)) + " " + std::string(units[unit]);
}

std::string share_text(double part, double whole) {
    return whole <= 0 ? "" : fixed(part / whole * 100, 1) + " %";
}

std::string utc_text(WallMs time_ms) {
    std::string text = iso8601(time_ms).substr(0, 16);
    text[10] = ' ';
    return text;
}

}  // namespace jebi::log_analytics
