// Whole copies of a database: out of one that is in use, and back into its place.
#pragma once

#include <atomic>
#include <string>

#include "kit/sql/sqlite_connection.h"

namespace jebi::sql {

// Copies the database at `source` into `file`, which appears only when it is whole and on the disk.
// Blocks. `stop` ends it early.
Result<void> backup_sqlite(const ConnectionOptions& source, const std::string& file,
                           const std::atomic<bool>& stop);

}  // namespace jebi::sql
