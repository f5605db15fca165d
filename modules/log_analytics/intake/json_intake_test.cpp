#include "modules/log_analytics/intake/json_intake.h"

#include "kit/base/compress.h"
#include "modules/log_analytics/intake/testing.h"

using namespace jebi;
using namespace jebi::log_analytics;

namespace {

Batch taken(std::string_view body, std::string_view type = "") {
    auto batch = take_json(body, type, arrival_ms);
    if (!batch) FAIL_CHECK("refused: " << batch.error().message);
    return batch ? std::move(*batch) : Batch{};
}

Texts rows_of(std::string_view body, std::string_view type = "") {
    const Batch batch = taken(body, type);
    CHECK(refusals(batch) == "");
    return shown(batch);
}

std::string repeated(std::size_t count, const auto& piece) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text += (i == 0 ? "" : ",") + piece(i);
    return text;
}

}  // namespace

TEST_CASE("the workshop's requests are taken as they are") {
    CHECK(rows_of(R"({"ip":"::1","originalUrl":"/users","userID":"kim"})", "text/plain;charset=UTF-8") ==
          Texts{R"(ip="::1" originalUrl="/users" userID="kim")"});
    CHECK(rows_of("{\n    \"originalUrl\": \"/tweets\",\n    \"req\": \"GET\",\n    \"user\": 7\n}",
                  "application/json") == Texts{R"(originalUrl="/tweets" req="GET" user=7)"});
}

TEST_CASE("one object, an array, and lines are taken") {
    CHECK(rows_of("{\"a\":1}") == Texts{"a=1"});
    CHECK(rows_of(" [ {\"a\":1} , {\"b\":\"x\"} ] ") == Texts{"a=1", "b=\"x\""});
    CHECK(rows_of("{\"a\":1}\n{\"a\":2}\n") == Texts{"a=1", "a=2"});
    CHECK(rows_of("\r\n{\"a\":1}\r\n\r\n  \n{\"a\":2}\r\n{\"a\":3}") == Texts{"a=1", "a=2", "a=3"});
    CHECK(rows_of("{\"a\":1}{\"a\":2} {\"a\":3}\n{\"a\":4}") == Texts{"a=1", "a=2", "a=3", "a=4"});
    CHECK(rows_of("[]").empty());
}

TEST_CASE("objects over several lines may follow each other") {
    CHECK(rows_of("{\n \"a\": 1\n}\n{\n \"a\": {\"b\": 2}\n}\n") == Texts{"a=1", "a.b=2"});
}

