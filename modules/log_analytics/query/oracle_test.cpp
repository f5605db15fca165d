// Random rows and random queries, answered by us and by SQLite. A query is made in both spellings at once, of
// what both understand in the same way; what differs on purpose (query.h) has tests of its own.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <iterator>
#include <random>
#include <thread>

#include "kit/disk/disk.h"
#include "kit/sql/sqlite.h"
#include "modules/log_analytics/query/testing.h"
#include "modules/log_analytics/store/store.h"
#include "modules/log_analytics/store/testing.h"

using namespace jebi;
using namespace jebi::log_analytics;
using namespace jebi::log_analytics::query;

namespace {

constexpr std::size_t rows_count = 1'500, queries_count = 1'500;
constexpr WallMs begin_ms = 1'795'348'800'000;
constexpr double quarter = 0.25;  // sums of quarters are exact, in whatever order they are added

std::uint64_t seed_of_run() {
    static const std::uint64_t seed = [] {
        const std::uint64_t picked = std::random_device{}();
        MESSAGE("seed: " << picked);
        return picked;
    }();
    return seed;
}

class Dice {
public:
    explicit Dice(std::uint64_t seed) : random_(seed) {}
    std::size_t below(std::size_t bound) { return random_() % bound; }
    bool one_in(std::size_t count) { return below(count) == 0; }
    template <typename Item>
    const Item& of(const std::vector<Item>& items) {
        return items[below(items.size())];
    }

private:
    std::mt19937_64 random_;
};

const std::vector<std::string> words{"error",     "Error", "warn", "info",  "",    "제비",
                                     "제비 날다", "a%b",   "a_b",  "x.y*z", "it's"};

// word: few texts; id: many; raw: also with zero bytes; small, large, exact: numbers; ok: a flag. All may be
// absent.
std::vector<TestRow> random_table(Dice& dice) {
    std::vector<TestRow> rows;
    WallMs ts = begin_ms;
    for (std::size_t i = 0; i < rows_count; ++i) {
        ts += static_cast<WallMs>(dice.below(3'000)) - 200;
        TestRow row{ts, {}};
        if (!dice.one_in(6)) row.fields.push_back({"word", dice.of(words)});
        if (!dice.one_in(9)) row.fields.push_back({"id", "id" + std::to_string(dice.below(900))});
        if (!dice.one_in(4))
            row.fields.push_back({"raw", std::string("a\0b", 1 + dice.below(3)) + dice.of(words)});
        if (!dice.one_in(7)) row.fields.push_back({"small", static_cast<std::int64_t>(dice.below(8)) - 2});
        if (!dice.one_in(5))
            row.fields.push_back({"large", static_cast<std::int64_t>(dice.below(2'000'000)) - 1'000'000});
        if (!dice.one_in(5))
            row.fields.push_back({"exact", (static_cast<double>(dice.below(400)) - 100) * quarter});
        if (!dice.one_in(3)) row.fields.push_back({"ok", dice.one_in(2)});
        rows.push_back(std::move(row));
    }
    return rows;
}

// The same in two spellings: {ours, SQLite's}.
struct Both {
    std::string ours, theirs;
};
Both same(const std::string& text) {
    return {text, text};
}
Both join(const std::vector<Both>& pieces) {
    Both joined;
    for (const auto& piece : pieces) {
        joined.ours += piece.ours;
        joined.theirs += piece.theirs;
    }
    return joined;
}
Both text_literal(std::string_view text) {
    std::string quoted = "'";
    for (const char c : text)
        quoted += c == '\'' ? std::string("''") : std::string(1, c);
    return same(quoted + "'");
}

class Queries {
public:
    explicit Queries(Dice& dice) : dice_(dice) {}

    struct Query {
        Both sql;
        bool is_ordered;
    };
    Query query() {
        if (dice_.one_in(3)) return plain();
        if (dice_.one_in(6)) return distinct();
        return grouped();
    }

private:
    Both integer(int depth) {
        switch (dice_.below(depth > 0 ? 9 : 3)) {
            case 0:
                return same(std::to_string(static_cast<int>(dice_.below(20)) - 8));
            case 1:
                return same("small");
            case 2:
                return same("large");
            case 3:
                return binary(integer(depth - 1), dice_.one_in(2) ? "+" : "-", integer(depth - 1));
            case 4:
                return binary(same("small"), "*", integer(depth - 1));
            case 5:
                return binary(integer(depth - 1), "%", same(std::to_string(dice_.below(7))));
            case 6: {
                const Both text = this->text(depth - 1);
                return {"length(" + text.ours + ")", "length(CAST(" + text.theirs + " AS BLOB))"};
            }
            case 7:
                return choice(depth, integer(depth - 1), integer(depth - 1));
            default:
                return {"toInt64(exact)", "CAST(exact AS INTEGER)"};
        }
    }
    Both number(int depth) {
        switch (dice_.below(depth > 0 ? 6 : 2)) {
            case 0:
                return same("exact");
            case 1:
                return same(dice_.one_in(2) ? "0.75" : "-12.5");
            case 2:
                return binary(number(depth - 1), "+", integer(depth - 1));
            case 3:
                return binary(number(depth - 1), "*", same("small"));
            case 4: {
                const Both over = integer(depth - 1), under = integer(depth - 1);
                return {"(" + over.ours + " / " + under.ours + ")",
                        "(CAST(" + over.theirs + " AS REAL) / " + under.theirs + ")"};
            }
            default:
                return {"coalesce(exact, small, 1.5)", "coalesce(exact, CAST(small AS REAL), 1.5)"};
        }
    }
    Both text(int depth) {
        switch (dice_.below(depth > 0 ? 9 : 3)) {
            case 0:
                return same("word");
            case 1:
                return same("id");
            case 2:
                return text_literal(dice_.of(words));
            case 3:
                return call("lower", text(depth - 1));
            case 4:
                return call("upper", text(depth - 1));
            case 5: {
                const Both a = text(depth - 1), b = text(depth - 1);
                return {"concat(" + a.ours + ", " + b.ours + ")", "(" + a.theirs + " || " + b.theirs + ")"};
            }
            case 6: {
                const std::string bounds =
                    ", " + std::to_string(1 + dice_.below(4)) + ", " + std::to_string(dice_.below(4)) + ")";
                return {"substring(id" + bounds, "substr(id" + bounds};
            }
            case 7:
                return choice(depth, text(depth - 1), text(depth - 1));
            default: {
                const Both whole = integer(depth - 1);
                return {"toString(" + whole.ours + ")", "CAST(" + whole.theirs + " AS TEXT)"};
            }
        }
    }
    Both time() {
        static const std::vector<Both> steps{
            {"toStartOfMinute(ts)", "(ts / 60000 * 60000)"},
            {"toStartOfHour(ts)", "(ts / 3600000 * 3600000)"},
            {"toStartOfFiveMinutes(ts)", "(ts / 300000 * 300000)"},
            {"toStartOfInterval(ts, INTERVAL 7 SECOND)", "(ts / 7000 * 7000)"}};
        return dice_.of(steps);
    }

    Both binary(const Both& left, const std::string& symbol, const Both& right) {
        return {"(" + left.ours + " " + symbol + " " + right.ours + ")",
                "(" + left.theirs + " " + symbol + " " + right.theirs + ")"};
    }
    Both call(const std::string& name, const Both& argument) {
        return {name + "(" + argument.ours + ")", name + "(" + argument.theirs + ")"};
    }
    Both choice(int depth, const Both& yes, const Both& no) {
        const Both when = condition(depth - 1);
        return {"if(" + when.ours + ", " + yes.ours + ", " + no.ours + ")",
                "CASE WHEN " + when.theirs + " THEN " + yes.theirs + " ELSE " + no.theirs + " END"};
    }

    Both comparison(int depth) {
        static const std::vector<std::string> symbols{"=", "!=", "<", "<=", ">", ">=", "<>"};
        const std::string& symbol = dice_.of(symbols);
        switch (dice_.below(5)) {
            case 0:
                return binary(integer(depth), symbol, integer(depth));
            case 1:
                return binary(number(depth), symbol, integer(depth));
            case 2:
                return binary(text(depth), symbol, text(depth));
            case 3:
                return binary(same("word"), symbol, text_literal(dice_.of(words)));
            default: {
                const auto ts = begin_ms + static_cast<WallMs>(dice_.below(2'400'000));
                return binary(same("ts"), symbol, {"'" + iso8601(ts) + "'", std::to_string(ts)});
            }
        }
    }
    Both like() {
        static const std::vector<std::string> pieces{"%", "_", "r", "err", "제", "비", "d1", ".", "e", "%"};
        std::string pattern, glob;
        for (std::size_t i = 0; i < 1 + dice_.below(4); ++i) {
            const std::string& piece = dice_.of(pieces);
            pattern += piece;
            glob += piece == "%" ? "*" : piece == "_" ? "?" : piece;
        }
        const Both value = text(1);
        const std::string negation = dice_.one_in(3) ? " NOT" : "";
        if (dice_.one_in(2)) {
            return {value.ours + negation + " ILIKE '" + pattern + "'",
                    value.theirs + negation + " LIKE '" + pattern + "'"};
        }
        return {value.ours + negation + " LIKE '" + pattern + "'",
                value.theirs + negation + " GLOB '" + glob + "'"};
    }
    Both among() {
        std::vector<Both> list;
        const bool texts = dice_.one_in(2);
        for (std::size_t i = 0; i < 1 + dice_.below(5); ++i) {
            if (i != 0) list.push_back(same(", "));
            list.push_back(texts ? text_literal(dice_.of(words))
                                 : same(std::to_string(static_cast<int>(dice_.below(9)) - 2)));
        }
        const Both values = join(list);
        const std::string in = std::string(dice_.one_in(3) ? " NOT" : "") + " IN (";
        return join({texts ? text(1) : integer(1), same(in), values, same(")")});
    }
    Both flag(int depth) {
        switch (dice_.below(7)) {
            case 0:
                return like();
            case 1:
                return among();
            case 2: {
                const Both value = dice_.one_in(2) ? text(depth) : number(depth);
                return join({same("("), value, same(dice_.one_in(2) ? " IS NULL)" : " IS NOT NULL)")});
            }
            case 3: {
                const Both text = dice_.one_in(2) ? same("word") : same("id");
                const std::string piece = dice_.of(words);
                if (piece.empty()) return same("ok");
                return {"position(" + text.ours + ", " + text_literal(piece).ours + ") > 0",
                        "instr(" + text.theirs + ", " + text_literal(piece).theirs + ") > 0"};
            }
            case 4:
                return join({same("("), integer(depth), same(" BETWEEN -3 AND 40)")});
            case 5:
                return same("ok");
            default:
                return comparison(depth);
        }
    }
    Both condition(int depth) {
        switch (depth > 0 ? dice_.below(6) : 5) {
            case 0:
                return binary(condition(depth - 1), "AND", condition(depth - 1));
            case 1:
                return binary(condition(depth - 1), "OR", condition(depth - 1));
            case 2:
                return join({same("(NOT "), condition(depth - 1), same(")")});
            default:
                return join({same("("), flag(depth), same(")")});
        }
    }

    Both value(int depth) {
        switch (dice_.below(6)) {
            case 0:
                return integer(depth);
            case 1:
                return number(depth);
            case 2:
                return time();
            case 3:
                return same("raw");
            default:
                return text(depth);
        }
    }

    Both measure() {
        const Both when = condition(1);
        switch (dice_.below(10)) {
            case 0:
                return {"countIf(" + when.ours + ")", "count(CASE WHEN " + when.theirs + " THEN 1 END)"};
            case 1: {
                const Both what = integer(1);
                return {"sumIf(" + what.ours + ", " + when.ours + ")",
                        "sum(CASE WHEN " + when.theirs + " THEN " + what.theirs + " END)"};
            }
            case 2: {
                const Both what = value(1);
                return {"uniqExact(" + what.ours + ")", "count(DISTINCT " + what.theirs + ")"};
            }
            case 3:
                return call("count", value(1));
            case 4:
                return call("sum", integer(1));
            case 5:
                return call("sum", same("exact"));
            case 6:
                return call("avg", same(dice_.one_in(2) ? "exact" : "large"));
            case 7:
                return call("min", value(1));
            case 8:
                return call("max", value(1));
            default:
                return {"count()", "count(*)"};
        }
    }

    Both where() {
        if (dice_.one_in(4)) return {};
        return join({same(" WHERE "), condition(2)});
    }

    // Ordered by all of its columns: then every engine has the same first rows.
    Query ordered(std::vector<Both> items, const Both& middle, const std::string& head) {
        Both sql = same(head), order;
        for (std::size_t i = 0; i < items.size(); ++i) {
            const std::string name = "c" + std::to_string(i);
            if (i != 0) sql = join({sql, same(", ")});
            sql = join({sql, items[i], same(" AS " + name)});
            order.ours += (i == 0 ? "" : ", ") + name;
            order.theirs += (i == 0 ? "" : ", ") + name;
            const std::string direction = dice_.one_in(2) ? " DESC" : "";
            const bool first = dice_.one_in(4);
            order.ours += direction + (first ? " NULLS FIRST" : "");
            order.theirs += direction + (first ? " NULLS FIRST" : " NULLS LAST");
        }
        sql = join({sql, same(" FROM logs"), middle});
        const bool is_ordered = !dice_.one_in(3);
        if (is_ordered) {
            std::string limit = " LIMIT " + std::to_string(dice_.below(60));
            if (dice_.one_in(3)) limit += " OFFSET " + std::to_string(dice_.below(10));
            sql = join({sql, same(" ORDER BY "), order, same(limit)});
        }
        return {sql, is_ordered};
    }

    Query plain() {
        std::vector<Both> items{dice_.one_in(2) ? same("ts") : value(2)};
        while (!dice_.one_in(3))
            items.push_back(value(2));
        return ordered(std::move(items), where(), "SELECT ");
    }
    Query distinct() {
        std::vector<Both> items{value(1)};
        if (dice_.one_in(2)) items.push_back(value(1));
        return ordered(std::move(items), where(), "SELECT DISTINCT ");
    }
    Query grouped() {
        std::vector<Both> items, keys;
        for (std::size_t i = 0; i < dice_.below(4); ++i)
            keys.push_back(i == 0 && dice_.one_in(2) ? same(dice_.one_in(2) ? "word" : "id")
                                                     : column_or_value());
        items = keys;
        do {
            items.push_back(measure());
        } while (!dice_.one_in(3));
        Both middle = where();
        for (std::size_t i = 0; i < keys.size(); ++i)
            middle =
                join({middle, same((i == 0 ? " GROUP BY " : ", ") + std::string("c") + std::to_string(i))});
        if (!keys.empty() && dice_.one_in(3)) {
            const Both what = dice_.one_in(2) ? same("sum(small)") : call("count", value(1));
            middle = join({middle, same(" HAVING "), what, same(" > 3")});
        }
        return ordered(std::move(items), middle, "SELECT ");
    }
    // A constant in SQLite's GROUP BY would be a position.
    Both column_or_value() {
        static const std::vector<std::string> columns{"word", "small", "ok", "raw", "exact"};
        if (dice_.one_in(2)) return same(dice_.of(columns));
        return dice_.one_in(2) ? time() : text(1);
    }

    Dice& dice_;
};

sql::Value sql_value(const TestValue& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* whole = std::get_if<std::int64_t>(&value)) return *whole;
    if (const auto* number = std::get_if<double>(&value)) return *number;
    return std::int64_t{std::get<bool>(value) ? 1 : 0};
}

class Sqlite {
public:
    explicit Sqlite(const std::string& file)
        : database_(sql::open_sqlite({.file = file}).value()), room_(database_->room("logs")) {
        const std::vector<Embedded> files{
            {.path = "0001_logs.sql",
             .content = "CREATE TABLE logs (ts INTEGER, word TEXT, id TEXT, raw TEXT, small INTEGER, large "
                        "INTEGER, exact REAL, ok INTEGER)",
             .gzip = {},
             .brotli = {},
             .hash = {}}};
        REQUIRE(room_.migrate(files).has_value());
    }
    void insert(const std::vector<TestRow>& rows) {
        static const std::vector<std::string> names{"word", "id", "raw", "small", "large", "exact", "ok"};
        for (std::size_t begin = 0; begin < rows.size(); begin += 500) {
            sql::Batch batch;
            for (std::size_t i = begin; i < std::min(begin + 500, rows.size()); ++i) {
                std::vector<sql::Value> values{rows[i].ts};
                for (const auto& name : names) {
                    const auto field = std::ranges::find(rows[i].fields, name, &TestField::name);
                    values.push_back(field == rows[i].fields.end() ? sql::Value{} : sql_value(field->value));
                }
                batch.add({.sql = "INSERT INTO logs VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                           .parameters = std::move(values)});
            }
            const auto done = room_.write({.until = in(Millis{60'000})}, std::move(batch));
            REQUIRE_MESSAGE(done.has_value(), (done ? "" : done.error().detail));
        }
    }
    Result<sql::Rows> read(const std::string& query) {
        return room_.read({.until = in(Millis{60'000})}, query, {});
    }

private:
    std::unique_ptr<sql::Database> database_;
    sql::Room& room_;
};

std::string shown(double number) {
    char text[40];
    std::snprintf(text, sizeof text, "%.12g", number == 0 ? 0.0 : number);
    return text;
}

std::string shown(const Value& value) {
    if (value.is_null()) return "NULL";
    if (value.type() == Type::text) return "'" + std::string(value.text()) + "'";
    return shown(value.type() == Type::number ? value.number() : static_cast<double>(value.integer()));
}

std::string shown(const sql::Row& row, std::size_t column, Type type) {
    if (row.is_null(column)) return "NULL";
    if (type == Type::text) return "'" + row.text(column) + "'";
    if (type == Type::number) return shown(row.number(column));
    return shown(static_cast<double>(row.integer(column)));
}

std::vector<std::string> lines_of(const Answer& answer) {
    std::vector<std::string> lines(answer.row_count);
    for (std::size_t row = 0; row < answer.row_count; ++row)
        for (std::size_t column = 0; column < answer.columns.size(); ++column)
            lines[row] += shown(answer.at(row, column)) + " ";
    return lines;
}

std::vector<std::string> lines_of(const sql::Rows& rows, const Answer& answer) {
    std::vector<std::string> lines;
    for (const sql::Row row : rows) {
        std::string line;
        for (std::size_t column = 0; column < row.columns(); ++column)
            line += shown(row, column, answer.columns[column].type) + " ";
        lines.push_back(std::move(line));
    }
    return lines;
}

void compare(const Snapshot& snapshot, Sqlite& sqlite, Dice& dice, QueryThreads& threads) {
    std::size_t compared = 0;
    for (std::size_t i = 0; i < queries_count; ++i) {
        const auto query = Queries(dice).query();
        CAPTURE(query.sql.ours);
        CAPTURE(query.sql.theirs);
        const auto ours = run(snapshot, query.sql.ours,
                              {.threads = &threads, .workers = 1 + static_cast<unsigned>(dice.below(3))});
        REQUIRE_MESSAGE(ours.has_value(), (ours ? "" : ours.error().message));
        const auto theirs = sqlite.read(query.sql.theirs);
        REQUIRE_MESSAGE(theirs.has_value(), (theirs ? "" : theirs.error().detail));
        auto our_lines = lines_of(*ours), their_lines = lines_of(*theirs, *ours);
        if (!query.is_ordered) {
            std::ranges::sort(our_lines);
            std::ranges::sort(their_lines);
        }
        REQUIRE(our_lines.size() == their_lines.size());
        for (std::size_t line = 0; line < our_lines.size(); ++line)
            REQUIRE(our_lines[line] == their_lines[line]);
        if (!our_lines.empty()) ++compared;
    }
    CHECK(compared > queries_count / 2);
}

}  // namespace

TEST_CASE("random queries over the tail answer what SQLite answers") {
    Dice dice(seed_of_run());
    const auto rows = random_table(dice);
    const TestFolder folder;
    Sqlite sqlite(folder.path() + "/logs.db");
    sqlite.insert(rows);
    QueryThreads threads(2);
    compare(snapshot_of(rows, 700), sqlite, dice, threads);
}

TEST_CASE("random queries over segments on the disk answer what SQLite answers") {
    Dice dice(seed_of_run() + 1);
    const auto rows = random_table(dice);
    const TestFolder folder;
    Sqlite sqlite(folder.path() + "/logs.db");
    sqlite.insert(rows);
    SystemClock clock;
    std::filesystem::create_directory(folder.path() + "/store");
    const auto store =
        Store::open({.folder = folder.path() + "/store", .merge_count = 3}, disk::real_disk(), clock).value();
    for (std::size_t begin = 0; begin < rows.size(); begin += 300) {
        Rows batch;
        for (std::size_t i = begin; i < std::min(begin + 300, rows.size()); ++i)
            put(batch, rows[i]);
        REQUIRE(store->write(std::move(batch), in(Millis{60'000})).has_value());
        if (begin < 1'200) REQUIRE(store->settle(in(Millis{60'000})).has_value());
    }
    QueryThreads threads(2);
    const Snapshot snapshot = store->snapshot();
    CHECK(std::ranges::any_of(snapshot.parts, [](const auto& part) { return part->is_on_disk(); }));
    CHECK(std::ranges::any_of(snapshot.parts, [](const auto& part) { return !part->is_on_disk(); }));
    compare(snapshot, sqlite, dice, threads);
}

TEST_CASE("quantiles are those of the sorted values") {
    Dice dice(seed_of_run() + 2);
    for (std::size_t round = 0; round < 200; ++round) {
        std::vector<TestRow> rows;
        std::vector<double> values;
        for (std::size_t i = 0; i < 1 + dice.below(60); ++i) {
            values.push_back((static_cast<double>(dice.below(50)) - 10) * quarter);
            rows.push_back({begin_ms, {{"x", values.back()}}});
        }
        std::ranges::sort(values);
        const double level = static_cast<double>(dice.below(101)) / 100;
        const double place = level * static_cast<double>(values.size() - 1);
        const auto low = static_cast<std::size_t>(place), high = std::min(low + 1, values.size() - 1);
        const double between =
            values[low] + (values[high] - values[low]) * (place - static_cast<double>(low));
        const auto exact =
            std::min(static_cast<std::size_t>(level * static_cast<double>(values.size())), values.size() - 1);
        const std::string sql = "SELECT quantile(" + std::to_string(level) + ")(x), quantileExact(" +
                                std::to_string(level) + ")(x) FROM logs";
        const Answer answer = answer_of(snapshot_of(rows, 13), sql);
        CHECK(answer.at(0, 0).number() == doctest::Approx(between));
        CHECK(answer.at(0, 1).number() == values[exact]);
    }
}

TEST_CASE("a query sees the rows of its snapshot and no others, while more arrive") {
    constexpr std::int64_t rows_max = 40'000, batch_rows = 100;
    Tail tail(1);
    std::atomic<bool> done{false};
    std::atomic<std::size_t> answered{0};
    QueryThreads threads(1);
    const auto look = [&] {
        for (std::size_t round = 0; round < 1'000 && (!done || round < 20); ++round) {
            const Snapshot snapshot{{tail.snapshot()}, {}};
            const auto n = static_cast<std::int64_t>(snapshot.parts[0]->rows());
            const auto answer =
                run(snapshot,
                    "SELECT count(), sum(n), max(n), uniqExact(who), max(ts) FROM logs WHERE who LIKE 'w%'",
                    {.threads = &threads, .workers = 2});
            const std::string expected = std::to_string(n) + "," + std::to_string(n * (n - 1) / 2) + "," +
                                         std::to_string(n - 1) + "," +
                                         std::to_string(std::min<std::int64_t>(n, 777)) + "," +
                                         iso8601(begin_ms + n - 1) + "\r\n";
            std::string found;
            if (answer) append_csv_row(found, *answer, 0);
            if (found == expected)
                ++answered;
            else
                FAIL_CHECK(found << " instead of " << expected);
        }
    };
    const auto append_from = [&tail](std::int64_t begin) {
        std::vector<TestRow> rows;
        for (std::int64_t i = begin; i < begin + batch_rows; ++i)
            rows.push_back({begin_ms + i, {{"n", i}, {"who", "w" + std::to_string(i % 777)}}});
        append(tail, rows);
    };
    append_from(0);
    std::vector<std::thread> readers;
    for (int i = 0; i < 2; ++i)
        readers.emplace_back(look);
    for (std::int64_t begin = batch_rows; begin < rows_max; begin += batch_rows)
        append_from(begin);
    done = true;
    for (auto& reader : readers)
        reader.join();
    CHECK(answered > 0);
}
