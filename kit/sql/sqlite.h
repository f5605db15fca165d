// SQLite as the engine: one file, WAL, synchronous=FULL, one writer thread with group commit.
//
// The file belongs to one process at a time: "x.db.lock" beside it says to which. It is marked as ours
// (application_id), so a foreign SQLite file is refused and not migrated by accident.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kit/sql/database.h"

namespace jebi::sql {

struct SqliteOptions {
    std::string file;  // "x.db"; made when it is not there (readable for its owner only), its folder must be
    std::size_t cache_bytes = 64 * 1024 * 1024;        // at most, per connection; a connection per thread
    std::size_t memory_map_bytes = 256 * 1024 * 1024;  // shared by the process's connections
    std::size_t group_max = 1'024;                     // batches in one commit, at least 1
    Millis group_ms_max{30'000};                       // a runaway statement ends then, and its group with it
};

// Opens the file, or makes it. Errors tell a person what is wrong, why, and what helps; `reason` says it
// to programs: folder_missing, not_writable, in_use, not_a_database, foreign_database, newer_version,
// damaged.
Result<std::unique_ptr<Database>> open_sqlite(const SqliteOptions& options);

// Database::backup for somebody who has not opened the database: copies `file` as it is now into the new file
// `backup`, while another process uses it or nobody does. Blocks. Reasons as above, database_missing and
// file_exists.
Result<void> backup_sqlite(const std::string& file, const std::string& backup);

// Puts a backup in place of `file`, which nobody may have open. Checks the backup first (integrity,
// and that it is one of ours); an error leaves `file` as it was. Refuses to replace a file that is not
// one of ours. Reasons as above, and backup_missing.
Result<void> restore_sqlite(const std::string& backup, const std::string& file);

// The modules that keep tables in `file`, by name. None when it is not there. Blocks.
Result<std::vector<std::string>> modules_in_sqlite(const std::string& file);

// Takes a module's tables, with all that is in them, out of the file `from` and into `to`, which is made when
// it is not there; nobody may have either open. How many rows that were. Cut off at any moment, the tables
// are whole in one of the two, and the next call finishes. `conflict` (is_in_both) when both have such tables
// and it is not known which of them count; reasons as above.
Result<std::uint64_t> move_module_sqlite(const std::string& module, const std::string& from,
                                         const std::string& to);

}  // namespace jebi::sql