TEST_CASE("a body that is a JSON string with JSON in it is unwrapped once") {
    CHECK(rows_of(R"("{\"a\":\"x\\ny\"}")") == Texts{R"(a="x\ny")"});
    CHECK(rows_of(R"("[{\"a\":1},{\"a\":2}]")") == Texts{"a=1", "a=2"});
    CHECK(refusals(taken(R"("\"{}\"")")) == "0: A log event is a JSON object; this is a text.");
    CHECK(refusals(taken(R"("hello")")).starts_with("0: This is no valid JSON"));
}

TEST_CASE("a form is taken when the content type says so and the body does not look like JSON") {
    const char* form = "application/x-www-form-urlencoded";
    CHECK(rows_of("path=%2Fa+b&user=7", form) == Texts{R"(path="/a b" user="7")"});
    CHECK(rows_of("{\"a\":1}", form) == Texts{"a=1"});  // as `curl -d` sends it
    CHECK_FALSE(take_json("a=%zz", form, arrival_ms));
    CHECK(taken("path=/").rows.empty());
}

TEST_CASE("nested objects become names with dots, arrays stay JSON, null and {} are absent") {
    CHECK(
        rows_of(
            R"({"req":{"method":"GET","headers":{"host":"h"}},"tags":[1, "a b"],"no":null,"empty":{},"ok":true,"f":0.5})") ==
        Texts{R"(req.method="GET" req.headers.host="h" tags="[1,\"a b\"]" ok=true f=~0.5)"});
    CHECK(rows_of(R"({"a":{"b":{"c":1},"d":2},"e":3,"f":{"g":4}})") == Texts{"a.b.c=1 a.d=2 e=3 f.g=4"});
    CHECK(rows_of(R"({"n":123456789012345678901})") == Texts{R"(n="123456789012345678901")"});
}

TEST_CASE("a field may have several kinds, from row to row") {
    CHECK(rows_of("{\"a\":1}\n{\"a\":\"x\"}\n{\"a\":1.5}\n{\"a\":false}\n{\"a\":2}") ==
          Texts{"a=1", "a=\"x\"", "a=~1.5", "a=false", "a=2"});
}

TEST_CASE("the time comes from the event when it has one") {
    CHECK(rows_of(R"({"ts":1763812685123,"a":1})") == Texts{"@2025-11-22T11:58:05.123Z a=1"});
    CHECK(rows_of(R"({"a":1,"time":"2025-11-22T20:58:05+09:00"})") ==
          Texts{R"(@2025-11-22T11:58:05.000Z a=1 time="2025-11-22T20:58:05+09:00")"});
    CHECK(rows_of(R"({"@timestamp":1763812685.5})") ==
          Texts{"@2025-11-22T11:58:05.500Z @timestamp=~1763812685.5"});
    CHECK(rows_of(R"({"_time":1763812686,"timestamp":1763812685,"time":1763812687})") ==
          Texts{"@2025-11-22T11:58:05.000Z _time=1763812686 timestamp=1763812685 time=1763812687"});
    CHECK(rows_of(R"({"timestamp":1763812685,"ts":1763812686})") ==
          Texts{"@2025-11-22T11:58:06.000Z timestamp=1763812685"});
    CHECK(rows_of(R"([{"ts":1763812685123,"a":1},{"a":2}])") ==
          Texts{"@2025-11-22T11:58:05.123Z a=1", "a=2"});
}

TEST_CASE("what is no time does not become one, and a ts that is none is kept") {
    CHECK(rows_of(R"({"time":0.25,"a":1})") == Texts{"time=~0.25 a=1"});
    CHECK(rows_of(R"({"ts":"soon","a":1})") == Texts{"_ts=\"soon\" a=1"});
    CHECK(rows_of(R"({"ts":[1],"a":{"ts":1763812685123}})") == Texts{"_ts=\"[1]\" a.ts=1763812685123"});
    CHECK(rows_of(R"({"ts":"0001-01-01T00:00:00Z","time":1763812685})") ==
          Texts{R"(@2025-11-22T11:58:05.000Z _ts="0001-01-01T00:00:00Z" time=1763812685)"});
}

TEST_CASE("an event without content is refused") {
    for (const char* body :
         {"{}", "{\"a\":null}", "{\"a\":{}}", "{\"ts\":1763812685123}", "{\"a\":{\"b\":null}}"}) {
        CAPTURE(body);
        const Batch batch = taken(body);
        CHECK(shown(batch).empty());
        CHECK(refusals(batch) == "0: The event has no content: not one field with a value.");
        CHECK(has_rows(batch).error().code == Code::invalid);
    }
    CHECK(has_rows(taken("[]")).error().reason == "no_event");
}

TEST_CASE("an event that is no object is refused by its kind") {
    CHECK(refusals(taken("[1,\"a\",null,true,[{\"a\":1}],{\"a\":1},1.5]")) ==
          "0: A log event is a JSON object; this is a number.\n"
          "1: A log event is a JSON object; this is a text.\n"
          "2: A log event is a JSON object; this is null.\n"
          "3: A log event is a JSON object; this is true or false.\n"
          "4: A log event is a JSON object; this is an array.\n"
          "6: A log event is a JSON object; this is a number.");
}

TEST_CASE("empty and doubled keys are refused") {
    const Batch batch =
        taken("{\"\":1}\n{\"a\":{\"\":1}}\n{\"a\":1,\"a\":2}\n{\"a.b\":1,\"a\":{\"b\":\"x\"}}\n{\"a\":1}");
    CHECK(shown(batch) == Texts{"a=1"});
    CHECK(refusals(batch) ==
          "0: A field's name is empty.\n1: A field's name is empty.\n2: The field \"a\" is there twice.\n"
          "3: The field \"a.b\" is there twice.");
}

TEST_CASE("in lines, the good are kept and the bad are named by index and reason") {
    const Batch batch = taken("{\"a\":1}\n{\"a\":\n{\"a\":\"unclosed}\n7\n{\"a\":2} x\n\n{\"a\":3}\n\xff\n");
    CHECK(shown(batch) == Texts{"a=1", "a=2", "a=3"});
    CHECK(batch.refused == 5);
    REQUIRE(batch.refusals.size() == 5);
    CHECK(batch.refusals[0].index == 1);
    CHECK(batch.refusals[0].why == "This is no valid JSON: it ends too early (byte 5).");
    CHECK(batch.refusals[1].why == "This is no valid JSON: a string is not closed (byte 0).");
    CHECK(batch.refusals[3].index == 5);
    CHECK(batch.refusals[4].index == 7);
}

TEST_CASE("a bad event over several lines ends the reading, once") {
    const Batch batch = taken("{\n\"a\": 1\n}\n{\n\"a\": 2,\n}\n{\n\"a\": 3\n}\n");
    CHECK(shown(batch) == Texts{"a=1"});
    CHECK(refusals(batch) == "1: This is no valid JSON: a key in quotes is missing (byte 21).");
}

TEST_CASE("a first line that was cut off does not take the others with it") {
    const Batch batch = taken("{\"a\":\n{\"b\":1}\n{\"c\":2}\n");
    CHECK(shown(batch) == Texts{"b=1", "c=2"});
    CHECK(refusals(batch) == "0: This is no valid JSON: it ends too early (byte 5).");
    CHECK(refusals(taken("{\n\"a\": 1,\n}")) ==
          "0: This is no valid JSON: a key in quotes is missing (byte 10).");
}

TEST_CASE("an array that is no JSON is refused whole, so that it can be sent again") {
    const auto batch = take_json("[{\"a\":1},{\"a\":2}", "", arrival_ms);
    REQUIRE_FALSE(batch);
    CHECK(batch.error().code == Code::invalid);
    CHECK_FALSE(take_json("[{\"a\":1}]x", "", arrival_ms));
}

TEST_CASE("an empty body is refused") {
    for (const char* body : {"", " ", "\r\n\r\n", "\"\""})
        CHECK(take_json(body, "application/json", arrival_ms).error().reason == "empty_body");
}

TEST_CASE("at most a hundred refusals are listed, all are counted") {
    std::string body;
    for (int i = 0; i < 250; ++i)
        body += "x\n";
    const Batch batch = taken(body);
    CHECK(batch.refused == 250);
    CHECK(batch.refusals.size() == 100);
}

TEST_CASE("the bounds of a row are held, at the bound and beyond") {
    const auto name = [](std::size_t size) { return "{\"" + std::string(size, 'n') + "\":1}"; };
    CHECK(taken(name(name_bytes_max)).rows.count() == 1);
    CHECK(refusals(taken(name(name_bytes_max + 1))).find("has 201 bytes; at most 200 are allowed") !=
          std::string::npos);
    const auto text = [](std::size_t size) { return "{\"t\":\"" + std::string(size, 'x') + "\"}"; };
    CHECK(taken(text(text_bytes_max)).rows.count() == 1);
    CHECK(refusals(taken(text(text_bytes_max + 1))) ==
          "0: The field \"t\" has 1048577 bytes; at most 1048576 are allowed.");
    const auto fields = [](std::size_t count) {
        return "{" + repeated(count, [](std::size_t i) { return "\"f" + std::to_string(i) + "\":1"; }) + "}";
    };
    CHECK(taken(fields(row_fields_max)).rows.count() == 1);
    CHECK(refusals(taken(fields(row_fields_max + 1))) == "0: The event has more than 1000 fields.");
    // Nested too deeply.
    std::string deep;
    for (int i = 0; i < 70; ++i)
        deep += "{\"a\":";
    CHECK(refusals(taken(deep + "1" + std::string(70, '}'))).find("nested too deeply") != std::string::npos);
}

TEST_CASE("a small body does not become many megabytes of names") {
    std::string body;
    for (int row = 0; row < 200; ++row) {
        body += "{\"" + std::string(190, 'p') + "\":{" +
                repeated(900,
                         [&](std::size_t i) {
                             return "\"" + std::to_string(row * 900 + static_cast<int>(i)) + "\":1";
                         }) +
                "}}\n";
    }
    const Batch batch = taken(body);
    CHECK(batch.rows.names_bytes().size() < Batch::names_bytes_max + 1000 * 210);
    CHECK(batch.rows.count() > 0);
    CHECK(batch.refused > 0);
    CHECK(batch.refusals[0].why.find("too many different field names") != std::string::npos);
}

TEST_CASE("gzip is undone, by its name or its first bytes, up to a bound") {
    const std::string body = "{\"a\":1}";
    std::string storage;
    CHECK(decompressed(body, "", 100, storage).value() == body);
    CHECK(decompressed(body, "identity", 100, storage).value() == body);
    CHECK(decompressed(gzipped(body, 1), "gzip", 100, storage).value() == body);
    CHECK(decompressed(gzipped(body, 1), "", 100, storage).value() == body);
    CHECK(decompressed(gzipped(std::string(1000, 'x'), 1), "GZIP", 999, storage).error().code ==
          Code::exhausted);
    CHECK(decompressed(body, "gzip", 100, storage).error().code == Code::invalid);
    CHECK(decompressed(body, "br", 100, storage).error().reason == "unknown_coding");
}

TEST_CASE("random rows come through as they were") {
    Random random;
    const Texts names{"path",    "status", "latency", "ok", "a.b", "\xed\x95\x9c\xea\xb8\x80",
                      "q\"uote", "sp ace"};
    std::string body;
    Texts expected;
    for (int row = 0; row < 500; ++row) {
        json::Writer out;
        out.begin_object();
        std::string shown_row;
        for (const auto& name : names) {
            if (random.below(3) == 0) continue;
            json::Writer value;
            const auto kind = random.below(4);
            if (kind == 0)
                value.string(std::string(random.below(40), static_cast<char>(1 + random.below(127))));
            if (kind == 1) value.integer(static_cast<std::int64_t>(random.bits()));
            if (kind == 2) value.number(static_cast<double>(random.below(1'000'000)) / 7 + 0.5);
            if (kind == 3) value.boolean(random.below(2) == 0);
            const std::string text = value.take();
            out.key(name);
            if (kind == 0) out.string(json::parse(text)->text()->c_str());
            if (kind == 1) out.integer(*json::parse(text)->integer());
            if (kind == 2) out.number(std::get<double>(json::parse(text)->data));
            if (kind == 3) out.boolean(*json::parse(text)->flag());
            shown_row += (shown_row.empty() ? "" : " ") + name + "=" + (kind == 2 ? "~" : "") + text;
        }
        if (!shown_row.empty()) expected.push_back(shown_row);
        body += shown_row.empty() ? "" : out.end_object().take() + (random.below(2) == 0 ? "\n" : "\r\n");
    }
    CHECK(rows_of(body) == expected);
}

TEST_CASE("whatever bytes come, every event is either a row or a refusal") {
    Random random;
    const Texts bodies{R"({"a":1,"b":{"c":"x\n"},"ts":1763812685123})", "[{\"a\":1},{\"b\":[1,2]}]",
                       "{\"a\":1}\n{\"b\":2}\n", R"("{\"a\":1}")", "{\n\"a\":1\n}\n{\"b\":null,\"c\":1e3}"};
    for (int round = 0; round < 5'000; ++round) {
        const std::string body = random.changed(bodies[random.below(bodies.size())]);
        CAPTURE(body);
        const auto batch = take_json(body, "", arrival_ms);
        if (!batch) continue;
        CHECK(shown(*batch).size() + batch->refused == batch->events());
    }
}
