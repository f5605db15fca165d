// Text as people write it: UTF-8 in, UTF-8 out, Unicode's rules by ICU (unicode.cpp and emoji.cpp are the
// only files that include it).
//
// Except for the first two, every function wants valid UTF-8: check what comes from outside once, at the
// edge.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace jebi {

bool is_utf8(std::string_view bytes);
// Each part that is no UTF-8 becomes U+FFFD.
std::string repaired_utf8(std::string_view bytes);

// Normalisation Form C: one spelling for what looks the same. Quick when the text is NFC already.
std::string nfc(std::string_view text);
// Unicode's NFKC_Casefold: the form in which names and hashtags are compared. Invisible characters (joiners,
// variation selectors, Hangul fillers) drop out, so it may be empty.
std::string folded(std::string_view text);
// Lower case, independent of the locale.
std::string lower(std::string_view text);
// Without white space (Unicode's) at either end.
std::string_view trimmed(std::string_view text);

// Would a reader see nothing: is all of it white space, control characters, characters that nothing is drawn
// of (Unicode's Default_Ignorable_Code_Point: joiners, U+FEFF, Hangul fillers) and Braille's empty pattern?
bool is_blank(std::string_view text);

// What people count as characters: extended grapheme clusters (UAX #29). Stops counting at `max` + 1.
std::size_t grapheme_count(std::string_view text, std::size_t max = SIZE_MAX);
// The first of them; empty when the text is.
std::string_view first_grapheme(std::string_view text);

// How many columns of a terminal it takes: Hangul, Han and emoji two each (UAX #11), marks none.
std::size_t terminal_columns(std::string_view text);
// At most so many columns of it, with "…" at the end where something is left out. Control characters and
// those that turn the direction become blanks, so that nothing from outside can speak to the terminal.
std::string fitted_to_columns(std::string_view text, std::size_t columns_max);

// Has it control characters other than \n, or characters that turn the direction of what follows
// (U+202A..202E, U+2066..2069)? Such text is refused in names.
bool has_controls(std::string_view text);

// A text as code points with where each begins in bytes; `begins` has one entry more, the text's size.
struct CodePoints {
    std::u32string points;
    std::vector<std::uint32_t> begins;
};
CodePoints code_points(std::string_view text);

bool is_letter_or_mark(char32_t c);  // general categories L and M
bool is_decimal_digit(char32_t c);   // general category Nd

// How many code points from `at` on make one emoji (flags, skin tones, ZWJ families, keycaps), 0: none.
// The sequences of UTS #51, also where a keyboard left out U+FE0F; what is drawn as one picture is one, as in
// twitter-text. Digits alone, and © ® ™ without U+FE0F, are none; nor is what U+FE0E asks to be text.
std::size_t emoji_length(std::u32string_view text, std::size_t at);

}  // namespace jebi
