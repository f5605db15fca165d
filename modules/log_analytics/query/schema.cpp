#include "modules/log_analytics/query/schema.h"

#include <algorithm>
#include <array>

namespace jebi::log_analytics::query {

namespace {

// Those that the explorer's page, the reports and the intakes ask for.
constexpr std::array<std::string_view, 28> usual_fields{
    "app",      "bytes",       "duration_ms",    "env",    "event_id", "host",   "ip",
    "kind",     "latency_ms",  "level",          "logger", "message",  "method", "msg",
    "name",     "originalUrl", "parent_span_id", "path",   "referer",  "route",  "service",
    "severity", "span_id",     "status",         "trace",  "trace_id", "user",   "userID"};

Type type_of(const std::vector<Kind>& kinds) {
    if (kinds.size() == 1) {
        switch (kinds[0]) {
            case Kind::text:
                return Type::text;
            case Kind::integer:
                return Type::integer;
            case Kind::number:
                return Type::number;
            case Kind::flag:
                return Type::flag;
        }
    }
    const bool are_numbers =
        std::ranges::all_of(kinds, [](Kind kind) { return kind == Kind::integer || kind == Kind::number; });
    return are_numbers ? Type::number : Type::text;
}

}  // namespace

std::string_view name(Type type) {
    constexpr std::array<std::string_view, 6> names{"nothing", "text", "integer", "number", "flag", "time"};
    return names[static_cast<std::size_t>(type)];
}

Schema::Schema(const Snapshot& snapshot)
    : empty_(std::ranges::all_of(snapshot.parts, [](const auto& part) { return part->rows() == 0; })) {
    fields_.push_back({std::string(time_column), Type::time, {Kind::integer}});
    by_name_.emplace(time_column, 0);
    for (auto& column : snapshot.columns()) {
        const auto [at, is_new] = by_name_.emplace(column.name, fields_.size());
        if (is_new) fields_.push_back({std::move(column.name), Type::text, {}});
        if (at->second != 0) fields_[at->second].kinds.push_back(column.kind);
    }
    for (auto& field : fields_)
        if (field.type != Type::time) field.type = type_of(field.kinds);
}

const Field* Schema::find(std::string_view name) const {
    const auto found = by_name_.find(std::string(name));
    return found == by_name_.end() ? nullptr : &fields_[found->second];
}

bool Schema::may_be_absent(std::string_view name) const {
    return empty_ || std::ranges::find(usual_fields, name) != usual_fields.end();
}

}  // namespace jebi::log_analytics::query
