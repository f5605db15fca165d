#include "modules/log_analytics/intake/otlp_rows.h"

#include <array>

#include "modules/log_analytics/intake/json_values.h"
#include "modules/log_analytics/intake/times.h"

namespace jebi::log_analytics {

namespace {

constexpr std::array<std::string_view, 6> kinds{"unspecified", "internal", "server",
                                                "client",      "producer", "consumer"};
constexpr std::array<std::string_view, 3> statuses{"unset", "ok", "error"};

template <std::size_t Count>
std::string_view word(const std::array<std::string_view, Count>& words, std::int64_t number) {
    return number >= 0 && number < static_cast<std::int64_t>(Count) ? words[static_cast<std::size_t>(number)]
                                                                    : words[0];
}

std::optional<WallMs> time_of_ns(std::uint64_t ns) {
    return ns > INT64_MAX ? std::nullopt : time_of(static_cast<std::int64_t>(ns));
}

}  // namespace

void OtlpRows::add_text(std::string_view name, std::string_view text) {
    if (!text.empty()) maker_.add(name, text);
}

void OtlpRows::add_value(const std::string& name, std::string_view suffix, const json::Value& value) {
    if (const auto* members = value.object()) {
        for (const auto& [key, member] : *members)
            add_value(std::string(name).append(".").append(key), suffix, member);
    } else if (const auto* text = value.text()) {
        maker_.add_or(name, suffix, std::string_view{*text});
    } else if (value.array() != nullptr) {
        maker_.add_or(name, suffix, std::string_view{compact(value)});
    } else if (const auto integer = value.integer()) {
        maker_.add_or(name, suffix, *integer);
    } else if (const auto flag = value.flag()) {
        maker_.add_or(name, suffix, *flag);
    } else if (const auto* number = std::get_if<double>(&value.data)) {
        maker_.add_or(name, suffix, *number);
    }
}

void OtlpRows::add_all(const Attributes& attributes, std::string_view suffix) {
    for (const auto& [name, value] : attributes)
        add_value(name, suffix, value);
}

void OtlpRows::add_surroundings() {
    if (!scope_.name.empty()) maker_.add_or("scope.name", "_scope", std::string_view{scope_.name});
    if (!scope_.version.empty()) maker_.add_or("scope.version", "_scope", std::string_view{scope_.version});
    add_all(scope_.attributes, "_scope");
    add_all(resource_, "_resource");
}

void OtlpRows::add(const OtlpLog& log) {
    const auto own = time_of_ns(log.time_ns), observed = time_of_ns(log.observed_ns);
    maker_.begin(own ? *own : observed.value_or(arrived_));
    if (log.body.object() != nullptr) {
        add_value("body", "", log.body);
    } else {
        add_value("message", "", log.body);
    }
    add_text("severity_text", log.severity_text);
    if (log.severity_number != 0) maker_.add("severity_number", log.severity_number);
    add_text("trace_id", log.trace_id);
    add_text("span_id", log.span_id);
    add_text("event_name", log.event_name);
    add_all(log.attributes, "_attribute");
    if (log.body.object() == nullptr && std::holds_alternative<std::nullptr_t>(log.body.data) &&
        log.attributes.empty() && log.event_name.empty())
        maker_.refuse("The log record has no content: neither a body nor attributes.");
    add_surroundings();
    maker_.end();
}

void OtlpRows::add(const OtlpSpan& span) {
    const auto start = time_of_ns(span.start_ns);
    maker_.begin(start.value_or(arrived_));
    if (span.trace_id.empty() || span.span_id.empty())
        maker_.refuse("The span has no trace id or no span id.");
    add_text("name", span.name);
    maker_.add("kind", word(kinds, span.kind));
    add_text("trace_id", span.trace_id);
    add_text("span_id", span.span_id);
    add_text("parent_span_id", span.parent_span_id);
    if (start) maker_.add("start_ns", static_cast<std::int64_t>(span.start_ns));
    if (start && span.end_ns >= span.start_ns)
        maker_.add("duration_ms", static_cast<double>(span.end_ns - span.start_ns) / 1e6);
    maker_.add("otel.status_code", word(statuses, span.status));
    add_text("status_message", span.status_message);
    add_text("trace_state", span.trace_state);
    if (!span.events.empty()) add_text("events", compact(json::Value{span.events}));
    if (!span.links.empty()) add_text("links", compact(json::Value{span.links}));
    add_all(span.attributes, "_attribute");
    add_surroundings();
    maker_.end();
}

}  // namespace jebi::log_analytics
