// What a query says, before anybody asks what its names mean.
//
// Operators are calls, by the names that ClickHouse gives them: a + b is plus(a, b), a IN (1, 2) is in(a, 1,
// 2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kit/base/result.h"
#include "modules/log_analytics/query/value.h"

namespace jebi::log_analytics::query {

struct Expression {
    enum class Kind : std::uint8_t {
        column,
        literal,   // of type nothing, text (in `name`), integer, number or flag
        interval,  // `integer` milliseconds
        star,
        call,
    };
    Kind kind = Kind::literal;
    std::size_t begin = 0, end = 0;  // in the query, in bytes
    std::string name{};              // of a column, a function or an alias; a literal's text
    Type type = Type::nothing;       // of a literal
    std::int64_t integer = 0;
    double number = 0;
    std::vector<Expression> parameters{};  // quantile(0.99)(x): 0.99
    std::vector<Expression> arguments{};
    std::uint32_t depth = 1;
};

// Trees are at most so deep, so that walking them needs little stack.
inline constexpr std::uint32_t depth_max = 200;

struct Select {
    struct Item {
        Expression expression;
        std::string alias;  // empty: none
    };
    struct Order {
        Expression expression;
        bool descending = false;
        bool nulls_first = false;  // they come last, as in ClickHouse, unless asked for
    };
    bool explain = false;
    bool distinct = false;
    std::vector<Item> items;
    std::optional<Expression> where{};
    std::vector<Expression> group_by{};
    std::optional<Expression> having{};
    std::vector<Order> order_by{};
    std::optional<std::uint64_t> limit{};
    std::uint64_t offset = 0;
    std::string format{};  // FORMAT JSONEachRow: as it is written; empty: none
};

// Errors are complaints (complaint.h). The grammar is in query.h.
Result<Select> parse(std::string_view query);

// The expression as one spelling, for comparing: equal when they say the same.
std::string spelling(const Expression& expression);

}  // namespace jebi::log_analytics::query
