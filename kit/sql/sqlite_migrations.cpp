#include "kit/sql/sqlite_migrations.h"

#include <algorithm>
#include <set>

#include "kit/base/clock.h"
#include "kit/base/crypto.h"
#include "kit/sql/sqlite_schema.h"

namespace jebi::sql {

namespace {

constexpr std::size_t digits = 4;  // of a file's number
constexpr std::string_view ending = ".sql";

struct File {
    std::string_view path;
    std::string_view sql;
    std::int64_t number;
    std::string sha256;
};

Error unusable(std::string_view module, std::string_view path, const std::string& why,
               const std::string& hint) {
    return error(Code::internal, "The schema file " + std::string{path} + " of " + std::string{module} + " " +
                                     why + ". " + hint)
        .because("schema_file");
}

// 12 for "0012_tweets.sql"; 0 when it is not named so.
std::int64_t number_of(std::string_view path) {
    std::int64_t number = 0;
    if (path.size() <= digits + 1 + ending.size() || path[digits] != '_' || !path.ends_with(ending)) return 0;
    for (const char c : path.substr(0, digits)) {
        if (c < '0' || c > '9') return 0;
        number = number * 10 + (c - '0');
    }
    return number;
}

Result<std::vector<File>> numbered(std::string_view module, std::span<const Embedded> files) {
    std::vector<File> all;
    for (const Embedded& file : files) {
        const std::int64_t expected = static_cast<std::int64_t>(all.size()) + 1;
        if (number_of(file.path) != expected) {
            return fail(unusable(module, file.path, "is not number " + std::to_string(expected),
                                 "Files are named 0001_what.sql, 0002_..., without a gap and in order."));
        }
        all.push_back({file.path, file.content, expected, hex(bytes_of(sha256(file.content)))});
    }
    return all;
}

Error newer(std::string_view module, std::int64_t number) {
    return error(Code::conflict,
                 "The database was written by a newer version of this program: it has schema " +
                     std::to_string(number) + " of " + std::string{module} +
                     ", which this version does not know. Start the newer version, or restore a"
                     " backup from before.")
        .because("newer_version");
}

Error changed(std::string_view module, const File& file) {
    return error(Code::conflict,
                 "The schema file " + std::string{file.path} + " of " + std::string{module} +
                     " has changed since it was applied to this database. Undo the change to it and"
                     " put what is new into a file with the next number.")
        .because("migration_changed");
}

Error missing(std::string_view module, std::int64_t number) {
    return error(Code::conflict, "The database lacks schema " + std::to_string(number) + " of " +
                                     std::string{module} + " but has later ones. Restore a backup.")
        .because("migration_missing");
}

// How many of the files are applied; an Error when they are not exactly the first ones, unchanged.
Result<std::size_t> applied(Connection& connection, std::string_view module, const std::vector<File>& files) {
    TRY(const Outcome::Done done,
        connection.run(everything,
                       "SELECT number, sha256 FROM jebi_migrations WHERE module = $1 ORDER BY number",
                       std::vector{value(module)}));
    std::size_t count = 0;
    for (const Row row : done.rows) {
        if (row.integer(0) > static_cast<std::int64_t>(files.size()))
            return fail(newer(module, row.integer(0)));
        if (row.integer(0) != files[count].number) return fail(missing(module, files[count].number));
        if (row.text(1) != files[count].sha256) return fail(changed(module, files[count]));
        ++count;
    }
    return count;
}

// All of the schema that is not the module's. The authorizer does not see the new name of a RENAME.
Result<std::set<std::string>> foreign_schema(Connection& connection, std::string_view module) {
    TRY(const Outcome::Done done,
        connection.run("SELECT name, tbl_name, name || ' on ' || tbl_name || ' as ' || coalesce(sql, '')"
                       " FROM sqlite_schema"));
    std::set<std::string> foreign;
    for (const Row row : done.rows) {
        const bool own_name = owns(module, row.text(0)) || row.text(0).starts_with("sqlite_autoindex_");
        if (!own_name || !owns(module, row.text(1))) foreign.insert(row.text(2));
    }
    return foreign;
}

Result<void> record(Connection& connection, std::string_view module, const File& file) {
    TRY_VOID(connection.run(everything, "INSERT INTO jebi_migrations VALUES ($1, $2, $3, $4, $5)",
                            std::vector<Value>{value(module), file.number, value(file.path), file.sha256,
                                               SystemClock{}.wall_ms()}));
    return {};
}

Result<void> apply_inside(Connection& connection, const Access& access, const File& file) {
    TRY(const auto before, foreign_schema(connection, access.module));
    if (auto run = connection.run_script(access, schema_for_sqlite(file.sql)); !run) {
        return fail(unusable(access.module, file.path, "cannot be applied", "Nothing of it was.")
                        .detailed(run.error().message + " " + run.error().detail));
    }
    TRY(const auto after, foreign_schema(connection, access.module));
    if (after != before) {
        return fail(unusable(access.module, file.path, "reaches beyond the module's own tables",
                             "They are named like the module or begin with its name and an underscore."));
    }
    TRY_VOID(record(connection, access.module, file));
    TRY_VOID(connection.run("COMMIT"));
    return {};
}

Result<void> apply(Connection& connection, const Access& access, const File& file) {
    TRY_VOID(connection.run("BEGIN IMMEDIATE"));
    auto done = apply_inside(connection, access, file);
    if (connection.in_transaction()) TRY_VOID(connection.run("ROLLBACK"));
    return done;
}

}  // namespace

Result<void> migrate(Connection& connection, const Access& access, std::span<const Embedded> embedded) {
    TRY(const auto files, numbered(access.module, embedded));
    TRY(const std::size_t done, applied(connection, access.module, files));
    for (std::size_t next = done; next < files.size(); ++next) {
        TRY_VOID(apply(connection, access, files[next]));
    }
    return {};
}

}  // namespace jebi::sql
