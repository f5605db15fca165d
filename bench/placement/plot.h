// Plots as SVG that stands in a page: bars with their spread, and bars of parts. Colours come from the page's
// variables, so that they fit light and dark.
#pragma once

#include <string>
#include <vector>

namespace jebi::bench {

// A value of each topology, with the least and the most of the rounds.
struct Pair {
    std::string label;
    std::vector<double> monolith, split;
};

// Two bars a pair, all on one scale; `decimals` of the values beside them. `bar` draws a line at a bound (0:
// none).
std::string paired_bars(const std::string& title, const std::vector<Pair>& pairs, const std::string& unit,
                        int decimals, double bar = 0);

struct Part {
    std::string name;
    double value = 0;
    int colour = 0;  // of the page's --c0, --c1, ...
};
struct Stack {
    std::string label;
    std::vector<Part> parts;
};

// A bar a stack; the sum beside it. What is less than `whole` (0: the longest) leaves the rest of the bar
// empty.
std::string stacked_bars(const std::string& title, const std::vector<Stack>& stacks, const std::string& unit,
                         int decimals, double whole = 0);

// For HTML's text and attributes.
std::string escaped(const std::string& text);

}  // namespace jebi::bench
