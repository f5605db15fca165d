// Grafana Loki's push API with JSON, as Promtail, Alloy, Fluent Bit, Vector and the Docker driver can speak
// it: POST /loki/api/v1/push.
//
//     {"streams": [{"stream": {"service": "web"},
//                   "values": [["1763812685000000000", "hello", {"trace_id": "abc"}]]}]}
//
// Source: Grafana Loki documentation, "Loki HTTP API", "Ingest logs". Each value makes a row at its time
// (nanoseconds in a text): the labels, the line, and the structured metadata. A line that is a JSON object
// becomes fields as json_rows.h says, any other the field "message". A name that is there already gets
// "_extracted" behind it, as Loki's own parser does. Times in the line do not count.
#pragma once

#include <string_view>

#include "modules/log_analytics/intake/batch.h"

namespace jebi::log_analytics {

// `invalid`, and nothing is taken, when the body is no JSON or has no streams; a value that is none is
// refused alone, with its index among all values. Loki's answer to success is 204 without a body.
Result<Batch> take_loki(std::string_view body);

}  // namespace jebi::log_analytics
