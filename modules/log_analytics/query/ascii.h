// ASCII letters, digits and case. SQL's keywords and functions, lower() and ILIKE ignore the case of ASCII
// letters alone, as ClickHouse's lower() does.
#pragma once

#include <string>
#include <string_view>

namespace jebi::log_analytics::query {

inline char ascii_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}
inline char ascii_upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c & ~0x20) : c;
}
inline bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
inline bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
inline bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

// Puts the lower case of `text` in place of what `out` holds. Simple enough for the compiler to do many
// letters at a time.
inline void lower_into(std::string_view text, std::string& out) {
    out.resize(text.size());
    const char* from = text.data();
    char* to = out.data();
    for (std::size_t i = 0; i < text.size(); ++i)
        to[i] = static_cast<char>(from[i] | (from[i] >= 'A' && from[i] <= 'Z' ? 0x20 : 0));
}
inline std::string lowered(std::string_view text) {
    std::string out;
    lower_into(text, out);
    return out;
}

inline bool equal_without_case(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (ascii_lower(a[i]) != ascii_lower(b[i])) return false;
    return true;
}

}  // namespace jebi::log_analytics::query
