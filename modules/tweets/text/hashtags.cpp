// twitter-text's rule for hashtags. A tag is a run of letters, marks and digits of any script and a few
// joining signs, with a letter or mark among them, behind a '#'. Nothing of the kind stands right before
// the '#' ("안녕#붙음" is no tag), nor '&' (an HTML entity); and neither another '#' nor "://" right
// behind the tag.
#include "kit/base/unicode.h"
#include "modules/tweets/text/characters.h"
#include "modules/tweets/text/scanners.h"

namespace jebi::tweets {

namespace {

constexpr AsciiSet ascii_tag = AsciiSet::alphanumeric_and("_");

// Asks for the text or emoji form of the character before.
bool is_style(char32_t c) {
    return c == 0xFE0E || c == 0xFE0F;
}

bool is_keycap(char32_t c) {
    return c == 0x20E3;
}

// Signs that words of some scripts need: middle dot, Hebrew punctuation, Tibetan syllable signs,
// (non-)joiners, Japanese iteration, voicing and wave marks.
bool is_joining_sign(char32_t c) {
    constexpr std::u32string_view signs =
        U"\u00B7\u05BE\u05F3\u05F4\u0F0B\u0F0C\u200C\u200D\u3003\u301C\u309B\u309C\u30A0\u30FB\uA67E\uFF5E";
    return signs.contains(c);
}

bool is_tag_letter(char32_t c) {
    return c < 0x80 ? ascii_alphanumeric.has(c) && c > U'9' : is_letter_or_mark(c);
}

bool is_tag_character(char32_t c) {
    if (c < 0x80) return ascii_tag.has(c);
    return is_letter_or_mark(c) || is_decimal_digit(c) || is_joining_sign(c);
}

bool may_precede(char32_t before) {
    return is_style(before) || (before != U'&' && !is_tag_character(before));
}

}  // namespace

std::size_t hashtag_end(std::string_view text, std::size_t at) {
    if (!may_precede(character_before(text, at).point)) return 0;
    std::size_t end = at + character_at(text, at).size;
    Character next = character_at(text, end);
    if (is_style(next.point) || is_keycap(next.point)) return 0;  // the emoji of a '#'
    bool has_letter = false;
    while (is_tag_character(next.point)) {
        has_letter = has_letter || is_tag_letter(next.point);
        end += next.size;
        next = character_at(text, end);
    }
    return has_letter && !is_hash_sign(next.point) && !text.substr(end).starts_with("://") ? end : 0;
}

}  // namespace jebi::tweets
