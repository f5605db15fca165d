// OpenTelemetry's own protocol over HTTP: POST /v1/logs and POST /v1/traces, in protobuf or JSON.
//
// Source: "OTLP Specification 1.x", "OTLP/HTTP", and the messages of opentelemetry-proto v1 (their field
// numbers stand where they are read, otlp_protobuf.cpp). In JSON, names are in lowerCamelCase, trace and span
// ids are hex, 64-bit integers may be texts, and unknown members are ignored.
//
// A log record becomes a row: message (the body; a body that is a map becomes fields "body.*"),
// severity_text, severity_number, trace_id, span_id, event_name, its attributes under their own names,
// scope.name, scope.version, and the resource's attributes under their own names ("service.name"). A span
// becomes a row at its start: name, kind ("server", "client", ...), trace_id, span_id, parent_span_id,
// duration_ms, start_ns (nanoseconds since 1970, for drawing), otel.status_code ("unset", "ok", "error": by
// that name, as `status` is a number in most logs), status_message, trace_state, its attributes, events and
// links as compact JSON, scope and resource as above. A name that is there already gets a suffix:
// "_attribute" from a record, "_scope", "_resource". Maps inside of attributes get names with dots, arrays
// become compact JSON, bytes base64. Ids are hex.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "modules/log_analytics/intake/batch.h"

namespace jebi::log_analytics {

enum class OtlpSignal : std::uint8_t { logs, traces };
enum class OtlpEncoding : std::uint8_t { protobuf, json };

// By the content type; `invalid` when it is neither.
Result<OtlpEncoding> otlp_encoding(std::string_view content_type);
std::string_view content_type(OtlpEncoding encoding);  // of the answer: the same

// `arrived` is the time of records that have none. `invalid`, and nothing is taken, when the body is not of
// that encoding.
Result<Batch> take_otlp(OtlpSignal signal, OtlpEncoding encoding, std::string_view body, WallMs arrived);

// The body of the answer 200, when the batch's rows are kept: an empty response, or one with a
// partial_success that tells how many were refused and why the first was. (Senders must not send those
// again.)
std::string otlp_answer(OtlpSignal signal, OtlpEncoding encoding, const Batch& batch);
// The body of any other answer: a google.rpc.Status with that message.
std::string otlp_refusal(OtlpEncoding encoding, std::string_view message);

}  // namespace jebi::log_analytics
