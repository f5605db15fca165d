#include "modules/log_analytics/intake/otlp_intake.h"

#include <bit>

#include "modules/log_analytics/intake/testing.h"
#include "modules/log_analytics/intake/wire.h"

using namespace jebi;
using namespace jebi::log_analytics;

namespace {

Batch taken(OtlpSignal signal, OtlpEncoding encoding, std::string_view body) {
    auto batch = take_otlp(signal, encoding, body, arrival_ms);
    if (!batch) FAIL_CHECK("refused: " << batch.error().message);
    return batch ? std::move(*batch) : Batch{};
}
Batch logs_json(std::string_view body) {
    return taken(OtlpSignal::logs, OtlpEncoding::json, body);
}

// Builds a protobuf message.
struct Message {
    std::string bytes;
    Message& text(std::uint32_t field, std::string_view value) {
        append_wire_bytes(bytes, field, value);
        return *this;
    }
    Message& add(std::uint32_t field, const Message& value) { return text(field, value.bytes); }
    Message& integer(std::uint32_t field, std::int64_t value) {
        append_wire_integer(bytes, field, value);
        return *this;
    }
    Message& fixed64(std::uint32_t field, std::uint64_t value) {
        bytes += static_cast<char>(field << 3 | 1);
        bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
        return *this;
    }
};

Message attribute(std::string_view key, const Message& value) {
    return Message{}.text(1, key).add(2, value);
}
Message string_value(std::string_view text) {
    return Message{}.text(1, text);
}

const std::string trace_id = "\x5b\x8e\xff\xf7\x98\x03\x81\x03\xd2\x69\xb6\x33\x81\x3f\xc6\x0c";
const std::string span_id = "\xee\xe1\x9b\x7e\xc3\xc1\xb1\x74";

Message resource() {
    return Message{}.add(1, attribute("service.name", string_value("my.service")));
}

std::string log_request(const Message& record) {
    const auto scope = Message{}.text(1, "my.library").text(2, "1.0.0");
    // What says whose the records are comes last here, as any order is allowed.
    const auto scoped = Message{}.add(2, record).add(1, scope);
    return Message{}.add(1, Message{}.add(2, scoped).add(1, resource())).bytes;
}

Message log_record() {
    const auto list = Message{}.add(1, string_value("many")).add(1, Message{}.integer(3, 7));
    const auto map = Message{}.add(1, attribute("some.map.key", string_value("some value")));
    return Message{}
        .fixed64(1, 1'763'812'685'123'456'789)
        .fixed64(11, 1'763'812'686'000'000'000)
        .integer(2, 10)
        .text(3, "Information")
        .text(9, trace_id)
        .text(10, span_id)
        .add(5, string_value("Example log record"))
        .add(6, attribute("boolean.attribute", Message{}.integer(2, 1)))
        .add(6, attribute("int.attribute", Message{}.integer(3, -10)))
        .add(6, attribute("double.attribute", Message{}.fixed64(4, std::bit_cast<std::uint64_t>(637.704))))
        .add(6, attribute("array.attribute", Message{}.add(5, list)))
        .add(6, attribute("map.attribute", Message{}.add(6, map)))
        .add(6, attribute("bytes.attribute", Message{}.text(7, std::string_view{"\x00\xff", 2})))
        .add(6, attribute("service.name", string_value("inner")))
        .integer(99, 5);
}

const std::string log_json = R"({"resourceLogs":[{"resource":{"attributes":[
    {"key":"service.name","value":{"stringValue":"my.service"}}]},"scopeLogs":[{"scope":{"name":"my.library","version":"1.0.0"},
    "logRecords":[{"timeUnixNano":"1763812685123456789","observedTimeUnixNano":"1763812686000000000","severityNumber":10,
    "severityText":"Information","traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"EEE19B7EC3C1B174",
    "body":{"stringValue":"Example log record"},"attributes":[
    {"key":"boolean.attribute","value":{"boolValue":true}},{"key":"int.attribute","value":{"intValue":"-10"}},
    {"key":"double.attribute","value":{"doubleValue":637.704}},
    {"key":"array.attribute","value":{"arrayValue":{"values":[{"stringValue":"many"},{"intValue":7}]}}},
    {"key":"map.attribute","value":{"kvlistValue":{"values":[{"key":"some.map.key","value":{"stringValue":"some value"}}]}}},
    {"key":"bytes.attribute","value":{"bytesValue":"AP8="}},
    {"key":"service.name","value":{"stringValue":"inner"}}],"unknown":5}]}]}]})";

const std::string log_row =
    R"(@2025-11-22T11:58:05.123Z message="Example log record" severity_text="Information" severity_number=10 )"
    R"(trace_id="5b8efff798038103d269b633813fc60c" span_id="eee19b7ec3c1b174" boolean.attribute=true int.attribute=-10 )"
    R"(double.attribute=~637.704 array.attribute="[\"many\",7]" map.attribute.some.map.key="some value" )"
    R"(bytes.attribute="AP8=" service.name="inner" scope.name="my.library" scope.version="1.0.0" service.name_resource="my.service")";

