#include "kit/sql/sqlite_error.h"

#include <sqlite3.h>

#include <string>

namespace jebi::sql {

namespace {

constexpr std::size_t sql_shown_max = 200;  // characters

std::string shown(std::string_view sql) {
    return " in: " + std::string{sql.substr(0, sql_shown_max)};
}

bool is_unique_violation(int status) {
    return status == SQLITE_CONSTRAINT_UNIQUE || status == SQLITE_CONSTRAINT_PRIMARYKEY ||
           status == SQLITE_CONSTRAINT_ROWID;
}

// What the person who asked is told.
Error told(int status) {
    switch (status & 0xff) {
        case SQLITE_CONSTRAINT:
            if (is_unique_violation(status)) return error(Code::conflict, "This is there already.");
            break;
        case SQLITE_FULL:
            return error(Code::unavailable, "The disk is full, so nothing can be saved right now.")
                .because("disk_full");
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return error(Code::unavailable, "The database file is damaged.").because("damaged");
        case SQLITE_READONLY:
            if (status == SQLITE_READONLY) break;  // a read that would write: our mistake
            [[fallthrough]];
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_PROTOCOL:
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
        case SQLITE_NOMEM:
            return error(Code::unavailable, "The database cannot be used right now. Please try again soon.")
                .after_s(1);
        case SQLITE_INTERRUPT:
            return error(Code::deadline, "This took too long.");
        case SQLITE_TOOBIG:
            return error(Code::invalid, "This is too large to be saved.").because("too_large");
        default:
            break;
    }
    return error(Code::internal, "Something went wrong on our side.");
}

}  // namespace

Error error_of(int status, std::string_view why, std::string_view sql) {
    return told(status).detailed("SQLite " + std::to_string(status) + " (" + std::string{why} + ")" +
                                 shown(sql));
}

Error pretended_disk_full() {
    return error_of(SQLITE_FULL, "pretended", "BEGIN IMMEDIATE");
}

Error mistake(std::string_view what, std::string_view sql) {
    return error(Code::internal, "Something went wrong on our side.")
        .detailed(std::string{what} + shown(sql));
}

}  // namespace jebi::sql
