#include "tests/degradation/table.h"

#include <fstream>

#include "kit/base/unicode.h"

namespace jebi::test {

namespace {

// "| a | `b` |" -> a, b
std::vector<std::string> cells_of(std::string_view line) {
    std::vector<std::string> cells;
    line.remove_prefix(1);
    while (!line.empty()) {
        const auto end = line.find('|');
        std::string cell{trimmed(line.substr(0, end))};
        std::erase(cell, '`');
        cells.push_back(std::move(cell));
        line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
        if (trimmed(line).empty()) break;
    }
    return cells;
}

bool is_rule(std::string_view line) {
    return line.find_first_not_of("|-: ") == std::string_view::npos;
}

}  // namespace

std::map<std::string, Table> tables_of(const std::string& file) {
    std::ifstream in{file};
    std::map<std::string, Table> tables;
    std::string heading;
    bool inside = false;
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("#")) heading = line.substr(line.find_first_not_of("# "));
        if (!line.starts_with("|")) {
            inside = false;
            continue;
        }
        if (is_rule(line)) continue;
        auto cells = cells_of(line);
        std::string first = cells.front();
        cells.erase(cells.begin());
        if (first == "page or operation") {
            inside = true;
            tables[heading].columns = std::move(cells);
        } else if (inside) {
            tables[heading].rows.emplace_back(std::move(first), std::move(cells));
        }
    }
    return tables;
}

}  // namespace jebi::test
