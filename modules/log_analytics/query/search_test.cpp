#include "modules/log_analytics/query/search.h"

#include <doctest/doctest.h>

#include "modules/log_analytics/query/testing.h"

using namespace jebi;
using namespace jebi::log_analytics;
using namespace jebi::log_analytics::query;

namespace {

constexpr WallMs noon = 1'795'348'800'000;  // 2026-11-22T12:00:00Z

const Snapshot& visits() {
    static const Snapshot snapshot = snapshot_of({{noon,
                                                   {{"n", 1},
                                                    {"path", "/users"},
                                                    {"status", 200},
                                                    {"latency_ms", 12.5},
                                                    {"level", "info"},
                                                    {"host", "web-1"},
                                                    {"msg", "Deadlock found"}}},
                                                  {noon + 1,
                                                   {{"n", 2},
                                                    {"path", "/users/7"},
                                                    {"status", 500},
                                                    {"latency_ms", 25.0},
                                                    {"level", "error"},
                                                    {"host", "web-2"},
                                                    {"msg", "한국어 오류"},
                                                    {"ok", true}}},
                                                  {noon + 2,
                                                   {{"n", 3},
                                                    {"path", "/"},
                                                    {"status", 404},
                                                    {"latency_ms", 3.0},
                                                    {"host", "db-1"},
                                                    {"msg", "100% (done) it's"},
                                                    {"my field", "x y"}}}});
    return snapshot;
}

std::string where(std::string_view search) {
    const auto made = where_of(search, visits());
    return made ? *made : made.error().message;
}

// The rows that a search finds, by their `n`.
std::string found(std::string_view search) {
    const auto condition = where_of(search, visits());
    REQUIRE_MESSAGE(condition.has_value(), (condition ? "" : condition.error().message));
    return rows_of(visits(), "SELECT n FROM logs" + (condition->empty() ? "" : " WHERE " + *condition));
}

}  // namespace

TEST_CASE("a word is looked for in every text, whatever its case") {
    CHECK(where("deadlock") == "anywhere('deadlock')");
    CHECK(found("deadlock") == "1");
    CHECK(found("\"DEADLOCK found\"") == "1");
    CHECK(found("한국어") == "2");
    CHECK(found("users") == "1|2");
    CHECK(found("it's") == "3");
    CHECK(found("dead*found") == "1");
    CHECK(found("(done)") == "3");
    CHECK(found("\"(done)\"") == "3");
    CHECK(found("") == "1|2|3");
    CHECK(found("   ") == "1|2|3");
}

TEST_CASE("a field is compared as its type wants it") {
    CHECK(where("level:error") == "level = 'error'");
    CHECK(found("path:/users") == "1");
    CHECK(found("path:/users*") == "1|2");
    CHECK(found("host:web*") == "1|2");
    CHECK(found("status:500") == "2");
    CHECK(found("status:>=404") == "2|3");
    CHECK(found("status:<404") == "1");
    CHECK(found("latency_ms:10..20") == "1");
    CHECK(found("latency_ms:12.5..") == "1|2");
    CHECK(found("latency_ms:..12.5") == "1|3");
    CHECK(found("ok:true") == "2");
    CHECK(found("level:*") == "1|2");
    CHECK(found("msg:\"Deadlock found\"") == "1");
    CHECK(found("path:~^/users/\\d+$") == "2");
    CHECK(found("re:/오.|o.{2}\\)/") == "2|3");
    CHECK(found("ts:>=2026-11-22T12:00:00.001") == "2|3");
    CHECK(found("ts:<-15m") == (noon > SystemClock{}.wall_ms() - 900'000 ? "" : "1|2|3"));
}

TEST_CASE("terms are joined, chosen from, and denied; what lacks the field is no match") {
    CHECK(where("a b OR c") == "((anywhere('a') AND anywhere('b')) OR anywhere('c'))");
    CHECK(found("status:>=404 host:web*") == "2");
    CHECK(found("status:200 OR status:404") == "1|3");
    CHECK(found("(status:200 OR status:404) host:db-1") == "3");
    CHECK(found("status:200 AND deadlock") == "1");
    CHECK(found("-level:error") == "1|3");
    CHECK(found("NOT level:error") == "1|3");
    CHECK(found("-(level:error OR level:info)") == "3");
    CHECK(found("-deadlock -status:500") == "3");
}

TEST_CASE("what LIKE, quotes and names mean elsewhere means nothing here") {
    CHECK(where("msg:100%*") == "msg LIKE '100\\\\%%'");
    CHECK(found("msg:100%*") == "3");
    CHECK(found("msg:1_0*") == "");
    CHECK(sql_name("my field") == "`my field`");
    CHECK(sql_name("from") == "`from`");
    CHECK(sql_name("a`b\\") == "`a\\`b\\\\`");
    CHECK(sql_text("it's \\") == "'it\\'s \\\\'");
}

TEST_CASE("a wrong search says where and why") {
    CHECK(where("stauts:5") ==
          "Line 1, column 1: no row has a field 'stauts'. Did you mean 'status'? For the text itself, put "
          "quotes around it.");
    CHECK(where("a status:many") ==
          "Line 1, column 10: 'status' holds values of type integer, found 'many'.");
    CHECK(where("(a") == "Line 1, column 1: this '(' has no ')'.");
    CHECK(where("a)") == "Line 1, column 2: found ')' without its '('.");
    CHECK(where("\"a") == "Line 1, column 1: this quote has no end. Expected \" behind it.");
    CHECK(where("a OR") == "Line 1, column 5: expected a word, or field:value.");
    CHECK(where("level:") == "Line 1, column 7: expected a value behind 'level':");
    CHECK(where("path:~(").starts_with("Line 1, column 7: this regular expression cannot be used: missing"));
    CHECK(where("ts:>noon").starts_with("Line 1, column 5: 'noon' is no time."));
    CHECK(where(std::string(60, '(') + "a").contains("nested too deeply"));
    CHECK(where(std::string(60, '-') + "a").contains("nested too deeply"));
    CHECK(where(std::string(5'000, 'a')).contains("over 4096 bytes"));
}

TEST_CASE("a usual field may be searched before any row has it") {
    CHECK(where("trace_id:abc") == "trace_id = 'abc'");
    CHECK(found("trace_id:abc") == "");
    CHECK(where_of("whatever:>5", Snapshot{}).value() == "whatever > '5'");
}
