#include <cassert>
#include <charconv>
#include <cmath>

#include "kit/base/json.h"
#include "kit/base/unicode.h"

namespace jebi::json {

namespace {

constexpr std::size_t number_chars_max = 32;
constexpr double plain_end = 9'007'199'254'740'992;  // 2^53: from here on a double skips integers.

template <typename... Value>
void append_number(std::string& out, Value... value) {
    char text[number_chars_max];
    const auto end = std::to_chars(text, text + sizeof text, value...).ptr;
    out.append(text, end);
}

// U+2028 and U+2029 end a line in old JavaScript, in strings too. As UTF-8: e2 80 a8, e2 80 a9.
bool is_line_end(std::string_view text, std::size_t at) {
    return text.compare(at, 3, "\u2028") == 0 || text.compare(at, 3, "\u2029") == 0;
}

void append_unicode_escape(std::string& out, unsigned char c) {
    constexpr char digits[] = "0123456789abcdef";
    out += "\\u00";
    out += digits[c >> 4];
    out += digits[c & 0xf];
}

void append_escape(std::string& out, char c) {
    constexpr std::string_view special = "\"\\\n\r\t";
    constexpr std::string_view letters = "\"\\nrt";
    const std::size_t known = special.find(c);
    if (known == special.npos) return append_unicode_escape(out, static_cast<unsigned char>(c));
    out += '\\';
    out += letters[known];
}

bool needs_escape(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\' || c == '<';
}

void append_escaped(std::string& out, std::string_view text) {
    std::size_t done = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool ends_line = text[at] == '\xe2' && is_line_end(text, at);
        if (!ends_line && !needs_escape(text[at])) continue;
        out += text.substr(done, at - done);
        if (ends_line) {
            out += text[at + 2] == '\xa8' ? "\\u2028" : "\\u2029";
            at += 2;
        } else {
            append_escape(out, text[at]);
        }
        done = at + 1;
    }
    out += text.substr(done);
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    append_escaped(out, is_utf8(text) ? text : std::string_view(repaired_utf8(text)));
    out += '"';
}

// Puts the comma before what comes next, and checks that something may come here.
void Writer::separate() {
    const bool in_object = !open_.empty() && open_.back() == '{';
    assert(in_object == after_key_ && "A value in an object needs a key, and only there.");
    assert((first_ || !open_.empty()) && "The JSON is complete already.");
    if (!first_ && !after_key_) out_ += ',';
    first_ = false;
    after_key_ = false;
}

Writer& Writer::begin_object() {
    return open('{');
}
Writer& Writer::end_object() {
    return close('{', '}');
}
Writer& Writer::begin_array() {
    return open('[');
}
Writer& Writer::end_array() {
    return close('[', ']');
}

Writer& Writer::open(char bracket) {
    separate();
    out_ += bracket;
    open_ += bracket;
    first_ = true;
    return *this;
}

Writer& Writer::close(char opened, char bracket) {
    assert(!open_.empty() && open_.back() == opened && !after_key_);
    open_.pop_back();
    out_ += bracket;
    first_ = false;
    return *this;
}

Writer& Writer::key(std::string_view name) {
    assert(!open_.empty() && open_.back() == '{' && !after_key_);
    if (!first_) out_ += ',';
    append_quoted(out_, name);
    out_ += ':';
    first_ = false;
    after_key_ = true;
    return *this;
}

Writer& Writer::string(std::string_view text) {
    separate();
    append_quoted(out_, text);
    return *this;
}

Writer& Writer::integer(std::int64_t value) {
    separate();
    append_number(out_, value);
    return *this;
}

Writer& Writer::id(std::uint64_t value) {
    separate();
    out_ += '"';
    append_number(out_, value);
    out_ += '"';
    return *this;
}

Writer& Writer::number(double value) {
    if (!std::isfinite(value)) return null();
    separate();
    // Large ones with an exponent, so that nobody takes them for integers (and overflows).
    if (std::abs(value) < plain_end) {
        append_number(out_, value);
    } else {
        append_number(out_, value, std::chars_format::scientific);
    }
    return *this;
}

Writer& Writer::boolean(bool value) {
    separate();
    out_ += value ? "true" : "false";
    return *this;
}

Writer& Writer::null() {
    separate();
    out_ += "null";
    return *this;
}

std::string Writer::take() {
    assert(open_.empty() && !first_ && "The JSON is not complete.");
    first_ = true;
    return std::exchange(out_, {});
}

}  // namespace jebi::json
