// Functions that take or give times.
#include "modules/log_analytics/query/functions_made.h"

namespace jebi::log_analytics::query {

namespace {

constexpr std::int64_t second_ms = 1'000, minute_ms = 60'000, hour_ms = 3'600'000, day_ms = 86'400'000;
constexpr WallMs monday_ms = 4 * day_ms;  // 1970 began on a Thursday; weeks begin on Mondays

std::unexpected<Error> wrong_type(const Binding& binding, const Expression& call, std::size_t index,
                                  Type found, std::string_view expected) {
    return binding.wrong(argument_of(call, index), "types",
                         call.name + "() takes " + std::string(expected) + " here, found a value of type " +
                             std::string(name(found)) + ".");
}

Result<Node> bucketed(Binding& binding, const Expression& call, Nodes arguments, std::int64_t step,
                      std::int64_t origin) {
    if (arguments[0].is_null()) return Node{.type = Type::time};
    if (arguments[0].type != Type::time)
        return wrong_type(binding, call, 0, arguments[0].type, "a time, like ts,");
    Nodes one;
    one.push_back(std::move(arguments[0]));
    Node made = node_of(Operation::bucket, Type::time, std::move(one));
    made.step = step;
    made.origin = origin;
    return made;
}

template <std::int64_t step_ms>
Result<Node> start_of(Binding& binding, const Expression& call, Nodes arguments) {
    return bucketed(binding, call, std::move(arguments), step_ms, 0);
}

Result<Node> start_of_interval(Binding& binding, const Expression& call, Nodes arguments) {
    TRY(const std::int64_t step, constant_integer(binding, call, arguments, 1));
    if (step <= 0)
        return binding.wrong(argument_of(call, 1), "types",
                             "expected an interval like INTERVAL 5 MINUTE here.");
    return bucketed(binding, call, std::move(arguments), step, step % (7 * day_ms) == 0 ? monday_ms : 0);
}

Result<Node> hour(Binding& binding, const Expression& call, Nodes arguments) {
    if (arguments[0].is_null()) return Node{.type = Type::integer};
    if (arguments[0].type != Type::time)
        return wrong_type(binding, call, 0, arguments[0].type, "a time, like ts,");
    return node_of(Operation::part_of_day, Type::integer, std::move(arguments));
}

Result<Node> now(Binding& binding, const Expression&, Nodes) {
    return whole_constant(Type::time, binding.now_ms());
}

Result<Node> from_ms(Binding& binding, const Expression& call, Nodes arguments) {
    if (arguments[0].is_null()) return Node{.type = Type::time};
    if (!is_whole(arguments[0].type)) return wrong_type(binding, call, 0, arguments[0].type, "an integer");
    return converted(std::move(arguments[0]), Type::time);
}

}  // namespace

Result<Node> make_start_of_second(Binding& binding, const Expression& call, Nodes arguments) {
    return start_of<second_ms>(binding, call, std::move(arguments));
}
Result<Node> make_start_of_minute(Binding& binding, const Expression& call, Nodes arguments) {
    return start_of<minute_ms>(binding, call, std::move(arguments));
}
Result<Node> make_start_of_five_minutes(Binding& binding, const Expression& call, Nodes arguments) {
    return start_of<5 * minute_ms>(binding, call, std::move(arguments));
}
Result<Node> make_start_of_ten_minutes(Binding& binding, const Expression& call, Nodes arguments) {
    return start_of<10 * minute_ms>(binding, call, std::move(arguments));
}
Result<Node> make_start_of_fifteen_minutes(Binding& binding, const Expression& call, Nodes arguments) {
    return start_of<15 * minute_ms>(binding, call, std::move(arguments));
}
Result<Node> make_start_of_hour(Binding& binding, const Expression& call, Nodes arguments) {
    return start_of<hour_ms>(binding, call, std::move(arguments));
}
Result<Node> make_start_of_day(Binding& binding, const Expression& call, Nodes arguments) {
    return start_of<day_ms>(binding, call, std::move(arguments));
}
Result<Node> make_start_of_interval(Binding& binding, const Expression& call, Nodes arguments) {
    return start_of_interval(binding, call, std::move(arguments));
}
Result<Node> make_hour(Binding& binding, const Expression& call, Nodes arguments) {
    return hour(binding, call, std::move(arguments));
}
Result<Node> make_now(Binding& binding, const Expression& call, Nodes arguments) {
    return now(binding, call, std::move(arguments));
}
Result<Node> make_time_from_ms(Binding& binding, const Expression& call, Nodes arguments) {
    return from_ms(binding, call, std::move(arguments));
}

}  // namespace jebi::log_analytics::query
