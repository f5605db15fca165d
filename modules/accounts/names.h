// User names: what they look like, and which are not given to anybody.
//
// A name is ASCII and compares without case, so that it can stand in an address and in a mention, and so
// that no two look alike. Names in other scripts are display names (profile.h).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "kit/base/result.h"

namespace jebi::accounts {

inline constexpr std::size_t username_bytes_max = 30;

// ASCII letters in lower case, everything else as it is. (Unicode's lower case would turn the Kelvin sign
// into a k.)
std::string ascii_lower(std::string_view text);

// [a-z0-9_]{1,30}?
bool is_username(std::string_view name);

// Does it stand for the site rather than for a person? Addresses of its pages (present and expected),
// and names that sound like its operators.
bool is_reserved(std::string_view name);

// The name as it is kept. `invalid` with field "username" and reason username_invalid or username_reserved.
Result<std::string> accepted_username(std::string_view given);

}  // namespace jebi::accounts
