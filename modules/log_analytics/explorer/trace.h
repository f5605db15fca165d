// The spans of one trace, from rows as OpenTelemetry's become them: trace_id, span_id, parent_span_id, name,
// duration_ms, service.name, ts, start_ns, otel.status_code (or status). A row of the trace without a span of
// its own is a line that was logged during it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "modules/log_analytics/query/answer.h"

namespace jebi::log_analytics {

inline constexpr std::size_t trace_rows_max = 2'000;  // what is beyond is left out, and said so
inline constexpr std::size_t trace_id_bytes_max = 128;

using FieldTexts = std::vector<std::pair<std::string, std::string>>;  // name and value, as they are shown

struct Span {
    std::string id, parent_id, name, service;
    double begin_ms = 0;  // after the trace's begin
    double duration_ms = 0;
    bool failed = false;
    bool parent_missing = false;  // it names a parent that is not among the rows
    std::size_t depth = 0;        // 0: a root
    FieldTexts fields;
};
struct TraceLine {
    double at_ms = 0;  // after the trace's begin
    std::string text;
    FieldTexts fields;
};
struct Trace {
    std::string id;
    WallMs begins = 0;
    double duration_ms = 0;
    std::vector<Span> spans;  // each below its parent; those of one parent by their begin
    std::vector<TraceLine> lines;
    std::size_t services = 0;
    bool cut = false;
};

// The query for its rows; the id is as somebody sent it.
std::string trace_query(std::string_view trace_id);
// Of the answer to that. Spans whose parents form a circle are shown as roots.
Trace trace_from(std::string_view trace_id, const query::Answer& answer);

}  // namespace jebi::log_analytics
