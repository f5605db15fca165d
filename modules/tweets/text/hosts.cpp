// twitter-text's rule for host names. Labels with dots between them, the last of them a top-level domain
// that IANA knows. A label neither begins nor ends with '-' or '_', the label before the top-level domain
// has no '_' at all, and a label fits into DNS.
//
// Scripts without spaces glue words to names, so a top-level domain may be the beginning of a longer label:
// "example.com입니다" names example.com.
#include <algorithm>
#include <string>

#include "kit/base/unicode.h"
#include "modules/tweets/text/characters.h"
#include "modules/tweets/text/punycode.h"
#include "modules/tweets/text/scanners.h"
#include "modules/tweets/text/tlds.h"

namespace jebi::tweets {

namespace {

constexpr std::size_t label_bytes_max = 63;        // on the wire
constexpr std::string_view encoded_mark = "xn--";  // begins a label in Punycode

constexpr AsciiSet ascii_label = AsciiSet::alphanumeric_and("-_");
constexpr AsciiSet encoded_label = AsciiSet::alphanumeric_and("-");
constexpr AsciiSet not_after_tld = AsciiSet::alphanumeric_and("@+-");

bool is_space(char32_t c) {
    constexpr std::u32string_view others = U"\u0085\u00A0\u1680\u180E\u2028\u2029\u202F\u205F\u3000";
    return (c >= 0x2000 && c <= 0x200A) || others.contains(c);
}

bool turns_direction(char32_t c) {
    constexpr std::u32string_view marks = U"\u061C\u200E\u200F";
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || marks.contains(c);
}

bool is_marked_as_encoded(std::string_view label) {
    return std::ranges::equal(label.substr(0, encoded_mark.size()), encoded_mark, {}, ascii_lower);
}

bool fits_on_wire(std::string_view label) {
    if (std::ranges::all_of(label, is_ascii)) return label.size() <= label_bytes_max;
    if (is_marked_as_encoded(label)) return false;  // it is not, and would be looked up as something else
    if (label.size() > label_bytes_max * 4) return false;  // a character takes a byte or more
    return encoded_mark.size() + punycode_size(code_points(label).points) <= label_bytes_max;
}

bool is_joint(char c) {
    return c == '-' || c == '_';
}

bool is_label(std::string_view label) {
    return !label.empty() && !is_joint(label.front()) && !is_joint(label.back()) && fits_on_wire(label);
}

std::size_t label_end(std::string_view text, std::size_t at, Alphabet alphabet) {
    for (Character c = character_at(text, at); c.size != 0 && is_label_character(c.point, alphabet);) {
        at += c.size;
        c = character_at(text, at);
    }
    return at;
}

// The end of the label in Punycode at `at`; 0 when there is none.
std::size_t encoded_label_end(std::string_view text, std::size_t at) {
    if (!is_marked_as_encoded(text.substr(at))) return 0;
    const std::size_t begin = at + encoded_mark.size();
    std::size_t end = begin;
    while (encoded_label.has(character_at(text, end).point))
        ++end;
    return end > begin ? end : 0;
}

std::string lowered(std::string_view name) {
    if (!std::ranges::all_of(name, is_ascii)) return lower(name);
    std::string out(name);
    std::ranges::transform(out, out.begin(), ascii_lower);
    return out;
}

// The end of the longest top-level domain that begins at `at`; 0 when there is none.
std::size_t tld_end(std::string_view text, std::size_t at) {
    if (const std::size_t end = encoded_label_end(text, at); end != 0) return end;
    std::size_t longest = 0;
    Character c = character_at(text, at);
    for (std::size_t end = at; c.size != 0 && is_label_character(c.point, Alphabet::any);) {
        end += c.size;
        c = character_at(text, end);
        if (not_after_tld.has(c.point)) continue;  // in the middle of an ASCII word
        const std::string name = lowered(text.substr(at, end - at));
        if (!begins_tld(name)) break;
        if (is_tld(name)) longest = end;
    }
    return longest;
}

}  // namespace

bool is_label_character(char32_t c, Alphabet alphabet) {
    if (c < 0x80) return ascii_label.has(c);
    if (alphabet == Alphabet::latin) return is_latin_accent(c);
    return !is_space(c) && !turns_direction(c) && !is_no_character(c);
}

std::size_t host_end(std::string_view text, std::size_t at, Alphabet alphabet) {
    std::size_t end = 0;
    bool may_be_tld = false;
    for (;;) {
        if (may_be_tld) end = std::max(end, tld_end(text, at));
        const std::size_t dot = label_end(text, at, alphabet);
        const std::string_view label = text.substr(at, dot - at);
        if (dot >= text.size() || text[dot] != '.' || !is_label(label)) return end;
        may_be_tld = !label.contains('_');
        at = dot + 1;
    }
}

}  // namespace jebi::tweets
