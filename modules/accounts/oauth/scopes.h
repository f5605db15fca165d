// What a program may do for somebody: scopes, words of Mastodon's list
// (https://docs.joinmastodon.org/api/oauth-scopes/) with a space between them.
//
// "read" and "write" hold all finer words of theirs ("read:statuses"), "follow" holds what is about
// relationships, "profile" is within "read". Scopes of operators (admin:...) are not known here.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "kit/base/result.h"

namespace jebi::accounts {

inline constexpr std::size_t scopes_bytes_max = 1'000;  // all words of the list are shorter
inline constexpr std::string_view scopes_default = "read";

// The words as they are kept: each once, in the order given, one space between them. `invalid`
// (scope_invalid) with field "scopes" for a word that is not known, for none at all, and beyond the bound.
Result<std::string> accepted_scopes(std::string_view given);

// Does the first allow nothing that the second does not? Both as accepted_scopes() gives them.
bool are_within(std::string_view scopes, std::string_view bounds);

}  // namespace jebi::accounts
