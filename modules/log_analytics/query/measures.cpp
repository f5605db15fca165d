#include "modules/log_analytics/query/measures.h"

#include <algorithm>
#include <array>

#include "modules/log_analytics/query/ascii.h"

namespace jebi::log_analytics::query {

namespace {

struct Aggregate {
    std::string_view name;
    Measure::Kind kind;
};
constexpr std::array aggregates{
    Aggregate{"count", Measure::Kind::count},       Aggregate{"sum", Measure::Kind::sum},
    Aggregate{"avg", Measure::Kind::average},       Aggregate{"min", Measure::Kind::smallest},
    Aggregate{"max", Measure::Kind::largest},       Aggregate{"any", Measure::Kind::first},
    Aggregate{"uniq", Measure::Kind::distinct},     Aggregate{"uniqExact", Measure::Kind::distinct},
    Aggregate{"quantile", Measure::Kind::quantile}, Aggregate{"quantileTDigest", Measure::Kind::quantile},
    Aggregate{"median", Measure::Kind::quantile},   Aggregate{"quantileExact", Measure::Kind::quantile_exact},
};

struct Found {
    const Aggregate* aggregate;
    bool conditional;
};

std::optional<Found> find(std::string_view name) {
    const auto exactly = [](std::string_view wanted) -> const Aggregate* {
        const auto found = std::ranges::find_if(
            aggregates, [&](const auto& known) { return equal_without_case(known.name, wanted); });
        return found == aggregates.end() ? nullptr : &*found;
    };
    if (const auto* aggregate = exactly(name)) return Found{aggregate, false};
    if (name.size() <= 2 || !equal_without_case(name.substr(name.size() - 2), "If")) return std::nullopt;
    if (const auto* aggregate = exactly(name.substr(0, name.size() - 2))) return Found{aggregate, true};
    return std::nullopt;
}

bool wants_number(Measure::Kind kind) {
    return kind == Measure::Kind::sum || kind == Measure::Kind::average || kind == Measure::Kind::quantile ||
           kind == Measure::Kind::quantile_exact;
}

Type result_type(Measure::Kind kind, Type argument) {
    switch (kind) {
        case Measure::Kind::count:
        case Measure::Kind::distinct:
            return Type::integer;
        case Measure::Kind::average:
        case Measure::Kind::quantile:
            return Type::number;
        case Measure::Kind::sum:
            return argument == Type::number ? Type::number : Type::integer;
        default:
            return argument;
    }
}

// x where the condition holds, else NULL: what aggregates pass over.
Node only_where(Node condition, Node value) {
    Node made{.operation = Operation::choose, .type = value.type};
    made.children.push_back(std::move(condition));
    made.children.push_back(std::move(value));
    made.children.push_back(Node{});
    return made;
}

Result<double> level_of(const Binding& binding, const Expression& call) {
    const auto& level = call.parameters[0];
    const bool is_number = level.kind == Expression::Kind::literal &&
                           (level.type == Type::number || level.type == Type::integer);
    if (call.parameters.size() != 1 || !is_number || level.number < 0 || level.number > 1)
        return binding.wrong(level, "types",
                             "expected a level from 0 to 1 here, as in quantile(0.99)(latency_ms).");
    return level.number;
}

std::string usage(std::string_view name, bool conditional) {
    const std::string condition = conditional ? "condition" : "";
    if (name == "count") return std::string(name) + (conditional ? "If(condition)" : "() or count(column)");
    return std::string(name) + (name.starts_with("quantile") ? "(0.99)" : "") +
           (conditional ? "If(column, condition)" : "(column)");
}

}  // namespace

bool is_aggregate(std::string_view name) {
    return find(name).has_value();
}

std::vector<std::string_view> aggregate_names() {
    std::vector<std::string_view> names{"countIf"};
    for (const auto& aggregate : aggregates)
        names.push_back(aggregate.name);
    return names;
}

Result<Measure> measure_of(Binding& binding, const Expression& call, std::vector<Node> arguments) {
    const auto found = find(call.name);
    Measure measure{.kind = found->aggregate->kind};
    const std::size_t wanted = (found->conditional ? 1U : 0U) + 1U;
    const bool counts = measure.kind == Measure::Kind::count;
    const bool fits = counts ? (found->conditional ? arguments.size() == 1 : arguments.size() <= 1)
                             : arguments.size() == wanted;
    const bool is_quantile =
        measure.kind == Measure::Kind::quantile || measure.kind == Measure::Kind::quantile_exact;
    if (!fits || (!call.parameters.empty() && !is_quantile))
        return binding.wrong(call, "types",
                             "expected " + usage(found->aggregate->name, found->conditional) + " here.");
    if (!call.parameters.empty()) {
        TRY(measure.level, level_of(binding, call));
    }
    if (arguments.empty()) return measure;
    std::optional<Node> where;
    if (found->conditional) {
        TRY(where, condition(binding, call.arguments.back(), std::move(arguments.back())));
    }
    Node value = found->conditional && counts ? whole_constant(Type::integer, 1) : std::move(arguments[0]);
    const Type type = value.type;
    if (wants_number(measure.kind) &&
        (type == Type::text || (type == Type::time && measure.kind == Measure::Kind::sum)))
        return binding.wrong(call.arguments[0], "types",
                             call.name + "() takes numbers, found a value of type " +
                                 std::string(name(type)) + ". Write toFloat64(...) around it.");
    measure.type = result_type(measure.kind, type);
    measure.argument = where ? only_where(std::move(*where), std::move(value)) : std::move(value);
    return measure;
}

}  // namespace jebi::log_analytics::query
