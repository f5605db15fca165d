// What a schema file, written in the SQL that both engines have, becomes for SQLite.
//
// SQLite keeps a table in a tree of its own by a hidden number, the rowid, and every primary key in a second
// tree that leads to it (https://www.sqlite.org/withoutrowid.html, https://www.sqlite.org/rowidtable.html).
// Twice the looking up and twice the writing; unless
//
//   - the key is one INTEGER, which then is the rowid. BIGINT is the same number for SQLite, but not the same
//     word, and PostgreSQL's INTEGER is too short for our ids.
//   - the table is WITHOUT ROWID. That is good for short rows, so tables get it that have nothing but numbers
//     and a key of several columns.
//
// A table that was made before this rule stays as it is, and works.
#pragma once

#include <string>
#include <string_view>

namespace jebi::sql {

std::string schema_for_sqlite(std::string_view sql);

}  // namespace jebi::sql
