#include "modules/log_analytics/query/functions.h"

#include <algorithm>
#include <array>
#include <limits>

#include "modules/log_analytics/query/ascii.h"
#include "modules/log_analytics/query/complaint.h"
#include "modules/log_analytics/query/evaluate.h"
#include "modules/log_analytics/query/functions_compare.h"
#include "modules/log_analytics/query/functions_made.h"
#include "modules/log_analytics/query/number_text.h"

namespace jebi::log_analytics::query {

namespace {

constexpr std::size_t many = std::numeric_limits<std::size_t>::max();

using Make = Result<Node> (*)(Binding&, const Expression&, Nodes);

struct Function {
    std::string_view name;
    std::size_t min, max;
    Make make;
};

Result<Node> as_number(const Binding& binding, const Expression& call, Nodes& arguments, std::size_t index) {
    Node& value = arguments[index];
    if (value.type == Type::text)
        return binding.wrong(argument_of(call, index), "types",
                             call.name + " takes numbers, found a text. Write toFloat64(...) around it.");
    return std::move(value);
}

template <Comparison comparison>
Result<Node> compare(Binding& binding, const Expression& call, Nodes arguments) {
    return compared(binding, call, comparison, std::move(arguments[0]), std::move(arguments[1]));
}

constexpr std::size_t doubled_nodes_max = 1'000;

std::size_t count_of(const Node& node) {
    std::size_t count = 1;
    for (const auto& child : node.children)
        count += count_of(child);
    return count;
}

// Two comparisons of the same value, which therefore stands twice.
Result<Node> between(Binding& binding, const Expression& call, Nodes arguments) {
    if (count_of(arguments[0]) > doubled_nodes_max)
        return binding.wrong(call, "too_large", "the expression before BETWEEN is too large.");
    Expression low = call, high = call;
    high.arguments.erase(high.arguments.begin() + 1);
    TRY(Node from,
        compared(binding, low, Comparison::greater_or_equal, arguments[0], std::move(arguments[1])));
    TRY(Node to,
        compared(binding, high, Comparison::less_or_equal, std::move(arguments[0]), std::move(arguments[2])));
    Nodes both;
    both.push_back(std::move(from));
    both.push_back(std::move(to));
    return node_of(Operation::all_of, Type::flag, std::move(both));
}

template <Operation operation>
Result<Node> logic(Binding& binding, const Expression& call, Nodes arguments) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        TRY(arguments[i], condition(binding, argument_of(call, i), std::move(arguments[i])));
    }
    return node_of(operation, Type::flag, std::move(arguments));
}

Result<Node> in(Binding& binding, const Expression& call, Nodes arguments) {
    return compared_with_any(binding, call, std::move(arguments));
}

Result<Node> is_null(Binding&, const Expression&, Nodes arguments) {
    return node_of(Operation::is_null, Type::flag, std::move(arguments));
}

Result<Node> is_not_null(Binding&, const Expression&, Nodes arguments) {
    Nodes inner;
    inner.push_back(node_of(Operation::is_null, Type::flag, std::move(arguments)));
    return node_of(Operation::negation, Type::flag, std::move(inner));
}

template <Arithmetic arithmetic>
Result<Node> calculate(Binding& binding, const Expression& call, Nodes arguments) {
    for (std::size_t i = 0; i < 2; ++i) {
        TRY(arguments[i], as_number(binding, call, arguments, i));
    }
    const Type left = arguments[0].type, right = arguments[1].type;
    if (arguments[0].is_null() || arguments[1].is_null()) return Node{};
    Type type =
        is_whole(left) && is_whole(right) && arithmetic != Arithmetic::divide ? Type::integer : Type::number;
    const bool moves = arithmetic == Arithmetic::plus || arithmetic == Arithmetic::minus;
    if (type == Type::integer && moves && left == Type::time && right != Type::time) type = Type::time;
    if (type == Type::integer && arithmetic == Arithmetic::plus && right == Type::time && left != Type::time)
        type = Type::time;
    if (type == Type::number) {
        for (auto& side : arguments)
            side = converted(std::move(side), Type::number);
    }
    Node made = node_of(Operation::arithmetic, type, std::move(arguments));
    made.arithmetic = arithmetic;
    return made;
}

template <Operation operation>
Result<Node> of_number(Binding& binding, const Expression& call, Nodes arguments) {
    TRY(Node value, as_number(binding, call, arguments, 0));
    if (value.is_null()) return value;
    const Type type = value.type == Type::number ? Type::number : Type::integer;
    std::int64_t digits = 0;
    if (arguments.size() == 2) {
        TRY(digits, constant_integer(binding, call, arguments, 1));
    }
    Nodes one;
    one.push_back(std::move(value));
    Node made = node_of(operation, type, std::move(one));
    made.step = std::clamp<std::int64_t>(digits, -15, 15);
    return made;
}

Result<Node> to_text(Binding&, const Expression&, Nodes arguments) {
    return converted(std::move(arguments[0]), Type::text);
}

template <Type type>
Result<Node> to_type(Binding&, const Expression&, Nodes arguments) {
    return converted(std::move(arguments[0]), type);
}

