// The tables of docs/guides/degradation.md, as the tests read them.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace jebi::test {

// Under a heading: what each row says in each column. Cells are one word.
struct Table {
    std::vector<std::string> columns;  // without the first, which names the row
    std::vector<std::pair<std::string, std::vector<std::string>>> rows;
};

// All tables of the guide whose first column is headed "page or operation", by the heading that they stand
// under; none of a file that cannot be read.
std::map<std::string, Table> tables_of(const std::string& file);

}  // namespace jebi::test
