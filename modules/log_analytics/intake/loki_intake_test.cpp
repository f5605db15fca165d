#include "modules/log_analytics/intake/loki_intake.h"

#include "modules/log_analytics/intake/testing.h"

using namespace jebi;
using namespace jebi::log_analytics;

namespace {

Batch taken(std::string_view body) {
    auto batch = take_loki(body);
    if (!batch) FAIL_CHECK("refused: " << batch.error().message);
    return batch ? std::move(*batch) : Batch{};
}

// One value of one stream with the label app=web.
Batch value(const std::string& json) {
    return taken(R"({"streams":[{"stream":{"app":"web"},"values":[)" + json + "]}]}");
}

}  // namespace

TEST_CASE("labels, lines and structured metadata become fields") {
    const Batch batch = taken(R"({"streams":[
        {"stream":{"app":"web","env":"prod"},
         "values":[["1763812685123456789","GET /"],["1763812686000000000","bye",{"trace_id":"ab"}]]},
        {"stream":{},"values":[["1763812687000000000","bare"]]}]})");
    CHECK(shown(batch) ==
          Texts{R"(@2025-11-22T11:58:05.123Z app="web" env="prod" message="GET /")",
                R"(@2025-11-22T11:58:06.000Z app="web" env="prod" message="bye" trace_id="ab")",
                R"(@2025-11-22T11:58:07.000Z message="bare")"});
}

TEST_CASE("a line that is a JSON object becomes fields, and a name that is there gets a suffix") {
    CHECK(
        shown(value(
            R"(["1763812685000000000","{\"status\":200,\"app\":\"inner\",\"time\":\"2001-01-01T00:00:00Z\"}"])")) ==
        Texts{
            R"(@2025-11-22T11:58:05.000Z app="web" status=200 app_extracted="inner" time="2001-01-01T00:00:00Z")"});
    CHECK(shown(value(R"(["1763812685000000000","x",{"app":"meta"}])")) ==
          Texts{R"(@2025-11-22T11:58:05.000Z app="web" message="x" app_extracted="meta")"});
}

TEST_CASE("a line that only looks like JSON stays a message") {
    for (const char* line :
         {R"({\"a\":1)", R"({a:1})", R"({\"a\":1} x)", R"({\"\":1})", R"({\"b\":1,\"c\":{)"}) {
        CAPTURE(line);
        const auto rows = shown(value("[\"1763812685000000000\",\"" + std::string(line) + "\"]"));
        REQUIRE(rows.size() == 1);
        CHECK(rows[0] == "@2025-11-22T11:58:05.000Z app=\"web\" message=\"" + std::string(line) + "\"");
    }
}

TEST_CASE("a value that is none is refused alone") {
    for (const char* bad :
         {"[]", "[1763812685000000000,\"x\"]", "[\"1763812685000000000\"]", "\"x\"", "[\"soon\",\"x\"]",
          "[\"5\",\"x\"]", "[\"1763812685000000000\",{}]", "[\"1763812685000000000\",\"x\",{\"a\":1}]"}) {
        CAPTURE(bad);
        const Batch batch = value(std::string(bad) + R"(,["1763812685000000000","good"])");
        CHECK(shown(batch).size() == 1);
        CHECK(batch.refused == 1);
    }
}

TEST_CASE("a body that is no push is refused whole") {
    for (const char* body :
         {"", "x", "{}", "[]", R"({"streams":{}})", R"({"streams":[{}]})", R"({"streams":[1]})",
          R"({"streams":[{"stream":[],"values":[]}]})", R"({"streams":[{"values":1}]})"}) {
        CAPTURE(body);
        CHECK(take_loki(body).error().code == Code::invalid);
    }
}

TEST_CASE("labels that every row repeats do not make a small push large without bound") {
    std::string values;
    for (int i = 0; i < 200; ++i)
        values += std::string(i == 0 ? "" : ",") + R"(["1763812685000000000","x"])";
    const Batch batch = taken(R"({"streams":[{"stream":{"l":")" + std::string(1'000'000, 'x') +
                              R"("},"values":[)" + values + "]}]}");
    CHECK(batch.rows.bytes() < Batch::bytes_max + 1'100'000);
    CHECK(batch.refused > 100);
}

TEST_CASE("whatever bytes come as a push, nothing breaks") {
    Random random;
    const std::string push =
        R"({"streams":[{"stream":{"app":"web"},"values":[["1763812685123456789","{\"a\":[1,{\"b\":2}]}",{"m":"x"}]]}]})";
    for (int round = 0; round < 3'000; ++round) {
        const std::string body = random.changed(push);
        CAPTURE(body);
        const auto batch = take_loki(body);
        if (batch) CHECK(shown(*batch).size() == batch->rows.count());
    }
}
