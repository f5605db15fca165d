#include "kit/sql/database_cases.h"
#include "kit/sql/sqlite_connection.h"

using namespace jebi;
using namespace jebi::sql;

namespace {

constexpr std::string_view birds_sql =
    "CREATE TABLE birds (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
    "CREATE TABLE birds_seen (bird INTEGER NOT NULL, at_ms INTEGER NOT NULL, PRIMARY KEY (bird, at_ms)) "
    "WITHOUT ROWID;"
    "CREATE INDEX birds_seen_by_time ON birds_seen (at_ms);";

Room& birds_room(Database& database) {
    Room& room = database.room("birds");
    REQUIRE(answer_of(migrate(room, {schema("0001_birds.sql", birds_sql)})) == "ok");
    return room;
}

// A database with a module of three rows, and another module beside it.
struct Nest {
    Nest() {
        const auto database = opened(from);
        Room& birds = birds_room(*database);
        REQUIRE(write_one(birds, "INSERT INTO birds VALUES (1, '제비'), (2, 'magpie')"));
        REQUIRE(write_one(birds, "INSERT INTO birds_seen VALUES (1, 99)"));
        REQUIRE(write_one(notes_room(*database), "INSERT INTO notes (id, author) VALUES (7, 1)"));
    }
    Folder folder;
    std::string from = folder / "all.db";
    std::string to = folder / "birds.db";
};

void check_moved(const Nest& nest) {
    CHECK(modules_in_sqlite(nest.to).value() == std::vector<std::string>{"birds"});
    CHECK(modules_in_sqlite(nest.from).value() == std::vector<std::string>{"notes"});
    const auto database = opened(nest.to);
    Room& birds = birds_room(*database);  // applies nothing anew, or its tables would be there already
    CHECK(count_of(birds, "birds") == 2);
    CHECK(count_of(birds, "birds_seen") == 1);
    CHECK(answer_of(write_one(birds, "INSERT INTO birds VALUES (3, 'magpie')")) == "conflict");
    const auto rest = opened(nest.from);
    CHECK(count_of(notes_room(*rest), "notes") == 1);
}

}  // namespace

TEST_CASE("a module's tables go into another file with their rows and rules, and its neighbours stay") {
    const Nest nest;
    CHECK(move_module_sqlite("birds", nest.from, nest.to).value() == 3);
    check_moved(nest);
}

TEST_CASE("a module goes back, and going where one is changes nothing") {
    const Nest nest;
    REQUIRE(move_module_sqlite("birds", nest.from, nest.to));
    CHECK(move_module_sqlite("birds", nest.from, nest.to).value() == 0);
    check_moved(nest);
    CHECK(move_module_sqlite("birds", nest.to, nest.from).value() == 3);
    CHECK(modules_in_sqlite(nest.from).value() == std::vector<std::string>{"birds", "notes"});
    CHECK(modules_in_sqlite(nest.to).value().empty());
}

TEST_CASE("a move that was cut off after its copy is finished by the next one") {
    const Nest nest;
    const std::string before = nest.folder / "before.db";
    REQUIRE(backup_sqlite(nest.from, before));
    REQUIRE(move_module_sqlite("birds", nest.from, nest.to));
    // As it is when the process dies between the first commit and the second.
    REQUIRE(restore_sqlite(before, nest.from));
    {
        const auto connection = Connection::open({.file = nest.to}, Connection::Mode::write).value();
        REQUIRE(connection->run("INSERT INTO jebi_copied VALUES ('birds')"));
    }
    CHECK(move_module_sqlite("birds", nest.from, nest.to).value() == 0);
    check_moved(nest);
}

TEST_CASE("tables of a module in both files are nobody's guess") {
    const Nest nest;
    {
        const auto database = opened(nest.to);
        birds_room(*database);
    }
    const auto refused = move_module_sqlite("birds", nest.from, nest.to);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().reason == "is_in_both");
    CHECK(modules_in_sqlite(nest.from).value() == std::vector<std::string>{"birds", "notes"});
}

TEST_CASE("nothing is moved while somebody has one of the files open") {
    const Nest nest;
    const auto database = opened(nest.from);
    CHECK(move_module_sqlite("birds", nest.from, nest.to).error().reason == "in_use");
}
