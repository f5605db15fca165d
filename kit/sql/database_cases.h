// What every Database does, whatever engine stands behind it. Each engine's test calls these three with a
// new, empty database.
#pragma once

#include <limits>
#include <thread>

#include "kit/sql/test_folder.h"

namespace jebi::sql {

inline Room& notes_room(Database& database) {
    Room& room = database.room("notes");
    REQUIRE(answer_of(migrate(
                room, {schema("0001_notes.sql",
                              "CREATE TABLE notes (id INTEGER PRIMARY KEY, author INTEGER NOT NULL,"
                              " text TEXT, slug TEXT UNIQUE);"
                              "CREATE TABLE notes_bits (id INTEGER PRIMARY KEY, score REAL, raw BLOB);")})) ==
            "ok");
    return room;
}

inline Result<Outcome> put_note(Room& room, std::int64_t id, std::string slug) {
    return write_one(room, "INSERT INTO notes (id, author, text, slug) VALUES ($1, 7, 'hello', $2)",
                     {id, std::move(slug)});
}

inline constexpr std::string_view count_up =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) SELECT i FROM n";

inline void reading_cases(Database& database) {
    Room& room = notes_room(database);

    SUBCASE("values come back as they were written") {
        const std::string text{"제비\0 <b>'\"", 13};
        const Blob raw{0, 255, 39, 0};
        const auto largest = std::numeric_limits<std::int64_t>::max();
        REQUIRE(answer_of(
                    write_one(room, "INSERT INTO notes (id, author, text, slug) VALUES ($1, $2, $3, $4)",
                              {largest, std::numeric_limits<std::int64_t>::min(), value(text), ""})) == "ok");
        REQUIRE(answer_of(write_one(room, "INSERT INTO notes_bits (id, score, raw) VALUES ($1, $2, $3)",
                                    {1, 0.1, raw})) == "ok");
        REQUIRE(answer_of(write_one(room, "INSERT INTO notes_bits (id, score, raw) VALUES ($1, $2, $3)",
                                    {2, std::monostate{}, Blob{}})) == "ok");
        const auto notes = room.read(patient(), "SELECT id, author, text, slug FROM notes", {});
        REQUIRE(answer_of(notes) == "ok");
        CHECK((*notes)[0].integer(0) == largest);
        CHECK((*notes)[0].integer(1) == std::numeric_limits<std::int64_t>::min());
        CHECK((*notes)[0].text(2) == text);
        CHECK((*notes)[0].text(3).empty());
        const auto bits = room.read(patient(), "SELECT score, raw FROM notes_bits ORDER BY id", {});
        REQUIRE(answer_of(bits) == "ok");
        CHECK((*bits)[0].number(0) == 0.1);
        CHECK((*bits)[0].blob(1) == raw);
        CHECK((*bits)[1].is_null(0));
        CHECK((*bits)[1].blob(1).empty());
    }
    SUBCASE("parameters are bound by their number, in any order and more than once") {
        REQUIRE(answer_of(put_note(room, 1, "one")) == "ok");
        const auto rows =
            room.read(patient(), "SELECT $2, $1, $2 FROM notes WHERE slug = $2 AND id = $1", {1, "one"});
        REQUIRE(answer_of(rows) == "ok");
        REQUIRE(rows->size() == 1);
        CHECK((*rows)[0].text(0) == "one");
        CHECK((*rows)[0].integer(1) == 1);
        CHECK((*rows)[0].text(2) == "one");
    }
    SUBCASE("an empty answer is no error, and rows can be walked") {
        CHECK(room.read(patient(), "SELECT id FROM notes", {})->empty());
        REQUIRE(answer_of(put_note(room, 1, "one")) == "ok");
        REQUIRE(answer_of(put_note(room, 2, "two")) == "ok");
        const auto rows = room.read(patient(), "SELECT id FROM notes ORDER BY id", {});
        std::int64_t sum = 0;
        for (const Row row : *rows)
            sum = sum * 10 + row.integer(0);
        CHECK(sum == 12);
    }
    SUBCASE("wrong SQL is our mistake: internal") {
        CHECK(answer_of(room.read(patient(), "SELECT id FROM notes WHERE id = $1", {})) == "internal");
        CHECK(answer_of(room.read(patient(), "SELECT id FROM notes WHERE id = $1", {1, 2})) == "internal");
        CHECK(answer_of(room.read(patient(), "SELECT id FROM notes WHERE id = $2", {1, 2, 3})) == "internal");
        CHECK(answer_of(room.read(patient(), "SELECT nothing FROM notes", {})) == "internal");
        CHECK(answer_of(room.read(patient(), "SELECT id FROM notes; SELECT id FROM notes", {})) ==
              "internal");
        CHECK(answer_of(room.read(patient(), "", {})) == "internal");
        CHECK(answer_of(room.read(patient(), "SELECT id FROM notes WHERE id = ?", {1})) == "internal");
    }
    SUBCASE("a read changes nothing") {
        CHECK(answer_of(room.read(patient(), "INSERT INTO notes (id, author) VALUES (1, 1)", {})) ==
              "internal");
        CHECK(answer_of(room.read(patient(), "DELETE FROM notes RETURNING id", {})) == "internal");
        CHECK(count_of(room, "notes") == 0);
    }
    SUBCASE("an answer has a bound") {
        const auto most = static_cast<std::int64_t>(rows_max);
        CHECK(room.read(patient(), count_up, {most})->size() == rows_max);
        const auto refused = room.read(patient(), count_up, {most + 1});
        REQUIRE(answer_of(refused) == "invalid");
        CHECK(refused.error().reason == "too_many_rows");
        CHECK(count_of(room, "notes") == 0);  // the connection goes on
    }
    SUBCASE("a long query ends at its deadline, and the next one runs") {
        const Call hurried{.until = in(Millis{20})};
        const auto endless =
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";
        CHECK(answer_of(room.read(hurried, endless, {})) == "deadline");
        CHECK(count_of(room, "notes") == 0);
    }
    SUBCASE("a read that is late is not begun") {
        CHECK(answer_of(room.read(Call{.until = in(Millis{-1})}, "SELECT nonsense", {})) == "deadline");
    }
    SUBCASE("an acknowledged write is seen by every thread at once") {
        for (std::int64_t id = 1; id <= 20; ++id) {
            REQUIRE(answer_of(put_note(room, id, std::to_string(id))) == "ok");
            std::int64_t seen = 0;
            std::thread{[&] { seen = count_of(room, "notes"); }}.join();
            CHECK(seen == id);
        }
    }
    SUBCASE("the database says that it is well") {
        CHECK(answer_of(database.check(patient())) == "ok");
    }
}

