// JSON trees: to text.
#pragma once

#include <string>

#include "kit/base/json.h"

namespace jebi::log_analytics {

// The value as JSON without white space.
std::string compact(const json::Value& value);

}  // namespace jebi::log_analytics
