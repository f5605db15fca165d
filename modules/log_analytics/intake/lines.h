// A text line by line.
#pragma once

#include <string_view>

namespace jebi::log_analytics {

// Cuts the first line off; without its "\n" or "\r\n".
inline std::string_view next_line(std::string_view& rest) {
    const auto end = rest.find('\n');
    auto line = rest.substr(0, end);
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

}  // namespace jebi::log_analytics
