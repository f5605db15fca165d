#include "modules/log_analytics/intake/otlp_intake.h"

#include "kit/base/json.h"
#include "kit/http/message.h"
#include "modules/log_analytics/intake/otlp_rows.h"
#include "modules/log_analytics/intake/wire.h"

namespace jebi::log_analytics {

namespace {

constexpr std::string_view protobuf_type = "application/x-protobuf", json_type = "application/json";
constexpr std::int64_t rpc_invalid_argument = 3;  // google.rpc.Code

std::string protobuf_answer(const Batch& batch) {
    std::string partial, answer;
    append_wire_integer(partial, 1,
                        static_cast<std::int64_t>(batch.refused));  // rejected_log_records, rejected_spans
    append_wire_bytes(partial, 2, batch.refusals.front().why);      // error_message
    append_wire_bytes(answer, 1, partial);                          // partial_success
    return answer;
}

}  // namespace

Result<OtlpEncoding> otlp_encoding(std::string_view content_type) {
    const auto type = content_type.substr(0, content_type.find_first_of("; \t"));
    if (http::equal_without_case(type, protobuf_type)) return OtlpEncoding::protobuf;
    if (http::equal_without_case(type, json_type)) return OtlpEncoding::json;
    return fail(error(Code::invalid, "The content type " + quoted(type) +
                                         " is none of OTLP: send application/x-protobuf or application/json.")
                    .because("unknown_content_type"));
}

std::string_view content_type(OtlpEncoding encoding) {
    return encoding == OtlpEncoding::protobuf ? protobuf_type : json_type;
}

Result<Batch> take_otlp(OtlpSignal signal, OtlpEncoding encoding, std::string_view body, WallMs arrived) {
    Batch batch;
    OtlpRows rows{batch, arrived};
    const bool protobuf = encoding == OtlpEncoding::protobuf;
    if (signal == OtlpSignal::logs) {
        TRY_VOID(protobuf ? read_otlp_protobuf_logs(body, rows) : read_otlp_json_logs(body, rows));
    } else {
        TRY_VOID(protobuf ? read_otlp_protobuf_traces(body, rows) : read_otlp_json_traces(body, rows));
    }
    return batch;
}

std::string otlp_answer(OtlpSignal signal, OtlpEncoding encoding, const Batch& batch) {
    const bool protobuf = encoding == OtlpEncoding::protobuf;
    if (batch.refused == 0) return protobuf ? "" : "{}";
    if (protobuf) return protobuf_answer(batch);
    json::Writer out;
    out.begin_object().key("partialSuccess").begin_object();
    out.key(signal == OtlpSignal::logs ? "rejectedLogRecords" : "rejectedSpans").id(batch.refused);
    out.key("errorMessage").string(batch.refusals.front().why).end_object().end_object();
    return out.take();
}

std::string otlp_refusal(OtlpEncoding encoding, std::string_view message) {
    if (encoding == OtlpEncoding::json) {
        json::Writer out;
        out.begin_object()
            .key("code")
            .integer(rpc_invalid_argument)
            .key("message")
            .string(message)
            .end_object();
        return out.take();
    }
    std::string status;
    append_wire_integer(status, 1, rpc_invalid_argument);  // code
    append_wire_bytes(status, 2, message);                 // message
    return status;
}

}  // namespace jebi::log_analytics
