#include "modules/log_analytics/query/answer.h"

#include <algorithm>
#include <cmath>

#include "kit/base/json.h"
#include "modules/log_analytics/query/evaluate_numbers.h"
#include "modules/log_analytics/query/number_text.h"

namespace jebi::log_analytics::query {

namespace {

constexpr std::size_t table_cell_chars_max = 60;
constexpr double plain_end = 9'007'199'254'740'992;  // 2^53: from here on a double skips integers

void append_json(std::string& out, const Value& value) {
    switch (value.type()) {
        case Type::nothing:
            out += "null";
            return;
        case Type::text:
            return json::append_quoted(out, value.text());
        case Type::time:
            return json::append_quoted(out, iso8601(value.integer()));
        case Type::number:
            // As in kit/base/json.h: a large one with an exponent, so that nobody takes it for an integer.
            if (std::isfinite(value.number()) && std::abs(value.number()) >= plain_end) {
                char text[32];
                out.append(text, std::to_chars(text, text + sizeof text, value.number(),
                                               std::chars_format::scientific)
                                     .ptr);
                return;
            }
            return append_number(out, value.number());
        default:
            return append_text(out, value);
    }
}

void append_csv(std::string& out, std::string_view text) {
    if (text.find_first_of(",\"\r\n") == text.npos) {
        out += text;
        return;
    }
    out += '"';
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

void append_count(std::string& out, std::string_view name, std::uint64_t count) {
    out += '"';
    out += name;
    out += "\":";
    append_number(out, count);
    out += ',';
}

void append_cost(std::string& out, const AnswerCost& cost) {
    out += '{';
    append_count(out, "parts", cost.parts);
    append_count(out, "parts_read", cost.parts_read);
    append_count(out, "blocks", cost.blocks);
    append_count(out, "blocks_read", cost.blocks_read);
    append_count(out, "rows", cost.rows);
    append_count(out, "rows_read", cost.rows_read);
    append_count(out, "bytes_read", cost.bytes_read);
    out += "\"ms\":";
    append_number(out, std::round(cost.ms * 1000) / 1000);
    out += '}';
}

// Characters, not bytes; wide ones count as one.
std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80; }));
}

std::string table_cell(const Value& value) {
    std::string text = value.is_null() ? "NULL" : "";
    append_text(text, value);
    std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    if (width_of(text) <= table_cell_chars_max) return text;
    std::size_t end = 0;
    for (std::size_t chars = 0; end < text.size(); ++end) {
        if ((static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80 && ++chars == table_cell_chars_max) break;
    }
    return text.substr(0, end) + "…";
}

void append_table_line(std::string& out, const std::vector<std::string>& cells,
                       const std::vector<std::size_t>& widths) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
        out += cells[i];
        if (i + 1 < cells.size()) out.append(widths[i] - width_of(cells[i]) + 2, ' ');
    }
    out += '\n';
}

}  // namespace

void append_json_row(std::string& out, const Answer& answer, std::size_t row) {
    out += '{';
    bool first = true;
    for (std::size_t column = 0; column < answer.columns.size(); ++column) {
        const Value& value = answer.at(row, column);
        if (value.is_null() && answer.leaves_out_nulls) continue;
        if (!first) out += ',';
        first = false;
        json::append_quoted(out, answer.columns[column].name);
        out += ':';
        append_json(out, value);
    }
    out += '}';
}

void append_csv_head(std::string& out, const Answer& answer) {
    for (std::size_t column = 0; column < answer.columns.size(); ++column) {
        if (column != 0) out += ',';
        append_csv(out, answer.columns[column].name);
    }
    out += "\r\n";
}

void append_csv_row(std::string& out, const Answer& answer, std::size_t row) {
    std::string text;
    for (std::size_t column = 0; column < answer.columns.size(); ++column) {
        if (column != 0) out += ',';
        const Value& value = answer.at(row, column);
        text.clear();
        append_text(text, value);
        // An empty text is told from NULL.
        if (text.empty() && !value.is_null()) {
            out += "\"\"";
        } else {
            append_csv(out, text);
        }
    }
    out += "\r\n";
}

void append_json_head(std::string& out, const Answer& answer) {
    out += "{\"columns\":[";
    for (std::size_t column = 0; column < answer.columns.size(); ++column) {
        if (column != 0) out += ',';
        out += "{\"name\":";
        json::append_quoted(out, answer.columns[column].name);
        out += ",\"type\":\"";
        out += name(answer.columns[column].type);
        out += "\"}";
    }
    out += "],\"rows\":";
}

void append_json_end(std::string& out, const Answer& answer) {
    out += answer.cut ? ",\"cut\":true," : ",\"cut\":false,";
    append_count(out, "row_highest", answer.row_highest);
    out += "\"cost\":";
    append_cost(out, answer.cost);
    out += ",\"damaged\":[";
    for (std::size_t i = 0; i < answer.damaged.size(); ++i) {
        if (i != 0) out += ',';
        json::append_quoted(out, answer.damaged[i]);
    }
    out += "]}";
}

std::string as_json(const Answer& answer) {
    std::string out;
    append_json_head(out, answer);
    out += '[';
    for (std::size_t row = 0; row < answer.row_count; ++row) {
        if (row != 0) out += ',';
        append_json_row(out, answer, row);
    }
    out += ']';
    append_json_end(out, answer);
    return out;
}

std::string as_json_lines(const Answer& answer) {
    std::string out;
    for (std::size_t row = 0; row < answer.row_count; ++row) {
        append_json_row(out, answer, row);
        out += '\n';
    }
    return out;
}

std::string as_csv(const Answer& answer) {
    std::string out;
    append_csv_head(out, answer);
    for (std::size_t row = 0; row < answer.row_count; ++row)
        append_csv_row(out, answer, row);
    return out;
}

std::string as_table(const Answer& answer) {
    std::vector<std::vector<std::string>> lines(answer.row_count + 1);
    std::vector<std::size_t> widths;
    for (std::size_t column = 0; column < answer.columns.size(); ++column) {
        lines[0].push_back(answer.columns[column].name);
        for (std::size_t row = 0; row < answer.row_count; ++row)
            lines[row + 1].push_back(table_cell(answer.at(row, column)));
        std::size_t width = 0;
        for (const auto& line : lines)
            width = std::max(width, width_of(line[column]));
        widths.push_back(width);
    }
    std::string out;
    for (const auto& line : lines)
        append_table_line(out, line, widths);
    return out;
}

}  // namespace jebi::log_analytics::query
