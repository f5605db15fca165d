#include "modules/log_analytics/explorer/html.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "kit/base/unicode.h"

namespace jebi::log_analytics {

namespace {

constexpr unsigned char delete_character = 0x7F;

// U+2400 and on: the pictures of the control characters, three bytes each.
void append_picture(std::string& out, unsigned char control) {
    out += "\xE2\x90";
    out += static_cast<char>(control == delete_character ? 0xA1 : 0x80 + control);
}

bool is_control(unsigned char byte) {
    return (byte < 0x20 && byte != '\n' && byte != '\t') || byte == delete_character;
}

}  // namespace

Html& Html::markup(Markup literal) {
    out_ += literal.text();
    return *this;
}

Html& Html::text(std::string_view text) {
    const std::string repaired = is_utf8(text) ? std::string() : repaired_utf8(text);
    for (const char c : repaired.empty() ? text : std::string_view(repaired)) {
        switch (c) {
            case '&':
                out_ += "&amp;";
                break;
            case '<':
                out_ += "&lt;";
                break;
            case '>':
                out_ += "&gt;";
                break;
            case '"':
                out_ += "&quot;";
                break;
            case '\'':
                out_ += "&#39;";
                break;
            default:
                if (is_control(static_cast<unsigned char>(c))) {
                    append_picture(out_, static_cast<unsigned char>(c));
                } else {
                    out_ += c;
                }
        }
    }
    return *this;
}

Html& Html::isolated(std::string_view value) {
    return markup("<bdi>").text(value).markup("</bdi>");
}

Html& Html::number(std::int64_t value) {
    out_ += std::to_string(value);
    return *this;
}

Html& Html::coordinate(double value) {
    constexpr double largest = 1e9;  // nothing that is drawn here is as large
    const double bounded = std::isfinite(value) ? std::clamp(value, -largest, largest) : 0;
    char text[32];
    out_.append(text, std::to_chars(text, text + sizeof text, std::round(bounded * 100) / 100).ptr);
    return *this;
}

Html& Html::file(const Embedded& file) {
    out_ += file.content;
    return *this;
}

}  // namespace jebi::log_analytics
