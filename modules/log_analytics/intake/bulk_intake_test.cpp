#include "modules/log_analytics/intake/bulk_intake.h"

#include "modules/log_analytics/intake/testing.h"

using namespace jebi;
using namespace jebi::log_analytics;

namespace {

Bulk taken(std::string_view body, std::string_view index = "") {
    auto bulk = take_bulk(body, index, arrival_ms);
    if (!bulk) FAIL_CHECK("refused: " << bulk.error().message);
    return bulk ? std::move(*bulk) : Bulk{};
}

}  // namespace

TEST_CASE("a bulk as Filebeat sends it becomes rows, with the index and the id") {
    const Bulk bulk = taken(R"({"create":{"_index":"filebeat-8","_id":"a1"}}
{"@timestamp":"2025-11-22T11:58:05.123Z","message":"hello","agent":{"name":"web1"}}
{"index":{"_index":"filebeat-8"}}
{"message":"again"}
)");
    CHECK(
        shown(bulk.batch) ==
        Texts{
            R"(@2025-11-22T11:58:05.123Z @timestamp="2025-11-22T11:58:05.123Z" message="hello" agent.name="web1" )"
            R"(_index="filebeat-8" event_id="filebeat-8/a1")",
            R"(message="again" _index="filebeat-8")"});
    CHECK(bulk_answer(bulk, Millis{7}) ==
          R"({"took":7,"errors":false,"items":[)"
          R"({"create":{"_index":"filebeat-8","_id":"a1","status":201,"result":"created"}},)"
          R"({"index":{"_index":"filebeat-8","status":201,"result":"created"}}]})");
}

TEST_CASE("the address names the index where an action does not") {
    const Bulk bulk = taken(
        "{\"index\":{}}\n{\"a\":1}\n{\"index\":{\"_index\":\"own\",\"_id\":7}}\r\n{\"a\":2}\r\n", "logs");
    CHECK(shown(bulk.batch) == Texts{R"(a=1 _index="logs")", R"(a=2 _index="own" event_id="own/7")"});
    CHECK(shown(taken("{\"index\":{\"_id\":\"7\"}}\n{\"a\":1}\n").batch) == Texts{R"(a=1 event_id="7")"});
}

TEST_CASE("an event's own event_id and _index win") {
    const Bulk bulk =
        taken("{\"index\":{\"_index\":\"i\",\"_id\":\"7\"}}\n{\"event_id\":\"mine\",\"_index\":\"own\"}\n");
    CHECK(shown(bulk.batch) == Texts{R"(event_id="mine" _index="own")"});
}

TEST_CASE("each refused item is told, and the good ones are kept") {
    const Bulk bulk = taken(
        "{\"index\":{}}\n{\"a\":\n{\"delete\":{\"_id\":\"1\"}}\n{\"update\":{\"_id\":\"2\"}}\n{\"doc\":{"
        "\"a\":1}}\n"
        "{\"create\":{}}\n{}\n{\"create\":{}}\n[1]\n{\"create\":{}}\n{\"a\":1}{\"b\":2}\n{\"create\":{}}\n{"
        "\"ok\":true}\n");
    CHECK(shown(bulk.batch) == Texts{"ok=true"});
    REQUIRE(bulk.items.size() == 7);
    CHECK(bulk.items[0].why.find("ends too early") != std::string::npos);
    CHECK(bulk.items[1].why == "Log events are not changed: only \"create\" and \"index\" are taken.");
    CHECK(bulk.items[2].why == bulk.items[1].why);
    CHECK(bulk.items[3].why == "The event has no content.");
    CHECK(bulk.items[4].why == "A log event is a JSON object; this is an array.");
    CHECK(bulk.items[5].why.find("something follows") != std::string::npos);
    CHECK(bulk.items[6].why.empty());
    CHECK(bulk.batch.refused == 6);
    const std::string answer = bulk_answer(bulk, Millis{1});
    CHECK(answer.find("\"errors\":true") != std::string::npos);
    CHECK(
        answer.find(
            R"({"delete":{"_id":"1","status":400,"error":{"type":"document_parsing_exception","reason":"Log)") !=
        std::string::npos);
    CHECK(json::parse(answer));
}

TEST_CASE("a body that is no bulk is refused whole") {
    for (const char* body : {"{\"a\":1}\n{\"b\":2}\n", "x\n", "{\"index\":{}}", "{\"index\":{}}\n", "[]\n",
                             "{\"index\":{},\"create\":{}}\n{\"a\":1}\n", "{}\n{\"a\":1}\n"}) {
        CAPTURE(body);
        const auto bulk = take_bulk(body, "", arrival_ms);
        REQUIRE_FALSE(bulk);
        CHECK(bulk.error().code == Code::invalid);
    }
    CHECK(take_bulk("{\"index\":{}}\n{\"a\":1}\nx\n{\"a\":1}\n", "", arrival_ms)
              .error()
              .message.starts_with("Line 3 of"));
    CHECK(taken("").items.empty());
}

TEST_CASE("a bulk has a bound of its actions") {
    std::string body;
    for (std::size_t i = 0; i <= Bulk::items_max; ++i)
        body += "{\"delete\":{}}\n";
    CHECK(take_bulk(body, "", arrival_ms).error().code == Code::exhausted);
}
