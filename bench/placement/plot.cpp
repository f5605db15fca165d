#include "bench/placement/plot.h"

#include <algorithm>

#include "bench/load.h"
#include "bench/placement/parts.h"

namespace jebi::bench {

namespace {

// As wide as a phone's column, so that letters keep their size there.
constexpr double width = 340, bars_width = 236, bar_height = 15, label_height = 20, pair_space = 10;

std::string opened(const std::string& title, double height) {
    return text("<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"%s\"><title>%s</title>", width,
                height, escaped(title).c_str(), escaped(title).c_str());
}

std::string label_at(double y, const std::string& words) {
    return text("<text class=\"label\" x=\"0\" y=\"%.1f\">%s</text>", y, escaped(words).c_str());
}

std::string value_at(double x, double y, double value, const std::string& unit, int decimals) {
    return text("<text class=\"value\" x=\"%.1f\" y=\"%.1f\">%.*f %s</text>", x, y, decimals, value,
                escaped(unit).c_str());
}

// A line from the least to the most; none when they are the same.
std::string whisker(double from, double to, double y) {
    if (to - from < 1) return "";
    return text("<path class=\"spread\" d=\"M%.1f %.1fH%.1fM%.1f %.1fv6M%.1f %.1fv6\"/>", from, y, to, from,
                y - 3, to, y - 3);
}

double most_of(const std::vector<Pair>& pairs) {
    double most = 1e-9;
    for (const Pair& pair : pairs)
        for (const auto* values : {&pair.monolith, &pair.split})
            for (const double value : *values)
                most = std::max(most, value);
    return most;
}

}  // namespace

std::string paired_bars(const std::string& title, const std::vector<Pair>& pairs, const std::string& unit,
                        int decimals, double bar) {
    const double scale = bars_width / std::max(most_of(pairs), bar);
    std::string svg;
    double y = 0;
    for (const Pair& pair : pairs) {
        if (pair.monolith.empty() && pair.split.empty()) continue;
        svg += label_at(y + 14, pair.label);
        y += label_height;
        for (const auto& [values, name] : {std::pair{&pair.monolith, "a"}, std::pair{&pair.split, "b"}}) {
            if (values->empty()) continue;
            const double middle = median(*values), most = *std::ranges::max_element(*values);
            svg += text("<rect class=\"%s\" x=\"0\" y=\"%.1f\" width=\"%.1f\" height=\"%.0f\" rx=\"2\"/>",
                        name, y, std::max(1.5, middle * scale), bar_height);
            svg += whisker(*std::ranges::min_element(*values) * scale, most * scale, y + bar_height / 2);
            svg += value_at(most * scale + 6, y + 12, middle, unit, decimals);
            y += bar_height + 2;
        }
        y += pair_space;
    }
    if (bar > 0) {
        svg +=
            text("<path class=\"bound\" d=\"M%.1f %.0fV%.1f\"/>", bar * scale, label_height, y - pair_space);
        svg += text("<text class=\"value\" x=\"%.1f\" y=\"%.1f\">bar: %.*f %s</text>", bar * scale + 5,
                    label_height + 12, decimals, bar, unit.c_str());
    }
    return opened(title, std::max(y, 1.0)) + svg + "</svg>";
}

std::string stacked_bars(const std::string& title, const std::vector<Stack>& stacks, const std::string& unit,
                         int decimals, double whole) {
    const auto sum_of = [](const Stack& stack) {
        double sum = 0;
        for (const Part& part : stack.parts)
            sum += part.value;
        return sum;
    };
    double most = std::max(whole, 1e-9);
    for (const Stack& stack : stacks)
        most = std::max(most, sum_of(stack));
    std::string svg;
    double y = 0;
    for (const Stack& stack : stacks) {
        svg += label_at(y + 14, stack.label);
        y += label_height;
        if (whole > 0)
            svg += text("<rect class=\"rest\" x=\"0\" y=\"%.1f\" width=\"%.0f\" height=\"%.0f\" rx=\"2\"/>",
                        y, bars_width, bar_height);
        double x = 0;
        for (const Part& part : stack.parts) {
            const double part_width = part.value / most * bars_width;
            svg += text(
                       "<rect style=\"fill:var(--c%d)\" x=\"%.2f\" y=\"%.1f\" width=\"%.2f\" "
                       "height=\"%.0f\"><title>",
                       part.colour, x, y, std::max(0.0, part_width - 0.6), bar_height) +
                   escaped(part.name) + text(": %.*f %s</title></rect>", decimals, part.value, unit.c_str());
            x += part_width;
        }
        svg += value_at((whole > 0 ? bars_width : x) + 6, y + 12, sum_of(stack), unit, decimals);
        y += bar_height + pair_space;
    }
    return opened(title, std::max(y, 1.0)) + svg + "</svg>";
}

std::string escaped(const std::string& text) {
    std::string safe;
    for (const char letter : text) {
        if (letter == '<')
            safe += "&lt;";
        else if (letter == '>')
            safe += "&gt;";
        else if (letter == '&')
            safe += "&amp;";
        else if (letter == '"')
            safe += "&quot;";
        else
            safe += letter;
    }
    return safe;
}

}  // namespace jebi::bench
