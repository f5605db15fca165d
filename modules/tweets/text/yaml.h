// As much of YAML as twitter-text's conformance suite is written in: block mappings and sequences, flow
// sequences of scalars on one line, and scalars that are plain, in single or in double quotes. For tests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace jebi::tweets {

struct Yaml {
    std::string scalar;
    std::vector<Yaml> items;         // of a sequence, or what the names of a mapping stand for
    std::vector<std::string> names;  // of a mapping, in the order of the file

    // What the name stands for; throws std::out_of_range when there is no such name.
    const Yaml& operator[](std::string_view name) const;
};

// Throws std::runtime_error with the line's number where the text is not of that kind.
Yaml read_yaml(std::string_view text);

}  // namespace jebi::tweets
