// A bound expression: every name is known, every type decided.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "modules/log_analytics/query/text_tests.h"
#include "modules/log_analytics/query/value.h"

namespace jebi::log_analytics::query {

enum class Operation : std::uint8_t {
    constant,
    input,    // a column of the frame
    compare,  // two of a kind, by `comparison`
    arithmetic,
    negate,
    all_of,  // AND
    any_of,  // OR
    negation,
    is_null,
    text_test,    // a text and a constant question
    text_map,     // a text from a text
    text_count,   // an integer from a text
    text_value,   // a number from a text, or NULL
    text_whole,   // an integer from a text, or NULL
    one_of,       // an integer or number among constants
    bucket,       // a time, down to a multiple of `step` from `origin`
    part_of_day,  // the hours since midnight
    convert,      // to the node's type
    choose,       // condition, value, condition, value, ..., otherwise
    first_present,
    join_texts,
    round,  // to `step` digits
    size,   // the absolute value
    floor,
    ceiling,
    anywhere,  // does any of the texts pass?
};
enum class Comparison : std::uint8_t { equal, not_equal, less, less_or_equal, greater, greater_or_equal };
enum class Arithmetic : std::uint8_t { plus, minus, multiply, divide, modulo };

struct Node {
    Operation operation = Operation::constant;
    Type type = Type::nothing;
    std::vector<Node> children{};
    // Of its operation:
    Value constant{};
    std::uint32_t input = 0;
    Comparison comparison{};
    Arithmetic arithmetic{};
    SharedTest test{};
    std::function<void(std::string_view, std::string&)> map{};
    std::function<std::int64_t(std::string_view)> count{};
    std::vector<std::int64_t> wholes{};  // sorted
    std::vector<double> numbers{};       // sorted
    std::int64_t step = 0, origin = 0;
    // Where an evaluator keeps what it remembers for this node; unlike any other's of the plan.
    std::uint32_t memory = 0;

    bool is_constant() const { return operation == Operation::constant; }
    bool is_null() const { return is_constant() && constant.is_null(); }
};

}  // namespace jebi::log_analytics::query
