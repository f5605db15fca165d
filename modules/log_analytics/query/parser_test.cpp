#include <doctest/doctest.h>

#include "modules/log_analytics/query/complaint.h"
#include "modules/log_analytics/query/lexer.h"
#include "modules/log_analytics/query/syntax.h"
#include "modules/log_analytics/query/time_text.h"

using namespace jebi;
using namespace jebi::log_analytics::query;

namespace {

std::string said(const Expression& expression) {
    using Kind = Expression::Kind;
    if (expression.kind == Kind::literal && expression.type == Type::text) return "'" + expression.name + "'";
    if (expression.kind == Kind::literal && expression.type == Type::nothing) return "NULL";
    if (expression.kind == Kind::literal && expression.type == Type::number)
        return std::to_string(expression.number);
    if (expression.kind == Kind::literal || expression.kind == Kind::interval)
        return std::to_string(expression.integer);
    if (expression.kind != Kind::call) return expression.name;
    std::string text = expression.name;
    for (const auto* list : {&expression.parameters, &expression.arguments}) {
        if (list->empty() && list == &expression.parameters) continue;
        text += "(";
        for (const auto& argument : *list)
            text += (text.ends_with('(') ? "" : ", ") + said(argument);
        text += ")";
    }
    return text;
}

std::string where(std::string_view condition) {
    const auto select = parse("SELECT a FROM logs WHERE " + std::string(condition));
    return select ? said(*select->where) : select.error().message;
}

std::string wrong(std::string_view query) {
    const auto select = parse(query);
    return select ? "parsed" : select.error().message;
}

}  // namespace

TEST_CASE("operators bind as in SQL") {
    CHECK(where("a + b * c - d") == "minus(plus(a, multiply(b, c)), d)");
    CHECK(where("a = 1 AND b = 2 OR NOT c = 3 AND d") ==
          "or(and(equals(a, 1), equals(b, 2)), and(not(equals(c, 3)), d))");
    CHECK(where("(a OR b) AND c") == "and(or(a, b), c)");
    CHECK(where("a AND b AND c AND d") == "and(a, b, c, d)");
    CHECK(where("-a * -2 - -3") == "minus(multiply(negate(a), -2), -3)");
    CHECK(where("a || 'x' = 'yx'") == "equals(concat(a, 'x'), 'yx')");
    CHECK(where("a BETWEEN 1 AND 2 AND b") == "and(between(a, 1, 2), b)");
    CHECK(where("a NOT BETWEEN 1 AND 2") == "not(between(a, 1, 2))");
    CHECK(where("a NOT IN (1, 'x') AND b NOT LIKE 'y%' AND c ILIKE 'z'") ==
          "and(not(in(a, 1, 'x')), not(like(b, 'y%')), ilike(c, 'z'))");
    CHECK(where("a IS NULL OR b IS NOT NULL") == "or(isNull(a), isNotNull(b))");
    CHECK(where("a % 2 <> 1") == "notEquals(modulo(a, 2), 1)");
    CHECK(where("CASE WHEN a THEN 1 ELSE 2 END") == "multiIf(a, 1, 2)");
    CHECK(where("ts > now() - INTERVAL 2 HOUR") == "greater(ts, minus(now(), 7200000))");
    CHECK(where("quantile(0.5)(x) > count(*)") == "greater(quantile(0.500000)(x), count())");
}

TEST_CASE("names may have dots and quotes, texts escapes") {
    CHECK(where("http.status = 1 AND `from` = 2 AND \"a b\".c = 3") ==
          "and(equals(http.status, 1), equals(from, 2), equals(a b.c, 3))");
    CHECK(where("상태 = 'a''b\\'c\\\\d\\x41\\n\\d\\%'") == "equals(상태, 'a'b'c\\dA\n\\d\\%')");
    CHECK(where("a = 1 -- the end\n AND /* not\n this */ b") == "and(equals(a, 1), b)");
}

TEST_CASE("every clause is read, with keywords in any case") {
    const auto select = parse(
        "explain select distinct a, b as c, count(*) d from logs where x group by a, 2 having c > 1 "
        "order by a desc nulls first, 2 limit 5 offset 7 format JSONEachRow;");
    REQUIRE_MESSAGE(select.has_value(), (select ? "" : select.error().message));
    CHECK(select->explain);
    CHECK(select->distinct);
    CHECK(select->items[1].alias == "c");
    CHECK(select->items[2].alias == "d");
    CHECK(select->group_by.size() == 2);
    CHECK(select->order_by[0].descending);
    CHECK(select->order_by[0].nulls_first);
    CHECK(select->limit == 5);
    CHECK(select->offset == 7);
    CHECK(select->format == "JSONEachRow");
    CHECK(parse("SELECT a FROM logs LIMIT 7, 5")->offset == 7);
}

