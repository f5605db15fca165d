#include <unicode/uchar.h>
#include <unicode/utf16.h>

#include "kit/base/unicode.h"

namespace jebi {

namespace {

constexpr char32_t joiner = 0x200D;
constexpr char32_t text_style = 0xFE0E;
constexpr char32_t emoji_style = 0xFE0F;
constexpr char32_t keycap = 0x20E3;
constexpr char32_t tag_first = 0xE0020;
constexpr char32_t tag_last = 0xE007F;
constexpr std::size_t joined_max = 8;  // The longest in Unicode 15 joins four.
constexpr std::size_t tags_max = 8;    // "gbeng" and the end of the tags are six.

bool is(char32_t c, UProperty property) {
    return u_hasBinaryProperty(static_cast<UChar32>(c), property);
}

// These are read as text until U+FE0F asks for the picture; other characters are pictures on their own.
bool is_text_first(char32_t c) {
    return c == U'©' || c == U'®' || c == U'™' || c == U'♟';
}

void append(std::u16string& out, char32_t c) {
    if (c >= 0x10000) out += static_cast<char16_t>(U16_LEAD(static_cast<UChar32>(c)));
    out += static_cast<char16_t>(c >= 0x10000 ? U16_TRAIL(static_cast<UChar32>(c)) : c);
}

// Walks over one emoji sequence and spells it as Unicode's list does ("fully qualified": U+FE0F stands
// behind each character that is text by default, and nowhere else), since people's keyboards do not.
class Sequence {
public:
    Sequence(std::u32string_view text, std::size_t at) : text_(text), begin_(at), at_(at) {}

    // Two regional indicators, "KR".
    bool take_flag() {
        if (!is(peek(), UCHAR_REGIONAL_INDICATOR) || !is(peek(1), UCHAR_REGIONAL_INDICATOR)) return false;
        take();
        take();
        note();
        return true;
    }
    // A character with its style, skin tone and tags; false when there is none.
    bool take_element() {
        const char32_t base = peek();
        if (!is(base, UCHAR_EMOJI) || peek(1) == text_style) return false;
        if (is_text_first(base) && peek(1) != emoji_style) return false;
        take();
        take_style(base);
        take_skin_tone();
        take_tags();
        return true;
    }
    bool take_joiner() {
        if (peek() != joiner) return false;
        take();
        return true;
    }
    // Of what was taken, the longest part that is on the list.
    std::size_t length() const { return length_; }

private:
    char32_t peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : 0; }
    void take() { append(spelled_, text_[at_++]); }
    void take_style(char32_t base) {
        if (peek() == emoji_style) ++at_;
        if (!is(base, UCHAR_EMOJI_PRESENTATION)) append(spelled_, emoji_style);
        note();
    }
    void take_skin_tone() {
        if (!is(peek(), UCHAR_EMOJI_MODIFIER)) return;
        if (spelled_.back() == emoji_style) spelled_.pop_back();
        take();
        note();
    }
    void take_tags() {
        const std::size_t before = at_;
        while (at_ - before < tags_max && peek() >= tag_first && peek() <= tag_last)
            take();
        if (at_ > before) note();
    }
    void note() {
        const auto size = static_cast<std::int32_t>(spelled_.size());
        if (u_stringHasBinaryProperty(spelled_.data(), size, UCHAR_RGI_EMOJI)) length_ = at_ - begin_;
    }

    std::u32string_view text_;
    std::size_t begin_;
    std::size_t at_;
    std::size_t length_ = 0;
    std::u16string spelled_;
};

std::size_t keycap_length(std::u32string_view text) {
    const std::size_t styled = text.size() > 1 && text[1] == emoji_style ? 1 : 0;
    return text.size() > 1 + styled && text[1 + styled] == keycap ? 2 + styled : 0;
}

}  // namespace

std::size_t emoji_length(std::u32string_view text, std::size_t at) {
    if (at >= text.size() || !is(text[at], UCHAR_EMOJI)) return 0;
    if (text[at] < 0x80) return keycap_length(text.substr(at));  // Digits, '#' and '*'.
    Sequence sequence(text, at);
    if (sequence.take_flag()) return sequence.length();
    for (std::size_t i = 0; i < joined_max && sequence.take_element(); ++i) {
        if (!sequence.take_joiner()) break;
    }
    return sequence.length();
}

}  // namespace jebi
