// What our programs' main functions have in common: words in, exit code out.
#pragma once

#include <functional>

#include "app/command_line.h"
#include "kit/watch/log.h"

namespace jebi::app {

// Reads the command line and the settings, answers `help` and `version`, and runs the verb. Answers the exit
// code: 0 all is well, 1 it could not be done, 2 something in the command or the settings is wrong; errors go
// to standard error.
int run_program(const Program& program, const std::vector<place::Setting>& settings,
                const std::vector<std::string>& words,
                const std::function<Result<void>(const CommandLine&, const place::Settings&)>& run);

// Prints every setting with its value and where that comes from.
void show_config(const place::Settings& settings);

// "auto" is text on a terminal, and JSON elsewhere.
watch::Format log_format(const std::string& setting);

}  // namespace jebi::app
