// What a room may do on a connection. SQLite asks while it prepares a statement, and asks again when a
// changed schema makes it prepare the statement anew.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace jebi::sql {

struct Access {
    enum class Level : std::uint8_t {
        read,        // rows of the module's tables
        write,       // and change them
        migrate,     // and make, alter and drop the module's tables, indexes and views
        everything,  // the kit's own statements
    };
    Level level = Level::everything;
    std::string module{};
};

inline const Access everything{};

// "tweets" owns "tweets" and "tweets_by_author"; in any case of letters, as SQL has it.
bool owns(std::string_view module, std::string_view name);

// Lower-case letters, digits and underscores, a letter first; and not one of SQLite's or the kit's own.
bool is_module_name(std::string_view name);

class Authorizer {
public:
    // The statements from here on are asked for under `access`, which outlives them.
    void use(const Access& access) {
        access_ = &access;
        changes_schema_ = false;
    }
    // May this be done? The arguments are those of sqlite3_set_authorizer.
    bool allows(int action, const char* first, const char* second, const char* database);

private:
    bool allows_reading(std::string_view table, std::string_view database) const;
    bool allows_changing(int action, std::string_view table, std::string_view database);
    bool allows_defining(int action, std::string_view first, std::string_view second,
                         std::string_view database);

    const Access* access_ = &everything;
    // SQLite reads and writes sqlite_master itself while it carries out a CREATE, ALTER or DROP. Nothing
    // else of a room's may.
    bool changes_schema_ = false;
};

}  // namespace jebi::sql
