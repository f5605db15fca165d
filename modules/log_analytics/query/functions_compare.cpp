#include "modules/log_analytics/query/functions_compare.h"

#include <algorithm>
#include <array>

#include "modules/log_analytics/query/ascii.h"
#include "modules/log_analytics/query/complaint.h"
#include "modules/log_analytics/query/number_text.h"
#include "modules/log_analytics/query/time_text.h"

namespace jebi::log_analytics::query {

namespace {

Comparison mirrored(Comparison comparison) {
    switch (comparison) {
        case Comparison::less:
            return Comparison::greater;
        case Comparison::less_or_equal:
            return Comparison::greater_or_equal;
        case Comparison::greater:
            return Comparison::less;
        case Comparison::greater_or_equal:
            return Comparison::less_or_equal;
        default:
            return comparison;
    }
}

bool holds(Comparison comparison, int order) {
    switch (comparison) {
        case Comparison::equal:
            return order == 0;
        case Comparison::not_equal:
            return order != 0;
        case Comparison::less:
            return order < 0;
        case Comparison::less_or_equal:
            return order <= 0;
        case Comparison::greater:
            return order > 0;
        case Comparison::greater_or_equal:
            return order >= 0;
    }
    return false;
}

Node null_flag() {
    return Node{.type = Type::flag};
}

Node tested(Node text, SharedTest test) {
    Node node{.operation = Operation::text_test, .type = Type::flag, .test = std::move(test)};
    node.children.push_back(std::move(text));
    return node;
}

Node negated(Node flag) {
    Node node{.operation = Operation::negation, .type = Type::flag};
    node.children.push_back(std::move(flag));
    return node;
}

Node with_constant_text(Comparison comparison, Node text, std::string constant) {
    if (comparison == Comparison::equal) return tested(std::move(text), equals_test(std::move(constant)));
    if (comparison == Comparison::not_equal)
        return negated(tested(std::move(text), equals_test(std::move(constant))));
    auto test = std::make_shared<TextTest>();
    test->passes = [comparison, constant = std::move(constant)](std::string_view other) {
        return holds(comparison, other.compare(constant));
    };
    return tested(std::move(text), std::move(test));
}

Node plain(Comparison comparison, Node left, Node right) {
    Node node{.operation = Operation::compare, .type = Type::flag, .comparison = comparison};
    node.children.push_back(std::move(left));
    node.children.push_back(std::move(right));
    return node;
}

// A constant text as a value of the type that it is compared with.
Result<Node> read_as(const Binding& binding, const Expression& at, std::string_view text, Type type) {
    if (type == Type::time) {
        if (const auto time = time_from(text)) return whole_constant(Type::time, *time);
        return binding.wrong(at, "types",
                             quoted(text) + " is no time. Expected one like '2026-11-22T13:58:05Z'.");
    }
    if (type == Type::flag && (equal_without_case(text, "true") || equal_without_case(text, "false")))
        return whole_constant(Type::flag, text.size() == 4 ? 1 : 0);
    if (const auto integer = integer_from(text); integer && !text.contains('.'))
        return whole_constant(Type::integer, *integer);
    if (const auto number = number_from(text)) return number_constant(*number);
    return binding.wrong(at, "types",
                         "found the text " + quoted(text) + ", expected a value to compare with a " +
                             std::string(name(type)) + ".");
}

Node number_of_text(Node text) {
    Node node{.operation = Operation::text_value, .type = Type::number};
    node.children.push_back(std::move(text));
    return node;
}

const Expression& argument(const Expression& call, std::size_t index) {
    return index < call.arguments.size() ? call.arguments[index] : call;
}

// position(text, piece) > 0 and the like only ask whether it is there, which filters and a search over a
// whole block can answer.
std::optional<Node> as_contains(Comparison comparison, const Node& left, const Node& right) {
    if (left.operation != Operation::text_count || !left.test || !right.is_constant() ||
        right.constant.type() != Type::integer)
        return std::nullopt;
    const auto bound = right.constant.integer();
    const bool asks =
        (bound == 0 && (comparison == Comparison::greater || comparison == Comparison::not_equal)) ||
        (bound == 1 && comparison == Comparison::greater_or_equal);
    const bool denies =
        (bound == 0 && (comparison == Comparison::equal || comparison == Comparison::less_or_equal)) ||
        (bound == 1 && comparison == Comparison::less);
    if (!asks && !denies) return std::nullopt;
    Node node = tested(left.children[0], left.test);
    return asks ? std::move(node) : negated(std::move(node));
}

}  // namespace

Result<Node> compared(Binding& binding, const Expression& at, Comparison comparison, Node left, Node right) {
    if (left.is_constant() && !right.is_constant())
        return compared(binding, at, mirrored(comparison), std::move(right), std::move(left));
    if (left.is_null() || right.is_null()) return null_flag();
    if (auto contains = as_contains(comparison, left, right)) return std::move(*contains);
    if (left.type == Type::text && right.type == Type::text) {
        if (!right.is_constant()) return plain(comparison, std::move(left), std::move(right));
        return with_constant_text(comparison, std::move(left), std::string(right.constant.text()));
    }
    if (right.type == Type::text && right.is_constant()) {
        TRY(right, read_as(binding, argument(at, 1), right.constant.text(), left.type));
    }
    if (left.type == Type::text) left = number_of_text(std::move(left));
    if (right.type == Type::text) right = number_of_text(std::move(right));
    const Type both = is_whole(left.type) && is_whole(right.type) ? left.type : Type::number;
    if (both == Type::number) {
        left = converted(std::move(left), Type::number);
        right = converted(std::move(right), Type::number);
    }
    return plain(comparison, std::move(left), std::move(right));
}

namespace {

Result<Node> number_among(Binding& binding, const Expression& at, std::vector<Node> arguments) {
    Node node{.operation = Operation::one_of, .type = Type::flag};
    bool whole = is_whole(arguments[0].type);
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        if (arguments[i].type == Type::text) {
            TRY(arguments[i],
                read_as(binding, argument(at, i), arguments[i].constant.text(), arguments[0].type));
        }
        whole = whole && is_whole(arguments[i].type);
    }
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        const Value& value = arguments[i].constant;
        if (whole) {
            node.wholes.push_back(value.integer());
        } else {
            node.numbers.push_back(is_whole(value.type()) ? static_cast<double>(value.integer())
                                                          : value.number());
        }
    }
    std::ranges::sort(node.wholes);
    std::ranges::sort(node.numbers);
    node.children.push_back(whole ? std::move(arguments[0])
                                  : converted(std::move(arguments[0]), Type::number));
    return node;
}

