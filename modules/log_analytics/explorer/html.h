// HTML, written so that nothing from a log can become markup.
//
//     Html out;
//     out.markup("<td>").text(value).markup("</td>");
//
// markup() takes literals of this program alone; everything else goes through text(), which escapes for
// content and for attributes in double quotes. What HTML cannot hold or what would disturb the page is made
// visible or neutral: control characters become their pictures (U+2400...), invalid UTF-8 becomes U+FFFD.
// Texts whose direction is unknown stand in <bdi>.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "kit/base/embedded.h"

namespace jebi::log_analytics {

class Markup {
public:
    template <std::size_t size>
    consteval Markup(const char (&literal)[size]) : text_(literal, size - 1) {}
    std::string_view text() const { return text_; }

private:
    std::string_view text_;
};

class Html {
public:
    Html& markup(Markup literal);
    Html& text(std::string_view text);
    // The same, without letting its direction of writing reach what stands around it.
    Html& isolated(std::string_view text);
    Html& number(std::int64_t value);
    // For coordinates: at most two digits after the point.
    Html& coordinate(double value);
    // A file that was built into this program.
    Html& file(const Embedded& file);
    std::string take() { return std::move(out_); }

private:
    std::string out_;
};

}  // namespace jebi::log_analytics
