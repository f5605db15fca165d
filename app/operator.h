// What only an operator may ask of jebi, whether it runs or not: to make derived data again.
//
// A running jebi answers at the Unix sockets in its data folder (app/host.h), which belong to its user alone.
// Where none runs, the verb opens the database itself, and does the work in its own process.
#pragma once

#include "kit/place/settings.h"

namespace jebi::app {

// `jebi timelines rebuild` and `jebi search rebuild`: wait until it is done, and say so.
Result<void> rebuild_timelines(const place::Settings& settings);
Result<void> rebuild_search(const place::Settings& settings);

}  // namespace jebi::app
