// The clauses of a SELECT.
#include "modules/log_analytics/query/parser.h"

#include <algorithm>
#include <array>

#include "modules/log_analytics/query/ascii.h"
#include "modules/log_analytics/query/complaint.h"

namespace jebi::log_analytics::query {

namespace {

constexpr std::size_t items_max = 500;  // in one SELECT, GROUP BY or ORDER BY
constexpr std::array<std::string_view, 29> reserved{
    "SELECT", "DISTINCT", "FROM", "WHERE", "GROUP", "BY",   "HAVING", "ORDER",  "LIMIT",   "OFFSET",
    "AS",     "AND",      "OR",   "NOT",   "IN",    "LIKE", "ILIKE",  "IS",     "ASC",     "DESC",
    "NULLS",  "BETWEEN",  "CASE", "WHEN",  "THEN",  "ELSE", "END",    "FORMAT", "INTERVAL"};

std::string found(const Token& token, std::string_view query) {
    if (token.kind == Token::Kind::end) return "the query ends here";
    return "found " + quoted(query.substr(token.begin, token.end - token.begin));
}

class Clauses {
public:
    explicit Clauses(Words& words) : words_(words) {}

    Result<Select> select() {
        select_.explain = words_.skip_keyword("EXPLAIN");
        if (!words_.is_keyword("SELECT")) return words_.expected("SELECT", {"SELECT", "EXPLAIN"});
        words_.take();
        select_.distinct = words_.skip_keyword("DISTINCT");
        TRY_VOID(items());
        TRY_VOID(table());
        TRY_VOID(condition("WHERE", select_.where));
        TRY_VOID(group_by());
        TRY_VOID(condition("HAVING", select_.having));
        TRY_VOID(order_by());
        TRY_VOID(limit());
        TRY_VOID(format());
        words_.skip_symbol(";");
        if (words_.ahead().kind != Token::Kind::end) return unexpected_clause();
        return std::move(select_);
    }

private:
    std::unexpected<Error> unexpected_clause() const {
        std::string what;
        std::vector<std::string_view> keywords;
        const auto may_follow = [&](std::string_view keyword, bool possible) {
            if (!possible) return;
            what += std::string(keyword) + ", ";
            keywords.push_back(keyword);
        };
        const bool limited = select_.limit.has_value(), ordered = limited || !select_.order_by.empty();
        const bool grouped = ordered || select_.having.has_value();
        may_follow("WHERE", !grouped && select_.group_by.empty() && !select_.where);
        may_follow("GROUP BY", !grouped && select_.group_by.empty());
        may_follow("HAVING", !grouped);
        may_follow("ORDER BY", !ordered);
        may_follow("LIMIT", !limited);
        may_follow("FORMAT", select_.format.empty());
        return words_.expected(what + "or the end", keywords);
    }

    template <typename Read>
    Result<void> list(std::string_view what, Read read) {
        std::size_t count = 0;
        do {
            if (++count > items_max)
                return words_.wrong(
                    words_.ahead().begin, "too_large",
                    "there are over " + std::to_string(items_max) + " " + std::string(what) + ".");
            TRY_VOID(read());
        } while (words_.skip_symbol(","));
        return {};
    }

    Result<void> items() {
        return list("columns in the SELECT", [this]() -> Result<void> {
            if (words_.is_symbol("*")) {
                const auto& star = words_.take();
                select_.items.push_back(
                    {Expression{
                         .kind = Expression::Kind::star, .begin = star.begin, .end = star.end, .name = "*"},
                     ""});
                return {};
            }
            TRY(auto expression, expression_from(words_));
            TRY(auto alias, alias_of_item());
            select_.items.push_back({std::move(expression), std::move(alias)});
            return {};
        });
    }

    // An alias without AS is taken only where it cannot be a misspelt keyword.
    Result<std::string> alias_of_item() {
        if (words_.skip_keyword("AS")) return name_from(words_, "a name for the column");
        const auto& next = words_.ahead();
        const bool is_name = next.kind == Token::Kind::quoted_name ||
                             (next.kind == Token::Kind::name && !is_reserved(next.text));
        if (is_name && (words_.is_symbol(",", 1) || words_.is_keyword("FROM", 1)))
            return name_from(words_, "a name for the column");
        return std::string();
    }

    Result<void> table() {
        if (!words_.is_keyword("FROM")) return words_.expected("a comma or FROM logs", {"FROM", "AS"});
        words_.take();
        const auto begin = words_.ahead().begin;
        TRY(const auto table, name_from(words_, "the table logs"));
        if (!equal_without_case(table, "logs"))
            return words_.wrong(begin, "unknown_table",
                                "there is no table " + quoted(table) + ". The one table is logs.");
        return {};
    }

