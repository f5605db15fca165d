// Numbers and texts, one into the other.
#pragma once

#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace jebi::log_analytics::query {

// The number that the whole text is: "200", "-0.5", "1e3"; nothing for anything else, and for what is not
// finite.
inline std::optional<double> number_from(std::string_view text) {
    double value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || read.ec != std::errc{} || read.ptr != text.data() + text.size() ||
        !std::isfinite(value))
        return std::nullopt;
    return value;
}

// What a number is without its fraction; nothing when that is beyond 64 bits.
inline std::optional<std::int64_t> whole_of(double value) {
    constexpr double end = 9'223'372'036'854'775'808.0;  // 2^63
    if (!(value >= -end && value < end)) return std::nullopt;
    return static_cast<std::int64_t>(value);
}

inline std::optional<std::int64_t> integer_from(std::string_view text) {
    std::int64_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (!text.empty() && read.ec == std::errc{} && read.ptr == text.data() + text.size()) return value;
    const auto number = number_from(text);
    return number ? whole_of(*number) : std::nullopt;
}

// As JSON writes it: the shortest text that reads back as the same number; "null" for what JSON cannot say.
template <typename Number>
void append_number(std::string& out, Number value) {
    constexpr std::size_t chars_max = 32;
    char text[chars_max];
    if constexpr (std::is_floating_point_v<Number>) {
        if (!std::isfinite(value)) {
            out += "null";
            return;
        }
    }
    out.append(text, std::to_chars(text, text + chars_max, value).ptr);
}

}  // namespace jebi::log_analytics::query
