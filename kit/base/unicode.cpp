#include "kit/base/unicode.h"

#include <unicode/brkiter.h>
#include <unicode/bytestream.h>
#include <unicode/casemap.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <cassert>
#include <memory>

namespace jebi {

namespace {

icu::StringPiece piece(std::string_view text) {
    assert(text.size() <= INT32_MAX);
    return {text.data(), static_cast<std::int32_t>(text.size())};
}

// ICU's macros convert integers as C does.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wold-style-cast"

// The code point at `at`, which moves behind it; negative when the bytes there are no UTF-8.
UChar32 next_point(std::string_view text, std::size_t& at) {
    UChar32 point = 0;
    U8_NEXT(text.data(), at, text.size(), point);  // NOLINT(bugprone-inc-dec-in-conditions)
    return point;
}

// The code point that ends at `at`, which moves before it.
UChar32 previous_point(std::string_view text, std::int32_t& at) {
    UChar32 point = 0;
    U8_PREV(text.data(), 0, at, point);
    return point;
}

#pragma GCC diagnostic pop

// ICU's own mistakes are out of memory and missing data files; there is nothing to do then.
void must_succeed(UErrorCode status) {
    assert(U_SUCCESS(status));
}

std::string normalized(const icu::Normalizer2& form, std::string_view text) {
    std::string out;
    icu::StringByteSink<std::string> sink(&out, static_cast<std::int32_t>(text.size()));
    UErrorCode status = U_ZERO_ERROR;
    form.normalizeUTF8(0, piece(text), sink, nullptr, status);
    must_succeed(status);
    return out;
}

bool is_plain_ascii(char c) {
    return c >= ' ' && c <= '~';
}

bool is_ascii(char c) {
    return (static_cast<unsigned char>(c) & 0x80) == 0;
}

std::string lower_ascii(std::string_view text) {
    std::string out{text};
    for (char& c : out)
        c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    return out;
}

// Between two of these there is a break between graphemes: printable ASCII and whole Hangul syllables.
bool stands_alone(UChar32 c) {
    return (c >= ' ' && c <= '~') || (c >= 0xAC00 && c <= 0xD7A3);
}

// Building one takes far longer than using it. ICU's iterators are not thread-safe.
icu::BreakIterator& grapheme_breaks() {
    thread_local const std::unique_ptr<icu::BreakIterator> breaks = [] {
        UErrorCode status = U_ZERO_ERROR;
        std::unique_ptr<icu::BreakIterator> made(
            icu::BreakIterator::createCharacterInstance(icu::Locale::getRoot(), status));
        must_succeed(status);
        return made;
    }();
    return *breaks;
}

bool turns_direction(UChar32 c) {
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

bool is_control(UChar32 c) {
    return c != '\n' && u_charType(c) == U_CONTROL_CHAR;
}

std::size_t columns_of(UChar32 c) {
    const auto type = u_charType(c);
    if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_FORMAT_CHAR) return 0;
    const auto width = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
    return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

std::size_t leading_white_space(std::string_view text) {
    std::size_t end = 0;
    for (std::size_t at = 0; at < text.size(); end = at) {
        if (!u_isUWhiteSpace(next_point(text, at))) break;
    }
    return end;
}

std::size_t without_trailing_white_space(std::string_view text) {
    std::int32_t end = piece(text).length();
    for (std::int32_t at = end; at > 0; end = at) {
        if (!u_isUWhiteSpace(previous_point(text, at))) break;
    }
    return static_cast<std::size_t>(end);
}

// The thread's break iterator, set to a text for as long as this lives.
class GraphemeWalk {
public:
    explicit GraphemeWalk(std::string_view text) {
        UErrorCode status = U_ZERO_ERROR;
        utext_openUTF8(&source_, text.data(), static_cast<std::int64_t>(text.size()), &status);
        breaks_.setText(&source_, status);
        must_succeed(status);
    }
    ~GraphemeWalk() { utext_close(&source_); }
    GraphemeWalk(const GraphemeWalk&) = delete;
    // Where the next one ends, in bytes; icu::BreakIterator::DONE behind the last.
    std::int32_t next() { return breaks_.next(); }

private:
    UText source_ = UTEXT_INITIALIZER;
    icu::BreakIterator& breaks_ = grapheme_breaks();
};

}  // namespace

std::string repaired_utf8(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t begin = at;
        out += next_point(bytes, at) < 0 ? "\uFFFD" : bytes.substr(begin, at - begin);
    }
    return out;
}

std::string nfc(std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* form = icu::Normalizer2::getNFCInstance(status);
    must_succeed(status);
    const bool done = form->isNormalizedUTF8(piece(text), status);
    must_succeed(status);
    return done ? std::string(text) : normalized(*form, text);
}

std::string folded(std::string_view text) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* form = icu::Normalizer2::getNFKCCasefoldInstance(status);
    must_succeed(status);
    return normalized(*form, text);
}

