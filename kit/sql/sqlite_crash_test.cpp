// What a process that dies, or may not write, leaves behind. The victims are forked children.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <random>
#include <set>
#include <thread>

#include "kit/sql/database_cases.h"

using namespace jebi;
using namespace jebi::sql;

namespace {

constexpr int rounds = 10;
constexpr int victim_threads = 8;
constexpr std::int64_t ids_per_thread = 1'000'000;

// Writes pairs of rows as fast as it can and says which were acknowledged, until it is killed.
void write_without_end(Room& room, std::int64_t first, int acknowledged) {
    for (std::int64_t id = first;; ++id) {
        Batch batch;
        batch.add({.sql = "INSERT INTO notes (id, author) VALUES ($1, 7)", .parameters = {id}});
        batch.add({.sql = "INSERT INTO notes_bits (id) VALUES ($1)", .parameters = {id}});
        if (!room.write(patient(), std::move(batch))) ::_exit(1);
        if (::write(acknowledged, &id, sizeof id) != sizeof id) ::_exit(2);
    }
}

[[noreturn]] void be_victim(const std::string& file, std::int64_t first, int acknowledged) {
    auto database = open_sqlite({.file = file});
    if (!database) ::_exit(3);
    std::vector<std::thread> threads;
    threads.reserve(victim_threads);
    for (int i = 0; i < victim_threads; ++i) {
        threads.emplace_back([&room = (*database)->room("notes"), first, i, acknowledged] {
            write_without_end(room, first + i * ids_per_thread, acknowledged);
        });
    }
    for (auto& thread : threads)
        thread.join();
    ::_exit(4);
}

// What the victim acknowledged before it was killed after so many acknowledgements.
std::vector<std::int64_t> killed_after(std::size_t count, const std::string& file, std::int64_t first) {
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    const pid_t child = ::fork();
    if (child == 0) be_victim(file, first, ends[1]);
    ::close(ends[1]);
    std::vector<std::int64_t> acknowledged;
    std::int64_t id = 0;
    while (::read(ends[0], &id, sizeof id) == sizeof id) {
        acknowledged.push_back(id);
        if (acknowledged.size() == count) ::kill(child, SIGKILL);
    }
    ::close(ends[0]);
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status));
    return acknowledged;
}

}  // namespace

TEST_CASE("no acknowledged batch is lost and none is there by half when the process is killed") {
    const unsigned seed = std::random_device{}();
    MESSAGE("seed ", seed);
    std::mt19937 random{seed};
    const Folder folder;
    const std::string file = folder / "x.db";
    notes_room(*opened(file));
    std::vector<std::int64_t> acknowledged;
    for (int round = 0; round < rounds; ++round) {
        const std::size_t count = 1 + random() % 200;
        const auto more = killed_after(count, file, 1 + round * victim_threads * ids_per_thread);
        CHECK(more.size() >= count);
        acknowledged.insert(acknowledged.end(), more.begin(), more.end());

        const auto database = opened(file);
        Room& room = notes_room(*database);
        CHECK(answer_of(database->check(patient())) == "ok");
        CHECK(room.read(patient(), "SELECT id FROM notes EXCEPT SELECT id FROM notes_bits", {})->empty());
        CHECK(room.read(patient(), "SELECT id FROM notes_bits EXCEPT SELECT id FROM notes", {})->empty());
        const auto rows = room.read(patient(), "SELECT id FROM notes", {});
        std::set<std::int64_t> present;
        for (const Row row : *rows)
            present.insert(row.integer(0));
        for (const std::int64_t id : acknowledged)
            CHECK(present.contains(id));
    }
}

namespace {

// Allows files up to so many bytes, as a full disk does.
bool limit_files(rlim_t bytes) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_FSIZE, &limit) != 0) return false;
    limit.rlim_cur = bytes;
    return ::setrlimit(RLIMIT_FSIZE, &limit) == 0;
}

// 0, or the number of the expectation that did not hold.
int write_until_full(const std::string& file) {
    std::signal(SIGXFSZ, SIG_IGN);
    auto database = open_sqlite({.file = file});
    if (!database) return 1;
    Room& room = (*database)->room("notes");
    if (!limit_files(256 * 1024)) return 2;
    std::int64_t id = 1;
    auto done = put_note(room, id, std::string(1'000, 'x'));
    while (done && id < 1'000) {
        ++id;
        done = put_note(room, id, std::to_string(id) + std::string(1'000, 'x'));
    }
    if (done || done.error().code != Code::unavailable) return 3;
    const auto rows = room.read(patient(), "SELECT count(*) FROM notes", {});
    if (!rows || (*rows)[0].integer(0) != id - 1) return 4;
    if (!limit_files(4'096) || (*database)->check(patient())) return 5;  // no room for a single page
    if (!limit_files(RLIM_INFINITY)) return 6;
    if (!(*database)->check(patient())) return 7;
    if (!put_note(room, id, "now")) return 8;
    database->reset();
    return 0;
}

}  // namespace

TEST_CASE("a full disk refuses writes, not reads, and writes go on when there is room again") {
    const Folder folder;
    notes_room(*opened(folder / "x.db"));
    const pid_t child = ::fork();
    if (child == 0) ::_exit(write_until_full(folder / "x.db"));
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
}