TEST_CASE("what is wrong is said with line, column, what is there, what was expected, and what was meant") {
    CHECK(wrong("") == "Line 1, column 1: the query ends here, expected SELECT.");
    CHECK(wrong("SELEC a") == "Line 1, column 1: found 'SELEC', expected SELECT. Did you mean 'SELECT'?");
    CHECK(wrong("SELECT a FORM logs") ==
          "Line 1, column 10: found 'FORM', expected a comma or FROM logs. Did you mean 'FROM'?");
    CHECK(wrong("SELECT a\nFROM log") == "Line 2, column 6: there is no table 'log'. The one table is logs.");
    CHECK(wrong("SELECT a FROM logs WERE b = 1") ==
          "Line 1, column 20: found 'WERE', expected WHERE, GROUP BY, HAVING, ORDER BY, LIMIT, FORMAT, or "
          "the end. Did you mean 'WHERE'?");
    CHECK(wrong("SELECT a FROM logs WHERE b =") ==
          "Line 1, column 29: the query ends here, expected a column, a value or a function.");
    CHECK(wrong("SELECT a FROM logs WHERE (b = 1") ==
          "Line 1, column 32: the query ends here, expected ')' or an operator.");
    CHECK(wrong("SELECT a FROM logs WHERE b = 'x") ==
          "Line 1, column 30: this quote has no end. Expected ' behind it.");
    CHECK(wrong("SELECT a FROM logs WHERE 한글 ? 1") ==
          "Line 1, column 29: found '?', which means nothing in a query.");
    CHECK(wrong("SELECT a FROM logs WHERE b IN ()") ==
          "Line 1, column 26: IN () has no values. Expected at least one.");
    CHECK(wrong("SELECT a FROM logs LIMIT ten") ==
          "Line 1, column 26: found 'ten', expected a number of rows.");
    CHECK(wrong("SELECT a FROM logs ORDER a") == "Line 1, column 26: found 'a', expected BY.");
    CHECK(
        wrong("SELECT a FROM logs WHERE ts > now() - INTERVAL 5 MINUTS").contains("Did you mean 'MINUTE'?"));
    CHECK(wrong("SELECT 12abc FROM logs").contains("runs into a name"));
    CHECK(wrong("SELECT a FROM logs /* x").contains("no end"));
    CHECK(wrong("SELECT `` FROM logs").contains("empty"));
    CHECK(parse("SELECT a FROM logs WHERE x y").error().reason == "syntax");
    CHECK(parse("SELECT a\nFROM logs WHERE x y").error().field == "2:19");
}

TEST_CASE("queries are bounded in size and depth") {
    CHECK(wrong("SELECT " + std::string(70'000, 'a')).contains("at most 65536"));
    CHECK(wrong("SELECT " + std::string(5'000, '(') + "a").contains("too deeply"));
    std::string sum = "a";
    for (int i = 0; i < 5'000; ++i)
        sum += "+a";
    CHECK(wrong("SELECT " + sum + " FROM logs").contains("too deeply"));
    std::string chain = "a=1";
    for (int i = 0; i < 5'000; ++i)
        chain += " OR a=2";
    CHECK(wrong("SELECT a FROM logs WHERE " + chain) == "parsed");
    std::string negated;
    for (int i = 0; i < 5'000; ++i)
        negated += "NOT ";
    CHECK(wrong("SELECT a FROM logs WHERE " + negated + "b").contains("too deeply"));
    CHECK(wrong("SELECT - - - - a FROM logs") == "parsed");
}

TEST_CASE("the nearest name is found, and none when nothing is near") {
    CHECK(nearest("stauts", {"path", "status", "user"}) == "status");
    CHECK(nearest("STATUS", {"status"}) == "status");
    CHECK_FALSE(nearest("latency", {"path", "status"}).has_value());
    CHECK_FALSE(nearest("", {"path"}).has_value());
    CHECK_FALSE(nearest("x", {}).has_value());
}

TEST_CASE("times are read as ISO 8601 writes them") {
    CHECK(time_from("1970-01-01") == 0);
    CHECK(time_from("2026-11-22T13:58:05.123Z") == 1'795'355'885'123);
    CHECK(time_from("2026-11-22 13:58:05.1239") == 1'795'355'885'123);
    CHECK(time_from("2026-11-22T22:58:05+09:00") == 1'795'355'885'000);
    CHECK(time_from("2026-11-22T13:58") == 1'795'355'880'000);
    CHECK(time_from("1969-12-31T23:59:59.999Z") == -1);
    for (const std::string_view text :
         {"", "2026", "2026-13-01", "2026-02-30", "2026-11-22T", "2026-11-22T25:00", "2026-11-22T12:00x",
          "2026-11-22T12:00:00.", "2026-11-22T12:00+9", "now"})
        CHECK_FALSE(time_from(text).has_value());
}
