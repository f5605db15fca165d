#include "modules/log_analytics/store/store.h"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

#include "kit/disk/faulty_disk.h"
#include "modules/log_analytics/store/testing.h"

namespace jebi::log_analytics {
namespace {

Deadline soon() {
    return in(Millis{20'000});
}

Rows one(std::string_view text, std::string_view event_id = "") {
    Rows rows;
    rows.begin(1'800'000'000'000);
    rows.text("msg", text);
    if (!event_id.empty()) rows.text("event_id", event_id);
    rows.end();
    return rows;
}

std::uint64_t seed_of_run() {
    static const std::uint64_t seed = [] {
        const std::uint64_t picked = std::random_device{}();
        MESSAGE("seed: " << picked);
        return picked;
    }();
    return seed;
}

struct Fixture {
    std::unique_ptr<Store> open() {
        options.folder = folder.path();
        options.told = [this](std::string_view what) { told += std::string(what) + "\n"; };
        return Store::open(options, disk, clock).value();
    }

    TestFolder folder;
    ManualClock clock;
    disk::FaultyDisk disk{disk::real_disk()};
    StoreOptions options;
    std::string told;
};

}  // namespace

TEST_CASE("what was written is visible at once, and after a restart") {
    Fixture fixture;
    auto store = fixture.open();
    CHECK(store->snapshot().parts.empty());
    CHECK(store->write(one("first"), soon()).value() == 1);
    CHECK(store->write(one("second"), soon()).value() == 1);
    const std::vector<std::string> expected{"msg=text:first ts=integer:1800000000000",
                                            "msg=text:second ts=integer:1800000000000"};
    CHECK(lines_of(store->snapshot()) == expected);
    for (int restart = 0; restart < 3; ++restart) {
        store.reset();
        store = fixture.open();
        CHECK(lines_of(store->snapshot()) == expected);
    }
    CHECK(store->settle(soon()).has_value());
    CHECK(lines_of(store->snapshot()) == expected);
    CHECK(store->stats().segments == 1);
    store.reset();
    store = fixture.open();
    CHECK(lines_of(store->snapshot()) == expected);
    CHECK(store->snapshot().parts.front()->first_row() == 1);
    CHECK(fixture.told.empty());
}

TEST_CASE("a store that ends at any step of its first seal starts again without complaint") {
    constexpr std::uint64_t steps_max = 100;
    std::uint64_t step = 1;
    for (bool failed = true; failed && step < steps_max; ++step) {
        Fixture fixture;
        auto store = fixture.open();
        REQUIRE(store->write(one("first"), soon()));
        fixture.disk.fail_from(step, disk::FaultyDisk::Fault::short_write, false);
        failed = !store->settle(soon());
        store.reset();
        fixture.disk.heal();
        fixture.told.clear();
        store = fixture.open();
        INFO("step ", step, ": ", fixture.told);
        CHECK(store->damaged().empty());
        CHECK(lines_of(store->snapshot()).size() == 1);
    }
    CHECK(step > 10);
    CHECK(step < steps_max);
}

TEST_CASE("an event with an id is kept once, also across restarts and segments") {
    Fixture fixture;
    auto store = fixture.open();
    CHECK(store->write(one("a", "id-1"), soon()).value() == 1);
    CHECK(store->write(one("a", "id-1"), soon()).value() == 0);
    store.reset();
    store = fixture.open();
    CHECK(store->write(one("a", "id-1"), soon()).value() == 0);
    CHECK(store->write(one("b", "id-2"), soon()).value() == 1);
    REQUIRE(store->settle(soon()));
    store.reset();
    store = fixture.open();
    CHECK(store->write(one("b", "id-2"), soon()).value() == 0);
    CHECK(store->write(one("no id"), soon()).value() == 1);
    CHECK(store->write(one("no id"), soon()).value() == 1);
    CHECK(lines_of(store->snapshot()).size() == 4);
}

TEST_CASE("full tails become segments, small segments become larger ones, and nothing changes") {
    Fixture fixture;
    fixture.options.tail_rows_max = 1'000;
    fixture.options.merge_count = 4;
    fixture.options.segment_rows_max = 30'000;
    std::mt19937_64 random{seed_of_run()};
    auto store = fixture.open();
    Tail reference{1};
    std::uint64_t merged = 0;
    for (int i = 0; i < 60; ++i) {
        const Rows rows = random_rows(random, 1 + random() % 900);
        append_all(reference, rows);
        REQUIRE(store->write(rows, soon()));
        if (i % 20 == 19) {
            merged += store->stats().merged;
            store.reset();
            store = fixture.open();
        }
    }
    REQUIRE(store->settle(soon()));
    const StoreStats stats = store->stats();
    CHECK(merged + stats.merged > 0);
    CHECK(stats.rows == reference.rows());
    CHECK(lines_of(store->snapshot()) == lines_of(*reference.snapshot()));
    std::uint64_t row = 1;
    for (const auto& part : store->snapshot().parts) {
        CHECK(part->first_row() == row);
        row += part->rows();
    }
    CHECK(fixture.folder.files("segment-").size() == stats.segments);
}

TEST_CASE("a large tail becomes a segment when nothing arrives any more, also one found at the start") {
    Fixture fixture;
    fixture.options.tail_quiet_rows_min = 500;
    std::mt19937_64 random{seed_of_run()};
    const auto wait_for_seal = [](const Store& store) {
        const Deadline until = soon();
        while (store.stats().sealed == 0 && std::chrono::steady_clock::now() < until)
            std::this_thread::yield();
        return store.stats().sealed == 1;
    };
    auto store = fixture.open();
    REQUIRE(store->write(random_rows(random, 499), soon()));
    fixture.clock.advance(Millis{1'000});
    REQUIRE(store->write(random_rows(random, 1), soon()));
    CHECK(store->stats().sealed == 0);
    fixture.clock.advance(Millis{1'000});
    CHECK(wait_for_seal(*store));
    REQUIRE(store->write(random_rows(random, 500), soon()));
    store.reset();
    store = fixture.open();
    fixture.clock.advance(Millis{1'000});
    CHECK(wait_for_seal(*store));
    CHECK(store->stats().rows == 1'000);
}

TEST_CASE("when all rows are in segments, the log takes no space") {
    Fixture fixture;
    auto store = fixture.open();
    REQUIRE(store->write(one("first"), soon()));
    REQUIRE(store->settle(soon()));
    REQUIRE(store->write(one("second"), soon()));
    CHECK(fixture.folder.files("wal-").size() == 1);
    REQUIRE(store->settle(soon()));
    store.reset();  // its threads have done all by then
    CHECK(fixture.folder.files("wal-").empty());
    store = fixture.open();
    CHECK(lines_of(store->snapshot()).size() == 2);
    CHECK(store->damaged().empty());
}

TEST_CASE("many writers at once are all answered, and share fsyncs") {
    Fixture fixture;
    auto store = fixture.open();
    constexpr int writers = 16, each = 200;
    std::vector<std::thread> threads;
    std::atomic<int> refused = 0;
    for (int writer = 0; writer < writers; ++writer) {
        threads.emplace_back([&, writer] {
            for (int i = 0; i < each; ++i) {
                const auto text = std::to_string(writer) + "/" + std::to_string(i);
                if (!store->write(one(text), soon())) ++refused;
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    CHECK(refused == 0);
    CHECK(store->stats().rows == writers * each);
    CHECK(store->stats().groups < writers * each);
}

TEST_CASE("a second process is refused") {
    Fixture fixture;
    const auto store = fixture.open();
    const auto second = Store::open(fixture.options, fixture.disk, fixture.clock);
    REQUIRE_FALSE(second);
    CHECK(second.error().reason == "folder_in_use");
}

TEST_CASE("a nearly full disk refuses writes, and takes them again when there is space") {
    Fixture fixture;
    auto store = fixture.open();
    CHECK(store->write(one("before"), soon()).has_value());
    fixture.disk.pretend_free(1024);
    REQUIRE(store->settle(soon()));
    const auto refused = store->write(one("during"), soon());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().reason == "disk_full");
    CHECK_FALSE(store->writable());
    CHECK(lines_of(store->snapshot()).size() == 1);
    fixture.disk.pretend_free(UINT64_MAX - 1);
    REQUIRE(store->settle(soon()));
    CHECK(store->write(one("after"), soon()).has_value());
}

TEST_CASE("whichever write or sync fails, nothing acknowledged is lost and nothing is doubled") {
    using Fault = disk::FaultyDisk::Fault;
    for (const Fault fault : {Fault::io_error, Fault::full, Fault::short_write}) {
        bool reached_end = false;
        for (std::uint64_t call = 1; !reached_end; ++call) {
            REQUIRE(call < 500);
            CAPTURE(call);
            Fixture fixture;
            fixture.options.tail_rows_max = 2;
            fixture.options.merge_count = 2;
            fixture.options.retry_pause = Millis{1};
            auto store = fixture.open();
            fixture.disk.fail_from(call, fault, true);
            std::vector<std::string> acknowledged;
            for (int i = 0; i < 7; ++i) {
                const std::string id = "id-" + std::to_string(i);
                auto written = store->write(one("row", id), soon());
                if (!written) written = store->write(one("row", id), soon());
                if (written) acknowledged.push_back(id);
            }
            CHECK(acknowledged.size() == 7);
            while (!store->settle(soon())) {
            }
            reached_end = !fixture.disk.has_failed();
            fixture.disk.heal();
            for (int restart = 0; restart < 2; ++restart) {
                CHECK(store->stats().rows == 7);
                const auto lines = lines_of(store->snapshot());
                for (const std::string& id : acknowledged)
                    CHECK(std::ranges::count_if(lines, [&](const std::string& line) {
                              return line.contains("event_id=text:" + id + " ");
                          }) == 1);
                store.reset();
                store = fixture.open();
            }
            CHECK(store->damaged().empty());
        }
    }
}

TEST_CASE("retention by bytes and by age removes files") {
    Fixture fixture;
    fixture.options.merge_count = 100;
    std::mt19937_64 random{seed_of_run()};
    auto store = fixture.open();
    for (int i = 0; i < 6; ++i) {
        REQUIRE(store->write(random_rows(random, 500), soon()));
        REQUIRE(store->settle(soon()));
    }
    const auto bytes_of_folder = [&] {
        std::uintmax_t bytes = 0;
        for (const std::string& file : fixture.folder.files("segment-"))
            bytes += std::filesystem::file_size(file);
        return bytes;
    };
    const std::uintmax_t all = bytes_of_folder();
    store.reset();
    fixture.options.bytes_max = all / 2;
    store = fixture.open();
    REQUIRE(store->settle(soon()));
    CHECK(bytes_of_folder() <= all / 2);
    const std::uint64_t left = store->stats().rows;
    CHECK(left > 0);
    store.reset();
    store = fixture.open();
    CHECK(store->stats().rows == left);

    store.reset();
    fixture.options.age_max = std::chrono::days{1};
    fixture.clock.advance(std::chrono::days{2});
    store = fixture.open();
    REQUIRE(store->settle(soon()));
    CHECK(store->stats().rows == 0);
    CHECK(bytes_of_folder() == 0);
    REQUIRE(store->write(one("new"), soon()));
    store.reset();
    store = fixture.open();
    CHECK(lines_of(store->snapshot()).size() == 1);
}

TEST_CASE("a lost or damaged manifest is made again") {
    for (const bool removed : {true, false}) {
        Fixture fixture;
        auto store = fixture.open();
        REQUIRE(store->write(one("kept"), soon()));
        REQUIRE(store->settle(soon()));
        REQUIRE(store->write(one("in the log"), soon()));
        store.reset();
        const std::string path = fixture.folder.path() + "/manifest";
        if (removed) {
            std::filesystem::remove(path);
        } else {
            std::string bytes = content_of(path);
            bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
            put(path, bytes);
        }
        store = fixture.open();
        CHECK(lines_of(store->snapshot()).size() == 2);
        CHECK(fixture.told.contains("manifest"));
    }
}

namespace {

// Reads all blocks of a part; the first error.
Result<void> read_all_of(const Part& part) {
    std::uint64_t bytes = 0;
    for (std::size_t column = 0; column < part.columns().size(); ++column) {
        const Kind kind = part.columns()[column].kind;
        for (std::size_t block = 0; block < part.blocks().size(); ++block) {
            if (kind == Kind::text) {
                TRY([[maybe_unused]] const auto read, part.texts(column, block, bytes));
            } else if (kind == Kind::number) {
                TRY([[maybe_unused]] const auto read, part.numbers(column, block, bytes));
            } else {
                TRY([[maybe_unused]] const auto read, part.integers(column, block, bytes));
            }
        }
    }
    return {};
}

// Damages a file in one of three ways.
void damage(const std::string& path, std::mt19937_64& random) {
    std::string bytes = content_of(path);
    const std::size_t at = random() % bytes.size();
    switch (random() % 8) {
        case 0:
            std::filesystem::remove(path);
            return;
        case 1:
        case 2:
            bytes.resize(at);
            break;
        default:
            bytes[at] = static_cast<char>(bytes[at] ^ (1 << (random() % 8)));
    }
    put(path, bytes);
}

// The rows that can still be read are some of `all`; when any are missing, a message names the file.
void check_damaged(Fixture& fixture, const std::vector<std::string>& all, const std::string& file) {
    fixture.told.clear();
    const auto store = fixture.open();
    std::vector<std::string> found, invented;
    std::string complaints = fixture.told;
    for (const auto& part : store->snapshot().parts) {
        if (const auto read = read_all_of(*part)) {
            std::ranges::move(lines_of(*part), std::back_inserter(found));
        } else {
            complaints += read.error().message;
        }
    }
    std::ranges::sort(found);
    std::ranges::set_difference(found, all, std::back_inserter(invented));
    CHECK(invented.empty());
    CHECK(found.size() >= all.size() / 2);
    if (found.size() < all.size()) CHECK(complaints.contains(file));
}

}  // namespace

TEST_CASE("whatever happens to one file, the others are served and the file is named") {
    std::mt19937_64 random{seed_of_run()};
    Fixture whole;
    whole.options.merge_count = 100;
    auto store = whole.open();
    for (int i = 0; i < 4; ++i) {
        REQUIRE(store->write(random_rows(random, 300), soon()));
        if (i < 3) REQUIRE(store->settle(soon()));
    }
    std::vector<std::string> all = lines_of(store->snapshot());
    std::ranges::sort(all);
    store.reset();
    for (const std::string& path : whole.folder.files()) {
        const std::string file = std::filesystem::path(path).filename();
        if (file == "lock") continue;
        for (int round = 0; round < 60; ++round) {
            CAPTURE(file);
            CAPTURE(round);
            Fixture copy;
            std::filesystem::copy(whole.folder.path(), copy.folder.path());
            damage(copy.folder.path() + "/" + file, random);
            check_damaged(copy, all, file);
        }
    }
}

}  // namespace jebi::log_analytics
