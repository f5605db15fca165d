#include "app/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdio>
#include <cstdlib>

#include "kit/base/unicode.h"

namespace jebi::app {

namespace {

constexpr std::string_view gap = "  ";
constexpr std::size_t columns_min = 20;
constexpr std::size_t unbounded = 100'000;  // for what is no terminal

std::string_view variable(const char* name) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before any thread
    return value == nullptr ? "" : value;
}

bool speaks_utf8() {
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const std::string_view locale = variable(name);
        if (locale.empty()) continue;
        return locale.contains("UTF-8") || locale.contains("utf8");
    }
    return false;
}

std::string_view sequence_of(Colour colour) {
    switch (colour) {
        case Colour::good:
            return "\033[32m";
        case Colour::warning:
            return "\033[33m";
        case Colour::bad:
            return "\033[31m";
        case Colour::faint:
            return "\033[2m";
        case Colour::plain:
            break;
    }
    return "";
}

std::string formatted(const char* form, double value) {
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), form, value);
    return text.data();
}

}  // namespace

Terminal Terminal::of_output() {
    Terminal terminal{.is_there = ::isatty(STDOUT_FILENO) == 1 && variable("TERM") != "dumb"};
    terminal.in_colour = terminal.is_there && variable("NO_COLOR").empty();
    terminal.in_utf8 = speaks_utf8();
    winsize size{};
    if (terminal.is_there && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= columns_min)
        terminal.columns = size.ws_col;
    return terminal;
}

std::string Terminal::fitted(std::string_view line) const {
    return fitted_to_columns(line, is_there ? columns : unbounded);
}

std::string Terminal::coloured(std::string_view text, Colour colour) const {
    const std::string_view sequence = in_colour ? sequence_of(colour) : "";
    if (sequence.empty() || text.empty()) return std::string(text);
    return std::string(sequence).append(text).append("\033[0m");
}

Table::Table(const std::vector<std::string>& titles) {
    for (const std::string& title : titles) {
        to_the_right_.push_back(title.starts_with('>'));
        titles_.emplace_back(title.substr(to_the_right_.back() ? 1 : 0), Colour::faint);
    }
}

void Table::add(std::vector<Cell> row) {
    assert(row.size() == titles_.size());
    rows_.push_back(std::move(row));
}

std::string Table::text(const Terminal& terminal) const {
    std::vector<std::size_t> widths(titles_.size());
    const auto measure = [&](const std::vector<Cell>& row) {
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], terminal_columns(row[i].text));
    };
    measure(titles_);
    std::ranges::for_each(rows_, measure);
    std::string text = line(titles_, widths, terminal);
    for (const auto& row : rows_)
        text += line(row, widths, terminal);
    return text;
}

std::string Table::line(const std::vector<Cell>& row, const std::vector<std::size_t>& widths,
                        const Terminal& terminal) const {
    std::size_t left = terminal.is_there ? terminal.columns : unbounded;
    std::string line;
    for (std::size_t i = 0; i < row.size() && left > 0; ++i) {
        const std::string shown = fitted_to_columns(row[i].text, std::min(widths[i], left));
        const std::string blanks(std::min(widths[i], left) - terminal_columns(shown), ' ');
        const std::string coloured = terminal.coloured(shown, row[i].colour);
        line += to_the_right_[i] ? blanks + coloured : coloured + blanks;
        left -= std::min(left, widths[i] + gap.size());
        if (i + 1 < row.size() && left > 0) line += gap;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line + "\n";
}

std::string duration_text(double milliseconds) {
    if (milliseconds <= 0) return "-";
    if (milliseconds < 1) return formatted("%.0f us", milliseconds * 1'000);
    if (milliseconds < 1'000) return formatted(milliseconds < 10 ? "%.1f ms" : "%.0f ms", milliseconds);
    return formatted("%.1f s", milliseconds / 1'000);
}

std::string rate_text(double per_second) {
    if (per_second <= 0) return "0";
    return formatted(per_second < 10 ? "%.1f" : "%.0f", per_second);
}

std::string bytes_text(double bytes) {
    constexpr std::array<const char*, 5> units{"B", "KiB", "MiB", "GiB", "TiB"};
    std::size_t unit = 0;
    for (; bytes >= 1024 && unit + 1 < units.size(); ++unit)
        bytes /= 1024;
    return formatted(unit == 0 ? "%.0f " : "%.1f ", bytes) + units[unit];
}

}  // namespace jebi::app
