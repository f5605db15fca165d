// `jebi up FILE`: all processes of a topology on this machine, under one supervisor, until Ctrl-C.
#pragma once

#include "app/command_line.h"
#include "kit/place/settings.h"

namespace jebi::app {

Result<void> up_topology(const CommandLine& line, const place::Settings& settings);

}  // namespace jebi::app
