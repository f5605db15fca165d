// Times as people write them.
#pragma once

#include <optional>
#include <string_view>

#include "kit/base/clock.h"

namespace jebi::log_analytics::query {

// ISO 8601: "2026-11-22", "2026-11-22 13:58", "2026-11-22T13:58:05", with a fraction of a second (what is
// finer than a millisecond is dropped), with Z or +09:00; without them UTC. Nothing for anything else.
std::optional<WallMs> time_from(std::string_view text);

}  // namespace jebi::log_analytics::query
