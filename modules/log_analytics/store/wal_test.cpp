#include "modules/log_analytics/store/wal.h"

#include <doctest/doctest.h>

#include <set>

#include "modules/log_analytics/store/testing.h"

namespace jebi::log_analytics {
namespace {

constexpr std::uint64_t first_group = 5, groups = 6;

Rows numbered(std::uint64_t number) {
    Rows rows;
    rows.begin(1);
    rows.integer("number", static_cast<std::int64_t>(number));
    rows.end();
    return rows;
}

// A log of some groups, each with two batches: number * 10 and number * 10 + 1.
std::string written(const TestFolder& folder) {
    auto writer = WalWriter::create(disk::real_disk(), folder.path(), first_group, 4).value();
    for (std::uint64_t group = first_group; group < first_group + groups; ++group) {
        const Rows one = numbered(group * 10), two = numbered(group * 10 + 1);
        const std::array<const Rows*, 2> batches{&one, &two};
        REQUIRE(writer.append(group, batches));
    }
    return folder.path() + "/" + wal_name(first_group);
}

struct Found {
    std::vector<std::int64_t> numbers;
    Result<WalContent> content;
};

Found read(const std::string& path) {
    Found found{.content = fail(Code::internal, "")};
    found.content =
        read_wal(disk::real_disk(), path, [&](std::uint64_t group, RowsReader& batch) -> Result<void> {
            while (batch.next()) {
                CHECK(batch.values()[0].integer / 10 == static_cast<std::int64_t>(group));
                found.numbers.push_back(batch.values()[0].integer);
            }
            return {};
        });
    return found;
}

}  // namespace

TEST_CASE("a log is read as it was written") {
    const TestFolder folder;
    const Found found = read(written(folder));
    REQUIRE(found.content);
    CHECK(found.numbers == std::vector<std::int64_t>{50, 51, 60, 61, 70, 71, 80, 81, 90, 91, 100, 101});
    CHECK(found.content->last_group == 10);
    CHECK(found.content->last_written_before == 4);
    CHECK(found.content->torn_bytes == 0);
    CHECK(found.content->damaged_groups == 0);
}

TEST_CASE("a log that was cut anywhere keeps its whole groups, and no half one") {
    const TestFolder folder;
    const std::string path = written(folder);
    const std::string whole = content_of(path);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        put(path, whole.substr(0, size));
        const Found found = read(path);
        CHECK(found.numbers.size() % 2 == 0);
        for (std::size_t i = 0; i < found.numbers.size(); ++i)
            CHECK(found.numbers[i] == static_cast<std::int64_t>((first_group + i / 2) * 10 + i % 2));
        if (found.content)
            CHECK(found.content->damaged_groups == 0);
        else
            CHECK(found.content.error().reason == "torn");
    }
}

TEST_CASE("one damaged byte costs one group at most, and is noticed") {
    const TestFolder folder;
    const std::string path = written(folder);
    const std::string whole = content_of(path);
    for (std::size_t at = 0; at < whole.size(); ++at) {
        CAPTURE(at);
        std::string bytes = whole;
        bytes[at] = static_cast<char>(bytes[at] ^ 0x40);
        put(path, bytes);
        const Found found = read(path);
        REQUIRE(found.content);
        const std::set<std::int64_t> numbers{found.numbers.begin(), found.numbers.end()};
        CHECK(numbers.size() == found.numbers.size());
        CHECK(found.numbers.size() >= 2 * (groups - 1));
        for (const std::int64_t number : numbers)
            CHECK((number % 10 < 2 && number / 10 >= 5 && number / 10 <= 10));
        const WalContent& content = *found.content;
        CHECK((content.head_damaged || content.damaged_groups == 1 || content.torn_bytes > 0));
    }
}

TEST_CASE("a log's name tells its first group") {
    CHECK(first_group_of(wal_name(42)) == 42);
    CHECK_FALSE(first_group_of("wal-42.log"));
    CHECK_FALSE(first_group_of("segment-00000000000000000001-00000000000000000002.seg"));
}

}  // namespace jebi::log_analytics
