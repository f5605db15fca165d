// Inside kit/place only: a TOML file as a flat list of entries.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kit/base/result.h"

namespace jebi::place {

struct TomlEntry {
    enum class Kind : std::uint8_t { text, integer, decimal, flag, list, empty_table };
    std::vector<std::string> path;  // {"log", "level"} for [log] level
    std::string key;                // the same with dots: "log.level"
    Kind kind = Kind::text;
    std::string value;                 // text without quotes, numbers and flags as written out
    std::vector<std::string> items{};  // of a list of texts
    unsigned line = 0;                 // from 1
};

// `invalid`, with file and line, when the file cannot be read, is larger than 1 MiB, is no TOML, or holds a
// date, or a list of anything but texts. In the order of the file.
Result<std::vector<TomlEntry>> toml_entries(const std::string& file);

}  // namespace jebi::place
