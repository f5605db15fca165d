// How the query's tests make rows, and look at answers.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "modules/log_analytics/query/query.h"
#include "modules/log_analytics/store/tail.h"

namespace jebi::log_analytics::query {

using TestValue = std::variant<std::string, std::int64_t, double, bool>;
struct TestField {
    std::string name;
    TestValue value;
    TestField(std::string field, const char* text) : name(std::move(field)), value(std::string(text)) {}
    TestField(std::string field, std::string text) : name(std::move(field)), value(std::move(text)) {}
    TestField(std::string field, int whole) : name(std::move(field)), value(std::int64_t{whole}) {}
    TestField(std::string field, std::int64_t whole) : name(std::move(field)), value(whole) {}
    TestField(std::string field, double number) : name(std::move(field)), value(number) {}
    TestField(std::string field, bool flag) : name(std::move(field)), value(flag) {}
};
struct TestRow {
    WallMs ts;
    std::vector<TestField> fields;
};

inline void put(Rows& rows, const TestRow& row) {
    rows.begin(row.ts);
    for (const auto& [name, value] : row.fields) {
        if (const auto* text = std::get_if<std::string>(&value)) REQUIRE(rows.text(name, *text));
        if (const auto* whole = std::get_if<std::int64_t>(&value)) REQUIRE(rows.integer(name, *whole));
        if (const auto* number = std::get_if<double>(&value)) REQUIRE(rows.number(name, *number));
        if (const auto* flag = std::get_if<bool>(&value)) REQUIRE(rows.flag(name, *flag));
    }
    rows.end();
}

inline void append(Tail& tail, const std::vector<TestRow>& list) {
    Rows rows;
    for (const auto& row : list)
        put(rows, row);
    RowsReader reader = RowsReader::of(rows);
    Tail::Places places = Tail::places(reader);
    while (reader.next())
        tail.append(reader, places);
    tail.finish_batch(places);
    tail.publish();
}

// The rows in parts of at most so many.
inline Snapshot snapshot_of(const std::vector<TestRow>& rows, std::size_t part_rows_max = 1'000'000) {
    Snapshot snapshot;
    for (std::size_t begin = 0; begin < rows.size(); begin += part_rows_max) {
        const std::size_t end = std::min(begin + part_rows_max, rows.size());
        Tail tail(begin + 1);
        append(tail, {rows.begin() + static_cast<std::ptrdiff_t>(begin),
                      rows.begin() + static_cast<std::ptrdiff_t>(end)});
        snapshot.parts.push_back(tail.snapshot());
    }
    return snapshot;
}

inline Answer answer_of(const Snapshot& snapshot, std::string_view sql, const QueryOptions& options = {}) {
    auto answer = run(snapshot, sql, options);
    REQUIRE_MESSAGE(answer.has_value(), sql << ": " << (answer ? "" : answer.error().message));
    return std::move(*answer);
}

// "a,b|c,d": the rows of the answer as CSV without the names.
inline std::string rows_of(const Snapshot& snapshot, std::string_view sql, const QueryOptions& options = {}) {
    const Answer answer = answer_of(snapshot, sql, options);
    std::string out;
    for (std::size_t row = 0; row < answer.row_count; ++row) {
        if (row != 0) out += '|';
        append_csv_row(out, answer, row);
        out.resize(out.size() - 2);
    }
    return out;
}

// The message, or "answered".
inline std::string error_of(const Snapshot& snapshot, std::string_view sql,
                            const QueryOptions& options = {}) {
    const auto answer = run(snapshot, sql, options);
    return answer ? "answered" : answer.error().message;
}

}  // namespace jebi::log_analytics::query
