// Runs a plan: the two kinds of queries there are.
#pragma once

#include "modules/log_analytics/query/scan.h"

namespace jebi::log_analytics::query {

// Both fill the answer's rows; what went wrong is with the monitor.
void run_plain(const Query& query, Answer& answer);
void run_grouped(const Query& query, Answer& answer);

// How many rows are wanted, and one more where without LIMIT the answer tells whether there are more.
std::size_t rows_wanted(const Query& query);
// Notes that there was one more, and takes it off.
std::size_t rows_answered(const Query& query, std::size_t found, Answer& answer);

// A value that lives as long as the answer.
inline Value kept(const Value& value, Arena& texts) {
    return value.type() == Type::text ? Value::text(texts.keep(value.text())) : value;
}

}  // namespace jebi::log_analytics::query
