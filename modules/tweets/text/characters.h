// Reading a text character by character, and the classes of characters that several of twitter-text's
// rules name. For the *.cpp beside this file.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace jebi::tweets {

struct Character {
    char32_t point = 0;
    std::size_t size = 0;  // in bytes; 0 where the text ends
};

Character wide_character_at(std::string_view text, std::size_t at);
Character wide_character_before(std::string_view text, std::size_t at);

inline bool is_ascii(char c) {
    return static_cast<unsigned char>(c) < 0x80;
}

// The character that begins at `at`.
inline Character character_at(std::string_view text, std::size_t at) {
    if (at >= text.size()) return {};
    if (is_ascii(text[at])) return {static_cast<char32_t>(text[at]), 1};
    return wide_character_at(text, at);
}

// The character that ends at `at`.
inline Character character_before(std::string_view text, std::size_t at) {
    if (at == 0) return {};
    if (is_ascii(text[at - 1])) return {static_cast<char32_t>(text[at - 1]), 1};
    return wide_character_before(text, at);
}

// Some ASCII characters.
class AsciiSet {
public:
    constexpr explicit AsciiSet(std::string_view characters) {
        for (const char c : characters)
            has_[static_cast<unsigned char>(c)] = true;
    }
    // These and the letters and digits.
    static constexpr AsciiSet alphanumeric_and(std::string_view characters) {
        AsciiSet set(characters);
        for (std::size_t c = 0; c < set.has_.size(); ++c)
            if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))
                set.has_[c] = true;
        return set;
    }
    constexpr bool has(char32_t c) const { return c < has_.size() && has_[c]; }

private:
    std::array<bool, 128> has_{};
};

inline constexpr AsciiSet ascii_alphanumeric = AsciiSet::alphanumeric_and("");

inline char ascii_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

// The letters with accents (and the accents) of languages that are written in Latin letters.
bool is_latin_accent(char32_t c);

// U+FEFF, U+FFFE and U+FFFF, which no text should have.
bool is_no_character(char32_t c);

// '#' and '@', also in full width.
bool is_hash_sign(char32_t c);
bool is_at_sign(char32_t c);

}  // namespace jebi::tweets
