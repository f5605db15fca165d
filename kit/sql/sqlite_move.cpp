// A module's tables into another file. Two files cannot be changed at once and for good (SQLite's log is a
// log per file), so it is done in three commits, each in one file: the copy with a note that it is one, the
// tables out of the old file, the note out of the new one. Whoever is cut off in between finds the note and
// goes on from there.
#include <filesystem>

#include "kit/sql/sqlite.h"
#include "kit/sql/sqlite_connection.h"
#include "kit/sql/sqlite_file.h"

namespace jebi::sql {

namespace {

constexpr std::size_t move_cache_bytes = 8 * 1024 * 1024;
constexpr std::string_view note =
    "jebi_copied";  // a table of one column: the modules whose copy is not alone yet

std::string in_quotes(std::string_view name) {
    return "\"" + std::string(name) + "\"";  // no name of ours has a quotation mark in it
}

Result<bool> has_module(Connection& connection, const std::string& schema, const std::string& module) {
    TRY(const Outcome::Done done,
        connection.run(everything, "SELECT count(*) FROM " + schema + ".jebi_migrations WHERE module = $1",
                       std::vector{value(module)}));
    return done.rows[0].integer(0) > 0;
}

Result<bool> has_note(Connection& connection, const std::string& module) {
    TRY(const std::int64_t tables,
        connection.integer("SELECT count(*) FROM main.sqlite_schema WHERE name = '" + std::string(note) +
                           "'"));
    if (tables == 0) return false;
    TRY(const Outcome::Done done,
        connection.run(everything, "SELECT count(*) FROM jebi_copied WHERE module = $1",
                       std::vector{value(module)}));
    return done.rows[0].integer(0) > 0;
}

struct Thing {
    std::string type;  // "table", "index", "view"
    std::string name;
    std::string sql;
};

// What a module has in the old file, tables first: an index needs its table, and is quicker to make of all
// rows.
Result<std::vector<Thing>> things_of(Connection& connection, const std::string& module) {
    TRY(const Outcome::Done done,
        connection.run("SELECT type, name, tbl_name, sql FROM source.sqlite_schema WHERE sql IS NOT NULL"
                       " ORDER BY type != 'table', rowid"));
    std::vector<Thing> things;
    for (const Row row : done.rows) {
        if (owns(module, row.text(2))) things.push_back({row.text(0), row.text(1), row.text(3)});
    }
    return things;
}

Result<std::uint64_t> copy_rows(Connection& connection, const Thing& table) {
    const std::string name = in_quotes(table.name);
    TRY(const Outcome::Done done,
        connection.run("INSERT INTO main." + name + " SELECT * FROM source." + name));
    return static_cast<std::uint64_t>(done.changed);
}

Result<std::uint64_t> copy_inside(Connection& connection, const std::string& module) {
    TRY(const auto things, things_of(connection, module));
    std::uint64_t rows = 0;
    for (const Thing& thing : things) {
        TRY_VOID(connection.run(thing.sql));
        if (thing.type != "table") continue;
        TRY(const std::uint64_t copied, copy_rows(connection, thing));
        rows += copied;
    }
    TRY_VOID(connection.run(
        everything, "INSERT INTO main.jebi_migrations SELECT * FROM source.jebi_migrations WHERE module = $1",
        std::vector{value(module)}));
    TRY_VOID(connection.run("CREATE TABLE IF NOT EXISTS main." + std::string(note) +
                            " (module TEXT PRIMARY KEY)"));
    TRY_VOID(
        connection.run(everything, "INSERT INTO main.jebi_copied VALUES ($1)", std::vector{value(module)}));
    return rows;
}

Result<std::uint64_t> drop_inside(Connection& connection, const std::string& module) {
    TRY(auto things, things_of(connection, module));
    std::uint64_t dropped = 0;
    for (const Thing& thing : things) {
        if (thing.type == "index") continue;  // goes with its table
        TRY_VOID(connection.run("DROP " + thing.type + " source." + in_quotes(thing.name)));
        ++dropped;
    }
    TRY_VOID(connection.run(everything, "DELETE FROM source.jebi_migrations WHERE module = $1",
                            std::vector{value(module)}));
    return dropped;
}

Result<std::uint64_t> forget_note(Connection& connection, const std::string& module) {
    TRY(const Outcome::Done done, connection.run(everything, "DELETE FROM main.jebi_copied WHERE module = $1",
                                                 std::vector{value(module)}));
    return static_cast<std::uint64_t>(done.changed);
}

// All of `work` or nothing.
template <typename Work>
Result<std::uint64_t> in_transaction(Connection& connection, const std::string& module, Work work) {
    TRY_VOID(connection.run("BEGIN IMMEDIATE"));
    auto done = work(connection, module);
    if (done) {
        if (auto committed = connection.run("COMMIT"); !committed) done = fail(std::move(committed.error()));
    }
    if (connection.in_transaction()) TRY_VOID(connection.run("ROLLBACK"));
    return done;
}

// Makes the file when it is not there, and sees that it is one of ours.
Result<void> make_database(const std::string& file) {
    TRY(const auto database, open_sqlite({.file = file}));
    return {};
}

Error in_both(const std::string& module, const std::string& from, const std::string& to) {
    return error(Code::conflict,
                 "Both " + from + " and " + to + " have tables of " + module +
                     ", and which of them count cannot be known. Keep the file that is right, and"
                     " put the other one elsewhere.")
        .because("is_in_both");
}

}  // namespace

Result<std::vector<std::string>> modules_in_sqlite(const std::string& file) {
    TRY(const std::string path, absolute_path(file));
    std::vector<std::string> modules;
    if (!std::filesystem::exists(path)) return modules;
    TRY_VOID(make_database(path));
    TRY(const auto connection,
        Connection::open({.file = path, .cache_bytes = move_cache_bytes}, Connection::Mode::read));
    TRY(const Outcome::Done done,
        connection->run("SELECT DISTINCT module FROM jebi_migrations ORDER BY module"));
    for (const Row row : done.rows)
        modules.push_back(row.text(0));
    return modules;
}

Result<std::uint64_t> move_module_sqlite(const std::string& module, const std::string& from,
                                         const std::string& to) {
    TRY(const std::string source, absolute_path(from));
    TRY(const std::string target, absolute_path(to));
    TRY_VOID(make_database(source));
    TRY_VOID(make_database(target));
    TRY(const FileLock source_lock, FileLock::take(source));
    TRY(const FileLock target_lock, FileLock::take(target));
    TRY(const auto connection,
        Connection::open({.file = target, .cache_bytes = move_cache_bytes}, Connection::Mode::write));
    TRY_VOID(connection->attach_source(source));
    TRY(const bool is_there, has_module(*connection, "main", module));
    TRY(const bool is_here, has_module(*connection, "source", module));
    TRY(const bool is_copied, has_note(*connection, module));
    if (is_there && is_here && !is_copied) return fail(in_both(module, from, to));
    std::uint64_t rows = 0;
    if (!is_there && is_here) {
        TRY(rows, in_transaction(*connection, module, copy_inside));
    }
    if (is_here) TRY_VOID(in_transaction(*connection, module, drop_inside));
    if (is_here || is_copied) TRY_VOID(in_transaction(*connection, module, forget_note));
    return rows;
}

}  // namespace jebi::sql
