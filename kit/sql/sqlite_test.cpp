#include "kit/sql/sqlite.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <atomic>
#include <functional>
#include <semaphore>
#include <thread>

#include "kit/fiber/fiber.h"
#include "kit/sql/database_cases.h"
#include "kit/sql/sqlite_readers.h"

using namespace jebi;
using namespace jebi::sql;

namespace {

// Runs `work` in so many fibers, numbered, on so many threads, until all have ended.
void in_fibers(unsigned threads, int fibers, const std::function<void(int)>& work) {
    const fiber::Gate gate;
    const fiber::Loops loops{threads};
    for (int i = 0; i < fibers; ++i) {
        fiber::spawn(loops.at(static_cast<unsigned>(i) % threads),
                     [&, i, pass = std::make_shared<fiber::Gate::Pass>(gate.enter())] { work(i); });
    }
    gate.close();
    REQUIRE(gate.wait_until(in(Millis{120'000})));
}

}  // namespace

TEST_CASE("SQLite reads as every engine does") {
    const Folder folder;
    reading_cases(*opened(folder / "x.db"));
}

TEST_CASE("SQLite writes as every engine does") {
    const Folder folder;
    writing_cases(*opened(folder / "x.db"));
}

TEST_CASE("SQLite migrates as every engine does") {
    const Folder folder;
    migration_cases(*opened(folder / "x.db"));
}

TEST_CASE("what was written is there after the database was closed, in one file") {
    const Folder folder;
    {
        const auto database = opened(folder / "x.db");
        REQUIRE(answer_of(put_note(notes_room(*database), 1, "one")) == "ok");
    }
    CHECK_FALSE(std::filesystem::exists(folder / "x.db-wal"));
    const auto database = opened(folder / "x.db");
    CHECK(count_of(notes_room(*database), "notes") == 1);
}

TEST_CASE("the same name gives the same door") {
    const Folder folder;
    const auto database = opened(folder / "x.db");
    CHECK(&database->room("notes") == &database->room("notes"));
    CHECK(&database->room("notes") != &database->room("tags"));
}

TEST_CASE("a new database is for its owner's eyes only") {
    const Folder folder;
    const auto database = opened(folder / "x.db");
    REQUIRE(answer_of(put_note(notes_room(*database), 1, "one")) == "ok");
    for (const auto* name : {"x.db", "x.db-wal", "x.db-shm", "x.db.lock"}) {
        struct stat status{};
        REQUIRE(::stat((folder / name).c_str(), &status) == 0);
        CHECK((status.st_mode & 0077) == 0);
    }
}

TEST_CASE("a database is opened by one at a time, and the other is told who has it") {
    const Folder folder;
    {
        const auto first = opened(folder / "x.db");
        const auto second = open_sqlite({.file = folder / "x.db"});
        REQUIRE_FALSE(second.has_value());
        CHECK(second.error().reason == "in_use");
        CHECK(second.error().message.find("in use by this process") != std::string::npos);
    }
    int ready[2];
    int done[2];
    REQUIRE(::pipe(ready) == 0);
    REQUIRE(::pipe(done) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(done[1]);
        const auto database = open_sqlite({.file = folder / "x.db"});
        char byte = database ? 'y' : 'n';
        if (::write(ready[1], &byte, 1) == 1 && ::read(done[0], &byte, 1) == 0) ::_exit(0);
        ::_exit(1);
    }
    char byte = 0;
    REQUIRE(::read(ready[0], &byte, 1) == 1);
    CHECK(byte == 'y');
    const auto second = open_sqlite({.file = folder / "x.db"});
    CHECK(second.error().message.find("in use by process " + std::to_string(child)) != std::string::npos);
    ::close(done[1]);
    REQUIRE(::waitpid(child, nullptr, 0) == child);
    opened(folder / "x.db");  // a dead process holds nothing
    for (const int end : {ready[0], ready[1], done[0]})
        ::close(end);
}

TEST_CASE("a file that is no database of ours is refused and left as it is") {
    const Folder folder;
    const std::string file = folder / "x.db";
    std::string content;
    std::string reason;
    {
        opened(file);
        content = content_of(file);
    }
    SUBCASE("not a database") {
        content = std::string(5'000, 'x');
        reason = "not_a_database";
    }
    SUBCASE("shorter than a header") {
        content = "SQLite format 3";
        reason = "not_a_database";
    }
    SUBCASE("another program's database") {
        content.replace(68, 4, std::string(4, '\0'));
        reason = "foreign_database";
    }
    SUBCASE("a newer version's database") {
        content[63] = 2;
        reason = "newer_version";
    }
    SUBCASE("a database cut short") {
        content.resize(content.size() - 4'096);
        reason = "damaged";
    }
    SUBCASE("a database whose first page is overwritten") {
        content.replace(100, 3'900, std::string(3'900, 'x'));
        reason = "damaged";
    }
    write_file(file, content);
    const auto refused = open_sqlite({.file = file});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().reason == reason);
    CHECK(refused.error().message.find(file) != std::string::npos);
    CHECK(content_of(file) == content);
}

TEST_CASE("an empty file becomes a database") {
    const Folder folder;
    write_file(folder / "x.db", "");
    notes_room(*opened(folder / "x.db"));
}

TEST_CASE("a place where no database can be is named") {
    const Folder folder;
    const auto missing = open_sqlite({.file = folder / "no/where/x.db"});
    REQUIRE_FALSE(missing.has_value());
    CHECK(missing.error().reason == "folder_missing");
    CHECK(missing.error().message.find(folder / "no/where") != std::string::npos);
    const auto a_folder = open_sqlite({.file = folder.path()});
    REQUIRE_FALSE(a_folder.has_value());
    CHECK(a_folder.error().message.find("is a folder") != std::string::npos);
}

TEST_CASE("a folder that cannot be written is named") {
    const Folder folder;
    opened(folder / "x.db");
    ::chmod(folder.path().c_str(), 0555);
    ::chmod((folder / "x.db").c_str(), 0444);
    const pid_t child = ::fork();
    if (child == 0) {
        if (::geteuid() == 0 && ::seteuid(65'534) != 0) ::_exit(2);  // root may write everywhere
        const auto refused = open_sqlite({.file = folder / "x.db"});
        const bool told = !refused && refused.error().reason == "not_writable" &&
                          refused.error().message.find("Permission denied") != std::string::npos;
        ::_exit(told ? 0 : 1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
    ::chmod(folder.path().c_str(), 0755);
}

TEST_CASE("a name that looks like a URI is a file's name") {
    const Folder folder;
    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(folder.path());
    {
        const auto database = opened("file:x.db?mode=memory");
        CHECK(answer_of(put_note(notes_room(*database), 1, "one")) == "ok");
    }
    std::filesystem::current_path(before);
    CHECK(std::filesystem::exists(folder / "file:x.db?mode=memory"));
}

TEST_CASE("eight threads read whole batches while others write") {
    const Folder folder;
    const auto database = opened(folder / "x.db");
    Room& room = notes_room(*database);
    std::atomic<bool> stop{false};
    std::atomic<int> broken{0};
    std::atomic<int> reads{0};
    std::vector<std::thread> threads;
    threads.reserve(8);
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([&] {
            do {
                const auto rows =
                    room.read(patient(), "SELECT count(*), coalesce(sum(author), 0) FROM notes", {});
                // Each batch adds a row with 1 and one with -1.
                if (!rows || (*rows)[0].integer(0) % 2 != 0 || (*rows)[0].integer(1) != 0) ++broken;
                ++reads;
            } while (!stop);
        });
    }
    for (std::int64_t id = 1; id <= 200; ++id) {
        Batch batch;
        batch.add({.sql = "INSERT INTO notes (id, author) VALUES ($1, 1)", .parameters = {2 * id}});
        batch.add({.sql = "INSERT INTO notes (id, author) VALUES ($1, -1)", .parameters = {2 * id + 1}});
        if (!room.write(patient(), std::move(batch))) ++broken;
    }
    stop = true;
    for (auto& thread : threads)
        thread.join();
    CHECK(broken == 0);
    CHECK(reads >= 8);
    CHECK(count_of(room, "notes") == 400);
}

TEST_CASE("the log begins anew also while threads read without a pause") {
    const Folder folder;
    const auto database = opened(folder / "x.db");
    Room& room = notes_room(*database);
    std::atomic<bool> stop{false};
    std::vector<std::thread> threads;
    threads.reserve(2);
    for (int i = 0; i < 2; ++i) {
        threads.emplace_back([&] {
            while (!stop)
                static_cast<void>(room.read(patient(), "SELECT count(*) FROM notes", {}));
        });
    }
    std::uintmax_t longest = 0;
    for (std::int64_t id = 1; id <= 120; ++id) {
        CHECK(answer_of(put_note(room, id, std::to_string(id) + std::string(1'000'000, 'x'))) == "ok");
        longest = std::max(longest, std::filesystem::file_size(folder / "x.db-wal"));
    }
    stop = true;
    for (auto& thread : threads)
        thread.join();
    CHECK(longest <
          60'000'000);  // of 240 MB, as titles have an index; it is begun anew after 16, or soon after
}

TEST_CASE("who reads holds the log back no longer than they read") {
    const Folder folder;
    const auto database = opened(folder / "x.db");
    Room& room = notes_room(*database);
    std::binary_semaphore has_read{0}, may_end{0};
    std::thread idle{[&] {  // it has read, and does not read again
        CHECK(count_of(room, "notes") == 0);
        has_read.release();
        may_end.acquire();
    }};
    has_read.acquire();
    for (std::int64_t id = 1; id <= 60; ++id)
        CHECK(answer_of(put_note(room, id, std::to_string(id) + std::string(1'000'000, 'x'))) == "ok");
    CHECK(std::filesystem::file_size(folder / "x.db-wal") < 30'000'000);
    may_end.release();
    idle.join();
}

TEST_CASE("what another program has written is seen soon") {
    const Folder folder;
    const auto database = opened(folder / "x.db");
    Room& room = notes_room(*database);
    CHECK(count_of(room, "notes") == 0);
    const auto other = Connection::open({.file = folder / "x.db"}, Connection::Mode::write).value();
    REQUIRE(other->run("INSERT INTO notes (id, author) VALUES (1, 1)").has_value());
    const Deadline until = in(Millis{10'000});
    while (count_of(room, "notes") == 0 && std::chrono::steady_clock::now() < until) {
    }
    CHECK(count_of(room, "notes") == 1);
}

TEST_CASE("a thread's connection lives as long as both the thread and the database") {
    const Folder folder;
    notes_room(*opened(folder / "x.db"));
    const ConnectionOptions options{.file = folder / "x.db"};
    Readers first{options};
    const auto connection_of = [](Readers& readers) { return readers.mine().value().operator->(); };
    CHECK(connection_of(first) == connection_of(first));
    CHECK(first.size() == 1);
    std::thread{[&] {
        CHECK(first.mine().has_value());
        CHECK(first.size() == 2);
        Readers gone_before_the_thread{options};
        CHECK(gone_before_the_thread.mine().has_value());
    }}.join();
    CHECK(first.size() == 1);  // the thread took its own along
}

TEST_CASE("a fiber that looks after the database keeps no other one of its thread from reading") {
    const Folder folder;
    const auto database = opened(folder / "x.db");
    Room& room = notes_room(*database);
    std::atomic<int> well{0};
    in_fibers(1, 16, [&](int) {
        if (database->check(patient()) && room.read(patient(), "SELECT 1 FROM notes", {})) ++well;
    });
    CHECK(well == 16);
}

TEST_CASE("who is told that it is written reads it, whatever others read and write meanwhile") {
    const Folder folder;
    const auto database = opened(folder / "x.db");
    Room& room = notes_room(*database);
    constexpr int writers = 16, writes = 150;
    std::atomic<int> seen{0};
    in_fibers(2, writers, [&](int writer) {
        for (std::int64_t id = writer * writes; id < (writer + 1) * writes; ++id) {
            if (!put_note(room, id, std::to_string(id))) continue;
            const auto rows = room.read(patient(), "SELECT 1 FROM notes WHERE id = $1", {id});
            if (rows && rows->size() == 1) ++seen;
        }
    });
    CHECK(seen == writers * writes);
}

TEST_CASE("fibers and threads may both wait for a write") {
    const Folder folder;
    const auto database = opened(folder / "x.db");
    Room& room = notes_room(*database);
    std::atomic<int> acknowledged{0};
    std::thread thread{[&] { CHECK(answer_of(put_note(room, 1'000, "thread")) == "ok"); }};
    in_fibers(2, 64, [&](int i) {
        if (put_note(room, i, std::to_string(i))) ++acknowledged;
    });
    thread.join();
    CHECK(acknowledged == 64);
    CHECK(count_of(room, "notes") == 65);
}
