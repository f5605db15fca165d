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

// Cuts off whole lines, as many as fit into `bytes`, but at least one.
inline std::string_view next_lines(std::string_view& rest, std::size_t bytes) {
    std::size_t size = rest.size();
    if (size > bytes) {
        const auto last = rest.rfind('\n', bytes - 1);
        const auto end = last == rest.npos ? rest.find('\n', bytes) : last;
        size = end == rest.npos ? rest.size() : end + 1;
    }
    const auto lines = rest.substr(0, size);
    rest.remove_prefix(size);
    return lines;
}

}  // namespace jebi::log_analytics
