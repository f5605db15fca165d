// The verbs of log-analytics that talk to one that runs: its address is the setting `listen`, its token the
// setting `token`.
#pragma once

#include "app/command_line.h"
#include "kit/place/settings.h"

namespace jebi::app {

// Runs the SQL and prints a table, or what --format says.
Result<void> query_logs(const CommandLine& line, const place::Settings& settings);
// Prints new rows that match the search until Ctrl-C; when the service goes away, waits until it is back.
Result<void> tail_logs(const CommandLine& line, const place::Settings& settings);
// Reads an access log or a file of JSON lines and sends it, with a progress bar. Goes on where it ended when
// it is called again for the same file; a row that was sent already is kept once.
Result<void> import_logs(const CommandLine& line, const place::Settings& settings);

// Writes a static page: of the service that runs, or of a log file without any service.
Result<void> report_logs(const CommandLine& line, const place::Settings& settings);

}  // namespace jebi::app
