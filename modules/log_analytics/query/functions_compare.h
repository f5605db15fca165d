// Comparisons between what may be of different types.
#pragma once

#include "modules/log_analytics/query/functions.h"

namespace jebi::log_analytics::query {

// A time compares with milliseconds and with an ISO 8601 text; a text column with a number where its text is
// one; a number with a constant text that is one. Anything compared with NULL is NULL.
Result<Node> compared(Binding& binding, const Expression& at, Comparison comparison, Node left, Node right);
Result<Node> compared_with_any(Binding& binding, const Expression& at, std::vector<Node> arguments);

}  // namespace jebi::log_analytics::query
