// The verbs that look at what runs: they ask the control sockets in the data folder, and log-analytics.
#pragma once

#include "app/command_line.h"
#include "kit/place/settings.h"

namespace jebi::app {

// A table of modules and processes; --watch draws it anew each second until Ctrl-C, --json prints what the
// processes say.
Result<void> show_status(const CommandLine& line, const place::Settings& settings);
// Who calls whom, how often and how well.
Result<void> show_map(const place::Settings& settings);
// The spans of one trace as a waterfall, as log-analytics has them.
Result<void> show_trace(const CommandLine& line, const place::Settings& settings);

}  // namespace jebi::app
