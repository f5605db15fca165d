// Expressions: a parser by precedence ("Top down operator precedence", Pratt 1973).
#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <utility>

#include "modules/log_analytics/query/ascii.h"
#include "modules/log_analytics/query/complaint.h"
#include "modules/log_analytics/query/parser.h"

namespace jebi::log_analytics::query {

namespace {

constexpr std::size_t arguments_max = 10'000;  // of a call; values in an IN
// How tightly operators bind.
enum Binding {
    loosest = 0,
    by_or = 1,
    by_and = 2,
    by_not = 3,
    by_comparison = 4,
    by_sum = 5,
    by_product = 6
};

struct Operator {
    std::string_view symbol, function;
    Binding binding;
};
constexpr std::array<Operator, 14> operators{{{"=", "equals", by_comparison},
                                              {"==", "equals", by_comparison},
                                              {"!=", "notEquals", by_comparison},
                                              {"<>", "notEquals", by_comparison},
                                              {"<=", "lessOrEquals", by_comparison},
                                              {">=", "greaterOrEquals", by_comparison},
                                              {"<", "less", by_comparison},
                                              {">", "greater", by_comparison},
                                              {"+", "plus", by_sum},
                                              {"-", "minus", by_sum},
                                              {"||", "concat", by_sum},
                                              {"*", "multiply", by_product},
                                              {"/", "divide", by_product},
                                              {"%", "modulo", by_product}}};

struct Unit {
    std::string_view name;
    std::int64_t ms;
};
constexpr std::array<Unit, 6> units{{{"MILLISECOND", 1},
                                     {"SECOND", 1'000},
                                     {"MINUTE", 60'000},
                                     {"HOUR", 3'600'000},
                                     {"DAY", 86'400'000},
                                     {"WEEK", 604'800'000}}};

class Expressions {
public:
    explicit Expressions(Words& words) : words_(words) {}

    Result<Expression> expression(int looser_than) {
        if (++nested_ > depth_max) return too_deep();
        TRY(Expression left, prefix());
        while (true) {
            const auto before = words_.ahead().begin;
            TRY(left, infix(std::move(left), looser_than));
            if (words_.ahead().begin == before) break;
        }
        --nested_;
        return left;
    }

private:
    std::unexpected<Error> too_deep() const {
        return words_.wrong(words_.ahead().begin, "too_large", "expressions are nested too deeply here.");
    }

    Result<Expression> call(std::string_view function, std::size_t begin,
                            std::vector<Expression> arguments) const {
        Expression made{.kind = Expression::Kind::call, .begin = begin, .end = words_.end_of_last()};
        made.name = function;
        for (const auto& argument : arguments)
            made.depth = std::max(made.depth, argument.depth + 1);
        if (made.depth > depth_max) return too_deep();
        made.arguments = std::move(arguments);
        return made;
    }

    Result<Expression> call_of(std::string_view function, Expression first) const {
        const auto begin = first.begin;
        std::vector<Expression> arguments;
        arguments.push_back(std::move(first));
        return call(function, begin, std::move(arguments));
    }

    Result<Expression> call_of(std::string_view function, Expression first, Expression second) const {
        const auto begin = first.begin;
        std::vector<Expression> arguments;
        arguments.push_back(std::move(first));
        arguments.push_back(std::move(second));
        return call(function, begin, std::move(arguments));
    }

    // `left` with the operator behind it, or as it is when none that binds tighter follows.
    Result<Expression> infix(Expression left, int looser_than) {
        for (const auto& [symbol, function, binding] : operators) {
            if (binding <= looser_than || !words_.is_symbol(symbol)) continue;
            words_.take();
            TRY(Expression right, expression(binding));
            return call_of(function, std::move(left), std::move(right));
        }
        if (by_and > looser_than && words_.is_keyword("AND"))
            return chain("and", "AND", by_and, std::move(left));
        if (by_or > looser_than && words_.is_keyword("OR")) return chain("or", "OR", by_or, std::move(left));
        if (by_comparison > looser_than) return word_operator(std::move(left));
        return left;
    }

    // a AND b AND c is one call, so that long chains are not deep.
    Result<Expression> chain(std::string_view function, std::string_view keyword, Binding binding,
                             Expression left) {
        const auto begin = left.begin;
        std::vector<Expression> arguments;
        arguments.push_back(std::move(left));
        while (words_.skip_keyword(keyword)) {
            TRY(Expression next, expression(binding));
            arguments.push_back(std::move(next));
        }
        return call(function, begin, std::move(arguments));
    }

    Result<Expression> word_operator(Expression left) {
        if (words_.skip_keyword("IS")) {
            const bool negated = words_.skip_keyword("NOT");
            TRY_VOID(words_.want_keyword("NULL"));
            return call_of(negated ? "isNotNull" : "isNull", std::move(left));
        }
        const std::size_t by = words_.is_keyword("NOT") ? 1 : 0;
        for (const std::string_view keyword : {"IN", "LIKE", "ILIKE", "BETWEEN"}) {
            if (!words_.is_keyword(keyword, by)) continue;
            if (by == 1) words_.take();
            words_.take();
            TRY(Expression found, word_operator(keyword, std::move(left)));
            if (by == 0) return found;
            return call_of("not", std::move(found));
        }
        return left;
    }

    Result<Expression> word_operator(std::string_view keyword, Expression left) {
        if (keyword == "IN") return in(std::move(left));
        if (keyword == "BETWEEN") return between(std::move(left));
        TRY(Expression pattern, expression(by_comparison));
        return call_of(keyword == "LIKE" ? "like" : "ilike", std::move(left), std::move(pattern));
    }

    Result<Expression> in(Expression left) {
        const auto begin = left.begin;
        TRY_VOID(words_.want_symbol("("));
        std::vector<Expression> arguments;
        arguments.push_back(std::move(left));
        TRY_VOID(list(arguments));
        if (arguments.size() < 2)
            return words_.wrong(begin, "syntax", "IN () has no values. Expected at least one.");
        return call("in", begin, std::move(arguments));
    }

    Result<Expression> between(Expression left) {
        const auto begin = left.begin;
        TRY(Expression low, expression(by_comparison));
        TRY_VOID(words_.want_keyword("AND"));
        TRY(Expression high, expression(by_comparison));
        std::vector<Expression> arguments;
        arguments.push_back(std::move(left));
        arguments.push_back(std::move(low));
        arguments.push_back(std::move(high));
        return call("between", begin, std::move(arguments));
    }

    // Values up to the closing parenthesis, which it takes.
    Result<void> list(std::vector<Expression>& into) {
        if (words_.skip_symbol(")")) return {};
        do {
            if (into.size() >= arguments_max)
                return words_.wrong(words_.ahead().begin, "too_large", "there are too many values here.");
            TRY(Expression next, expression(loosest));
            into.push_back(std::move(next));
        } while (words_.skip_symbol(","));
        if (!words_.is_symbol(")")) return words_.expected("a comma or ')'", {"AND", "OR", "IN", "LIKE"});
        words_.take();
        return {};
    }

    Result<Expression> prefix() {
        const Token& token = words_.ahead();
        const auto begin = token.begin;
        if (words_.skip_keyword("NOT")) {
            TRY(Expression inner, expression(by_not));
            return prefixed("not", begin, std::move(inner));
        }
        if (words_.skip_symbol("-")) return negative(begin);
        if (words_.skip_symbol("(")) {
            TRY(Expression inner, expression(loosest));
            if (!words_.is_symbol(")"))
                return words_.expected("')' or an operator", {"AND", "OR", "IN", "LIKE"});
            words_.take();
            return inner;
        }
        if (token.kind == Token::Kind::text || token.kind == Token::Kind::integer ||
            token.kind == Token::Kind::number)
            return literal();
        return word();
    }

    Result<Expression> prefixed(std::string_view function, std::size_t begin, Expression inner) const {
        TRY(Expression made, call_of(function, std::move(inner)));
        made.begin = begin;
        return made;
    }

    Result<Expression> negative(std::size_t begin) {
        TRY(Expression inner, expression(by_product));
        if (inner.kind == Expression::Kind::literal && inner.type == Type::integer) {
            inner.integer = -inner.integer;  // not the smallest integer: that has no positive literal
            inner.number = -inner.number;
            inner.begin = begin;
            return inner;
        }
        return prefixed("negate", begin, std::move(inner));
    }

    Result<Expression> literal() {
        const Token& token = words_.take();
        Expression made{.begin = token.begin, .end = token.end};
        made.type = token.kind == Token::Kind::text      ? Type::text
                    : token.kind == Token::Kind::integer ? Type::integer
                                                         : Type::number;
        if (made.type == Type::text) made.name = token.text;
        made.integer = token.integer;
        made.number = token.number;
        return made;
    }

    Result<Expression> word() {
        const Token& token = words_.ahead();
        if (words_.is_keyword("NULL") || words_.is_keyword("TRUE") || words_.is_keyword("FALSE"))
            return constant();
        if (words_.is_keyword("INTERVAL")) return interval();
        if (words_.is_keyword("CASE")) return cases();
        if (token.kind != Token::Kind::name && token.kind != Token::Kind::quoted_name)
            return words_.expected("a column, a value or a function");
        const auto begin = token.begin;
        TRY(std::string name, name_from(words_, "a column, a value or a function"));
        if (words_.is_symbol("(")) return function(begin, std::move(name));
        Expression column{.kind = Expression::Kind::column, .begin = begin, .end = words_.end_of_last()};
        column.name = std::move(name);
        return column;
    }

    Result<Expression> constant() {
        const Token& token = words_.take();
        Expression made{.begin = token.begin, .end = token.end};
        if (equal_without_case(token.text, "NULL")) return made;
        made.type = Type::flag;
        made.integer = equal_without_case(token.text, "TRUE") ? 1 : 0;
        return made;
    }

    Result<Expression> interval() {
        Expression made{.kind = Expression::Kind::interval, .begin = words_.take().begin};
        if (words_.ahead().kind != Token::Kind::integer)
            return words_.expected("a number, as in INTERVAL 15 MINUTE");
        const std::int64_t count = words_.take().integer;
        for (const auto& unit : units) {
            if (!words_.is_keyword(unit.name)) continue;
            if (count > std::numeric_limits<std::int64_t>::max() / 8 / unit.ms)
                return words_.wrong(made.begin, "too_large", "this interval is too long.");
            made.end = words_.take().end;
            made.integer = count * unit.ms;
            return made;
        }
        std::vector<std::string_view> names;
        for (const auto& unit : units)
            names.push_back(unit.name);
        return words_.expected("MILLISECOND, SECOND, MINUTE, HOUR, DAY or WEEK", names);
    }

    // CASE WHEN a THEN b ELSE c END is multiIf(a, b, c).
    Result<Expression> cases() {
        const auto begin = words_.take().begin;
        std::vector<Expression> arguments;
        while (words_.skip_keyword("WHEN")) {
            TRY(Expression condition, expression(loosest));
            TRY_VOID(words_.want_keyword("THEN"));
            TRY(Expression value, expression(loosest));
            arguments.push_back(std::move(condition));
            arguments.push_back(std::move(value));
        }
        if (arguments.empty()) return words_.expected("WHEN", {"WHEN"});
        Expression otherwise{.begin = words_.ahead().begin, .end = words_.ahead().begin};
        if (words_.skip_keyword("ELSE")) {
            TRY(otherwise, expression(loosest));
        }
        arguments.push_back(std::move(otherwise));
        TRY_VOID(words_.want_keyword("END"));
        return call("multiIf", begin, std::move(arguments));
    }

    // name(a, b), or name(parameter)(a, b).
    Result<Expression> function(std::size_t begin, std::string name) {
        words_.take();
        std::vector<Expression> arguments, parameters;
        if (words_.is_symbol("*") && words_.is_symbol(")", 1)) {
            words_.take();
        } else if (equal_without_case(name, "count") && words_.skip_keyword("DISTINCT")) {
            name = "uniqExact";
        }
        TRY_VOID(list(arguments));
        if (words_.skip_symbol("(")) {
            parameters = std::exchange(arguments, {});
            TRY_VOID(list(arguments));
        }
        TRY(Expression made, call(name, begin, std::move(arguments)));
        made.parameters = std::move(parameters);
        return made;
    }

    Words& words_;
    std::uint32_t nested_ = 0;
};

void spell(const Expression& expression, std::string& out);

void spell_all(const std::vector<Expression>& expressions, std::string& out) {
    out += '(';
    for (const auto& expression : expressions) {
        spell(expression, out);
        out += ',';
    }
    out += ')';
}

void spell(const Expression& expression, std::string& out) {
    using Kind = Expression::Kind;
    // The size before a text keeps apart what quotes inside of it could mix up.
    const auto named = [&](char mark) {
        out += mark + std::to_string(expression.name.size()) + ":" + expression.name;
    };
    switch (expression.kind) {
        case Kind::column:
            return named('c');
        case Kind::star:
            return named('*');
        case Kind::interval:
            out += "i" + std::to_string(expression.integer);
            return;
        case Kind::literal:
            if (expression.type == Type::text) return named('t');
            out += std::to_string(static_cast<int>(expression.type)) + "=" +
                   std::to_string(expression.integer) + "=" +
                   std::to_string(std::bit_cast<std::uint64_t>(expression.number));
            return;
        case Kind::call:
            out += lowered(expression.name);
            if (!expression.parameters.empty()) spell_all(expression.parameters, out);
            spell_all(expression.arguments, out);
    }
}

}  // namespace

Result<Expression> expression_from(Words& words) {
    return Expressions(words).expression(loosest);
}

std::string spelling(const Expression& expression) {
    std::string out;
    spell(expression, out);
    return out;
}

}  // namespace jebi::log_analytics::query
