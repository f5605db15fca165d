#include "kit/sql/sqlite_backup.h"

#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "kit/sql/database_cases.h"

using namespace jebi;
using namespace jebi::sql;

namespace {

// Pairs of rows whose sum is 0 and whose number is even in every consistent copy.
Result<Outcome> put_pair(Room& room, std::int64_t id) {
    Batch batch;
    batch.add({.sql = "INSERT INTO notes (id, author, text) VALUES ($1, 1, $2)",
               .parameters = {2 * id, std::string(500, 'x')}});
    batch.add({.sql = "INSERT INTO notes (id, author) VALUES ($1, -1)", .parameters = {2 * id + 1}});
    return room.write(patient(), std::move(batch));
}

bool is_whole(Room& room) {
    const auto rows = room.read(patient(), "SELECT count(*), coalesce(sum(author), 0) FROM notes", {});
    return rows && (*rows)[0].integer(0) % 2 == 0 && (*rows)[0].integer(1) == 0;
}

std::int64_t pairs_in(const std::string& file) {
    const auto database = opened(file);
    Room& room = notes_room(*database);
    CHECK(is_whole(room));
    return count_of(room, "notes") / 2;
}

std::vector<std::string> names_in(const Folder& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator{folder.path()}) {
        names.push_back(entry.path().filename().string());
    }
    std::ranges::sort(names);
    return names;
}

struct Backed {
    Folder folder;
    std::string file = folder / "x.db";
    std::string backup = folder / "x.backup";

    Backed() {
        const auto database = opened(file);
        REQUIRE(answer_of(put_pair(notes_room(*database), 1)) == "ok");
        REQUIRE(answer_of(database->backup(backup)) == "ok");
        REQUIRE(answer_of(put_pair(notes_room(*database), 2)) == "ok");
    }
};

}  // namespace

