// What can be configured, and where each value comes from: built in < one TOML file < environment < flags.
//
// A program lists its settings once; the file's keys, the JEBI_* variables and the flags follow from the
// names: "log.level" is [log] level in the file, JEBI_LOG_LEVEL in the environment, --log-level as a flag.
// A key nobody knows is refused with the nearest name, so that a misspelt setting never goes unnoticed.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kit/base/nearest.h"
#include "kit/base/result.h"

namespace jebi::place {

struct Setting {
    enum class Kind : std::uint8_t { text, integer, flag };
    std::string name;
    Kind kind = Kind::text;
    std::string standard;  // the built-in value, written as in a file without quotes
    std::string help;      // one line
    std::int64_t min = 0;  // for integers
    std::int64_t max = 0;
    std::vector<std::string> choices{};  // for text; empty: anything
};

// Where values are given, besides the built-in ones.
struct Sources {
    std::string file;  // empty: none. A file that is named must be there
    std::map<std::string, std::string>
        environment;                           // all variables; only those with the prefix are looked at
    std::map<std::string, std::string> flags;  // setting's name -> value
    std::string prefix = "JEBI_";
};

class Settings {
public:
    // `invalid`: what is wrong, where (file and line, variable, flag), and a hint. Nothing is touched.
    static Result<Settings> load(std::vector<Setting> known, const Sources& sources);

    // The name must be known and of that kind: an assert.
    const std::string& text(std::string_view name) const;
    std::int64_t integer(std::string_view name) const;
    bool flag(std::string_view name) const;

    struct Shown {
        std::string name;
        std::string value;
        std::string origin;  // "built in", "jebi.toml:3", "JEBI_LOG_LEVEL", "--log-level"
    };
    // All of them, in the order in which they were listed.
    std::vector<Shown> shown() const;

private:
    struct Given {
        std::string value;
        std::string origin;
    };
    Result<void> give(std::string_view name, std::string value, std::string origin);
    Result<void> read_file(const std::string& file);
    Result<void> read_environment(const Sources& sources);
    const Setting* find(std::string_view name) const;

    std::vector<Setting> known_;
    std::map<std::string, Given, std::less<>> given_;
};

// All variables of this process, as they were given to it.
std::map<std::string, std::string> environment();

// "log.level" -> "JEBI_LOG_LEVEL"
std::string variable_of(std::string_view setting, std::string_view prefix = "JEBI_");
std::string flag_of(std::string_view setting);  // "log.level" -> "--log-level"

using jebi::nearest;

}  // namespace jebi::place
