#include "modules/log_analytics/store/segment.h"

#include <doctest/doctest.h>

#include "modules/log_analytics/store/segment_writer.h"
#include "modules/log_analytics/store/testing.h"

namespace jebi::log_analytics {
namespace {

std::mt19937_64 random_of_run() {
    const std::uint64_t seed = std::random_device{}();
    MESSAGE("seed: " << seed);
    return std::mt19937_64{seed};
}

struct Fixture {
    std::shared_ptr<const Segment> segment_of(std::vector<std::shared_ptr<const Part>> parts) {
        SegmentSpan span{
            .first_row = parts.front()->first_row(), .rows = 0, .first_group = 1, .last_group = 1};
        for (const auto& part : parts)
            span.rows += part->rows();
        const std::string path = folder.path() + "/" + std::to_string(++files) + ".seg";
        REQUIRE(write_segment(disk::real_disk(), path, span, parts));
        return Segment::open(disk::real_disk(), path, cache).value();
    }

    TestFolder folder;
    Cache cache{1024 * 1024};
    int files = 0;
};

std::shared_ptr<const Part> tail_of(const Rows& rows, std::uint64_t first_row = 1) {
    Tail tail{first_row};
    append_all(tail, rows);
    return tail.snapshot();
}

}  // namespace

TEST_CASE("a segment has what the tail had, through all of its kinds of blocks") {
    std::mt19937_64 random = random_of_run();
    Fixture fixture;
    for (const std::size_t count : {1UL, 100UL, 8'192UL, 20'000UL}) {
        const auto tail = tail_of(random_rows(random, count));
        const auto segment = fixture.segment_of({tail});
        CHECK(segment->rows() == count);
        CHECK(lines_of(*segment) == lines_of(*tail));
        CHECK(segment->verify());
    }
}

TEST_CASE("a merged segment has the rows of its parts, one after another") {
    std::mt19937_64 random = random_of_run();
    Fixture fixture;
    std::vector<std::shared_ptr<const Part>> tails, segments;
    std::vector<std::string> lines;
    std::uint64_t row = 1;
    for (const std::size_t count : {3'000UL, 10UL, 9'000UL, 1UL, 5'000UL}) {
        tails.push_back(tail_of(random_rows(random, count), row));
        segments.push_back(fixture.segment_of({tails.back()}));
        std::ranges::move(lines_of(*tails.back()), std::back_inserter(lines));
        row += count;
    }
    const auto merged = fixture.segment_of(segments);
    CHECK(lines_of(*merged) == lines);
    CHECK(lines_of(*fixture.segment_of(tails)) == lines);
    CHECK(lines_of(*fixture.segment_of({merged, tail_of(random_rows(random, 5), row)})).size() ==
          lines.size() + 5);
}

TEST_CASE("a small dictionary knows how often each text occurs") {
    std::mt19937_64 random = random_of_run();
    Fixture fixture;
    const auto segment = fixture.segment_of({tail_of(random_rows(random, 10'000))});
    const std::size_t level = segment->find("level", Kind::text).value();
    std::uint64_t bytes = 0, sum = 0;
    const auto dictionary = segment->dictionary(level, bytes).value();
    REQUIRE(dictionary->size() == 2);
    CHECK(dictionary->text(1) == "info");  // the most frequent first
    for (const std::uint32_t count : segment->counts(level))
        sum += count;
    CHECK(sum == 10'000);
    CHECK(segment->counts(level)[0] == 0);
    CHECK(segment->counts(segment->find("user", Kind::text).value()).empty());
}

TEST_CASE("filters and ranges tell which blocks need not be read") {
    Fixture fixture;
    Rows rows;
    for (int i = 0; i < 20'000; ++i) {
        rows.begin(1'000'000 + i);
        rows.text("id", "id-" + std::to_string(i * 7919));
        rows.text("msg", i / 8'192 == 1 ? "a deadlock was found in " + std::to_string(i)
                                        : "all is well in " + std::to_string(i));
        rows.integer("number", i);
        rows.end();
    }
    const auto segment = fixture.segment_of({tail_of(rows)});
    const std::size_t id = segment->find("id", Kind::text).value(),
                      msg = segment->find("msg", Kind::text).value();
    const std::size_t number = segment->find("number", Kind::integer).value();
    CHECK(segment->may_equal(id, 0, "id-0"));
    int denied = 0;
    for (int i = 0; i < 100; ++i)
        denied += !segment->may_equal(id, 0, "no-" + std::to_string(i));
    CHECK(denied > 80);
    CHECK_FALSE(segment->may_contain(msg, 0, "deadlock"));
    CHECK(segment->may_contain(msg, 1, "deadlock"));
    CHECK_FALSE(segment->may_contain(msg, 2, "deadlock"));
    CHECK(segment->range(number, 1)->min == 8'192);
    CHECK(segment->range(number, 1)->max == 16'383);
    CHECK(segment->range(0, 0)->min == 1'000'000);
    CHECK_FALSE(segment->range(msg, 0));
}

TEST_CASE("a damaged byte anywhere is noticed, and no wrong row is answered") {
    std::mt19937_64 random = random_of_run();
    Fixture fixture;
    const auto segment = fixture.segment_of({tail_of(random_rows(random, 300))});
    const std::string whole = content_of(segment->path());
    for (std::size_t at = 0; at < whole.size(); at += 1 + random() % 40) {
        CAPTURE(at);
        std::string bytes = whole;
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << (random() % 8)));
        const std::string path = fixture.folder.path() + "/damaged.seg";
        put(path, bytes);
        const auto opened = Segment::open(disk::real_disk(), path, fixture.cache);
        const bool noticed = !opened || !(*opened)->verify();
        CHECK(noticed);
        const Error error = opened ? (*opened)->verify().error() : opened.error();
        CHECK(error.reason == "damaged");
        CHECK(error.message.contains("damaged.seg"));
    }
}

TEST_CASE("the tail shows what was published, while more is appended behind it") {
    std::mt19937_64 random = random_of_run();
    Tail tail{1};
    append_all(tail, random_rows(random, 5'000));
    const auto before = tail.snapshot();
    const auto lines = lines_of(*before);
    append_all(tail, random_rows(random, 20'000));
    CHECK(lines_of(*before) == lines);
    CHECK(tail.snapshot()->rows() == 25'000);
}

TEST_CASE("a field that only refused rows have makes no column") {
    Rows rows;
    rows.begin(1);
    CHECK(rows.integer("item", 1));
    CHECK_FALSE(rows.text("item", "1"));
    CHECK(rows.text("kept", "yes"));
    rows.end();
    rows.begin(2);
    CHECK(rows.text("forgotten", "no"));
    rows.cancel();
    const auto tail = tail_of(rows);
    CHECK(lines_of(*tail) == std::vector<std::string>{"item=integer:1 kept=text:yes ts=integer:1"});
    CHECK(tail->columns().size() == 3);
}

}  // namespace jebi::log_analytics
