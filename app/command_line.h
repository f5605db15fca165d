// What was typed after a program's name.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "kit/base/result.h"
#include "kit/place/settings.h"

namespace jebi::app {

inline constexpr const char* program_version = "0.3.0";

// What can be said to a program.
struct Argument {
    std::string name;  // "FILE"; "--demo" for one that is given by name
    std::string help;
    bool required = false;
    bool is_flag = false;  // by name, without a value
};
struct Verb {
    std::string name;  // "backup", or "config show": a verb below another
    std::string help;
    std::vector<Argument> arguments{};
};
struct Program {
    std::string name;    // "jebi"
    std::string about;   // the first lines of the help
    std::string prefix;  // of its variables: "JEBI_"
    std::vector<Verb> verbs;
};

struct CommandLine {
    std::string verb;                              // "help" when nothing is said
    std::map<std::string, std::string> arguments;  // by the argument's name; flags that are given: "true"
    std::string config;                            // --config; empty: the standard file when it is there
    std::map<std::string, std::string> flags;      // settings given as flags, by the setting's name
    std::string help;                              // the text for `help`

    std::string argument(const std::string& name) const;  // empty when it was not given
};

// `invalid`, with what is wrong and a hint, when the line makes no sense. Every program also knows help and
// version.
Result<CommandLine> command_line(const Program& program, const std::vector<std::string>& words,
                                 const std::vector<place::Setting>& settings);

}  // namespace jebi::app
