#include "modules/log_analytics/intake/access_log.h"

#include "modules/log_analytics/intake/testing.h"

using namespace jebi;
using namespace jebi::log_analytics;

namespace {

// The row of a line, or "none".
std::string row_of(std::string_view line) {
    Batch batch;
    RowMaker maker{batch};
    if (!begin_access_log_row(line, maker)) return "none";
    maker.end();
    return batch.rows.empty() ? "refused" : shown(batch).front();
}

const std::string head = "203.0.113.7 - - [10/Oct/2000:13:55:36 -0700] ";
const std::string shown_head = "@2000-10-10T20:55:36.000Z ip=\"203.0.113.7\" ";

}  // namespace

TEST_CASE("common and combined lines become fields") {
    CHECK(
        row_of(R"(127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326)") ==
        R"(@2000-10-10T20:55:36.000Z ip="127.0.0.1" user="frank" method="GET" path="/apache_pb.gif" protocol="HTTP/1.0" status=200 bytes=2326)");
    CHECK(
        row_of(
            R"(2001:db8::1 id kim lee [01/Jan/2026:00:00:00 +0900] "POST /a?b=1 HTTP/1.1" 404 - "http://x/" "Mozilla/5.0 \"odd\" x")") ==
        R"(@2025-12-31T15:00:00.000Z ip="2001:db8::1" ident="id" user="kim lee" method="POST" path="/a?b=1" protocol="HTTP/1.1" status=404 referer="http://x/" user_agent="Mozilla/5.0 \"odd\" x")");
}

TEST_CASE("what is missing is absent, what follows is kept") {
    CHECK(row_of(head + R"("-" 400 0 "-" "-")") == shown_head + "status=400 bytes=0");
    CHECK(row_of(head + R"("GET /" 200 1 "-" "curl/8" 0.004 "10.0.0.1")") ==
          shown_head + R"(request="GET /" status=200 bytes=1 user_agent="curl/8" rest="0.004 \"10.0.0.1\"")");
    CHECK(row_of(head + R"("\x16\x03\x01" 400 150 "-" "-")") ==
          shown_head + R"(request="\\x16\\x03\\x01" status=400 bytes=150)");
    CHECK(row_of(head + R"("GET /a b HTTP/1.1" 200 1)") ==
          shown_head + R"(method="GET" path="/a b" protocol="HTTP/1.1" status=200 bytes=1)");
    CHECK(row_of(head + "\"GET /\xff HTTP/1.1\" 200 1") ==
          shown_head + "method=\"GET\" path=\"/\xef\xbf\xbd\" protocol=\"HTTP/1.1\" status=200 bytes=1");
}

TEST_CASE("other lines are none") {
    for (const std::string& line :
         {std::string{}, std::string{"hello"}, head, head + "\"GET / HTTP/1.1\"",
          head + "\"GET / HTTP/1.1\" 200", head + "\"GET / HTTP/1.1 200 1", head + "\"GET / HTTP/1.1\" two 1",
          head + "\"GET /\" 200 1x", std::string{"1.1.1.1 - - [yesterday] \"GET / HTTP/1.1\" 200 1"},
          std::string{"1.1.1.1 - - [10/Oct/2000:13:55:36 -0700 \"GET / HTTP/1.1\" 200 1"},
          std::string{"{\"a\":1}"}, head + "\"\\"}) {
        CAPTURE(line);
        CHECK(row_of(line) == "none");
    }
}

TEST_CASE("a line with a field beyond the bound is refused") {
    CHECK(row_of(head + "\"GET /" + std::string(text_bytes_max + 1, 'x') + " HTTP/1.1\" 200 1") == "refused");
}

TEST_CASE("whatever line comes, nothing breaks") {
    Random random;
    for (int round = 0; round < 5'000; ++round)
        row_of(random.changed(head + R"("GET /a\"b HTTP/1.1" 200 1 "http://x/" "curl/8 \\")"));
}
