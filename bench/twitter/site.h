// A data folder for jebi with people in it, filled through the modules' own services.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/twitter/people.h"

namespace jebi::bench {

// Signs everybody up (with quick passwords), lets them follow and write, builds their homes, and tells nobody
// of it. The token of each one's session. Stops the benchmark with a message when that fails.
std::vector<std::string> fill_site(const std::string& data, const People& people);

}  // namespace jebi::bench
