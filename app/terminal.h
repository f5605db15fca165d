// Text for people at a terminal, and for what is no terminal: tables that fit, colours where they are wanted.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace jebi::app {

enum class Colour : std::uint8_t { plain, good, warning, bad, faint };

// What standard output is.
struct Terminal {
    bool is_there = false;     // else a file or a pipe: nothing is cut, no colours
    bool in_colour = false;    // it is there, and NO_COLOR is not set
    bool in_utf8 = false;      // by LC_ALL, LC_CTYPE or LANG
    std::size_t columns = 80;  // of a line

    static Terminal of_output();
    // A line as far as it fits; all of it where there is no terminal. Nothing in it speaks to the terminal.
    std::string fitted(std::string_view line) const;
    std::string coloured(std::string_view text, Colour colour) const;
};

struct Cell {
    Cell() = default;
    Cell(const char* shown) : text(shown) {}
    Cell(std::string shown, Colour in = Colour::plain) : text(std::move(shown)), colour(in) {}
    std::string text;
    Colour colour = Colour::plain;
};

class Table {
public:
    // Titles that begin with '>' are of columns that stand to the right.
    explicit Table(const std::vector<std::string>& titles);
    void add(std::vector<Cell> row);  // as many as there are titles
    // A line for the titles and one for each row. Cut at the terminal's width.
    std::string text(const Terminal& terminal) const;

private:
    std::string line(const std::vector<Cell>& row, const std::vector<std::size_t>& widths,
                     const Terminal& terminal) const;
    std::vector<Cell> titles_;
    std::vector<bool> to_the_right_;
    std::vector<std::vector<Cell>> rows_;
};

// "42 us", "8.1 ms", "1.2 s"; "-" for 0.
std::string duration_text(double milliseconds);
// "0", "0.4", "12", "1200"
std::string rate_text(double per_second);
// "812 B", "4.0 KiB", "12.5 MiB"
std::string bytes_text(double bytes);

}  // namespace jebi::app
