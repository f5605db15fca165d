// The functions and operators of the language: what they take, and the node that each becomes.
#pragma once

#include <string_view>
#include <vector>

#include "kit/base/clock.h"
#include "modules/log_analytics/query/node.h"
#include "modules/log_analytics/query/syntax.h"

namespace jebi::log_analytics::query {

// What functions need to know while they are bound.
class Binding {
public:
    Binding(std::string_view query, Arena& texts, WallMs now_ms, const std::vector<Node>& text_inputs)
        : query_(query), texts_(texts), now_ms_(now_ms), text_inputs_(text_inputs) {}

    // Errors name the place, what is expected, and the nearest name.
    Result<Node> call(const Expression& call, std::vector<Node> arguments);
    Result<Node> literal(const Expression& literal);
    std::unexpected<Error> wrong(const Expression& at, std::string_view reason, std::string_view what) const;

    WallMs now_ms() const { return now_ms_; }
    const std::vector<Node>& text_inputs() const { return text_inputs_; }
    Node text(std::string_view text);  // a constant

private:
    std::string_view query_;
    Arena& texts_;
    WallMs now_ms_;
    const std::vector<Node>& text_inputs_;  // for anywhere()
};

// The names of all functions, for messages.
std::vector<std::string_view> function_names();

// What the branches of a choice have in common, if anything.
bool unify(Type& type, Type other);
Node converted(Node node, Type type);
// A condition: a flag, or a number that is not 0.
Result<Node> condition(const Binding& binding, const Expression& at, Node node);

Node whole_constant(Type type, std::int64_t value);
Node number_constant(double value);

}  // namespace jebi::log_analytics::query