std::string span_request(const Message& span) {
    return Message{}.add(1, Message{}.add(1, resource()).add(2, Message{}.add(2, span))).bytes;
}

Message span() {
    const auto event = Message{}
                           .fixed64(1, 1'763'812'685'200'000'000)
                           .text(2, "retry")
                           .add(3, attribute("n", Message{}.integer(3, 2)));
    const auto link = Message{}.text(1, trace_id).text(2, span_id);
    return Message{}
        .text(1, trace_id)
        .text(2, span_id)
        .text(3, "a=b")
        .text(4, std::string_view{"\x00\x00\x00\x00\x00\x00\x00\x01", 8})
        .text(5, "GET /users")
        .integer(6, 2)
        .fixed64(7, 1'763'812'685'123'456'789)
        .fixed64(8, 1'763'812'685'125'956'789)
        .add(9, attribute("http.response.status_code", Message{}.integer(3, 500)))
        .add(11, event)
        .add(13, link)
        .add(15, Message{}.text(2, "deadline").integer(3, 2));
}

const std::string span_json = R"({"resourceSpans":[{"resource":{"attributes":[
    {"key":"service.name","value":{"stringValue":"my.service"}}]},"scopeSpans":[{"spans":[{
    "traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","traceState":"a=b","parentSpanId":"0000000000000001",
    "name":"GET /users","kind":2,"startTimeUnixNano":"1763812685123456789","endTimeUnixNano":"1763812685125956789",
    "attributes":[{"key":"http.response.status_code","value":{"intValue":500}}],
    "events":[{"timeUnixNano":"1763812685200000000","name":"retry","attributes":[{"key":"n","value":{"intValue":"2"}}]}],
    "links":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174"}],
    "status":{"message":"deadline","code":2}}]}]}]})";

const std::string span_row =
    R"(@2025-11-22T11:58:05.123Z name="GET /users" kind="server" trace_id="5b8efff798038103d269b633813fc60c" )"
    R"(span_id="eee19b7ec3c1b174" parent_span_id="0000000000000001" start_ns=1763812685123456789 duration_ms=~2.5 )"
    R"(otel.status_code="error" status_message="deadline" trace_state="a=b" )"
    R"(events="[{\"attributes\":{\"n\":2},\"name\":\"retry\",\"time_ns\":1763812685200000000}]" )"
    R"(links="[{\"span_id\":\"eee19b7ec3c1b174\",\"trace_id\":\"5b8efff798038103d269b633813fc60c\"}]" )"
    R"(http.response.status_code=500 service.name="my.service")";

}  // namespace

TEST_CASE("a log record becomes the same row from both encodings") {
    CHECK(shown(logs_json(log_json)) == Texts{log_row});
    CHECK(shown(taken(OtlpSignal::logs, OtlpEncoding::protobuf, log_request(log_record()))) ==
          Texts{log_row});
}

TEST_CASE("a span becomes the same row from both encodings") {
    CHECK(shown(taken(OtlpSignal::traces, OtlpEncoding::json, span_json)) == Texts{span_row});
    CHECK(shown(taken(OtlpSignal::traces, OtlpEncoding::protobuf, span_request(span()))) == Texts{span_row});
}

TEST_CASE("a body may be of any kind, and a time may be missing") {
    const auto body = [](const std::string& value) {
        return shown(
            logs_json(R"({"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":)" + value + "}]}]}]}"));
    };
    CHECK(body(R"({"intValue":"7"})") == Texts{"message=7"});
    CHECK(body(R"({"kvlistValue":{"values":[{"key":"a","value":{"intValue":1}}]}})") == Texts{"body.a=1"});
    CHECK(body(R"({"arrayValue":{"values":[{"boolValue":true}]}})") == Texts{"message=\"[true]\""});
    CHECK(body(R"({"doubleValue":"1.5"})") == Texts{"message=~1.5"});
    CHECK(shown(logs_json(
              R"({"resourceLogs":[{"scopeLogs":[{"logRecords":[{"observedTimeUnixNano":"1763812686000000000",
        "body":{"stringValue":"x"}}]}]}]})")) == Texts{"@2025-11-22T11:58:06.000Z message=\"x\""});
}

TEST_CASE("records without content are refused alone, and the answer says so") {
    const Batch logs = logs_json(
        R"({"resourceLogs":[{"scopeLogs":[{"logRecords":[{},{"body":{"stringValue":"x"}},{}]}]}]})");
    CHECK(logs.rows.count() == 1);
    CHECK(
        otlp_answer(OtlpSignal::logs, OtlpEncoding::json, logs) ==
        R"({"partialSuccess":{"rejectedLogRecords":"2","errorMessage":"The log record has no content: neither a body nor attributes."}})");
    const Batch spans =
        taken(OtlpSignal::traces, OtlpEncoding::protobuf, span_request(Message{}.text(5, "no ids")));
    CHECK(spans.refused == 1);
    const std::string answer = otlp_answer(OtlpSignal::traces, OtlpEncoding::protobuf, spans);
    WireReader response{answer};
    REQUIRE(response.next());
    CHECK(response.field() == 1);
    WireReader partial{response.bytes()};
    REQUIRE(partial.next());
    CHECK(partial.integer() == 1);
    REQUIRE(partial.next());
    CHECK(partial.bytes() == "The span has no trace id or no span id.");
    CHECK(otlp_answer(OtlpSignal::logs, OtlpEncoding::json, Batch{}) == "{}");
    CHECK(otlp_answer(OtlpSignal::logs, OtlpEncoding::protobuf, Batch{}) == "");
    CHECK(otlp_refusal(OtlpEncoding::json, "no") == R"({"code":3,"message":"no"})");
    CHECK(otlp_refusal(OtlpEncoding::protobuf, "no") == "\x08\x03\x12\x02no");
}

