// The aggregate functions of the language.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "modules/log_analytics/query/functions.h"
#include "modules/log_analytics/query/plan.h"

namespace jebi::log_analytics::query {

bool is_aggregate(std::string_view name);
std::vector<std::string_view> aggregate_names();

// The arguments, bound over rows, in one measure. A name that ends in If takes a condition as its last
// argument.
Result<Measure> measure_of(Binding& binding, const Expression& call, std::vector<Node> arguments);

}  // namespace jebi::log_analytics::query
