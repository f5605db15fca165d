// The pieces that values of header fields and forms are made of.
#pragma once

#include <string_view>

namespace jebi::http {

// Without blanks and tabs at either end (RFC 9110, 5.6.3).
inline std::string_view without_blanks(std::string_view text) {
    const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && is_blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back()))
        text.remove_suffix(1);
    return text;
}

// Cuts what stands before the next `separator`, or all, off the front of `rest`; the separator goes too.
inline std::string_view next_piece(std::string_view& rest, char separator) {
    const auto end = rest.find(separator);
    const auto piece = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return piece;
}

}  // namespace jebi::http
