// What people tell about themselves (e-mail, display name, bio and link) and about their programs, each
// checked and brought into the form in which it is kept (NFC, without white space at its ends).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "kit/base/result.h"

namespace jebi::accounts {

inline constexpr std::size_t email_bytes_max = 254;  // RFC 5321, 4.5.3.1.3, without its brackets
inline constexpr std::size_t display_name_graphemes_max = 50;
inline constexpr std::size_t app_name_graphemes_max = 100;
inline constexpr std::size_t line_bytes_max = 2'048;  // of a name: one grapheme may have any number of marks
inline constexpr std::size_t bio_graphemes_max = 160;
inline constexpr std::size_t bio_bytes_max = 8'192;
inline constexpr std::size_t link_bytes_max = 200;

// local@domain.tld, in any script, without quotes, spaces and comments. Says nothing about whether mail
// arrives there. `invalid`, field "email", reason email_invalid.
Result<std::string> accepted_email(std::string_view given);

// The form in which e-mails are compared. Wants valid UTF-8.
std::string email_key(std::string_view email);

// 1 to 50 graphemes on one line, at least one of them visible, no control or direction-turning characters.
// `invalid`, field "display_name", reason display_name_invalid.
Result<std::string> accepted_display_name(std::string_view given);

// At most 160 graphemes; may have lines. `invalid`, field "bio", reason bio_too_long or bio_invalid.
Result<std::string> accepted_bio(std::string_view given);

// Empty, or http(s)://host..., at most 200 bytes, without a user's name before the host (it hides where the
// link leads). `invalid`, field "link", reason link_invalid.
Result<std::string> accepted_link(std::string_view given);

// As a display name, but up to 100 graphemes. `invalid`, field "name", reason name_invalid.
Result<std::string> accepted_app_name(std::string_view given);

// As a link. `invalid`, field "website", reason website_invalid.
Result<std::string> accepted_website(std::string_view given);

}  // namespace jebi::accounts
