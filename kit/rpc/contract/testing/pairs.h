// Contracts before and after a change: testing/pairs.txt.
#pragma once

#include <doctest/doctest.h>

#include <fstream>
#include <string>
#include <vector>

namespace jebi::contract::testing {

struct Pair {
    std::string name;
    std::string before;
    std::string after;
    std::vector<std::string> finds;  // "RULE PLACE"
};

inline std::vector<Pair> pairs_in(const std::string& path) {
    std::ifstream file(path);
    REQUIRE(file);
    std::vector<Pair> pairs;
    for (std::string line; std::getline(file, line);) {
        const auto rest = [&](std::string_view mark) { return line.substr(mark.size()); };
        if (line.starts_with("== ")) pairs.push_back({.name = rest("== ")});
        if (line.starts_with("before: ")) pairs.back().before = rest("before: ");
        if (line.starts_with("after: ")) pairs.back().after = rest("after: ");
        if (!line.starts_with("finds: ")) continue;
        const auto finding = rest("finds: ");
        const auto blank = finding.find(' ');
        pairs.back().finds.push_back(finding.substr(0, blank) + " jebi.pairs.v1." +
                                     finding.substr(blank + 1));
    }
    return pairs;
}

}  // namespace jebi::contract::testing
