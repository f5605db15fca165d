// What both encodings of OTLP are decoded to, one record at a time, and how that becomes rows. (otlp_intake.h
// says which fields.)
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "kit/base/json.h"
#include "modules/log_analytics/intake/batch.h"

namespace jebi::log_analytics {

// Arrays and maps around an attribute's value.
inline constexpr std::size_t otlp_depth_max = 16;

using Attributes = std::vector<std::pair<std::string, json::Value>>;

struct OtlpScope {
    std::string name, version;
    Attributes attributes;
};

struct OtlpLog {
    std::uint64_t time_ns = 0, observed_ns = 0;  // 0: unknown
    std::int64_t severity_number = 0;
    std::string severity_text, event_name;
    json::Value body;
    Attributes attributes;
    std::string trace_id, span_id;  // hex
};

struct OtlpSpan {
    std::string trace_id, span_id, parent_span_id;  // hex
    std::string trace_state, name;
    std::int64_t kind = 0;
    std::uint64_t start_ns = 0, end_ns = 0;
    Attributes attributes;
    json::Value::Array events, links;
    std::string status_message;
    std::int64_t status = 0;
};

class OtlpRows {
public:
    OtlpRows(Batch& batch, WallMs arrived) : maker_(batch), arrived_(arrived) {}

    // Of the records that come next.
    void resource(Attributes attributes) { resource_ = std::move(attributes); }
    void scope(OtlpScope scope) { scope_ = std::move(scope); }

    void add(const OtlpLog& log);
    void add(const OtlpSpan& span);

private:
    void add_text(std::string_view name, std::string_view text);
    void add_value(const std::string& name, std::string_view suffix, const json::Value& value);
    void add_all(const Attributes& attributes, std::string_view suffix);
    void add_surroundings();
    RowMaker maker_;
    WallMs arrived_;
    Attributes resource_;
    OtlpScope scope_;
};

// Decoders; `invalid` when the bytes are none.
Result<void> read_otlp_protobuf_logs(std::string_view body, OtlpRows& rows);
Result<void> read_otlp_protobuf_traces(std::string_view body, OtlpRows& rows);
Result<void> read_otlp_json_logs(std::string_view body, OtlpRows& rows);
Result<void> read_otlp_json_traces(std::string_view body, OtlpRows& rows);

}  // namespace jebi::log_analytics