TEST_CASE("the encoding is told by the content type") {
    CHECK(otlp_encoding("application/x-protobuf").value() == OtlpEncoding::protobuf);
    CHECK(otlp_encoding("Application/JSON; charset=utf-8").value() == OtlpEncoding::json);
    CHECK(otlp_encoding("text/plain").error().code == Code::invalid);
    CHECK(otlp_encoding("").error().code == Code::invalid);
}

TEST_CASE("what is no request is refused whole, and an empty one is fine") {
    for (const std::string& body : {std::string{"x"}, std::string{"[]"}, std::string{"{"}})
        CHECK_FALSE(take_otlp(OtlpSignal::logs, OtlpEncoding::json, body, arrival_ms));
    const std::string good = log_request(log_record());
    for (std::size_t size = 1; size < good.size(); ++size) {
        CAPTURE(size);
        CHECK_FALSE(take_otlp(OtlpSignal::logs, OtlpEncoding::protobuf, good.substr(0, size), arrival_ms));
    }
    CHECK(taken(OtlpSignal::logs, OtlpEncoding::protobuf, "").events() == 0);
    CHECK(logs_json("{}").events() == 0);
}

TEST_CASE("values nested without end are refused") {
    Message value = string_value("x");
    for (std::size_t i = 0; i < 14; ++i)
        value = Message{}.add(5, Message{}.add(1, value));
    CHECK(
        taken(OtlpSignal::logs, OtlpEncoding::protobuf, log_request(Message{}.add(5, value))).rows.count() ==
        1);
    for (std::size_t i = 0; i < 10'000; ++i)
        value = Message{}.add(5, Message{}.add(1, value));
    CHECK_FALSE(take_otlp(OtlpSignal::logs, OtlpEncoding::protobuf, log_request(Message{}.add(5, value)),
                          arrival_ms));
}

TEST_CASE("a resource that every record repeats does not make a small request large without bound") {
    Message scoped;
    for (int i = 0; i < 300; ++i)
        scoped.add(2, Message{}.add(5, string_value("x")));
    const auto large = Message{}.add(1, attribute("l", string_value(std::string(1'000'000, 'x'))));
    const Batch batch = taken(OtlpSignal::logs, OtlpEncoding::protobuf,
                              Message{}.add(1, Message{}.add(1, large).add(2, scoped)).bytes);
    CHECK(batch.rows.bytes() < Batch::bytes_max + 1'100'000);
    CHECK(batch.refused > 200);
}

TEST_CASE("the wire format's edges") {
    const auto fields = [](std::string_view bytes) {
        WireReader reader{bytes};
        int count = 0;
        while (reader.next())
            ++count;
        return reader.failed() ? -1 : count;
    };
    CHECK(fields("") == 0);
    CHECK(fields("\x08\x01") == 1);
    CHECK(fields(std::string_view{"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11}) == 1);
    CHECK(fields("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02") == -1);      // over 64 bits
    CHECK(fields("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01") == -1);  // no end
    CHECK(fields("\x08") == -1);
    CHECK(fields(std::string_view{"\x00\x01", 2}) == -1);                  // field 0
    CHECK(fields("\x0b\x0c") == -1);                                       // a group
    CHECK(fields("\x0a\x05xx") == -1);                                     // shorter than it says
    CHECK(fields("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01x") == -1);  // a length without end
    CHECK(fields("\x0dxxxx\x09xxxxxxxx") == 2);
    CHECK(fields("\x0dxxx") == -1);
}

TEST_CASE("whatever bytes come as OTLP, nothing breaks") {
    Random random;
    const std::string log = log_request(log_record()), trace = span_request(span());
    for (int round = 0; round < 3'000; ++round) {
        for (const auto& [signal, encoding, body] :
             {std::tuple{OtlpSignal::logs, OtlpEncoding::protobuf, log},
              {OtlpSignal::traces, OtlpEncoding::protobuf, trace},
              {OtlpSignal::logs, OtlpEncoding::json, log_json},
              {OtlpSignal::traces, OtlpEncoding::json, span_json}}) {
            const auto batch = take_otlp(signal, encoding, random.changed(body), arrival_ms);
            if (batch) CHECK(shown(*batch).size() == batch->rows.count());
        }
    }
}