TEST_CASE("a backup that is taken while others write is one consistent state") {
    const Folder folder;
    const auto database = opened(folder / "x.db");
    Room& room = notes_room(*database);
    for (std::int64_t id = 1; id <= 2'000; id += 100) {
        Batch batch;
        for (std::int64_t i = id; i < id + 100; ++i) {
            batch.add({.sql = "INSERT INTO notes (id, author, text) VALUES ($1, 1, $2), ($3, -1, $2)",
                       .parameters = {2 * i, std::string(2'000, 'x'), 2 * i + 1}});
        }
        REQUIRE(answer_of(room.write(patient(), std::move(batch))) == "ok");
    }
    std::atomic<bool> stop{false};
    std::atomic<std::int64_t> last{2'000};
    std::thread writer{[&] {
        while (!stop && put_pair(room, last + 1))
            ++last;
    }};
    for (const std::string name : {"1.backup", "2.backup", "3.backup"}) {
        const std::int64_t before = last;
        CHECK(answer_of(database->backup(folder / name)) == "ok");
        const std::int64_t pairs = pairs_in(folder / name);
        CHECK(pairs >= before);
        CHECK(pairs <= last + 1);
    }
    stop = true;
    writer.join();
    CHECK(last > 2'000);
    CHECK(pairs_in(folder / "3.backup") <= last);
}

TEST_CASE("a backup is one file, for its owner only, and complete though the log holds the newest") {
    const Folder folder;
    const auto database = opened(folder / "x.db");
    REQUIRE(answer_of(put_pair(notes_room(*database), 1)) == "ok");
    REQUIRE(answer_of(database->backup(folder / "x.backup")) == "ok");
    CHECK(names_in(folder) ==
          std::vector<std::string>{"x.backup", "x.db", "x.db-shm", "x.db-wal", "x.db.lock"});
    struct stat status{};
    REQUIRE(::stat((folder / "x.backup").c_str(), &status) == 0);
    CHECK((status.st_mode & 0077) == 0);
    CHECK(pairs_in(folder / "x.backup") == 1);
}

TEST_CASE("a database that nobody has open is backed up as well, and nothing is left beside it") {
    const Backed backed;
    CHECK(answer_of(backup_sqlite(backed.file, backed.folder / "2.backup")) == "ok");
    CHECK(names_in(backed.folder) == std::vector<std::string>{"2.backup", "x.backup", "x.db", "x.db.lock"});
    CHECK(pairs_in(backed.folder / "2.backup") == 2);
}

TEST_CASE("so is one that somebody else has open, with what is still in its log") {
    const Backed backed;
    const auto database = opened(backed.file);
    Room& room = notes_room(*database);
    REQUIRE(answer_of(put_pair(room, 3)) == "ok");
    CHECK(answer_of(backup_sqlite(backed.file, backed.folder / "2.backup")) == "ok");
    CHECK(pairs_in(backed.folder / "2.backup") == 3);
    CHECK(answer_of(put_pair(room, 4)) == "ok");
}

TEST_CASE("what is no database of ours is not backed up") {
    const Folder folder;
    const auto missing = backup_sqlite(folder / "x.db", folder / "x.backup");
    CHECK(missing.error().reason == "database_missing");
    opened(folder / "x.db");
    std::string content = content_of(folder / "x.db");
    content.replace(68, 4, std::string(4, '\0'));
    write_file(folder / "x.db", content);
    const auto foreign = backup_sqlite(folder / "x.db", folder / "x.backup");
    CHECK(foreign.error().reason == "foreign_database");
    CHECK_FALSE(std::filesystem::exists(folder / "x.backup"));
}

TEST_CASE("a backup overwrites nothing") {
    const Folder folder;
    const auto database = opened(folder / "x.db");
    write_file(folder / "precious", "mine");
    CHECK(answer_of(database->backup(folder / "precious")) == "conflict");
    CHECK(content_of(folder / "precious") == "mine");
    CHECK(answer_of(database->backup(folder / "x.db")) == "conflict");
    CHECK(answer_of(database->backup(folder / "no/where")) == "unavailable");
}

TEST_CASE("a restored database is what it was at the time of the backup") {
    const Backed backed;
    REQUIRE(pairs_in(backed.file) == 2);
    CHECK(answer_of(restore_sqlite(backed.backup, backed.file)) == "ok");
    CHECK(pairs_in(backed.file) == 1);
    CHECK(pairs_in(backed.backup) == 1);
    CHECK(answer_of(restore_sqlite(backed.backup, backed.folder / "new.db")) == "ok");
    CHECK(pairs_in(backed.folder / "new.db") == 1);
}

TEST_CASE("a restore leaves nothing of the old database, not even its log") {
    const Backed backed;
    {
        // The files as a killed process leaves them: a change is in the log alone, and not on the first
        // page.
        const auto database = opened(backed.file);
        REQUIRE(answer_of(write_one(notes_room(*database), "UPDATE notes SET author = 5 WHERE id = 2")) ==
                "ok");
        for (const std::string part : {"", "-wal"}) {
            std::filesystem::copy_file(backed.file + part, backed.folder / "killed.db" + part);
        }
    }
    const std::string killed = backed.folder / "killed.db";
    REQUIRE(std::filesystem::file_size(killed + "-wal") > 0);
    SUBCASE("whole") {}
    SUBCASE("damaged, so that SQLite does not open it") {
        std::string content = content_of(killed);
        content.replace(16, 2, "\3\3");  // the page size
        write_file(killed, content);
    }
    CHECK(answer_of(restore_sqlite(backed.backup, killed)) == "ok");
    CHECK_FALSE(std::filesystem::exists(killed + "-wal"));
    CHECK(pairs_in(killed) == 1);
}

TEST_CASE("a restore is refused while somebody has the database open") {
    const Backed backed;
    {
        const auto database = opened(backed.file);
        const auto refused = restore_sqlite(backed.backup, backed.file);
        REQUIRE_FALSE(refused.has_value());
        CHECK(refused.error().reason == "in_use");
        CHECK(count_of(notes_room(*database), "notes") == 4);
    }
    CHECK(pairs_in(backed.file) == 2);
}

TEST_CASE("a backup that is not what it should be is refused, and the database stays as it was") {
    const Backed backed;
    std::string content = content_of(backed.backup);
    std::string reason;
    SUBCASE("not there") {
        std::filesystem::remove(backed.backup);
        content.clear();
        reason = "backup_missing";
    }
    SUBCASE("not a database") {
        content = std::string(10'000, 'x');
        reason = "damaged";
    }
    SUBCASE("empty") {
        content.clear();
        reason = "foreign_database";
    }
    SUBCASE("another program's") {
        content.replace(68, 4, std::string(4, '\0'));
        reason = "foreign_database";
    }
    SUBCASE("a newer version's") {
        content[63] = 9;
        reason = "newer_version";
    }
    SUBCASE("cut short") {
        content.resize(content.size() - 4'096);
        reason = "damaged";
    }
    SUBCASE("an overwritten page") {
        content.replace(content.size() - 4'096, 4'096, std::string(4'096, 'x'));
        reason = "damaged";
    }
    if (reason != "backup_missing") write_file(backed.backup, content);
    const auto refused = restore_sqlite(backed.backup, backed.file);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().reason == reason);
    CHECK(refused.error().message.find(backed.backup) != std::string::npos);
    CHECK(pairs_in(backed.file) == 2);
    for (const auto& name : names_in(backed.folder))
        CHECK(name.find(".part") == std::string::npos);
}

TEST_CASE("a restore does not replace what is not ours") {
    const Backed backed;
    const std::string file = backed.folder / "letter.txt";
    write_file(file, "Dear grandmother, ...");
    const auto refused = restore_sqlite(backed.backup, file);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().reason == "not_a_database");
    CHECK(content_of(file) == "Dear grandmother, ...");
}
