// Inside kit/place only: a TOML file as a flat list of entries.
#pragma once

#include <string>
#include <vector>

#include "kit/base/result.h"

namespace jebi::place {

struct TomlEntry {
    std::string key;    // "log.level" for [log] level
    std::string value;  // text without quotes, numbers and flags as written out
    unsigned line = 0;
};

// `invalid`, with file and line, when the file cannot be read, is no TOML, or holds an array or a date.
Result<std::vector<TomlEntry>> toml_entries(const std::string& file);

}  // namespace jebi::place
