#include "kit/sql/sqlite_access.h"

#include <sqlite3.h>

#include <algorithm>

namespace jebi::sql {

namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

bool begins(std::string_view text, std::string_view start) {
    return text.size() >= start.size() && same(text.substr(0, start.size()), start);
}

std::string_view text(const char* pointer) {
    return pointer == nullptr ? std::string_view{} : pointer;
}

// A table that is named but of which no column is used comes without its database.
bool is_main(std::string_view database) {
    return database.empty() || database == "main";
}

bool is_schema(std::string_view table) {
    return table == "sqlite_master" || table == "sqlite_temp_master";
}

bool is_harmless(std::string_view function) {
    return !same(function, "load_extension") && !same(function, "fts3_tokenizer");
}

}  // namespace

bool owns(std::string_view module, std::string_view name) {
    if (!begins(name, module)) return false;
    return name.size() == module.size() || name[module.size()] == '_';
}

bool is_module_name(std::string_view name) {
    if (name.empty() || name.front() < 'a' || name.front() > 'z') return false;
    if (owns("sqlite", name) || owns("jebi", name)) return false;
    return std::ranges::all_of(
        name, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

bool Authorizer::allows(int action, const char* first, const char* second, const char* database) {
    if (access_->level == Access::Level::everything) return true;
    switch (action) {
        case SQLITE_SELECT:
        case SQLITE_RECURSIVE:
            return true;
        case SQLITE_FUNCTION:
            return is_harmless(text(second));
        case SQLITE_READ:
            return allows_reading(text(first), text(database));
        case SQLITE_INSERT:
        case SQLITE_UPDATE:
        case SQLITE_DELETE:
            return allows_changing(action, text(first), text(database));
        default:
            return allows_defining(action, text(first), text(second), text(database));
    }
}

bool Authorizer::allows_reading(std::string_view table, std::string_view database) const {
    if (is_schema(table)) return changes_schema_;
    return is_main(database) && owns(access_->module, table);
}

bool Authorizer::allows_changing(int action, std::string_view table, std::string_view database) {
    if (access_->level < Access::Level::write) return false;
    if (!is_schema(table)) return is_main(database) && owns(access_->module, table);
    // The first thing that a CREATE or a DROP asks for. As a room's own statement it is refused by SQLite.
    if (action != SQLITE_UPDATE && database == "main") {
        changes_schema_ = access_->level == Access::Level::migrate;
    }
    return changes_schema_;
}

bool Authorizer::allows_defining(int action, std::string_view first, std::string_view second,
                                 std::string_view database) {
    if (access_->level < Access::Level::migrate) return false;
    switch (action) {
        case SQLITE_CREATE_TABLE:
        case SQLITE_DROP_TABLE:
        case SQLITE_CREATE_VIEW:
        case SQLITE_DROP_VIEW:
        case SQLITE_REINDEX:
            return database == "main" && owns(access_->module, first);
        case SQLITE_CREATE_INDEX:
        case SQLITE_DROP_INDEX:
            return database == "main" && owns(access_->module, second) &&
                   (owns(access_->module, first) || begins(first, "sqlite_autoindex_"));
        case SQLITE_ALTER_TABLE:  // here the first argument is the database
            changes_schema_ = first == "main" && owns(access_->module, second);
            return changes_schema_;
        default:
            return false;
    }
}

}  // namespace jebi::sql
