// The messages of opentelemetry-proto v1 (collector/logs, collector/trace, logs, trace, common, resource),
// read field by field: a comment beside each number names the field.
#include "kit/base/crypto.h"
#include "kit/base/unicode.h"
#include "modules/log_analytics/intake/otlp_rows.h"
#include "modules/log_analytics/intake/wire.h"

namespace jebi::log_analytics {

namespace {

// Thrown nowhere: remembers that some message on the way was none.
struct Damage {
    bool found = false;
};

std::string text(std::string_view bytes) {
    return is_utf8(bytes) ? std::string(bytes) : repaired_utf8(bytes);
}

// Calls `take` with the reader on each field of the message.
template <typename Take>
void each_field(std::string_view message, Damage& damage, Take take) {
    WireReader reader{message};
    while (!damage.found && reader.next())
        take(reader);
    damage.found = damage.found || reader.failed();
}

json::Value any_value(std::string_view message, Damage& damage, std::size_t depth);

std::pair<std::string, json::Value> key_value(std::string_view message, Damage& damage, std::size_t depth) {
    std::pair<std::string, json::Value> pair{std::string{}, json::Value{}};
    each_field(message, damage, [&](const WireReader& field) {
        if (field.field() == 1) pair.first = text(field.bytes());                       // key
        if (field.field() == 2) pair.second = any_value(field.bytes(), damage, depth);  // value
    });
    return pair;
}

json::Value array_value(std::string_view message, Damage& damage, std::size_t depth) {
    json::Value::Array items;
    each_field(message, damage, [&](const WireReader& field) {
        if (field.field() == 1) items.push_back(any_value(field.bytes(), damage, depth));  // values
    });
    return json::Value{std::move(items)};
}

json::Value map_value(std::string_view message, Damage& damage, std::size_t depth) {
    json::Value::Object members;
    each_field(message, damage, [&](const WireReader& field) {
        if (field.field() == 1) members.insert(key_value(field.bytes(), damage, depth));  // values
    });
    return json::Value{std::move(members)};
}

json::Value any_value(std::string_view message, Damage& damage, std::size_t depth) {
    json::Value value;
    if (depth == otlp_depth_max) {
        damage.found = true;
        return value;
    }
    each_field(message, damage, [&](const WireReader& field) {
        if (field.field() == 1) value = json::Value{text(field.bytes())};               // string_value
        if (field.field() == 2) value = json::Value{field.number() != 0};               // bool_value
        if (field.field() == 3) value = json::Value{field.integer()};                   // int_value
        if (field.field() == 4) value = json::Value{field.binary64()};                  // double_value
        if (field.field() == 5) value = array_value(field.bytes(), damage, depth + 1);  // array_value
        if (field.field() == 6) value = map_value(field.bytes(), damage, depth + 1);    // kvlist_value
        if (field.field() == 7) value = json::Value{base64(field.bytes())};             // bytes_value
    });
    return value;
}

void take_attribute(Attributes& attributes, std::string_view message, Damage& damage) {
    attributes.push_back(key_value(message, damage, 0));
}

Attributes resource(std::string_view message, Damage& damage) {
    Attributes attributes;
    each_field(message, damage, [&](const WireReader& field) {
        if (field.field() == 1) take_attribute(attributes, field.bytes(), damage);  // attributes
    });
    return attributes;
}

OtlpScope scope(std::string_view message, Damage& damage) {
    OtlpScope scope;
    each_field(message, damage, [&](const WireReader& field) {
        if (field.field() == 1) scope.name = text(field.bytes());                         // name
        if (field.field() == 2) scope.version = text(field.bytes());                      // version
        if (field.field() == 3) take_attribute(scope.attributes, field.bytes(), damage);  // attributes
    });
    return scope;
}

// An id in which all bytes are 0 stands for none.
std::string id_of(std::string_view bytes) {
    return bytes.find_first_not_of('\0') == bytes.npos ? std::string{} : hex(bytes);
}

void take_log(std::string_view message, OtlpRows& rows, Damage& damage) {
    OtlpLog log;
    each_field(message, damage, [&](const WireReader& field) {
        switch (field.field()) {
            case 1:  // time_unix_nano
                log.time_ns = field.number();
                break;
            case 2:  // severity_number
                log.severity_number = field.integer();
                break;
            case 3:  // severity_text
                log.severity_text = text(field.bytes());
                break;
            case 5:  // body
                log.body = any_value(field.bytes(), damage, 0);
                break;
            case 6:  // attributes
                take_attribute(log.attributes, field.bytes(), damage);
                break;
            case 9:  // trace_id
                log.trace_id = id_of(field.bytes());
                break;
            case 10:  // span_id
                log.span_id = id_of(field.bytes());
                break;
            case 11:  // observed_time_unix_nano
                log.observed_ns = field.number();
                break;
            case 12:  // event_name
                log.event_name = text(field.bytes());
                break;
            default:
                break;
        }
    });
    if (!damage.found) rows.add(log);
}

json::Value object_of(const Attributes& attributes) {
    json::Value::Object members;
    for (const auto& [name, value] : attributes)
        members.emplace(name, value);
    return json::Value{std::move(members)};
}

json::Value event_of(std::string_view message, Damage& damage) {
    json::Value::Object event;
    Attributes attributes;
    each_field(message, damage, [&](const WireReader& field) {
        if (field.field() == 1) event["time_ns"] = json::Value{field.integer()};    // time_unix_nano
        if (field.field() == 2) event["name"] = json::Value{text(field.bytes())};   // name
        if (field.field() == 3) take_attribute(attributes, field.bytes(), damage);  // attributes
    });
    if (!attributes.empty()) event["attributes"] = object_of(attributes);
    return json::Value{std::move(event)};
}

json::Value link_of(std::string_view message, Damage& damage) {
    json::Value::Object link;
    Attributes attributes;
    each_field(message, damage, [&](const WireReader& field) {
        if (field.field() == 1) link["trace_id"] = json::Value{id_of(field.bytes())};    // trace_id
        if (field.field() == 2) link["span_id"] = json::Value{id_of(field.bytes())};     // span_id
        if (field.field() == 3) link["trace_state"] = json::Value{text(field.bytes())};  // trace_state
        if (field.field() == 4) take_attribute(attributes, field.bytes(), damage);       // attributes
    });
    if (!attributes.empty()) link["attributes"] = object_of(attributes);
    return json::Value{std::move(link)};
}

void take_span_field(const WireReader& field, OtlpSpan& span, Damage& damage) {
    switch (field.field()) {
        case 1:  // trace_id
            span.trace_id = id_of(field.bytes());
            break;
        case 2:  // span_id
            span.span_id = id_of(field.bytes());
            break;
        case 3:  // trace_state
            span.trace_state = text(field.bytes());
            break;
        case 4:  // parent_span_id
            span.parent_span_id = id_of(field.bytes());
            break;
        case 5:  // name
            span.name = text(field.bytes());
            break;
        case 6:  // kind
            span.kind = field.integer();
            break;
        case 7:  // start_time_unix_nano
            span.start_ns = field.number();
            break;
        case 8:  // end_time_unix_nano
            span.end_ns = field.number();
            break;
        case 9:  // attributes
            take_attribute(span.attributes, field.bytes(), damage);
            break;
        case 11:  // events
            span.events.push_back(event_of(field.bytes(), damage));
            break;
        case 13:  // links
            span.links.push_back(link_of(field.bytes(), damage));
            break;
        case 15:  // status
            each_field(field.bytes(), damage, [&](const WireReader& status) {
                if (status.field() == 2) span.status_message = text(status.bytes());  // message
                if (status.field() == 3) span.status = status.integer();              // code
            });
            break;
        default:
            break;
    }
}

void take_span(std::string_view message, OtlpRows& rows, Damage& damage) {
    OtlpSpan span;
    each_field(message, damage, [&](const WireReader& field) { take_span_field(field, span, damage); });
    if (!damage.found) rows.add(span);
}

using TakeRecord = void (*)(std::string_view, OtlpRows&, Damage&);

// ScopeLogs and ScopeSpans. What says whose the records are may come behind them, so it is looked for first.
void take_scoped(std::string_view message, OtlpRows& rows, TakeRecord take, Damage& damage) {
    OtlpScope found;
    each_field(message, damage, [&](const WireReader& field) {
        if (field.field() == 1) found = scope(field.bytes(), damage);  // scope
    });
    rows.scope(std::move(found));
    each_field(message, damage, [&](const WireReader& field) {
        if (field.field() == 2) take(field.bytes(), rows, damage);  // log_records, spans
    });
}

// ResourceLogs and ResourceSpans.
void take_resource(std::string_view message, OtlpRows& rows, TakeRecord take, Damage& damage) {
    Attributes found;
    each_field(message, damage, [&](const WireReader& field) {
        if (field.field() == 1) found = resource(field.bytes(), damage);  // resource
    });
    rows.resource(std::move(found));
    each_field(message, damage, [&](const WireReader& field) {
        if (field.field() == 2) take_scoped(field.bytes(), rows, take, damage);  // scope_logs, scope_spans
    });
}

Result<void> read_request(std::string_view body, OtlpRows& rows, TakeRecord take) {
    Damage damage;
    each_field(body, damage, [&](const WireReader& field) {
        if (field.field() == 1)
            take_resource(field.bytes(), rows, take, damage);  // resource_logs, resource_spans
    });
    if (!damage.found) return {};
    return fail(error(Code::invalid, "This is no OTLP request in protobuf, or one nested too deeply.")
                    .because("invalid_protobuf"));
}

}  // namespace

Result<void> read_otlp_protobuf_logs(std::string_view body, OtlpRows& rows) {
    return read_request(body, rows, take_log);
}

Result<void> read_otlp_protobuf_traces(std::string_view body, OtlpRows& rows) {
    return read_request(body, rows, take_span);
}

}  // namespace jebi::log_analytics
