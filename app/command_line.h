// What was typed after `jebi`.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "kit/base/result.h"
#include "kit/place/settings.h"

namespace jebi::app {

inline constexpr const char* program_version = "0.1.0";

struct CommandLine {
    enum class Verb : std::uint8_t {
        up,
        demo,
        backup,
        restore,
        config_show,
        version,
        help
    } verb = Verb::help;
    std::string file;                          // of backup and restore
    bool with_demo = false;                    // up --demo
    std::string config;                        // --config; empty: jebi.toml when it is there
    std::map<std::string, std::string> flags;  // settings given as flags, by the setting's name
    std::string help;                          // the text for `help`
};

// `invalid`, with what is wrong and a hint, when the line makes no sense.
Result<CommandLine> command_line(const std::vector<std::string>& words,
                                 const std::vector<place::Setting>& settings);

}  // namespace jebi::app
