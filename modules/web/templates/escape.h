// Text as HTML.
#pragma once

#include <string>
#include <string_view>

namespace jebi::web {

// &, <, >, " and ' as references: what is safe between tags, and in an attribute's value between quotes.
void append_escaped(std::string& out, std::string_view text);
std::string html_escaped(std::string_view text);

// Leads the address to a page, and runs nothing? A path, a query or a fragment does, and so does
// an absolute address with http, https or mailto; "javascript:" and its like do not.
bool is_harmless_address(std::string_view address);

}  // namespace jebi::web
