// What can be configured in log-analytics.
#pragma once

#include <vector>

#include "kit/place/settings.h"

namespace jebi::app {

std::vector<place::Setting> log_analytics_settings();

}  // namespace jebi::app
