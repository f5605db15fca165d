#include "modules/log_analytics/query/lexer.h"

#include <charconv>
#include <optional>

#include "modules/log_analytics/query/ascii.h"
#include "modules/log_analytics/query/complaint.h"

namespace jebi::log_analytics::query {

namespace {

bool begins_name(char c) {
    return is_letter(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool continues_name(char c) {
    return begins_name(c) || is_digit(c);
}

std::optional<int> hex_digit(char c) {
    if (is_digit(c)) return c - '0';
    const char lower = ascii_lower(c);
    if (lower >= 'a' && lower <= 'f') return lower - 'a' + 10;
    return std::nullopt;
}

// The character that a backslash and `c` stand for.
std::optional<char> unescaped(char c) {
    constexpr std::string_view letters = "bfrnt0av\\'\"`", characters{"\b\f\r\n\t\0\a\v\\'\"`", 12};
    const auto at = letters.find(c);
    if (at == letters.npos) return std::nullopt;
    return characters[at];
}

class Lexer {
public:
    explicit Lexer(std::string_view query) : query_(query) {}

    Result<std::vector<Token>> tokens() {
        while (true) {
            TRY_VOID(skip_blanks());
            if (at_ == query_.size()) break;
            TRY(Token token, next());
            tokens_.push_back(std::move(token));
        }
        tokens_.push_back({.begin = at_, .end = at_});
        return std::move(tokens_);
    }

private:
    char ahead(std::size_t by = 0) const { return at_ + by < query_.size() ? query_[at_ + by] : '\0'; }
    std::string_view rest() const { return query_.substr(at_); }
    std::unexpected<Error> wrong(std::size_t offset, std::string_view what) const {
        return fail(complaint(query_, offset, "syntax", what));
    }

    Result<void> skip_blanks() {
        while (at_ < query_.size()) {
            if (is_space(ahead())) {
                ++at_;
            } else if (rest().starts_with("--")) {
                const auto end = query_.find('\n', at_);
                at_ = end == query_.npos ? query_.size() : end;
            } else if (rest().starts_with("/*")) {
                const auto end = query_.find("*/", at_ + 2);
                if (end == query_.npos) return wrong(at_, "this comment has no end. Expected */.");
                at_ = end + 2;
            } else {
                break;
            }
        }
        return {};
    }

    Result<Token> next() {
        const char c = ahead();
        if (begins_name(c)) return word();
        if (is_digit(c) || (c == '.' && is_digit(ahead(1)))) return number();
        if (c == '\'') return quoted_text(c, Token::Kind::text);
        if (c == '`' || c == '"') return quoted_text(c, Token::Kind::quoted_name);
        return symbol();
    }

    Token token(Token::Kind kind, std::size_t begin) const {
        return {
            .kind = kind, .begin = begin, .end = at_, .text = std::string(query_.substr(begin, at_ - begin))};
    }

    Token word() {
        const auto begin = at_;
        while (continues_name(ahead()))
            ++at_;
        return token(Token::Kind::name, begin);
    }

    void skip_digits() {
        while (is_digit(ahead()))
            ++at_;
    }

    Result<Token> number() {
        const auto begin = at_;
        skip_digits();
        if (ahead() == '.') {
            ++at_;
            skip_digits();
        }
        if (ascii_lower(ahead()) == 'e') {
            const std::size_t sign = ahead(1) == '+' || ahead(1) == '-' ? 1 : 0;
            if (is_digit(ahead(1 + sign))) {
                at_ += 1 + sign;
                skip_digits();
            }
        }
        if (continues_name(ahead()))
            return wrong(begin, "a number runs into a name here. Expected a blank between them.");
        return value_of(token(Token::Kind::number, begin));
    }

    Result<Token> value_of(Token token) const {
        const char *begin = token.text.data(), *end = begin + token.text.size();
        if (const auto read = std::from_chars(begin, end, token.integer);
            read.ec == std::errc{} && read.ptr == end)
            token.kind = Token::Kind::integer;
        if (const auto read = std::from_chars(begin, end, token.number);
            read.ec != std::errc{} || read.ptr != end)
            return wrong(token.begin, "this number is too large.");
        return token;
    }

    Result<Token> quoted_text(char quote, Token::Kind kind) {
        const auto begin = at_++;
        std::string text;
        while (at_ < query_.size()) {
            const char c = query_[at_++];
            if (c == quote && ahead() != quote) {
                if (text.empty() && kind == Token::Kind::quoted_name)
                    return wrong(begin, "this name is empty.");
                return Token{.kind = kind, .begin = begin, .end = at_, .text = std::move(text)};
            }
            if (c == '\\' && at_ < query_.size()) {
                escape(text);
                continue;
            }
            if (c == quote) ++at_;
            text += c;
        }
        return wrong(begin, std::string("this quote has no end. Expected ") + quote + " behind it.");
    }

    void escape(std::string& text) {
        const char c = query_[at_++];
        if (const auto high = hex_digit(ahead()), low = hex_digit(ahead(1)); c == 'x' && high && low) {
            text += static_cast<char>(*high * 16 + *low);
            at_ += 2;
        } else if (const auto known = unescaped(c)) {
            text += *known;
        } else {
            text.append({'\\', c});
        }
    }

    Result<Token> symbol() {
        const auto begin = at_;
        for (const std::string_view two : {"<=", ">=", "<>", "!=", "==", "||"}) {
            if (!rest().starts_with(two)) continue;
            at_ += 2;
            return token(Token::Kind::symbol, begin);
        }
        if (std::string_view("()+-*/%,.=<>;").contains(ahead()) && ahead() != '\0') {
            ++at_;
            return token(Token::Kind::symbol, begin);
        }
        return wrong(begin, "found " + quoted(rest().substr(0, 1)) + ", which means nothing in a query.");
    }

    std::string_view query_;
    std::size_t at_ = 0;
    std::vector<Token> tokens_;
};

}  // namespace

Result<std::vector<Token>> tokens_of(std::string_view query) {
    if (query.size() > query_bytes_max) {
        return fail(complaint(query, 0, "too_large",
                              "the query has " + std::to_string(query.size()) + " bytes; at most " +
                                  std::to_string(query_bytes_max) + " are read."));
    }
    return Lexer(query).tokens();
}

}  // namespace jebi::log_analytics::query
