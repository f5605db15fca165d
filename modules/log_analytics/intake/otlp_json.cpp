#include <charconv>
#include <limits>

#include "modules/log_analytics/intake/otlp_rows.h"

namespace jebi::log_analytics {

namespace {

using json::Value;

std::unexpected<Error> refused(const char* why) {
    return fail(error(Code::invalid, std::string("This is no OTLP request in JSON: ") + why + ".")
                    .because("invalid_otlp"));
}

std::string text_of(const Value& object, std::string_view name) {
    const Value* found = object.find(name);
    return found != nullptr && found->text() != nullptr ? *found->text() : std::string{};
}

template <typename Integer>
Integer integer_of(const Value* value) {
    Integer number = 0;
    if (value == nullptr) return 0;
    if (const auto* text = value->text()) {
        std::from_chars(text->data(), text->data() + text->size(), number);
    } else if (const auto integer = value->integer()) {
        number = static_cast<Integer>(*integer);
    } else if (const auto* large = std::get_if<std::uint64_t>(&value->data)) {
        number = static_cast<Integer>(*large);
    }
    return number;
}

template <typename Integer>
Integer integer_of(const Value& object, std::string_view name) {
    return integer_of<Integer>(object.find(name));
}

// Lower case; an id in which all digits are 0 stands for none.
std::string id_of(const Value& object, std::string_view name) {
    std::string id = text_of(object, name);
    if (id.find_first_not_of('0') == id.npos) return {};
    for (char& c : id) {
        if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
    }
    return id;
}

// The members of an array; none when there is no such array.
const Value::Array& items_of(const Value& object, std::string_view name) {
    static const Value::Array none;
    const Value* found = object.find(name);
    return found != nullptr && found->array() != nullptr ? *found->array() : none;
}

Value number_of(const Value& value) {
    if (const auto integer = value.integer()) return Value{static_cast<double>(*integer)};
    const auto* text = value.text();
    if (text == nullptr) return value;
    constexpr double endless = std::numeric_limits<double>::infinity();
    if (*text == "Infinity") return Value{endless};
    if (*text == "-Infinity") return Value{-endless};
    if (*text == "NaN") return Value{std::numeric_limits<double>::quiet_NaN()};
    double number = 0;
    std::from_chars(text->data(), text->data() + text->size(), number);
    return Value{number};
}

Value any_value(const Value* from, std::size_t depth);

Value array_value(const Value& from, std::size_t depth) {
    Value::Array items;
    for (const Value& item : items_of(from, "values"))
        items.push_back(any_value(&item, depth));
    return Value{std::move(items)};
}

Value map_value(const Value& from, std::size_t depth) {
    Value::Object members;
    for (const Value& pair : items_of(from, "values"))
        members.emplace(text_of(pair, "key"), any_value(pair.find("value"), depth));
    return Value{std::move(members)};
}

// {"stringValue": "x"}; null for what is none of the known kinds, or nested too deeply.
Value any_value(const Value* from, std::size_t depth) {
    if (from == nullptr || depth == otlp_depth_max) return {};
    if (const Value* text = from->find("stringValue")) return *text;
    if (const Value* flag = from->find("boolValue")) return *flag;
    if (const Value* integer = from->find("intValue")) return Value{integer_of<std::int64_t>(integer)};
    if (const Value* number = from->find("doubleValue")) return number_of(*number);
    if (const Value* array = from->find("arrayValue")) return array_value(*array, depth + 1);
    if (const Value* map = from->find("kvlistValue")) return map_value(*map, depth + 1);
    if (const Value* bytes = from->find("bytesValue")) return *bytes;
    return {};
}

Attributes attributes_of(const Value& object) {
    Attributes attributes;
    for (const Value& pair : items_of(object, "attributes"))
        attributes.emplace_back(text_of(pair, "key"), any_value(pair.find("value"), 0));
    return attributes;
}

OtlpScope scope_of(const Value& scoped) {
    const Value* scope = scoped.find("scope");
    if (scope == nullptr) return {};
    return {.name = text_of(*scope, "name"),
            .version = text_of(*scope, "version"),
            .attributes = attributes_of(*scope)};
}

void take_log(const Value& from, OtlpRows& rows) {
    rows.add(OtlpLog{.time_ns = integer_of<std::uint64_t>(from, "timeUnixNano"),
                     .observed_ns = integer_of<std::uint64_t>(from, "observedTimeUnixNano"),
                     .severity_number = integer_of<std::int64_t>(from, "severityNumber"),
                     .severity_text = text_of(from, "severityText"),
                     .event_name = text_of(from, "eventName"),
                     .body = any_value(from.find("body"), 0),
                     .attributes = attributes_of(from),
                     .trace_id = id_of(from, "traceId"),
                     .span_id = id_of(from, "spanId")});
}

void put_attributes(Value::Object& object, const Value& from) {
    Value::Object members;
    for (auto& [name, value] : attributes_of(from))
        members.emplace(std::move(name), std::move(value));
    if (!members.empty()) object["attributes"] = Value{std::move(members)};
}

Value event_of(const Value& from) {
    Value::Object event;
    event["time_ns"] = Value{integer_of<std::int64_t>(from, "timeUnixNano")};
    event["name"] = Value{text_of(from, "name")};
    put_attributes(event, from);
    return Value{std::move(event)};
}

Value link_of(const Value& from) {
    Value::Object link;
    link["trace_id"] = Value{id_of(from, "traceId")};
    link["span_id"] = Value{id_of(from, "spanId")};
    if (auto state = text_of(from, "traceState"); !state.empty())
        link["trace_state"] = Value{std::move(state)};
    put_attributes(link, from);
    return Value{std::move(link)};
}

void take_span(const Value& from, OtlpRows& rows) {
    OtlpSpan span{.trace_id = id_of(from, "traceId"),
                  .span_id = id_of(from, "spanId"),
                  .parent_span_id = id_of(from, "parentSpanId"),
                  .trace_state = text_of(from, "traceState"),
                  .name = text_of(from, "name"),
                  .kind = integer_of<std::int64_t>(from, "kind"),
                  .start_ns = integer_of<std::uint64_t>(from, "startTimeUnixNano"),
                  .end_ns = integer_of<std::uint64_t>(from, "endTimeUnixNano"),
                  .attributes = attributes_of(from)};
    for (const Value& event : items_of(from, "events"))
        span.events.push_back(event_of(event));
    for (const Value& link : items_of(from, "links"))
        span.links.push_back(link_of(link));
    if (const Value* status = from.find("status")) {
        span.status_message = text_of(*status, "message");
        span.status = integer_of<std::int64_t>(*status, "code");
    }
    rows.add(span);
}

struct Names {
    std::string_view resources, scopes, records;
};

Result<void> read_request(std::string_view body, OtlpRows& rows, const Names& names,
                          void (*take)(const Value&, OtlpRows&)) {
    TRY(const Value root, json::parse(body));
    if (root.object() == nullptr) return refused("it is no object");
    for (const Value& resource : items_of(root, names.resources)) {
        const Value* found = resource.find("resource");
        rows.resource(found == nullptr ? Attributes{} : attributes_of(*found));
        for (const Value& scoped : items_of(resource, names.scopes)) {
            rows.scope(scope_of(scoped));
            for (const Value& record : items_of(scoped, names.records))
                take(record, rows);
        }
    }
    return {};
}

}  // namespace

Result<void> read_otlp_json_logs(std::string_view body, OtlpRows& rows) {
    return read_request(
        body, rows, {.resources = "resourceLogs", .scopes = "scopeLogs", .records = "logRecords"}, take_log);
}

Result<void> read_otlp_json_traces(std::string_view body, OtlpRows& rows) {
    return read_request(
        body, rows, {.resources = "resourceSpans", .scopes = "scopeSpans", .records = "spans"}, take_span);
}

}  // namespace jebi::log_analytics
