// The makers of the aggregates, one file a kind.
#pragma once

#include "modules/log_analytics/query/aggregates.h"

namespace jebi::log_analytics::query {

std::unique_ptr<Aggregate> make_extreme(const Measure& measure);   // min, max, any
std::unique_ptr<Aggregate> make_distinct(const Measure& measure);  // uniq
std::unique_ptr<Aggregate> make_quantile(const Measure& measure, std::size_t sharing);

}  // namespace jebi::log_analytics::query