inline void writing_cases(Database& database) {
    Room& room = notes_room(database);
    REQUIRE(answer_of(put_note(room, 1, "first")) == "ok");

    SUBCASE("a batch happens all or not at all") {
        Batch batch;
        batch.add({.sql = "INSERT INTO notes (id, author) VALUES (2, 7)"});
        batch.add({.sql = "INSERT INTO notes (id, author, slug) VALUES (3, 7, 'first')"});
        const auto refused = room.write(patient(), std::move(batch));
        REQUIRE(answer_of(refused) == "conflict");
        CHECK(refused.error().detail.find("slug") != std::string::npos);
        CHECK(count_of(room, "notes") == 1);
    }
    SUBCASE("so does a single statement") {
        CHECK(answer_of(write_one(room, "INSERT INTO notes (id, author) VALUES (2, 7), (3, 7), (1, 7)")) ==
              "conflict");
        CHECK(answer_of(write_one(room,
                                  "INSERT INTO notes (id, author) SELECT i, i FROM"
                                  " (WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n"
                                  " WHERE i < $1) SELECT i FROM n) AS many WHERE true RETURNING id",
                                  {static_cast<std::int64_t>(rows_max) + 2})) == "invalid");
        CHECK(count_of(room, "notes") == 1);
    }
    SUBCASE("a uniqueness rule answers what the statement says") {
        Batch batch;
        batch.add(
            {.sql = "INSERT INTO notes (id, author, slug) VALUES (2, 7, 'first')",
             .otherwise = error(Code::conflict, "This name is taken.").because("slug_taken").at("slug")});
        const auto refused = room.write(patient(), std::move(batch));
        REQUIRE(answer_of(refused) == "conflict");
        CHECK(refused.error().reason == "slug_taken");
        CHECK(refused.error().field == "slug");
    }
    SUBCASE("a row that must be there and is not undoes the batch") {
        Batch batch;
        batch.add({.sql = "UPDATE notes SET text = 'changed' WHERE id = 1"});
        batch.add({.sql = "DELETE FROM notes WHERE id = $1",
                   .parameters = {99},
                   .expect = Expect::a_row,
                   .otherwise = error(Code::not_found, "There is no such note.")});
        CHECK(answer_of(room.write(patient(), batch)) == "not_found");
        batch.statements[1].otherwise.reset();
        CHECK(answer_of(room.write(patient(), batch)) == "conflict");
        CHECK((*room.read(patient(), "SELECT text FROM notes", {}))[0].text(0) == "hello");
    }
    SUBCASE("a row is one that was changed, returned or found") {
        Batch batch;
        batch.add({.sql = "SELECT id FROM notes WHERE id = 1", .expect = Expect::a_row});
        batch.add({.sql = "UPDATE notes SET text = 'changed'", .expect = Expect::a_row});
        batch.add({.sql = "DELETE FROM notes RETURNING text", .expect = Expect::a_row});
        const auto done = room.write(patient(), std::move(batch));
        REQUIRE(answer_of(done) == "ok");
        CHECK(done->statements[2].rows[0].text(0) == "changed");
        CHECK(count_of(room, "notes") == 0);
    }
    SUBCASE("the outcome tells per statement what was changed and returned") {
        Batch batch;
        batch.add({.sql = "INSERT INTO notes (id, author) VALUES (2, 7), (3, 8) RETURNING id, author"});
        batch.add({.sql = "SELECT id FROM notes WHERE author = 7 ORDER BY id"});
        batch.add({.sql = "UPDATE notes SET author = 9 WHERE id > 100"});
        batch.add({.sql = "INSERT INTO notes (id, author, slug) VALUES (4, 7, 'first')"
                          " ON CONFLICT (slug) DO UPDATE SET author = 10 RETURNING id, author"});
        const auto done = room.write(patient(), std::move(batch));
        REQUIRE(answer_of(done) == "ok");
        REQUIRE(done->statements.size() == 4);
        CHECK(done->statements[0].changed == 2);
        CHECK(done->statements[0].rows[1].integer(1) == 8);
        CHECK(done->statements[1].changed == 0);
        CHECK(done->statements[1].rows.size() == 2);
        CHECK(done->statements[2].changed == 0);
        CHECK(done->statements[3].rows[0].integer(0) == 1);
        CHECK(done->statements[3].rows[0].integer(1) == 10);
    }
    SUBCASE("an empty batch is done at once") {
        CHECK(room.write(patient(), {})->statements.empty());
    }
    SUBCASE("other rules that are broken are our mistake") {
        CHECK(answer_of(write_one(room, "INSERT INTO notes (id) VALUES (2)")) == "internal");
        CHECK(answer_of(write_one(room, "INSERT INTO nowhere (id) VALUES (2)")) == "internal");
        CHECK(answer_of(write_one(room, "INSERT INTO notes (id, author) VALUES ($1, $2)", {2})) ==
              "internal");
    }
    SUBCASE("transactions are not the module's business") {
        for (const std::string_view sql :
             {"COMMIT", "ROLLBACK", "BEGIN", "SAVEPOINT batch", "RELEASE batch", "ROLLBACK TO batch"}) {
            CHECK(answer_of(write_one(room, sql)) == "internal");
        }
        CHECK(answer_of(put_note(room, 2, "second")) == "ok");
    }
    SUBCASE("a write that is late is not begun") {
        CHECK(answer_of(write_one(room, "DELETE FROM notes", {}, Call{.until = in(Millis{-1})})) ==
              "deadline");
        CHECK(count_of(room, "notes") == 1);
    }
    SUBCASE("what is written has bounds") {
        Batch batch;
        for (std::size_t i = 0; i <= batch_statements_max; ++i)
            batch.add({.sql = "DELETE FROM notes"});
        CHECK(answer_of(room.write(patient(), std::move(batch))) == "invalid");
        CHECK(answer_of(write_one(room, "UPDATE notes SET text = $1",
                                  {std::string(row_bytes_max + 1, 'x')})) == "invalid");
        CHECK((*room.read(patient(), "SELECT text FROM notes", {}))[0].text(0) == "hello");
    }
}

