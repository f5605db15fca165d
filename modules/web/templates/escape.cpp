#include "modules/web/templates/escape.h"

#include <algorithm>
#include <array>

namespace jebi::web {
namespace {

// What stands for a character; empty for those that may stay.
constexpr std::string_view reference(char c) {
    switch (c) {
        case '&':
            return "&amp;";
        case '<':
            return "&lt;";
        case '>':
            return "&gt;";
        case '"':
            return "&quot;";
        case '\'':
            return "&#39;";
        default:
            return {};
    }
}

constexpr std::array<bool, 256> must_go = [] {
    std::array<bool, 256> table{};
    for (std::size_t c = 0; c < table.size(); ++c)
        table[c] = !reference(static_cast<char>(c)).empty();
    return table;
}();

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

}  // namespace

void append_escaped(std::string& out, std::string_view text) {
    std::size_t kept = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (!must_go[static_cast<unsigned char>(text[at])]) continue;
        out.append(text.substr(kept, at - kept)).append(reference(text[at]));
        kept = at + 1;
    }
    out.append(text.substr(kept));
}

std::string html_escaped(std::string_view text) {
    std::string result;
    append_escaped(result, text);
    return result;
}

// Browsers leave out blanks and control characters before and inside of a scheme; here they make a scheme
// that is not known.
bool is_harmless_address(std::string_view address) {
    const auto end = address.find_first_of(":/?#");
    if (end == std::string_view::npos || address[end] != ':') return true;
    constexpr std::array<std::string_view, 3> known{"http", "https", "mailto"};
    return std::ranges::any_of(known, [&](std::string_view scheme) {
        return std::ranges::equal(scheme, address.substr(0, end), {}, {}, lower);
    });
}

}  // namespace jebi::web