Result<Node> unified(Binding& binding, const Expression& call, Operation operation, Nodes arguments,
                     const std::vector<std::size_t>& values) {
    Type type = Type::nothing;
    for (const auto i : values) {
        const Type other = arguments[i].type;
        if (unify(type, other)) continue;
        return binding.wrong(argument_of(call, i), "types",
                             "this is of type " + std::string(name(other)) +
                                 ", what stands before it of type " + std::string(name(type)) +
                                 ". Expected one type; toString() makes both texts.");
    }
    if (type == Type::nothing) return Node{};
    for (const auto i : values)
        arguments[i] = converted(std::move(arguments[i]), type);
    return node_of(operation, type, std::move(arguments));
}

Result<Node> choose(Binding& binding, const Expression& call, Nodes arguments) {
    if (arguments.size() % 2 == 0)
        return binding.wrong(call, "types",
                             call.name + "() takes conditions with their values, then what else.");
    std::vector<std::size_t> values;
    for (std::size_t i = 0; i + 1 < arguments.size(); i += 2) {
        TRY(arguments[i], condition(binding, argument_of(call, i), std::move(arguments[i])));
        values.push_back(i + 1);
    }
    values.push_back(arguments.size() - 1);
    return unified(binding, call, Operation::choose, std::move(arguments), values);
}

Result<Node> coalesce(Binding& binding, const Expression& call, Nodes arguments) {
    std::vector<std::size_t> all(arguments.size());
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i] = i;
    return unified(binding, call, Operation::first_present, std::move(arguments), all);
}

constexpr std::array functions{
    Function{"equals", 2, 2, compare<Comparison::equal>},
    Function{"notEquals", 2, 2, compare<Comparison::not_equal>},
    Function{"less", 2, 2, compare<Comparison::less>},
    Function{"lessOrEquals", 2, 2, compare<Comparison::less_or_equal>},
    Function{"greater", 2, 2, compare<Comparison::greater>},
    Function{"greaterOrEquals", 2, 2, compare<Comparison::greater_or_equal>},
    Function{"between", 3, 3, between},
    Function{"and", 2, many, logic<Operation::all_of>},
    Function{"or", 2, many, logic<Operation::any_of>},
    Function{"not", 1, 1, logic<Operation::negation>},
    Function{"in", 2, many, in},
    Function{"isNull", 1, 1, is_null},
    Function{"isNotNull", 1, 1, is_not_null},
    Function{"plus", 2, 2, calculate<Arithmetic::plus>},
    Function{"minus", 2, 2, calculate<Arithmetic::minus>},
    Function{"multiply", 2, 2, calculate<Arithmetic::multiply>},
    Function{"divide", 2, 2, calculate<Arithmetic::divide>},
    Function{"modulo", 2, 2, calculate<Arithmetic::modulo>},
    Function{"negate", 1, 1, of_number<Operation::negate>},
    Function{"abs", 1, 1, of_number<Operation::size>},
    Function{"round", 1, 2, of_number<Operation::round>},
    Function{"floor", 1, 1, of_number<Operation::floor>},
    Function{"ceil", 1, 1, of_number<Operation::ceiling>},
    Function{"lower", 1, 1, make_lower},
    Function{"upper", 1, 1, make_upper},
    Function{"length", 1, 1, make_length},
    Function{"substring", 2, 3, make_substring},
    Function{"substr", 2, 3, make_substring},
    Function{"position", 2, 2, make_position},
    Function{"like", 2, 2, make_like},
    Function{"ilike", 2, 2, make_ilike},
    Function{"startsWith", 2, 2, make_starts_with},
    Function{"endsWith", 2, 2, make_ends_with},
    Function{"match", 2, 2, make_match},
    Function{"anywhere", 1, 1, make_anywhere},
    Function{"concat", 1, many, make_concat},
    Function{"toString", 1, 1, to_text},
    Function{"toInt64", 1, 1, to_type<Type::integer>},
    Function{"toFloat64", 1, 1, to_type<Type::number>},
    Function{"if", 3, 3, choose},
    Function{"multiIf", 3, many, choose},
    Function{"coalesce", 1, many, coalesce},
    Function{"ifNull", 2, 2, coalesce},
    Function{"toStartOfSecond", 1, 1, make_start_of_second},
    Function{"toStartOfMinute", 1, 1, make_start_of_minute},
    Function{"toStartOfFiveMinutes", 1, 1, make_start_of_five_minutes},
    Function{"toStartOfTenMinutes", 1, 1, make_start_of_ten_minutes},
    Function{"toStartOfFifteenMinutes", 1, 1, make_start_of_fifteen_minutes},
    Function{"toStartOfHour", 1, 1, make_start_of_hour},
    Function{"toStartOfDay", 1, 1, make_start_of_day},
    Function{"toStartOfInterval", 2, 2, make_start_of_interval},
    Function{"toHour", 1, 1, make_hour},
    Function{"now", 0, 0, make_now},
    Function{"now64", 0, 1, make_now},
    Function{"fromUnixTimestamp64Milli", 1, 1, make_time_from_ms},
    Function{"toUnixTimestamp64Milli", 1, 1, to_type<Type::integer>},
};

