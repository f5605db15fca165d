// The makers of functions' nodes that files of their own hold, and what they share.
#pragma once

#include <string_view>
#include <vector>

#include "modules/log_analytics/query/functions.h"

namespace jebi::log_analytics::query {

using Nodes = std::vector<Node>;

inline Node node_of(Operation operation, Type type, Nodes children) {
    return {.operation = operation, .type = type, .children = std::move(children)};
}
// The call's argument, for messages; the call itself when it has none there.
inline const Expression& argument_of(const Expression& call, std::size_t index) {
    return index < call.arguments.size() ? call.arguments[index] : call;
}
// Arguments that must be known before any row is read.
Result<std::string_view> constant_text(const Binding& binding, const Expression& call, const Nodes& arguments,
                                       std::size_t index);
Result<std::int64_t> constant_integer(const Binding& binding, const Expression& call, const Nodes& arguments,
                                      std::size_t index);

// functions_texts.cpp
Result<Node> make_lower(Binding& binding, const Expression& call, Nodes arguments);
Result<Node> make_upper(Binding& binding, const Expression& call, Nodes arguments);
Result<Node> make_length(Binding& binding, const Expression& call, Nodes arguments);
Result<Node> make_substring(Binding& binding, const Expression& call, Nodes arguments);
Result<Node> make_position(Binding& binding, const Expression& call, Nodes arguments);
Result<Node> make_like(Binding& binding, const Expression& call, Nodes arguments);
Result<Node> make_ilike(Binding& binding, const Expression& call, Nodes arguments);
Result<Node> make_starts_with(Binding& binding, const Expression& call, Nodes arguments);
Result<Node> make_ends_with(Binding& binding, const Expression& call, Nodes arguments);
Result<Node> make_match(Binding& binding, const Expression& call, Nodes arguments);
Result<Node> make_anywhere(Binding& binding, const Expression& call, Nodes arguments);
Result<Node> make_concat(Binding& binding, const Expression& call, Nodes arguments);

// functions_times.cpp
Result<Node> make_start_of_second(Binding& binding, const Expression& call, Nodes arguments);
Result<Node> make_start_of_minute(Binding& binding, const Expression& call, Nodes arguments);
Result<Node> make_start_of_five_minutes(Binding& binding, const Expression& call, Nodes arguments);
Result<Node> make_start_of_ten_minutes(Binding& binding, const Expression& call, Nodes arguments);
Result<Node> make_start_of_fifteen_minutes(Binding& binding, const Expression& call, Nodes arguments);
Result<Node> make_start_of_hour(Binding& binding, const Expression& call, Nodes arguments);
Result<Node> make_start_of_day(Binding& binding, const Expression& call, Nodes arguments);
Result<Node> make_start_of_interval(Binding& binding, const Expression& call, Nodes arguments);
Result<Node> make_hour(Binding& binding, const Expression& call, Nodes arguments);
Result<Node> make_now(Binding& binding, const Expression& call, Nodes arguments);
Result<Node> make_time_from_ms(Binding& binding, const Expression& call, Nodes arguments);

}  // namespace jebi::log_analytics::query
