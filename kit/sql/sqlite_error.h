// SQLite's result codes as Errors: what the person who asked is told, and what the operator's log.
#pragma once

#include <string_view>

#include "kit/base/result.h"

namespace jebi::sql {

// `status` is an extended result code (https://www.sqlite.org/rescode.html), `why` SQLite's own words. The
// detail shows the statement but no values.
Error error_of(int status, std::string_view why, std::string_view sql);

// As when the disk is full, which it is not.
Error pretended_disk_full();

// Wrong SQL that SQLite would take: `internal`.
Error mistake(std::string_view what, std::string_view sql);

}  // namespace jebi::sql
