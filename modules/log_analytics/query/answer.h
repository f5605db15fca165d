// What a query answers, and how it is written out.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "kit/base/clock.h"
#include "modules/log_analytics/query/value.h"
#include "modules/log_analytics/store/part.h"

namespace jebi::log_analytics::query {

// What was read for an answer. What filters and times ruled out was not.
struct AnswerCost {
    std::uint64_t parts = 0, parts_read = 0, blocks = 0, blocks_read = 0;
    std::uint64_t rows = 0, rows_read = 0;
    std::uint64_t bytes_read = 0;  // from the disk
    double ms = 0;
};

struct Answer {
    struct Column {
        std::string name;
        Type type;
    };
    std::vector<Column> columns;
    std::size_t row_count = 0;
    std::vector<Value> values;  // row by row
    // SELECT *: rows leave out what they do not have. Columns that no row has are not there at all.
    bool leaves_out_nulls = false;
    bool cut = false;               // there were more rows than without LIMIT are answered
    std::uint64_t row_highest = 0;  // rows up to this number are in this answer, or were passed over
    AnswerCost cost{};
    std::vector<std::string> damaged{};                 // what could not be read: the file and why
    std::string format{};                               // what FORMAT said
    std::vector<std::shared_ptr<const Arena>> texts{};  // shared by copies: what texts lie in

    const Value& at(std::size_t row, std::size_t column) const {
        return values[row * columns.size() + column];
    }
};

// For streaming, piece by piece. A time is written as ISO 8601 with milliseconds; NULL in CSV is an empty
// field.
void append_json_row(std::string& out, const Answer& answer, std::size_t row);
void append_csv_head(std::string& out, const Answer& answer);
void append_csv_row(std::string& out, const Answer& answer, std::size_t row);
// {"columns":[{"name":"status","type":"integer"}],"rows":
void append_json_head(std::string& out, const Answer& answer);
// ,"cut":false,"row_highest":17,"cost":{...},"damaged":[]}
void append_json_end(std::string& out, const Answer& answer);

std::string as_json(const Answer& answer);        // {"columns":[...],"rows":[{...}],...}
std::string as_json_lines(const Answer& answer);  // an object a line
std::string as_csv(const Answer& answer);         // RFC 4180, with names in the first line
std::string as_table(const Answer& answer);       // for a terminal

}  // namespace jebi::log_analytics::query