std::string lower(std::string_view text) {
    if (std::ranges::all_of(text, is_ascii)) return lower_ascii(text);
    std::string out;
    icu::StringByteSink<std::string> sink(&out, static_cast<std::int32_t>(text.size()));
    UErrorCode status = U_ZERO_ERROR;
    icu::CaseMap::utf8ToLower("", 0, piece(text), sink, nullptr, status);
    must_succeed(status);
    return out;
}

std::string_view trimmed(std::string_view text) {
    text.remove_prefix(leading_white_space(text));
    return text.substr(0, without_trailing_white_space(text));
}

bool is_blank(std::string_view text) {
    constexpr UChar32 empty_braille = 0x2800;  // a symbol to Unicode
    for (std::size_t at = 0; at < text.size();) {
        const UChar32 point = next_point(text, at);
        const bool is_invisible = u_isUWhiteSpace(point) || is_control(point) || point == empty_braille ||
                                  u_hasBinaryProperty(point, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
        if (!is_invisible) return false;
    }
    return true;
}

std::size_t grapheme_count(std::string_view text, std::size_t max) {
    if (std::ranges::all_of(text, is_plain_ascii)) return max < text.size() ? max + 1 : text.size();
    GraphemeWalk walk{text};
    std::size_t count = 0;
    while (count <= max && walk.next() != icu::BreakIterator::DONE)
        ++count;
    return count;
}

std::string_view first_grapheme(std::string_view text) {
    if (text.empty()) return text;
    std::size_t end = 0;
    if (stands_alone(next_point(text, end))) {  // most do, and ICU's walk costs a microsecond
        std::size_t behind = end;
        if (end == text.size() || stands_alone(next_point(text, behind))) return text.substr(0, end);
    }
    GraphemeWalk walk{text};
    return text.substr(0, static_cast<std::size_t>(walk.next()));
}

// A grapheme is as wide as what it begins with: what is joined to it is drawn over it.
std::size_t terminal_columns(std::string_view text) {
    std::size_t columns = 0;
    while (!text.empty()) {
        const std::string_view grapheme = first_grapheme(text);
        std::size_t at = 0;
        columns += columns_of(next_point(grapheme, at));
        text.remove_prefix(grapheme.size());
    }
    return columns;
}

std::string fitted_to_columns(std::string_view text, std::size_t columns_max) {
    std::string safe;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t begin = at;
        const UChar32 point = next_point(text, at);
        const bool is_safe = point != '\n' && !is_control(point) && !turns_direction(point);
        safe += is_safe ? text.substr(begin, at - begin) : " ";
    }
    if (terminal_columns(safe) <= columns_max) return safe;
    std::string fitted;
    std::string_view rest = safe;
    for (std::size_t columns = 0; columns_max > 0;) {
        const std::string_view grapheme = first_grapheme(rest);
        columns += terminal_columns(grapheme);
        if (columns > columns_max - 1) break;
        fitted += grapheme;
        rest.remove_prefix(grapheme.size());
    }
    return columns_max > 0 ? fitted + "…" : "";
}

bool has_controls(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const UChar32 point = next_point(text, at);
        if (is_control(point) || turns_direction(point)) return true;
    }
    return false;
}

CodePoints code_points(std::string_view text) {
    CodePoints result;
    result.points.reserve(text.size());
    result.begins.reserve(text.size() + 1);
    for (std::size_t at = 0; at < text.size();) {
        result.begins.push_back(static_cast<std::uint32_t>(at));
        result.points.push_back(static_cast<char32_t>(next_point(text, at)));
    }
    result.begins.push_back(static_cast<std::uint32_t>(text.size()));
    return result;
}

bool is_letter_or_mark(char32_t c) {
    return (U_GET_GC_MASK(static_cast<UChar32>(c)) & (U_GC_L_MASK | U_GC_M_MASK)) != 0;
}

bool is_decimal_digit(char32_t c) {
    return u_charType(static_cast<UChar32>(c)) == U_DECIMAL_DIGIT_NUMBER;
}

}  // namespace jebi
