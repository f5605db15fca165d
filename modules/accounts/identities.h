// Who somebody is elsewhere, as a provider (GitHub) tells it.
//
// Only provider and subject say who it is: names there change hands, and an e-mail there proves nothing here.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "kit/base/result.h"

namespace jebi::accounts {

inline constexpr std::size_t provider_bytes_max = 20;
inline constexpr std::size_t subject_bytes_max = 64;
inline constexpr std::size_t login_bytes_max = 100;

// Provider [a-z]{1,20}, subject 1 to 64 visible ASCII characters, login at most 100 bytes of UTF-8 without
// control characters. `invalid` (identity_invalid) with the field's name.
Result<void> check_identity(std::string_view provider, std::string_view subject, std::string_view login);
Result<void> check_provider(std::string_view provider);

// A user name for that login: in lower case, '-' as '_'. May be none (names.h says).
std::string username_for(std::string_view login);

}  // namespace jebi::accounts
