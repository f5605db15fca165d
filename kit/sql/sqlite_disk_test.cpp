// What the disk does to a commit, with a disk that does what the test says: SQLite's calls to write and to
// sync pass through the functions below, which stand before the C library's.
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cstdarg>

#include <array>
#include <atomic>
#include <cerrno>
#include <deque>
#include <mutex>
#include <thread>

#include "kit/fiber/fiber.h"
#include "kit/sql/database_cases.h"

namespace {

enum class Step : std::uint8_t { write, sync, open };

// What happens before each step: an errno to fail with, or 0.
class Disk {
public:
    static Disk& get() {
        static Disk disk;
        return disk;
    }
    int before(Step step) {
        std::function<int(Step)> act;
        {
            const std::lock_guard lock{mutex_};
            act = act_;
        }
        return act ? act(step) : 0;
    }
    void does(std::function<int(Step)> act) {
        const std::lock_guard lock{mutex_};
        act_ = std::move(act);
    }

private:
    std::mutex mutex_;
    std::function<int(Step)> act_;
};

bool refused(Step step) {
    const int number = Disk::get().before(step);
    if (number != 0) errno = number;
    return number != 0;
}

}  // namespace

extern "C" {
int fdatasync(int descriptor) {
    if (refused(Step::sync)) return -1;
    return static_cast<int>(::syscall(SYS_fdatasync, descriptor));
}

ssize_t pwrite64(int descriptor, const void* bytes, size_t size, off64_t at) {
    if (refused(Step::write)) return -1;
    return ::syscall(SYS_pwrite64, descriptor, bytes, size, at);
}

int open64(const char* path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    const auto mode = va_arg(more, mode_t);
    va_end(more);
    // The log, since SQLite keeps descriptors of the database itself for the next who opens it.
    if (std::string_view{path}.ends_with(".db-wal") && refused(Step::open)) return -1;
    return static_cast<int>(::syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}
}

using namespace jebi;
using namespace jebi::sql;

namespace {

// While it lives, the disk does something else. Ends before the database closes.
struct Doing {
    explicit Doing(std::function<int(Step)> act) { Disk::get().does(std::move(act)); }
    Doing(const Doing&) = delete;
    ~Doing() { Disk::get().does(nullptr); }
};

struct Opened {
    Folder folder;
    std::unique_ptr<Database> database = opened(folder / "x.db");
    Room& room = notes_room(*database);
};

// Holds the first sync until it is released, so that the writer is inside a commit meanwhile.
class HeldSync {
public:
    HeldSync()
        : doing_([this](Step step) {
              if (step == Step::sync && !held_.exchange(true)) {
                  reached_.set();
                  released_.wait_until(in(Millis{60'000}));
                  if (returned_.is_set()) too_early_ = true;
              }
              return 0;
          }) {}
    void wait_reached() const { REQUIRE(reached_.wait_until(in(Millis{60'000}))); }
    void release() const { released_.set(); }

    std::atomic<bool> too_early_{false};
    fiber::Event returned_;

private:
    std::atomic<bool> held_{false};
    fiber::Event reached_;
    fiber::Event released_;
    Doing doing_;
};

struct Writing {
    explicit Writing(std::function<void()> write) : thread(std::move(write)) {}
    Writing(const Writing&) = delete;
    ~Writing() { thread.join(); }
    std::thread thread;
};

void wait_queued(const Database& database, std::size_t count) {
    while (database.stats().queued < count)
        std::this_thread::yield();
}

}  // namespace

TEST_CASE("a write is acknowledged after the sync, not before") {
    Opened opened;
    HeldSync sync;
    const Writing writing{[&] {
        CHECK(answer_of(put_note(opened.room, 1, "one")) == "ok");
        sync.returned_.set();
    }};
    sync.wait_reached();
    // Time for an early acknowledgement to show; a right one passes whatever the time.
    sync.returned_.wait_until(in(Millis{50}));
    sync.release();
    REQUIRE(sync.returned_.wait_until(in(Millis{60'000})));
    CHECK_FALSE(sync.too_early_);
}

TEST_CASE("what waits during a commit shares the next one, and who fails there fails alone") {
    Opened opened;
    const auto before = opened.database->stats();
    std::array<std::string, 16> answers;
    {
        std::deque<Writing> others;
        const HeldSync sync;
        const Writing first{[&] { CHECK(answer_of(put_note(opened.room, 100, "first")) == "ok"); }};
        sync.wait_reached();
        for (std::size_t i = 0; i < answers.size(); ++i) {
            others.emplace_back([&, i] {
                Batch batch;
                const auto id = static_cast<std::int64_t>(i);
                batch.add({.sql = "INSERT INTO notes (id, author) VALUES ($1, 7)", .parameters = {id}});
                // Every fourth meets a row that is there.
                batch.add({.sql = "INSERT INTO notes_bits (id) VALUES ($1)", .parameters = {id}});
                if (i % 4 == 0) batch.add({.sql = "INSERT INTO notes (id, author) VALUES (100, 7)"});
                answers[i] = answer_of(opened.room.write(patient(), std::move(batch)));
            });
        }
        wait_queued(*opened.database, answers.size());
        sync.release();
    }
    for (std::size_t i = 0; i < answers.size(); ++i)
        CHECK(answers[i] == (i % 4 == 0 ? "conflict" : "ok"));
    CHECK(count_of(opened.room, "notes") == 1 + 12);
    CHECK(count_of(opened.room, "notes_bits") == 12);
    CHECK(opened.database->stats().commits - before.commits == 2);
    CHECK(opened.database->stats().batches - before.batches == 17);
}

TEST_CASE("a group has a bound") {
    Folder folder;
    const auto database = opened(folder / "x.db", {.group_max = 4});
    Room& room = notes_room(*database);
    const auto before = database->stats().commits;
    {
        std::deque<Writing> others;
        const HeldSync sync;
        const Writing first{[&] { CHECK(answer_of(put_note(room, 100, "first")) == "ok"); }};
        sync.wait_reached();
        for (int i = 0; i < 12; ++i) {
            others.emplace_back(
                [&room, i] { CHECK(answer_of(put_note(room, i, std::to_string(i))) == "ok"); });
        }
        wait_queued(*database, 12);
        sync.release();
    }
    CHECK(database->stats().commits - before == 4);
}

TEST_CASE("who ends the group's transaction takes the group along, and no neighbour is told otherwise") {
    Opened opened;
    REQUIRE(answer_of(put_note(opened.room, 1, "one")) == "ok");
    std::string answer_of_neighbour;
    std::string answer_of_culprit;
    {
        std::deque<Writing> others;
        const HeldSync sync;
        const Writing first{[&] { CHECK(answer_of(put_note(opened.room, 100, "first")) == "ok"); }};
        sync.wait_reached();
        others.emplace_back([&] { answer_of_neighbour = answer_of(put_note(opened.room, 2, "two")); });
        wait_queued(*opened.database, 1);
        others.emplace_back([&] {
            answer_of_culprit =
                answer_of(write_one(opened.room, "INSERT OR ROLLBACK INTO notes (id, author) VALUES (1, 7)"));
        });
        wait_queued(*opened.database, 2);
        sync.release();
    }
    CHECK(answer_of_neighbour == "unavailable");
    CHECK(answer_of_culprit == "unavailable");
    CHECK(count_of(opened.room, "notes") == 2);
    CHECK(answer_of(put_note(opened.room, 2, "two")) == "ok");
}

TEST_CASE("a statement without an end is ended, and the writer goes on") {
    const Folder folder;
    const auto database = opened(folder / "x.db", {.group_ms_max = Millis{50}});
    Room& room = notes_room(*database);
    for (const std::string_view sql :
         {"INSERT INTO notes (id, author) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
          " SELECT 1, max(i) FROM n",
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"}) {
        const auto ended = write_one(room, sql);
        REQUIRE_FALSE(ended.has_value());
        CHECK((ended.error().code == Code::unavailable || ended.error().code == Code::deadline));
    }
    CHECK(answer_of(put_note(room, 1, "one")) == "ok");
    CHECK(count_of(room, "notes") == 1);
}

// A batch of two statements with so small a cache that the first one writes to the log, where the test
// holds it until the caller is gone and the second statement's text with it.
TEST_CASE("a batch that was begun ends, though its caller has left and its SQL is gone") {
    const Folder folder;
    const auto database = opened(folder / "x.db", {.cache_bytes = 64 * 1024});
    Room& room = notes_room(*database);
    const std::string text = "INSERT INTO notes (id, author) VALUES (1, 7)";
    bool begun = false;
    for (int tries = 0; !begun && tries < 20; ++tries) {
        const fiber::Event reached;
        const fiber::Event released;
        const Doing doing{[&](Step step) {
            if (step == Step::write && !reached.is_set()) {
                reached.set();
                released.wait_until(in(Millis{60'000}));
            }
            return 0;
        }};
        std::string passing = text;
        Batch batch;
        batch.add(
            {.sql = "INSERT INTO notes_bits (id, raw) VALUES (1, $1)", .parameters = {Blob(1'000'000, 7)}});
        batch.add({.sql = passing});
        CHECK(answer_of(room.write(Call{.until = in(Millis{500})}, std::move(batch))) == "deadline");
        passing.assign(passing.size(), '!');
        begun = reached.is_set();
        released.set();
        CHECK(answer_of(room.write(patient(), {})) == "ok");  // comes after it
    }
    REQUIRE(begun);
    CHECK(count_of(room, "notes") == 1);
}

TEST_CASE("who gave up waiting before the turn came is not done") {
    Opened opened;
    {
        const HeldSync sync;
        const Writing first{[&] { CHECK(answer_of(put_note(opened.room, 100, "first")) == "ok"); }};
        sync.wait_reached();
        const Call hurried{.until = in(Millis{20})};
        CHECK(answer_of(write_one(opened.room, "DELETE FROM notes", {}, hurried)) == "deadline");
        sync.release();
    }
    CHECK(answer_of(put_note(opened.room, 2, "two")) == "ok");
    CHECK(count_of(opened.room, "notes") == 2);
}

TEST_CASE("a full queue refuses at once") {
    Opened opened;
    {
        const HeldSync sync;
        const Writing first{[&] { CHECK(answer_of(put_note(opened.room, 100, "first")) == "ok"); }};
        sync.wait_reached();
        while (opened.database->stats().queued < write_queue_max) {
            const Call hurried{.until = std::chrono::steady_clock::now() + std::chrono::microseconds{50}};
            CHECK(answer_of(write_one(opened.room, "DELETE FROM notes", {}, hurried)) == "deadline");
        }
        const auto refused = put_note(opened.room, 1, "one too many");
        CHECK(answer_of(refused) == "exhausted");
        CHECK(refused.error().retry_after_s > 0);
        sync.release();
    }
    while (opened.database->stats().queued > 0)
        std::this_thread::yield();
    CHECK(answer_of(put_note(opened.room, 2, "two")) == "ok");
    CHECK(count_of(opened.room, "notes") == 2);
}

TEST_CASE("what is queued when the database closes is committed") {
    const Folder folder;
    auto database = opened(folder / "x.db");
    Room& room = notes_room(*database);
    {
        std::deque<Writing> others;
        const HeldSync sync;
        const Writing first{[&] { CHECK(answer_of(put_note(room, 100, "first")) == "ok"); }};
        sync.wait_reached();
        for (int i = 0; i < 7; ++i) {
            others.emplace_back(
                [&room, i] { CHECK(answer_of(put_note(room, i, std::to_string(i))) == "ok"); });
        }
        wait_queued(*database, 7);
        const Writing closing{[&] { database.reset(); }};
        sync.release();
    }
    database = opened(folder / "x.db");
    CHECK(count_of(notes_room(*database), "notes") == 8);
}

TEST_CASE("a commit that the disk refuses is unavailable to its whole group, and reads go on") {
    Opened opened;
    REQUIRE(answer_of(put_note(opened.room, 1, "one")) == "ok");
    REQUIRE(count_of(opened.room, "notes") == 1);  // this thread's connection is open now
    std::atomic<int> opens{0};
    {
        std::deque<Writing> group;
        const Doing doing{[&](Step step) {
            if (step == Step::open) ++opens;
            return step == Step::sync ? EIO : 0;
        }};
        for (int i = 10; i < 14; ++i) {
            group.emplace_back([&, i] {
                const auto refused = put_note(opened.room, i, std::to_string(i));
                CHECK(answer_of(refused) == "unavailable");
                CHECK(refused.error().detail.find("SQLite") != std::string::npos);
            });
        }
        group.clear();
        CHECK(answer_of(opened.database->check(patient())) == "unavailable");
        CHECK(opens.load() >= 1);  // after a failed sync the connection is not trusted any more
        CHECK(count_of(opened.room, "notes") >= 1);
        CHECK(opened.database->stats().commit_failures >= 2);
    }
    CHECK(answer_of(opened.database->check(patient())) == "ok");
    CHECK(answer_of(put_note(opened.room, 2, "two")) == "ok");
}

TEST_CASE("a database that cannot be opened again says so, and comes back") {
    Opened opened;
    {
        const Doing doing{[](Step step) { return step == Step::write || step == Step::open ? ENOSPC : 0; }};
        const auto refused = put_note(opened.room, 1, "one");
        CHECK(answer_of(refused) == "unavailable");
        CHECK(refused.error().reason == "disk_full");
        CHECK(answer_of(put_note(opened.room, 1, "one")) == "unavailable");
    }
    CHECK(answer_of(put_note(opened.room, 1, "one")) == "ok");
}

TEST_CASE("a disk that is said to be full takes nothing, lets everybody read, and is well again by itself") {
    Opened opened;
    CHECK(answer_of(put_note(opened.room, 1, "one")) == "ok");
    opened.database->pretend_full(in(Millis{600'000}));
    const auto refused = put_note(opened.room, 2, "two");
    CHECK(answer_of(refused) == "unavailable");
    CHECK(refused.error().reason == "disk_full");
    CHECK(answer_of(opened.database->check(patient())) == "unavailable");
    CHECK(count_of(opened.room, "notes") == 1);
    opened.database->pretend_full(in(Millis{0}));
    CHECK(answer_of(opened.database->check(patient())) == "ok");
    CHECK(answer_of(put_note(opened.room, 2, "two")) == "ok");
}

TEST_CASE("a checkpoint that fails costs nobody the answer") {
    const Folder folder;
    const auto database = opened(folder / "x.db");
    Room& room = notes_room(*database);
    {
        std::atomic<int> syncs{0};
        // The commit's sync succeeds, those of the checkpoint after it do not.
        const Doing doing{[&](Step step) { return step == Step::sync && ++syncs > 1 ? EIO : 0; }};
        CHECK(answer_of(write_one(room, "INSERT INTO notes_bits (id, raw) VALUES (1, $1)",
                                  {Blob(row_bytes_max - 1'000, 7)})) == "ok");
        CHECK(answer_of(database->check(patient())) == "ok");  // comes after the checkpoint
    }
    CHECK(database->stats().checkpoint_failures >= 1);
    CHECK(answer_of(put_note(room, 1, "one")) == "ok");
}

namespace {

// Adds pairs of rows, one batch each, and remembers which were acknowledged.
struct Ledger {
    std::vector<std::int64_t> acknowledged{};
    std::int64_t next = 1;

    void add(Room& room) {
        const std::int64_t id = next++;
        Batch batch;
        batch.add({.sql = "INSERT INTO notes (id, author) VALUES ($1, 7)", .parameters = {id}});
        batch.add({.sql = "INSERT INTO notes_bits (id) VALUES ($1)", .parameters = {id}});
        const auto done = room.write(patient(), std::move(batch));
        if (done) acknowledged.push_back(id);
        CHECK((done || done.error().code == Code::unavailable));
    }

    void check(Room& room) const {
        const auto lonely = room.read(patient(),
                                      "SELECT id FROM notes WHERE id NOT IN (SELECT id FROM notes_bits) UNION"
                                      " SELECT id FROM notes_bits WHERE id NOT IN (SELECT id FROM notes)",
                                      {});
        CHECK(lonely->empty());
        for (const std::int64_t id : acknowledged) {
            CHECK(room.read(patient(), "SELECT id FROM notes WHERE id = $1", {id})->size() == 1);
        }
    }
};

// Runs some writes of which the n-th step fails, and perhaps all that follow. True: there were fewer steps.
bool survives_failure_at(int n, int number, bool for_good, Ledger& ledger, const std::string& file) {
    std::atomic<int> steps{0};
    {
        auto database = opened(file);
        Room& room = notes_room(*database);
        const Doing doing{[&](Step step) {
            if (step == Step::open) return 0;
            const int now = ++steps;
            return now == n || (for_good && now > n) ? number : 0;
        }};
        for (int i = 0; i < 3; ++i)
            ledger.add(room);
        database.reset();
    }
    const auto database = opened(file);
    ledger.check(notes_room(*database));
    return steps < n;
}

}  // namespace

TEST_CASE("whichever write or sync fails, what was acknowledged is there and nothing is there by half") {
    const Folder folder;
    Ledger ledger;
    for (const bool for_good : {false, true}) {
        int n = 1;
        while (!survives_failure_at(n, for_good ? ENOSPC : EIO, for_good, ledger, folder / "x.db")) {
            REQUIRE(++n < 200);
        }
        CHECK(n > 10);
    }
    CHECK(ledger.acknowledged.size() >= 20);
}
