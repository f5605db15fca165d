// Numbered SQL files, applied once each and in order; what was applied stands in the database's own table
// jebi_migrations.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "kit/base/embedded.h"
#include "kit/sql/sqlite_connection.h"

namespace jebi::sql {

inline constexpr std::string_view migrations_table =
    "CREATE TABLE jebi_migrations (module TEXT NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL,"
    " sha256 TEXT NOT NULL, applied_ms INTEGER NOT NULL, PRIMARY KEY (module, number)) WITHOUT ROWID";

// Applies the files of `access.module` that are not applied yet. See Room::migrate.
Result<void> migrate(Connection& connection, const Access& access, std::span<const Embedded> files);

}  // namespace jebi::sql