std::string argument_count(const Function& function) {
    if (function.max == many) return "at least " + std::to_string(function.min);
    if (function.min == function.max) return std::to_string(function.min);
    return std::to_string(function.min) + " or " + std::to_string(function.max);
}

bool may_fold(const Node& node) {
    return !node.is_constant() && !node.children.empty() && node.operation != Operation::input &&
           std::ranges::all_of(node.children, [](const Node& child) { return child.is_constant(); });
}

}  // namespace

Result<std::string_view> constant_text(const Binding& binding, const Expression& call, const Nodes& arguments,
                                       std::size_t index) {
    if (!arguments[index].is_constant() || arguments[index].type != Type::text)
        return binding.wrong(argument_of(call, index), "types",
                             call.name + "() takes a text between quotes here.");
    return arguments[index].constant.text();
}

Result<std::int64_t> constant_integer(const Binding& binding, const Expression& call, const Nodes& arguments,
                                      std::size_t index) {
    if (!arguments[index].is_constant() || arguments[index].type != Type::integer)
        return binding.wrong(argument_of(call, index), "types", call.name + "() takes a plain integer here.");
    return arguments[index].constant.integer();
}

std::vector<std::string_view> function_names() {
    std::vector<std::string_view> names;
    for (const auto& function : functions)
        names.push_back(function.name);
    return names;
}

std::unexpected<Error> Binding::wrong(const Expression& at, std::string_view reason,
                                      std::string_view what) const {
    return fail(complaint(query_, at.begin, reason, what));
}

Result<Node> Binding::call(const Expression& call, std::vector<Node> arguments) {
    const auto function = std::ranges::find_if(
        functions, [&](const auto& known) { return equal_without_case(known.name, call.name); });
    if (!call.parameters.empty() && function != functions.end())
        return wrong(call, "types",
                     std::string(function->name) + "() takes one list of arguments, found two.");
    if (function == functions.end())
        return wrong(call, "unknown_function", "there is no function " + quoted(call.name) + ".");
    if (arguments.size() < function->min || arguments.size() > function->max)
        return wrong(call, "types",
                     std::string(function->name) + " takes " + argument_count(*function) +
                         " argument(s), found " + std::to_string(arguments.size()) + ".");
    TRY(Node made, function->make(*this, call, std::move(arguments)));
    if (!may_fold(made)) return made;
    return Node{.type = made.type, .constant = constant_of(made, texts_)};
}

Node Binding::text(std::string_view text) {
    return {.type = Type::text, .constant = Value::text(texts_.keep(text))};
}

Result<Node> Binding::literal(const Expression& literal) {
    if (literal.kind == Expression::Kind::interval) return whole_constant(Type::integer, literal.integer);
    switch (literal.type) {
        case Type::text:
            return text(literal.name);
        case Type::integer:
            return whole_constant(Type::integer, literal.integer);
        case Type::flag:
            return whole_constant(Type::flag, literal.integer);
        case Type::number:
            return number_constant(literal.number);
        default:
            return Node{};
    }
}

Node whole_constant(Type type, std::int64_t value) {
    return {.type = type, .constant = Value::whole(type, value)};
}

Node number_constant(double value) {
    return {.type = Type::number, .constant = Value::number(value)};
}

bool unify(Type& type, Type other) {
    const auto is_counted = [](Type one) {
        return one == Type::integer || one == Type::number || one == Type::flag;
    };
    if (type == Type::nothing) type = other;
    if (other == Type::nothing || type == other) return true;
    if (!is_counted(type) || !is_counted(other)) return false;
    type = type == Type::number || other == Type::number ? Type::number : Type::integer;
    return true;
}

Node converted(Node node, Type type) {
    if (node.type == type) return node;
    if (node.is_null()) return Node{.type = type};
    const bool from_text = node.type == Type::text && type != Type::text;
    Node made{.operation = Operation::convert, .type = type};
    if (from_text) made.operation = type == Type::number ? Operation::text_value : Operation::text_whole;
    const bool fold = node.is_constant();
    made.children.push_back(std::move(node));
    if (!fold || type == Type::text) return made;
    const auto texts = std::make_shared<Arena>();  // numbers need none
    return Node{.type = type, .constant = constant_of(made, *texts)};
}

Result<Node> condition(const Binding& binding, const Expression& at, Node node) {
    if (node.type == Type::flag || node.is_null()) {
        node.type = Type::flag;
        return node;
    }
    if (node.type == Type::text)
        return binding.wrong(at, "types",
                             "found a text, expected a condition like " +
                                 std::string(at.kind == Expression::Kind::column ? at.name : "column") +
                                 " = 'text'.");
    if (node.type == Type::time) return binding.wrong(at, "types", "found a time, expected a condition.");
    Node made{.operation = Operation::compare, .type = Type::flag, .comparison = Comparison::not_equal};
    Node zero = node.type == Type::number ? number_constant(0) : whole_constant(Type::integer, 0);
    made.children.push_back(std::move(node));
    made.children.push_back(std::move(zero));
    return made;
}

}  // namespace jebi::log_analytics::query
