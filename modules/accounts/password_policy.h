// Which passwords people may choose (ASVS 5.0, 6.2): long enough, not too long, not among the first to be
// guessed, not like their own name. Nothing else: no rules about digits and signs, no cutting, no rotation.
//
// Passwords are brought to NFC before they are hashed and before they are compared, since one keyboard sends
// Hangul composed and another decomposed.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "kit/base/result.h"

namespace jebi::accounts {

inline constexpr std::size_t password_characters_min = 8;  // code points, after NFC
inline constexpr std::size_t password_bytes_max = 256;     // after NFC; bounds the work

// What somebody's password must not resemble.
struct PasswordOwner {
    std::string_view username;
    std::string_view email;
};

// A password as it is hashed, from one that somebody typed to be let in; nothing when no account can have
// it (not UTF-8, too long).
std::optional<std::string> typed_password(std::string_view given);

// A new password as it is hashed. `invalid` with that field and reason password_invalid (not UTF-8),
// password_too_short, password_too_long, password_common or password_like_name.
Result<std::string> accepted_password(std::string_view given, const PasswordOwner& owner, std::string field);

}  // namespace jebi::accounts
