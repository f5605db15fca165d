// What can be configured in jebi.
#pragma once

#include <vector>

#include "kit/place/settings.h"

namespace jebi::app {

std::vector<place::Setting> known_settings();

}  // namespace jebi::app
