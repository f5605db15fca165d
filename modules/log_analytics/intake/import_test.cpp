#include "modules/log_analytics/intake/import.h"

#include <filesystem>
#include <fstream>
#include <set>

#include "kit/base/compress.h"
#include "modules/log_analytics/intake/testing.h"

using namespace jebi;
using namespace jebi::log_analytics;
using Format = ImportProgress::Format;

namespace {

const std::string access_line = R"(203.0.113.7 - - [10/Oct/2000:13:55:36 -0700] "GET /a HTTP/1.1" 200 5)";

// A folder with files to import, and a sink that, as the store does, keeps the first row of each event id.
struct Fixture {
    std::string folder = [] {
        std::string name = "/tmp/jebi-import-XXXXXX";
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        return name;
    }();
    std::set<std::string> rows, ids;
    std::size_t offered = 0, batches = 0;
    ~Fixture() { std::filesystem::remove_all(folder); }

    std::string file(std::string_view content, std::string_view name = "x.log") const {
        const std::string path = folder + "/" + std::string(name);
        std::ofstream{path, std::ios::binary} << content;
        return path;
    }
    Result<ImportProgress> import(
        const std::string& path, const ImportOptions& options = {},
        const ImportWatcher& watcher = [](const ImportProgress&) { return true; }) {
        return import_file(
            disk::real_disk(), path, options, arrival_ms,
            [&](const Rows& taken) -> Result<void> {
                ++batches;
                for (const auto& row : shown(taken)) {
                    ++offered;
                    if (ids.insert(row.substr(row.find("event_id="))).second) rows.insert(row);
                }
                return {};
            },
            watcher);
    }
};

std::string json_lines(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text += "{\"n\":" + std::to_string(i) + "}\n";
    return text;
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "access logs and JSON lines are told apart, and each row has an event id") {
    const auto logs = import(file(access_line + "\r\n" + access_line + "\n"));
    REQUIRE(logs);
    CHECK(logs->format == Format::access_log);
    CHECK(logs->rows == 2);
    CHECK(rows.size() == 2);  // equal lines at different places
    CHECK(rows.begin()->find("event_id=\"") != std::string::npos);
    rows.clear();
    const auto json = import(file("\n{\"a\":1,\"event_id\":\"mine\"}\n\n{\"a\":2}"));
    REQUIRE(json);
    CHECK(json->format == Format::json);
    CHECK(json->rows == 2);
    CHECK(rows.contains("a=1 event_id=\"mine\""));
    CHECK(json->disk_bytes == json->disk_bytes_total);
}

TEST_CASE_FIXTURE(Fixture, "importing again, also grown, renamed or in other pieces, adds only what is new") {
    const std::string content = json_lines(500);
    REQUIRE(import(file(content)));
    CHECK(rows.size() == 500);
    REQUIRE(import(file(content), {.piece_bytes = 64}));
    CHECK(rows.size() == 500);
    REQUIRE(import(file(json_lines(510), "renamed.log")));
    CHECK(rows.size() == 510);
    CHECK(offered == 500 + 500 + 510);
}

TEST_CASE_FIXTURE(Fixture, "files that begin alike and go on differently lose nothing") {
    REQUIRE(import(file("{\"a\":1}\n{\"b\":1}\n")));
    REQUIRE(import(file("{\"a\":1}\n{\"b\":2}\n", "other.log")));
    CHECK(rows.size() == 3);
}

TEST_CASE_FIXTURE(Fixture, "what cannot be read is counted, and the first few are told") {
    std::string content = access_line + "\n";
    for (int i = 0; i < 8; ++i)
        content += "nonsense " + std::to_string(i) + "\n" + access_line + "\n";
    const auto done = import(file(content));
    REQUIRE(done);
    CHECK(done->rows == 9);
    CHECK(done->unreadable == 8);
    REQUIRE(done->first_unreadable.size() == ImportProgress::unreadable_shown_max);
    CHECK(done->first_unreadable[0].at == access_line.size() + 1);
    CHECK(done->first_unreadable[0].why == "Not in the format of an access log: \"nonsense 0\".");
    const auto json = import(file("{\"a\":1}\n{\"a\":}\n{}\n7\n{\"b\":1} x\n{\"c\":1}\n"));
    REQUIRE(json);
    CHECK(json->rows == 2);
    CHECK(json->unreadable == 4);
}

TEST_CASE_FIXTURE(Fixture, "a gzipped file is the same as its content") {
    REQUIRE(import(file(json_lines(100))));
    const auto done = import(file(gzipped(json_lines(100), 6), "x.log.gz"), {.piece_bytes = 100});
    REQUIRE(done);
    CHECK(done->rows == 100);
    CHECK(rows.size() == 100);
    CHECK(done->disk_bytes == done->disk_bytes_total);
    const auto rest = import(file(gzipped(json_lines(120), 6), "x.log.gz"), {.from = done->bytes});
    REQUIRE(rest);
    CHECK(rest->rows == 20);
    CHECK(import(file(gzipped(json_lines(100), 6)), {.from = 1'000'000'000})->rows == 0);
}

TEST_CASE_FIXTURE(Fixture, "of a gzipped file that is damaged or cut off, what stood before is kept") {
    CHECK(import(file("\x1f\x8b broken")).error().code == Code::invalid);
    const std::string gzip = gzipped(json_lines(100), 6);
    const auto cut = import(file(gzip.substr(0, gzip.size() - 9)), {.piece_bytes = 50});
    CHECK(cut.error().code == Code::invalid);
    CHECK(cut.error().message.contains("x.log"));
    CHECK(rows.size() > 50);
}

TEST_CASE_FIXTURE(Fixture, "a gzipped file that becomes very large is read in little memory") {
    const std::string line = access_line + "\n";
    std::string lines;
    while (lines.size() < 8'000'000)
        lines += line;
    std::string gzip;
    {
        const std::string part = gzipped(lines, 1);
        for (int i = 0; i < 4; ++i)
            gzip += part;
    }
    const std::string path = file(gzip, "x.log.gz");
    std::string{}.swap(lines);
    std::uint64_t rows_max = 0, taken = 0;
    const auto done = import_file(
        disk::real_disk(), path, {}, arrival_ms,
        [&](const Rows& piece) -> Result<void> {
            taken += piece.count();
            rows_max = std::max<std::uint64_t>(rows_max, piece.count());
            return {};
        },
        [](const ImportProgress&) { return true; });
    REQUIRE(done);
    CHECK(taken == done->rows);
    CHECK(done->bytes > 4 * 8'000'000UL - 1);
    CHECK(rows_max < 2 * 1024 * 1024 / line.size() + 1);
}

TEST_CASE_FIXTURE(Fixture, "an import that was stopped goes on where it was") {
    const std::string path = file(json_lines(300));
    ImportProgress seen;
    const auto stopped = import(path, {.piece_bytes = 256}, [&](const ImportProgress& progress) {
        seen = progress;
        return progress.rows < 50;
    });
    REQUIRE(stopped);
    CHECK(stopped->bytes == seen.bytes);
    CHECK(stopped->disk_bytes < stopped->disk_bytes_total);
    CHECK(offered == stopped->rows);
    const auto rest = import(path, {.from = stopped->bytes, .piece_bytes = 256});
    REQUIRE(rest);
    CHECK(stopped->rows + rest->rows == 300);
    CHECK(rows.size() == 300);
    CHECK(import(path, {.from = 1'000'000'000})->rows == 0);
}

TEST_CASE_FIXTURE(Fixture, "a line beyond the bound is passed over, one at the bound is not") {
    const auto line = [](std::size_t size) { return "{\"a\":\"" + std::string(size - 8, 'x') + "\"}\n"; };
    const auto done = import(file(line(50) + line(10'000) + line(60) + line(900)),
                             {.piece_bytes = 64, .line_bytes_max = 1'000});
    REQUIRE(done);
    CHECK(done->rows == 3);
    CHECK(done->unreadable == 1);
    CHECK(done->first_unreadable[0].at == 51);
    CHECK(done->disk_bytes == done->disk_bytes_total);
    const auto endless =
        import(file("{\"a\":1}\n" + std::string(100'000, 'x')), {.piece_bytes = 64, .line_bytes_max = 1'000});
    CHECK(endless->unreadable == 1);
}

TEST_CASE_FIXTURE(Fixture, "what is not there, is no log, or is not taken by the sink is an error") {
    CHECK(import(folder + "/nothing").error().code == Code::not_found);
    CHECK(import(file("hello\nworld\n")).error().reason == "unknown_format");
    CHECK(import(file(""))->rows == 0);
    CHECK(import(file("\n \n"))->rows == 0);
    const auto refused = import_file(
        disk::real_disk(), file(json_lines(3)), {}, arrival_ms,
        [](const Rows&) -> Result<void> { return fail(Code::exhausted, "full"); },
        [](const ImportProgress&) { return true; });
    CHECK(refused.error().code == Code::exhausted);
}

TEST_CASE_FIXTURE(Fixture, "random files in random pieces give every line once") {
    Random random;
    for (int round = 0; round < 30; ++round) {
        rows.clear();
        ids.clear();
        offered = 0;
        std::string content = "{\"first\":1}\n";
        std::size_t good = 1;
        for (std::size_t i = random.below(60); i > 0; --i) {
            const bool bad = random.below(5) == 0;
            content += bad ? "nonsense" : "{\"a\":\"" + std::string(random.below(300), 'x') + "\"}";
            content += i > 1 || random.below(2) == 0 ? "\n" : "";
            good += bad ? 0 : 1;
        }
        const auto done = import(file(content), {.piece_bytes = 12 + random.below(400)});
        REQUIRE(done);
        CHECK(done->rows == good);
        CHECK(offered == good);
    }
}
