// The words of a query, read one after the other: what both halves of the parser share.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "modules/log_analytics/query/lexer.h"
#include "modules/log_analytics/query/syntax.h"

namespace jebi::log_analytics::query {

class Words {
public:
    Words(std::string_view query, std::vector<Token> tokens) : query_(query), tokens_(std::move(tokens)) {}

    std::string_view query() const { return query_; }
    const Token& ahead(std::size_t by = 0) const;
    const Token& take();
    std::size_t end_of_last() const { return at_ == 0 ? 0 : tokens_[at_ - 1].end; }

    // Keywords ignore case; a quoted name is never one.
    bool is_keyword(std::string_view keyword, std::size_t by = 0) const;
    bool is_symbol(std::string_view symbol, std::size_t by = 0) const;
    bool skip_keyword(std::string_view keyword);
    bool skip_symbol(std::string_view symbol);
    Result<void> want_keyword(std::string_view keyword);
    Result<void> want_symbol(std::string_view symbol);

    // "found 'x', expected y." at the word ahead; a keyword that was probably meant is named.
    std::unexpected<Error> expected(std::string_view what,
                                    const std::vector<std::string_view>& keywords = {}) const;
    std::unexpected<Error> wrong(std::size_t offset, std::string_view reason, std::string_view what) const;

private:
    std::string_view query_;
    std::vector<Token> tokens_;
    std::size_t at_ = 0;
};

// Words that cannot be a column or an alias unless they are quoted.
bool is_reserved(std::string_view name);

Result<Expression> expression_from(Words& words);
// A name with its dots: a.b.c.
Result<std::string> name_from(Words& words, std::string_view what);

}  // namespace jebi::log_analytics::query
