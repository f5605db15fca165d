// Where a program may have a code sent: https, http on this machine, an app's own scheme (RFC 8252, 7), or
// urn:ietf:wg:oauth:2.0:oob, for which the code is shown to be copied.
//
// They are compared byte by byte (RFC 9700, 2.1).
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "kit/base/result.h"

namespace jebi::accounts {

inline constexpr std::size_t redirect_uris_max = 10;
inline constexpr std::size_t redirect_uris_bytes_max = 2'000;  // of all together

// Absolute, ASCII, without fragment and without a user's name before the host; no scheme that a browser runs
// or opens itself (javascript, data, file, ...).
bool is_redirect_uri(std::string_view uri);

// `invalid` (redirect_invalid) with field "redirect_uris" when one is none, and beyond the bounds; none are
// too few.
Result<void> check_redirect_uris(std::span<const std::string> uris);

}  // namespace jebi::accounts
