// EXPLAIN SELECT ...: what a query would read and do, in words, without doing it.
#pragma once

#include "modules/log_analytics/query/scan.h"

namespace jebi::log_analytics::query {

// An answer with one column, a line for each step. Asks times, ranges and filters, and reads no rows.
Answer explained(const Query& query);

}  // namespace jebi::log_analytics::query
