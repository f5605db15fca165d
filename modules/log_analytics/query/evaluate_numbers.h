// Operations on numbers, flags and times, for all rows of a vector. A row that lacks a value in an argument
// lacks it in the result.
#pragma once

#include "modules/log_analytics/query/node.h"
#include "modules/log_analytics/query/vector.h"

namespace jebi::log_analytics::query {

// Where any of the two lacks a value; empty: nowhere.
std::vector<std::uint8_t> absent_in_any(const Vector& left, const Vector& right, std::size_t rows);
std::vector<std::uint8_t> absent_in(const Vector& value, std::size_t rows);

Vector compared(Comparison comparison, const Vector& left, const Vector& right, std::size_t rows);
// Integers wrap around as in ClickHouse; a division by 0 has no value.
Vector calculated(Arithmetic arithmetic, Type type, const Vector& left, const Vector& right,
                  std::size_t rows);
// negate, size, round, floor, ceiling, bucket, part_of_day, one_of, negation, is_null.
Vector of_one_number(const Node& node, const Vector& value, std::size_t rows);
// A number, an integer, a flag or a time as another of them; a number beyond 64 bits has no value as an
// integer.
Vector as_number_type(Type type, const Vector& value, std::size_t rows);
// Any type as texts, written as in JSON; a time as ISO 8601.
Vector as_texts(const Vector& value, std::size_t rows);
void append_text(std::string& out, const Value& value);

}  // namespace jebi::log_analytics::query
