#include "modules/log_analytics/query/query.h"

#include <doctest/doctest.h>

#include <thread>

#include "modules/log_analytics/query/testing.h"

using namespace jebi;
using namespace jebi::log_analytics;
using namespace jebi::log_analytics::query;

namespace {

constexpr WallMs noon = 1'795'348'800'000;  // 2026-11-22T12:00:00Z

// Six rows, with what real ones have: absent fields, a name with two kinds, Korean, an empty text.
const Snapshot& visits() {
    static const Snapshot snapshot = snapshot_of(
        {{noon, {{"path", "/users"}, {"status", 200}, {"ms", 1.5}, {"user", "minji"}, {"ok", true}}},
         {noon + 1'000, {{"path", "/users"}, {"status", 500}, {"ms", 8.0}, {"user", "yuna"}, {"ok", false}}},
         {noon + 60'000, {{"path", "/tweets"}, {"status", 200}, {"ms", 2.5}, {"user", "minji"}, {"code", 7}}},
         {noon + 61'000, {{"path", "/tweets"}, {"status", 404}, {"ms", 0.5}, {"code", "E7"}}},
         {noon + 3'600'000, {{"path", "/제비"}, {"status", 200}, {"user", "수아"}, {"code", 7.5}}},
         {noon + 3'601'000, {{"path", ""}, {"status", 301}, {"ms", 4.0}, {"user", "yuna"}, {"code", "9"}}}},
        4);
    return snapshot;
}

std::string rows(std::string_view sql) {
    return rows_of(visits(), sql);
}

}  // namespace

TEST_CASE("rows are counted, also when nothing is read for it") {
    CHECK(rows("SELECT count() FROM logs") == "6");
    CHECK(rows("select COUNT(*) from LOGS") == "6");
    const Answer answer = answer_of(visits(), "SELECT count() FROM logs");
    CHECK(answer.cost.blocks_read == 0);
    CHECK(answer.cost.parts == 2);
    CHECK(answer.cost.rows == 6);
}

TEST_CASE("groups are counted by a text, an integer and a bucket of time") {
    CHECK(rows("SELECT path, count() FROM logs GROUP BY path ORDER BY count() DESC, path") ==
          "/tweets,2|/users,2|\"\",1|/제비,1");
    CHECK(rows("SELECT status, count() AS c FROM logs GROUP BY status ORDER BY c DESC LIMIT 1") == "200,3");
    CHECK(rows("SELECT toStartOfHour(ts) AS hour, count() FROM logs GROUP BY hour ORDER BY hour") ==
          "2026-11-22T12:00:00.000Z,4|2026-11-22T13:00:00.000Z,2");
}

TEST_CASE("groups without an order come in the order of their keys, those without a value last") {
    CHECK(rows("SELECT user, count() FROM logs GROUP BY user") == "minji,2|yuna,2|수아,1|,1");
    CHECK(rows("SELECT status, user, count() FROM logs GROUP BY 1, 2 LIMIT 3") ==
          "200,minji,2|200,수아,1|301,yuna,1");
}

TEST_CASE("aggregates pass over NULL") {
    CHECK(rows("SELECT count(ms), sum(ms), min(ms), max(ms), avg(ms) FROM logs") == "5,16.5,0.5,8,3.3");
    CHECK(rows("SELECT count(user), uniq(user), uniqExact(user), min(user), max(user) FROM logs") ==
          "5,3,3,minji,수아");
    CHECK(rows("SELECT sum(status), max(ts) FROM logs WHERE path = '/users'") ==
          "700,2026-11-22T12:00:01.000Z");
    CHECK(rows("SELECT sum(ms), min(user), count(), quantile(0.5)(ms) FROM logs WHERE status = 1") == ",,0,");
}

TEST_CASE("every aggregate takes a condition") {
    CHECK(rows("SELECT countIf(status >= 400), sumIf(ms, ok), uniqIf(user, status = 200) FROM logs") ==
          "2,1.5,2");
}

TEST_CASE("quantiles of more values than are kept are near, and quantileExact says that it needs too much") {
    constexpr std::int64_t rows_of_part = 100'000, parts = 60;
    std::vector<TestRow> rows;
    for (std::int64_t i = 0; i < rows_of_part; ++i)
        rows.push_back(
            {i, {{"x", i * 7919 % rows_of_part}, {"half", static_cast<double>(i) / 2}, {"g", i % 3}}});
    const Snapshot part = snapshot_of(rows);
    Snapshot all;
    for (std::int64_t i = 0; i < parts; ++i)
        all.parts.insert(all.parts.end(), part.parts.begin(), part.parts.end());
    QueryThreads threads(1);
    const QueryOptions options{.threads = &threads, .workers = 2};
    const Answer answer = answer_of(
        all, "SELECT quantile(0.5)(x), quantile(0.99)(x), quantile(0.99)(half) FROM logs GROUP BY g",
        options);
    REQUIRE(answer.row_count == 3);
    for (std::size_t row = 0; row < 3; ++row) {
        CHECK(std::abs(answer.at(row, 0).number() - 50'000) < 1'000);
        CHECK(std::abs(answer.at(row, 1).number() - 99'000) < 200);
        CHECK(std::abs(answer.at(row, 2).number() - 49'500) < 100);
    }
    const auto exact = run(all, "SELECT quantileExact(0.5)(x) FROM logs", options);
    REQUIRE_FALSE(exact.has_value());
    CHECK(exact.error().reason == "query_memory");
}

TEST_CASE("quantiles lie between two values, quantileExact on one") {
    CHECK(rows("SELECT quantile(0.5)(ms), median(ms), quantile(0.9)(ms), quantileExact(0.5)(ms) FROM logs") ==
          "2.5,2.5,6.4,2.5");
    CHECK(rows("SELECT quantile(1)(status), quantileExact(1)(status), quantileExact(0)(status) FROM logs") ==
          "500,500,200");
}

TEST_CASE("rows come in the order in which they were taken, or in the one asked for") {
    CHECK(rows("SELECT status FROM logs") == "200|500|200|404|200|301");
    CHECK(rows("SELECT status FROM logs ORDER BY ts DESC LIMIT 2") == "301|200");
    CHECK(rows("SELECT status FROM logs ORDER BY ts LIMIT 2 OFFSET 1") == "500|200");
    CHECK(rows("SELECT path, status FROM logs ORDER BY status DESC, path LIMIT 3") ==
          "/users,500|/tweets,404|\"\",301");
    CHECK(rows("SELECT user FROM logs ORDER BY user") == "minji|minji|yuna|yuna|수아|");
    CHECK(rows("SELECT user FROM logs ORDER BY user DESC NULLS FIRST LIMIT 2") == "|수아");
    CHECK(rows("SELECT status FROM logs LIMIT 0") == "");
}

TEST_CASE("conditions leave rows out as SQL says, also where a value is NULL") {
    CHECK(rows("SELECT count() FROM logs WHERE user != 'minji'") == "3");
    CHECK(rows("SELECT count() FROM logs WHERE NOT user = 'minji'") == "3");
    CHECK(rows("SELECT count() FROM logs WHERE user IS NULL") == "1");
    CHECK(rows("SELECT count() FROM logs WHERE user = 'minji' OR status = 404") == "3");
    CHECK(rows("SELECT count() FROM logs WHERE user IS NOT NULL AND (status = 200 OR status = 500)") == "4");
    CHECK(rows("SELECT count() FROM logs WHERE user IN ('minji', 'yuna') AND status NOT IN (500, 301)") ==
          "2");
    CHECK(rows("SELECT count() FROM logs WHERE ms BETWEEN 1.5 AND 4") == "3");
    CHECK(rows("SELECT count() FROM logs WHERE ok") == "1");
    CHECK(rows("SELECT count() FROM logs WHERE ok = false") == "1");
    CHECK(rows("SELECT count() FROM logs WHERE user = NULL") == "0");
}

TEST_CASE("texts are searched") {
    CHECK(rows("SELECT count() FROM logs WHERE path LIKE '/t%'") == "2");
    CHECK(rows("SELECT count() FROM logs WHERE path LIKE '/_비'") == "1");
    CHECK(rows("SELECT count() FROM logs WHERE path ILIKE '%USER%'") == "2");
    CHECK(rows("SELECT count() FROM logs WHERE path NOT LIKE '%e%'") == "2");
    CHECK(rows("SELECT count() FROM logs WHERE position(path, 'eet') > 0") == "2");
    CHECK(rows("SELECT count() FROM logs WHERE position(path, 'eet') = 0") == "4");
    CHECK(rows("SELECT count() FROM logs WHERE match(path, '^/(users|제.)$')") == "3");
    CHECK(rows("SELECT count() FROM logs WHERE startsWith(path, '/') AND endsWith(path, 's')") == "4");
    CHECK(rows("SELECT count() FROM logs WHERE anywhere('UNA')") == "2");
    CHECK(rows("SELECT count() FROM logs WHERE anywhere('제비')") == "1");
    CHECK(rows("SELECT count() FROM logs WHERE path = ''") == "1");
}

TEST_CASE("a name with several kinds is text, and compares with a number where it is one") {
    CHECK(rows("SELECT code FROM logs WHERE code IS NOT NULL") == "7|E7|7.5|9");
    CHECK(rows("SELECT code FROM logs WHERE code > 7") == "7.5|9");
    CHECK(rows("SELECT code FROM logs WHERE code = 'E7' OR code IN (9, '7')") == "7|E7|9");
    CHECK(rows("SELECT sum(toFloat64(code)), count(toInt64(code)) FROM logs") == "23.5,3");
}

TEST_CASE("times compare with milliseconds, with a text, and with now") {
    CHECK(rows("SELECT count() FROM logs WHERE ts >= 1795348860000") == "4");
    CHECK(rows("SELECT count() FROM logs WHERE ts >= '2026-11-22T12:01:01Z' AND ts < '2026-11-22 "
               "22:00:01+09:00'") == "2");
    CHECK(rows("SELECT count() FROM logs WHERE ts BETWEEN '2026-11-22' AND '2026-11-22 12:01'") == "3");
    const QueryOptions later{.now_ms = noon + 3'700'000};
    CHECK(rows_of(visits(), "SELECT count() FROM logs WHERE ts > now() - INTERVAL 15 MINUTE", later) == "2");
    CHECK(rows("SELECT toHour(ts), toStartOfInterval(ts, INTERVAL 1 DAY), max(ts) - min(ts) FROM logs GROUP "
               "BY 1, 2 LIMIT 1") == "12,2026-11-22T00:00:00.000Z,61000");
    CHECK(rows("SELECT toStartOfInterval(ts, INTERVAL 1 WEEK) FROM logs LIMIT 1") ==
          "2026-11-16T00:00:00.000Z");
}

TEST_CASE("values are computed") {
    CHECK(rows("SELECT 1 + 2 * 3 - 4, 7 / 2, -7 % 4, 1 / 0, 5 % 0, -(3) FROM logs LIMIT 1") ==
          "3,3.5,-3,,,-3");
    CHECK(rows("SELECT upper(path), length(path), substring(path, 2, 3), concat(path, '?', status) FROM logs "
               "LIMIT 1") == "/USERS,6,use,/users?200");
    CHECK(rows("SELECT toString(status), toString(ms), toString(ok), toString(ts), toInt64('12'), "
               "toInt64('x') FROM logs LIMIT 1") == "200,1.5,true,2026-11-22T12:00:00.000Z,12,");
    CHECK(rows("SELECT if(status >= 400, 'bad', 'good') AS how, count() FROM logs GROUP BY how") ==
          "bad,2|good,4");
    CHECK(rows("SELECT coalesce(user, 'nobody') FROM logs WHERE status = 404") == "nobody");
    CHECK(rows("SELECT CASE WHEN status < 300 THEN 'a' WHEN status < 400 THEN 'b' END FROM logs") ==
          "a||a||a|b");
    CHECK(rows("SELECT round(2.567, 2), round(ms), floor(ms), ceil(ms), abs(-3) FROM logs LIMIT 1") ==
          "2.57,2,1,2,3");
    CHECK(rows("SELECT 'it''s', 'a\\'b\\n', \"path\", `path` FROM logs LIMIT 1") ==
          "it's,\"a'b\n\",/users,/users");
}

TEST_CASE("groups are asked further") {
    CHECK(rows("SELECT path, count() AS c FROM logs GROUP BY path HAVING c > 1 AND max(status) > 404") ==
          "/users,2");
    CHECK(rows("SELECT count() / 2 + 1 FROM logs") == "4");
    CHECK(rows("SELECT DISTINCT status FROM logs ORDER BY status DESC") == "500|404|301|200");
    CHECK(
        rows("SELECT lower(path) AS p, sum(status) * 2 FROM logs GROUP BY p ORDER BY sum(status) LIMIT 1") ==
        "/제비,400");
}

TEST_CASE("an alias may be used where it stands for no column") {
    CHECK(rows("SELECT status >= 400 AS bad FROM logs WHERE bad LIMIT 1") == "true");
    CHECK(rows("SELECT toStartOfHour(ts) AS ts, count() FROM logs GROUP BY ts ORDER BY ts LIMIT 1") ==
          "2026-11-22T12:00:00.000Z,4");
    CHECK(rows("SELECT count() AS c, c * 2 AS d FROM logs") == "6,12");
}

TEST_CASE("SELECT * has the columns that its rows have, and JSON leaves out what a row lacks") {
    const Answer answer = answer_of(visits(), "SELECT * FROM logs WHERE status = 404 OR status = 500");
    CHECK(as_json_lines(answer) ==
          "{\"ts\":\"2026-11-22T12:00:01.000Z\",\"path\":\"/"
          "users\",\"status\":500,\"ms\":8,\"user\":\"yuna\",\"ok\":false}\n"
          "{\"ts\":\"2026-11-22T12:01:01.000Z\",\"path\":\"/"
          "tweets\",\"status\":404,\"ms\":0.5,\"code\":\"E7\"}\n");
}

TEST_CASE("an answer is written as JSON, as lines, as CSV and as a table") {
    const Answer answer =
        answer_of(visits(), "SELECT user, count() AS c FROM logs GROUP BY user ORDER BY c, user LIMIT 2");
    const std::string json = as_json(answer);
    CHECK(json.starts_with(
        "{\"columns\":[{\"name\":\"user\",\"type\":\"text\"},{\"name\":\"c\",\"type\":\"integer\"}],"
        "\"rows\":[{\"user\":\"수아\",\"c\":1},{\"user\":null,\"c\":1}],\"cut\":false,\"row_highest\":6,"
        "\"cost\":{"));
    CHECK(json.contains("\"rows_read\":6"));
    CHECK(as_csv(answer) == "user,c\r\n수아,1\r\n,1\r\n");
    CHECK(as_table(answer) == "user  c\n수아    1\nNULL  1\n");
}

TEST_CASE("without LIMIT an answer is cut at the bound, and says so") {
    const QueryOptions options{.rows_max = 4};
    CHECK(answer_of(visits(), "SELECT status FROM logs", options).row_count == 4);
    CHECK(answer_of(visits(), "SELECT status FROM logs", options).cut);
    CHECK_FALSE(answer_of(visits(), "SELECT status FROM logs WHERE status = 200", options).cut);
    CHECK_FALSE(answer_of(visits(), "SELECT status FROM logs LIMIT 5", options).cut);
    CHECK(answer_of(visits(), "SELECT status, count() FROM logs GROUP BY 1", {.rows_max = 3}).cut);
}

TEST_CASE(
    "only rows after a number are answered when one is given, and the answer says how far it has seen") {
    const QueryOptions options{.after_row = 4};
    const Answer answer = answer_of(visits(), "SELECT status FROM logs WHERE status = 301", options);
    CHECK(answer.row_count == 1);
    CHECK(answer.row_highest == 6);
    CHECK(rows_of(visits(), "SELECT count() FROM logs", options) == "2");
    CHECK(rows_of(visits(), "SELECT status FROM logs", {.after_row = 2}) == "200|404|200|301");
    CHECK(rows_of(visits(), "SELECT path, count() FROM logs GROUP BY path", {.after_row = 6}) == "");
    CHECK(answer_of(visits(), "SELECT status FROM logs", {.rows_max = 2, .after_row = 1}).row_highest == 3);
}

TEST_CASE("what is wrong with a query is said with its place and the nearest name") {
    const auto wrong = [](std::string_view sql) { return error_of(visits(), sql); };
    CHECK(wrong("SELECT stauts FROM logs") ==
          "Line 1, column 8: no row has a column 'stauts'. Did you mean 'status'?");
    CHECK(wrong("SELECT coun() FROM logs") ==
          "Line 1, column 8: there is no function 'coun'. Did you mean 'count'?");
    CHECK(wrong("SELECT user, count() FROM logs") ==
          "Line 1, column 8: 'user' stands neither in the GROUP BY nor in an aggregate, like any(user).");
    CHECK(
        wrong("SELECT count() FROM logs WHERE count() > 1") ==
        "Line 1, column 32: 'count()' is an aggregate, which cannot stand here. Expected a value of a row.");
    CHECK(wrong("SELECT count() FROM logs WHERE status = 'many'") ==
          "Line 1, column 41: found the text 'many', expected a value to compare with a integer.");
    CHECK(wrong("SELECT count() FROM logs WHERE ts > 'yesterday'") ==
          "Line 1, column 37: 'yesterday' is no time. Expected one like '2026-11-22T13:58:05Z'.");
    CHECK(wrong("SELECT sum(path) FROM logs").contains("takes numbers"));
    CHECK(wrong("SELECT count() FROM logs WHERE match(path, '(')").contains("cannot be used"));
    CHECK(wrong("SELECT status FROM logs LIMIT 2000000").contains("row 1000000 at most"));
}

TEST_CASE("in an empty store a query may name any column") {
    const Snapshot empty;
    CHECK(rows_of(empty, "SELECT count(), avg(latency), max(whatever) FROM logs WHERE anything > 5") ==
          "0,,");
    CHECK(rows_of(empty, "SELECT * FROM logs") == "");
    CHECK(rows_of(empty, "SELECT path, count() FROM logs GROUP BY path") == "");
}

TEST_CASE("a usual field that no row has is NULL") {
    CHECK(rows("SELECT count() FROM logs WHERE level = 'error'") == "0");
    CHECK(rows("SELECT count(), quantile(0.99)(latency_ms) FROM logs WHERE trace_id IS NULL") == "6,");
    CHECK(rows("SELECT level, count() FROM logs GROUP BY level") == ",6");
}

TEST_CASE("a query ends when its time is up or its client has left") {
    const auto late = run(visits(), "SELECT count() FROM logs WHERE status = 200", {.until = in(Millis{-1})});
    REQUIRE_FALSE(late.has_value());
    CHECK(late.error().code == Code::deadline);
    const std::atomic<bool> stop{true};
    const auto stopped = run(visits(), "SELECT status FROM logs", {.stop = &stop});
    REQUIRE_FALSE(stopped.has_value());
    CHECK(stopped.error().reason == "stopped");
}

TEST_CASE("a query over its bound of memory is refused with a way out") {
    std::vector<TestRow> many;
    for (int i = 0; i < 20'000; ++i)
        many.push_back({noon + i, {{"id", "identifier-" + std::to_string(i)}, {"n", i}}});
    const Snapshot snapshot = snapshot_of(many, 6'000);
    for (const std::string_view sql :
         {"SELECT id, count() FROM logs GROUP BY id", "SELECT uniqExact(id) FROM logs",
          "SELECT median(n) FROM logs", "SELECT * FROM logs ORDER BY id LIMIT 20000",
          "SELECT DISTINCT id, n FROM logs"}) {
        CAPTURE(sql);
        const auto answer = run(snapshot, sql, {.memory_bytes_max = 100'000});
        REQUIRE_FALSE(answer.has_value());
        CHECK(answer.error().code == Code::exhausted);
        CHECK(answer.error().message.contains("LIMIT"));
        CHECK(run(snapshot, sql, {}).has_value());
    }
}

TEST_CASE("several threads answer what one answers") {
    std::vector<TestRow> many;
    for (int i = 0; i < 60'000; ++i)
        many.push_back(
            {noon + i * 7, {{"user", "u" + std::to_string(i % 977)}, {"n", i % 101}, {"x", i * 0.25}}});
    const Snapshot snapshot = snapshot_of(many, 13'000);
    QueryThreads threads(3);
    for (const std::string_view sql :
         {"SELECT user, count(), sum(n), avg(n), min(x), max(x), uniq(n), quantile(0.9)(x) FROM logs GROUP "
          "BY user ORDER BY user",
          "SELECT n, uniqExact(user) FROM logs WHERE x > 100 GROUP BY n ORDER BY n",
          "SELECT user, n, x FROM logs WHERE n = 7 ORDER BY ts DESC LIMIT 50",
          "SELECT user, n, count() FROM logs GROUP BY user, n ORDER BY 3 DESC, 1, 2 LIMIT 500",
          "SELECT ts, user FROM logs WHERE user = 'u5' LIMIT 20",
          "SELECT x FROM logs ORDER BY n DESC, x LIMIT 30"}) {
        CAPTURE(sql);
        CHECK(rows_of(snapshot, sql, {.threads = &threads, .workers = 4}) == rows_of(snapshot, sql));
    }
}

TEST_CASE("the newest rows are found without reading the others") {
    std::vector<TestRow> many;
    for (int i = 0; i < 50'000; ++i)
        many.push_back({noon + i, {{"n", i}}});
    const Snapshot snapshot = snapshot_of(many, 20'000);
    const Answer newest = answer_of(snapshot, "SELECT n FROM logs ORDER BY ts DESC LIMIT 3");
    CHECK(as_csv(newest) == "n\r\n49999\r\n49998\r\n49997\r\n");
    CHECK(newest.cost.blocks_read == 1);
    CHECK(answer_of(snapshot, "SELECT n FROM logs LIMIT 3").cost.blocks_read <= 1);
    const Answer range =
        answer_of(snapshot, "SELECT count() FROM logs WHERE ts < " + std::to_string(noon + 10));
    CHECK(as_csv(range) == "count()\r\n10\r\n");
    CHECK(range.cost.blocks_read == 1);
}

TEST_CASE("EXPLAIN tells what a query would read and do") {
    const Answer plan = answer_of(visits(),
                                  "EXPLAIN SELECT path FROM logs WHERE ts < '2026-11-22T12:30' AND status = "
                                  "200 ORDER BY ts DESC LIMIT 5");
    CHECK(as_table(plan).contains("Look at 1 of 2 blocks in 2 parts; times, ranges and filters"));
    CHECK(plan.at(1, 0).text() == "Read ts (time), status (integer), path (text).");
    CHECK(plan.at(2, 0).text() == "Keep the rows that pass 2 conditions, the cheapest first.");
    CHECK(plan.at(3, 0).text() ==
          "Begin with the newest blocks; leave out those that are too old to get in.");
    CHECK(plan.at(5, 0).text() == "Answer at most 5 rows.");
    CHECK(plan.cost.blocks_read == 0);
    CHECK(rows("EXPLAIN SELECT path, count() FROM logs GROUP BY path")
              .contains("Group by 1 expression, with 1 aggregate."));
}

TEST_CASE("a damaged block is named, and the others are answered") {
    class Damaged final : public Part {
    public:
        explicit Damaged(std::shared_ptr<const Part> whole) : whole_(std::move(whole)) {}
        std::uint64_t first_row() const override { return whole_->first_row(); }
        std::uint64_t rows() const override { return whole_->rows(); }
        std::span<const BlockInfo> blocks() const override { return whole_->blocks(); }
        std::span<const Column> columns() const override { return whole_->columns(); }
        bool is_on_disk() const override { return true; }
        Result<TextBlock> texts(std::size_t column, std::size_t block, std::uint64_t& bytes) const override {
            if (block == 1)
                return fail(error(Code::internal, "segment-7: block 1 is damaged").because("damaged"));
            return whole_->texts(column, block, bytes);
        }
        Result<IntegerBlock> integers(std::size_t column, std::size_t block,
                                      std::uint64_t& bytes) const override {
            return whole_->integers(column, block, bytes);
        }
        Result<NumberBlock> numbers(std::size_t column, std::size_t block,
                                    std::uint64_t& bytes) const override {
            return whole_->numbers(column, block, bytes);
        }
        Result<std::shared_ptr<const Dictionary>> dictionary(std::size_t column,
                                                             std::uint64_t& bytes) const override {
            return whole_->dictionary(column, bytes);
        }
        std::span<const std::uint32_t> counts(std::size_t) const override { return {}; }
        bool may_equal(std::size_t, std::size_t, std::string_view) const override { return true; }
        bool may_contain(std::size_t, std::size_t, std::string_view) const override { return true; }
        std::optional<Range> range(std::size_t, std::size_t) const override { return std::nullopt; }

    private:
        std::shared_ptr<const Part> whole_;
    };
    std::vector<TestRow> many;
    for (int i = 0; i < 20'000; ++i)
        many.push_back({noon + i, {{"n", i}, {"path", i % 2 == 0 ? "/a" : "/b"}}});
    Snapshot snapshot = snapshot_of(many);
    snapshot.parts[0] = std::make_shared<Damaged>(snapshot.parts[0]);
    snapshot.damaged.push_back("segment-5 is not there");
    const std::vector<std::string> expected{"segment-5 is not there", "segment-7: block 1 is damaged"};

    const Answer groups = answer_of(snapshot, "SELECT path, count(), sum(n) FROM logs GROUP BY path");
    CHECK(groups.damaged == expected);
    CHECK(groups.at(0, 1).integer() + groups.at(1, 1).integer() == 20'000 - 8'192);
    const Answer some = answer_of(snapshot, "SELECT n, path FROM logs WHERE n >= 8190 ORDER BY ts LIMIT 3");
    CHECK(some.damaged == expected);
    CHECK(as_csv(some) == "n,path\r\n8190,/a\r\n8191,/b\r\n");  // the third could not be read
    CHECK(answer_of(snapshot, "SELECT sum(n) FROM logs").damaged.size() == 1);
}