    Result<void> condition(std::string_view keyword, std::optional<Expression>& into) {
        if (!words_.skip_keyword(keyword)) return {};
        TRY(into, expression_from(words_));
        return {};
    }

    Result<void> group_by() {
        if (!words_.skip_keyword("GROUP")) return {};
        TRY_VOID(words_.want_keyword("BY"));
        return list("groups", [this]() -> Result<void> {
            TRY(auto expression, expression_from(words_));
            select_.group_by.push_back(std::move(expression));
            return {};
        });
    }

    Result<void> order_by() {
        if (!words_.skip_keyword("ORDER")) return {};
        TRY_VOID(words_.want_keyword("BY"));
        return list("columns to order by", [this]() -> Result<void> {
            TRY(auto expression, expression_from(words_));
            Select::Order order{.expression = std::move(expression)};
            if (!words_.skip_keyword("ASC")) order.descending = words_.skip_keyword("DESC");
            if (words_.skip_keyword("NULLS")) {
                order.nulls_first = words_.is_keyword("FIRST");
                if (!order.nulls_first && !words_.is_keyword("LAST")) return words_.expected("FIRST or LAST");
                words_.take();
            }
            select_.order_by.push_back(std::move(order));
            return {};
        });
    }

    Result<std::uint64_t> count(std::string_view what) {
        if (words_.ahead().kind != Token::Kind::integer) return words_.expected(what);
        return static_cast<std::uint64_t>(words_.take().integer);
    }

    Result<void> limit() {
        if (words_.skip_keyword("LIMIT")) {
            TRY(select_.limit, count("a number of rows"));
            if (words_.skip_symbol(",")) {
                select_.offset = *select_.limit;
                TRY(select_.limit, count("a number of rows"));
            }
        }
        if (words_.skip_keyword("OFFSET")) {
            TRY(select_.offset, count("a number of rows to leave out"));
        }
        return {};
    }

    Result<void> format() {
        if (!words_.skip_keyword("FORMAT")) return {};
        TRY(select_.format, name_from(words_, "JSON, JSONEachRow or CSV"));
        return {};
    }

    Words& words_;
    Select select_;
};

}  // namespace

bool is_reserved(std::string_view name) {
    return std::ranges::any_of(reserved, [&](auto word) { return equal_without_case(word, name); });
}

const Token& Words::ahead(std::size_t by) const {
    return tokens_[std::min(at_ + by, tokens_.size() - 1)];
}

const Token& Words::take() {
    const Token& token = ahead();
    if (at_ + 1 < tokens_.size()) ++at_;
    return token;
}

bool Words::is_keyword(std::string_view keyword, std::size_t by) const {
    return ahead(by).kind == Token::Kind::name && equal_without_case(ahead(by).text, keyword);
}

bool Words::is_symbol(std::string_view symbol, std::size_t by) const {
    return ahead(by).kind == Token::Kind::symbol && ahead(by).text == symbol;
}

bool Words::skip_keyword(std::string_view keyword) {
    if (!is_keyword(keyword)) return false;
    take();
    return true;
}

bool Words::skip_symbol(std::string_view symbol) {
    if (!is_symbol(symbol)) return false;
    take();
    return true;
}

Result<void> Words::want_keyword(std::string_view keyword) {
    if (skip_keyword(keyword)) return {};
    return expected(keyword, {keyword});
}

Result<void> Words::want_symbol(std::string_view symbol) {
    if (skip_symbol(symbol)) return {};
    return expected(quoted(symbol));
}

std::unexpected<Error> Words::expected(std::string_view what,
                                       const std::vector<std::string_view>& keywords) const {
    const Token& token = ahead();
    std::string message = found(token, query_) + ", expected " + std::string(what) + ".";
    if (token.kind == Token::Kind::name) message += did_you_mean(token.text, keywords);
    return wrong(token.begin, "syntax", message);
}

std::unexpected<Error> Words::wrong(std::size_t offset, std::string_view reason,
                                    std::string_view what) const {
    return fail(complaint(query_, offset, reason, what));
}

Result<std::string> name_from(Words& words, std::string_view what) {
    const auto is_name = [&] {
        const auto& token = words.ahead();
        return token.kind == Token::Kind::quoted_name || token.kind == Token::Kind::name;
    };
    if (!is_name() || (words.ahead().kind == Token::Kind::name && is_reserved(words.ahead().text)))
        return words.expected(what);
    std::string name = words.take().text;
    while (words.skip_symbol(".")) {
        if (!is_name()) return words.expected("the rest of the name");
        name += "." + words.take().text;
    }
    return name;
}

Result<Select> parse(std::string_view query) {
    TRY(auto tokens, tokens_of(query));
    Words words(query, std::move(tokens));
    return Clauses(words).select();
}

}  // namespace jebi::log_analytics::query