// Texts among the constants compare as texts, numbers as numbers.
Result<Node> text_among(Binding& binding, const Expression& at, std::vector<Node> arguments) {
    std::vector<std::string> texts;
    std::vector<Node> numbers;
    numbers.push_back(number_of_text(arguments[0]));
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        if (arguments[i].type == Type::text) {
            texts.emplace_back(arguments[i].constant.text());
        } else {
            numbers.push_back(std::move(arguments[i]));
        }
    }
    Node any{.operation = Operation::any_of, .type = Type::flag};
    if (!texts.empty())
        any.children.push_back(tested(std::move(arguments[0]), one_of_test(std::move(texts))));
    if (numbers.size() > 1) {
        TRY(Node among, number_among(binding, at, std::move(numbers)));
        any.children.push_back(std::move(among));
    }
    if (any.children.size() > 1) return any;
    return std::move(any.children[0]);
}

}  // namespace

Result<Node> compared_with_any(Binding& binding, const Expression& at, std::vector<Node> arguments) {
    if (arguments[0].is_null()) return null_flag();
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        if (!arguments[i].is_constant())
            return binding.wrong(argument(at, i), "types", "IN takes constants only. Expected a value.");
        if (arguments[i].is_null())
            return binding.wrong(argument(at, i), "types", "nothing is IN (NULL). Write IS NULL instead.");
    }
    if (arguments[0].type == Type::text) return text_among(binding, at, std::move(arguments));
    return number_among(binding, at, std::move(arguments));
}

}  // namespace jebi::log_analytics::query
