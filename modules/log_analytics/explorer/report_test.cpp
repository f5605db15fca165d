#include "modules/log_analytics/explorer/report.h"

#include "modules/log_analytics/query/testing.h"

namespace jebi::log_analytics {

namespace {

using query::TestRow;

constexpr WallMs hour_ms = 3'600'000;
constexpr WallMs begin = 500'000 * hour_ms;

std::string report_of(const std::vector<TestRow>& rows, ReportOptions options = {}) {
    auto report = report_html(query::snapshot_of(rows, 7), options);
    REQUIRE_MESSAGE(report.has_value(), (report ? "" : report.error().message));
    return std::move(*report);
}

TestRow visit(WallMs after, const char* ip, const char* path, int status, int bytes, double ms) {
    return {begin + after,
            {{"ip", ip},
             {"path", path},
             {"status", status},
             {"bytes", bytes},
             {"latency_ms", ms},
             {"user_agent", "curl/8"}}};
}

std::size_t count_of(const std::string& text, std::string_view piece) {
    std::size_t count = 0;
    for (auto at = text.find(piece); at != text.npos; at = text.find(piece, at + 1))
        ++count;
    return count;
}

}  // namespace

TEST_CASE("a report counts visitors, pages, failures and bytes") {
    const std::string report = report_of({visit(0, "203.0.113.7", "/a", 200, 1'024, 1),
                                          visit(hour_ms, "203.0.113.7", "/a", 200, 1'024, 3),
                                          visit(30 * hour_ms, "203.0.113.8", "/b", 503, 0, 4'500)});
    CHECK(report.contains("<dt>Requests</dt><dd>3</dd>"));
    CHECK(report.contains("<dt>Visitors</dt><dd>2</dd>"));
    CHECK(report.contains("<dt>Bytes sent</dt><dd>2.00 KiB</dd>"));
    CHECK(report.contains("<dt>Server errors</dt><dd>1 (33.3 %)</dd>"));
    CHECK(report.contains("a bar for 1 h<"));
    // A bar for each hour with requests.
    CHECK(count_of(report, "UTC: 1</title>") == 3);
    CHECK(report.find("<bdi>/a</bdi>") < report.find("<bdi>/b</bdi>"));
    CHECK(report.contains("4.50 s"));
}

TEST_CASE("a section without its fields is left out") {
    const std::string report = report_of({{begin, {{"message", "hello"}}}});
    CHECK(report.contains("<dt>Requests</dt><dd>1</dd>"));
    for (const char* section : {"Visitors</dt>", "Status codes", "Latency by route", "Slowest", "Bytes sent"})
        CHECK_MESSAGE(!report.contains(section), section);
}

TEST_CASE("a report of nothing says so") {
    CHECK(report_of({}).contains("There are no rows."));
}

TEST_CASE("a report shows hostile values as text, and stands alone") {
    const std::string report =
        report_of({visit(0, "\"><script>alert(1)</script>", "</style><img src=//evil.example>", 200, 1, 1)},
                  {.title = "<b>"});
    CHECK(!report.contains("<script"));
    CHECK(!report.contains("<img"));
    CHECK(!report.contains("<b>"));
    CHECK(!report.contains("href="));
    CHECK(!report.contains("src=\""));
    CHECK(report.contains("&lt;/style&gt;"));
}

TEST_CASE("a report is in Korean when asked") {
    const std::string report = report_of({visit(0, "::1", "/", 200, 1, 1)}, {.language = Language::korean});
    CHECK(report.contains("<html lang=\"ko\">"));
    CHECK(report.contains("방문자"));
}

TEST_CASE("a condition bounds all of a report") {
    const std::string report =
        report_of({visit(0, "1.1.1.1", "/in", 200, 1, 1), visit(1, "2.2.2.2", "/out", 200, 1, 1)},
                  {.where = "path = '/in' OR path = '/never'"});
    CHECK(report.contains("<dt>Requests</dt><dd>1</dd>"));
    CHECK(!report.contains("/out"));
}

TEST_CASE("status and latency that are a text in some rows are counted where they are numbers") {
    const std::string report =
        report_of({visit(0, "1.1.1.1", "/a", 500, 1, 7),
                   {begin, {{"status", "ok"}, {"latency_ms", "slow"}, {"path", "/a"}}}});
    CHECK(report.contains("<dt>Server errors</dt><dd>1 (50.0 %)</dd>"));
    CHECK(report.contains("7.00 ms"));
}

TEST_CASE("of several names for the same thing, the one that most rows have counts") {
    std::vector<TestRow> rows(3, visit(0, "1.1.1.1", "/often", 200, 1, 1));
    rows.push_back({begin, {{"originalUrl", "/once"}}});
    const std::string report = report_of(rows);
    CHECK(report.contains("/often"));
    CHECK(!report.contains("/once"));
}

TEST_CASE("a report of a server is made of what it answers, and fails with it") {
    const ReportSource source{{}, [](const std::string&) -> Result<query::Answer> {
                                  return fail(Code::unavailable, "The server is away.");
                              }};
    const auto report = report_html(source, {});
    REQUIRE(!report.has_value());
    CHECK(report.error().message == "The server is away.");
}

}  // namespace jebi::log_analytics