inline void migration_cases(Database& database) {
    Room& room = database.room("notes");
    const Embedded first = schema("0001_notes.sql", "CREATE TABLE notes (id INTEGER PRIMARY KEY);");
    const Embedded second =
        schema("0002_author.sql",
               "-- Who wrote it; \xEC\xA0\x9C\xEB\xB9\x84.\nALTER TABLE notes ADD COLUMN author INTEGER;\n"
               "INSERT INTO notes (id, author) VALUES (1, 7);\n-- The end.\n");
    const auto is_untouched = [&] { return count_of(room, "notes") == 0; };

    SUBCASE("files are applied in order and once") {
        CHECK(answer_of(migrate(room, {first})) == "ok");
        CHECK(is_untouched());
        CHECK(answer_of(migrate(room, {first, second})) == "ok");
        CHECK(answer_of(migrate(room, {first, second})) == "ok");
        CHECK(count_of(room, "notes") == 1);
    }
    SUBCASE("no files are no work") {
        CHECK(answer_of(migrate(room, {})) == "ok");
    }
    SUBCASE("a file that changed after it was applied is refused, and nothing is done") {
        REQUIRE(answer_of(migrate(room, {first})) == "ok");
        const auto refused = migrate(
            room, {schema("0001_notes.sql", "CREATE TABLE notes (id INTEGER PRIMARY KEY, x TEXT);"), second});
        REQUIRE(answer_of(refused) == "conflict");
        CHECK(refused.error().reason == "migration_changed");
        CHECK(refused.error().message.find("0001_notes.sql") != std::string::npos);
        CHECK(is_untouched());
    }
    SUBCASE("a database that a newer version wrote is refused") {
        REQUIRE(answer_of(migrate(room, {first, second})) == "ok");
        const auto refused = migrate(room, {first});
        REQUIRE(answer_of(refused) == "conflict");
        CHECK(refused.error().reason == "newer_version");
        CHECK(refused.error().message.find("newer version") != std::string::npos);
    }
    SUBCASE("a gap, a wrong order and other names are refused before anything is done") {
        REQUIRE(answer_of(migrate(room, {first})) == "ok");
        const std::string_view harm = "INSERT INTO notes (id) VALUES (1);";
        CHECK(answer_of(migrate(room, {first, schema("0003_c.sql", harm)})) == "internal");
        CHECK(answer_of(migrate(room, {first, schema("0002_b.sql", harm), schema("0002_c.sql", harm)})) ==
              "internal");
        CHECK(answer_of(migrate(room, {schema("0002_b.sql", harm), first})) == "internal");
        CHECK(answer_of(migrate(room, {first, schema("2_b.sql", harm)})) == "internal");
        CHECK(answer_of(migrate(room, {first, schema("0002_b.txt", harm)})) == "internal");
        CHECK(answer_of(migrate(room, {first, schema("0002-b.sql", harm)})) == "internal");
        CHECK(is_untouched());
    }
    SUBCASE("a file that fails leaves nothing of itself, and those before it stay") {
        const auto failing =
            schema("0002_b.sql", "INSERT INTO notes (id) VALUES (1); INSERT INTO nowhere VALUES (1);");
        const auto refused = migrate(room, {first, failing});
        CHECK(answer_of(refused) == "internal");
        CHECK(refused.error().message.find("0002_b.sql") != std::string::npos);
        CHECK(is_untouched());
        CHECK(answer_of(migrate(room, {first, second})) == "ok");  // the failed one was not recorded
    }
    SUBCASE("a file cannot end its transaction") {
        const auto sneaky =
            schema("0002_b.sql", "INSERT INTO notes (id) VALUES (1); COMMIT; SELECT nonsense;");
        CHECK(answer_of(migrate(room, {first, sneaky})) == "internal");
        CHECK(is_untouched());
    }
    SUBCASE("modules count their files apart") {
        CHECK(answer_of(migrate(room, {first, second})) == "ok");
        CHECK(answer_of(migrate(database.room("tags"),
                                {schema("0001_tags.sql", "CREATE TABLE tags (id INTEGER)")})) == "ok");
        CHECK(answer_of(migrate(room, {first, second})) == "ok");
    }
    SUBCASE("statements that were prepared before see the new schema") {
        REQUIRE(answer_of(migrate(room, {first})) == "ok");
        REQUIRE(answer_of(write_one(room, "INSERT INTO notes (id) VALUES ($1)", {5})) == "ok");
        const auto* all = "SELECT * FROM notes ORDER BY id";
        CHECK((*room.read(patient(), all, {}))[0].columns() == 1);
        REQUIRE(answer_of(migrate(room, {first, second})) == "ok");
        const auto rows = room.read(patient(), all, {});
        REQUIRE(rows->size() == 2);
        CHECK((*rows)[0].columns() == 2);
        CHECK((*rows)[0].integer(1) == 7);
        CHECK((*rows)[1].is_null(1));
    }
}

}  // namespace jebi::sql
