#include "modules/tweets/text/characters.h"

namespace jebi::tweets {

namespace {

char32_t low_bits(char byte, unsigned count) {
    return static_cast<unsigned char>(byte) & ((1U << count) - 1);
}

bool is_continuation(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80;
}

std::size_t size_by_first_byte(char byte) {
    const auto first = static_cast<unsigned char>(byte);
    return first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
}

}  // namespace

// Text is valid UTF-8 by contract. Should it not be, the answer is wrong but never outside of the text.
Character wide_character_at(std::string_view text, std::size_t at) {
    const std::string_view bytes = text.substr(at, size_by_first_byte(text[at]));
    char32_t point = low_bits(bytes[0], static_cast<unsigned>(7 - bytes.size()));
    for (const char byte : bytes.substr(1))
        point = point << 6U | low_bits(byte, 6);
    return {point, bytes.size()};
}

Character wide_character_before(std::string_view text, std::size_t at) {
    std::size_t begin = at - 1;
    while (begin > 0 && at - begin < 4 && is_continuation(text[begin]))
        --begin;
    return wide_character_at(text.substr(0, at), begin);
}

bool is_latin_accent(char32_t c) {
    if (c < 0xC0) return false;
    if (c <= 0x24F) return c != U'×' && c != U'÷';
    if (c <= 0x289) {
        return std::u32string_view(U"\u0253\u0254\u0256\u0257\u0259\u025B\u0263\u0268\u026F\u0272\u0289")
            .contains(c);
    }
    return c == 0x28B || c == 0x2BB || (c >= 0x300 && c <= 0x36F) || (c >= 0x1E00 && c <= 0x1EFF);
}

bool is_no_character(char32_t c) {
    return c == 0xFEFF || c == 0xFFFE || c == 0xFFFF;
}

bool is_hash_sign(char32_t c) {
    return c == U'#' || c == U'＃';
}

bool is_at_sign(char32_t c) {
    return c == U'@' || c == U'＠';
}

}  // namespace jebi::tweets
