// When something happened, as senders say it.
//
// Only times from 1973-03-03 to 2286-11-20 are taken for one: then a number of seconds, milli-, micro- or
// nanoseconds since 1970 tells by its magnitude which it is, and a duration or a "zero" time (0001-01-01) is
// not taken for a time. What is finer than a millisecond is cut off.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "kit/base/clock.h"

namespace jebi::log_analytics {

std::optional<WallMs> time_of(std::int64_t since_1970);
std::optional<WallMs> time_of(double since_1970);
// Such a number in digits, or ISO 8601 / RFC 3339: "2026-11-22T13:58:05.123456789+09:00"; the 'T' may be a
// space, the '.' a comma, seconds and fraction may be missing, the offset may be "Z", "+09:00", "+0900" or
// "+09". A time without an offset is UTC.
std::optional<WallMs> time_of(std::string_view text);

// "10/Oct/2000:13:55:36 -0700", as web servers write it.
std::optional<WallMs> access_log_time_of(std::string_view text);
// "Oct  1 22:14:15" of RFC 3164, which has neither year nor offset: the year is the one that brings it
// nearest to `arrived`, the offset is given.
std::optional<WallMs> rfc3164_time_of(std::string_view text, WallMs arrived, int offset_minutes);

}  // namespace jebi::log_analytics
