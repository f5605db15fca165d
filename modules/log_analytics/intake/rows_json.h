// Rows as JSON lines, as POST /log takes them: what json_intake.h does, the other way round.
#pragma once

#include <string>

#include "modules/log_analytics/store/rows.h"

namespace jebi::log_analytics {

std::string as_json_lines(const Rows& rows);

}  // namespace jebi::log_analytics
