#include "kit/sql/positions.h"

#include "kit/sql/test_folder.h"

using namespace jebi;
using namespace jebi::sql;

namespace {

const Embedded tables =
    schema("0001_notes.sql",
           "CREATE TABLE notes (id BIGINT PRIMARY KEY);"
           "CREATE TABLE notes_positions (source TEXT PRIMARY KEY, sequence BIGINT NOT NULL);");

}  // namespace

TEST_CASE("a position begins at 0, moves, and each source has its own") {
    const Folder folder;
    const auto database = opened(folder / "x.db");
    Room& room = database->room("notes");
    REQUIRE(migrate(room, {tables}));
    const Positions positions{room, "notes"};
    CHECK(positions.of(patient(), "tweets").value() == 0);
    REQUIRE(positions.move(patient(), "tweets", 3));
    REQUIRE(positions.move(patient(), "tweets", 9));
    REQUIRE(positions.move(patient(), "accounts", 1));
    CHECK(positions.of(patient(), "tweets").value() == 9);
    CHECK(positions.of(patient(), "accounts").value() == 1);
}

TEST_CASE("a position moves only when the rest of its batch happens") {
    const Folder folder;
    const auto database = opened(folder / "x.db");
    Room& room = database->room("notes");
    REQUIRE(migrate(room, {tables}));
    const Positions positions{room, "notes"};
    const auto note_at = [&](std::uint64_t sequence) {
        Batch batch;
        positions.move(batch, "tweets", sequence);
        batch.add({.sql = "INSERT INTO notes (id) VALUES (1)"});
        return answer_of(room.write(patient(), std::move(batch)));
    };
    CHECK(note_at(5) == "ok");
    CHECK(note_at(6) == "conflict");
    CHECK(positions.of(patient(), "tweets").value() == 5);
}
