#include "modules/log_analytics/query/search.h"

#include <algorithm>
#include <array>
#include <vector>

#include "modules/log_analytics/query/ascii.h"
#include "modules/log_analytics/query/complaint.h"
#include "modules/log_analytics/query/number_text.h"
#include "modules/log_analytics/query/parser.h"
#include "modules/log_analytics/query/text_tests.h"
#include "modules/log_analytics/query/time_text.h"

namespace jebi::log_analytics::query {

namespace {

constexpr std::uint32_t nested_max = 50;

struct Word {
    std::size_t begin = 0;
    std::string text;
    bool is_quoted = false;
};

bool is_number(std::string_view text) {
    return number_from(text).has_value();
}

// LIKE's own characters stand for themselves; * for any characters.
std::string like_pattern(std::string_view text) {
    std::string pattern;
    for (const char c : text) {
        if (c == '*') {
            pattern += '%';
            continue;
        }
        if (c == '%' || c == '_' || c == '\\') pattern += '\\';
        pattern += c;
    }
    return pattern;
}

// "-15m" as an expression; nothing when it is none.
std::optional<std::string> time_before_now(std::string_view text) {
    constexpr std::string_view letters = "smhdw";
    constexpr std::array<std::string_view, 5> units{"SECOND", "MINUTE", "HOUR", "DAY", "WEEK"};
    constexpr std::size_t digits_max = 6;
    if (text.size() < 3 || text.size() > digits_max + 2 || text.front() != '-') return std::nullopt;
    const auto unit = letters.find(text.back());
    const auto digits = text.substr(1, text.size() - 2);
    if (unit == letters.npos || !std::ranges::all_of(digits, is_digit)) return std::nullopt;
    return "now() - INTERVAL " + std::string(digits) + " " + std::string(units[unit]);
}

class Search {
public:
    Search(std::string_view text, const Schema& schema) : text_(text), schema_(schema) {}

    Result<std::string> condition() {
        skip_blanks();
        if (at_ == text_.size()) return std::string();
        TRY(std::string condition, alternatives());
        if (at_ < text_.size()) return wrong(at_, "found ')' without its '('.");
        return condition;
    }

private:
    std::unexpected<Error> wrong(std::size_t offset, std::string_view what) const {
        return fail(complaint(text_, offset, "syntax", what));
    }
    char ahead() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    void skip_blanks() {
        while (is_space(ahead()))
            ++at_;
    }
    // A whole word in capitals.
    bool skip_keyword(std::string_view keyword) {
        if (!text_.substr(at_).starts_with(keyword)) return false;
        const std::size_t end = at_ + keyword.size();
        if (end < text_.size() && !is_space(text_[end]) && text_[end] != '(') return false;
        at_ = end;
        skip_blanks();
        return true;
    }
    bool is_at_end_of_group() const { return at_ == text_.size() || text_[at_] == ')'; }

    Result<std::string> alternatives() {
        if (++nested_ > nested_max) return wrong(at_, "parentheses are nested too deeply here.");
        std::vector<std::string> all;
        do {
            TRY(std::string next, terms());
            all.push_back(std::move(next));
        } while (skip_keyword("OR"));
        --nested_;
        return joined(all, " OR ");
    }

    static std::string joined(const std::vector<std::string>& all, std::string_view between) {
        if (all.size() == 1) return all[0];
        std::string text = "(";
        for (const auto& one : all) {
            if (text.size() > 1) text += between;
            text += one;
        }
        return text + ")";
    }

    bool is_at_or() {
        const std::size_t before = at_;
        const bool found = skip_keyword("OR");
        at_ = before;
        return found;
    }

    Result<std::string> terms() {
        std::vector<std::string> all;
        while (!is_at_end_of_group() && !is_at_or()) {
            if (!all.empty()) skip_keyword("AND");
            TRY(std::string next, term());
            all.push_back(std::move(next));
            skip_blanks();
        }
        if (all.empty()) return wrong(at_, "expected a word, or field:value.");
        return joined(all, " AND ");
    }

    Result<std::string> term() {
        if (++nested_ > nested_max) return wrong(at_, "this is nested too deeply.");
        auto made = one_term();
        --nested_;
        return made;
    }

    Result<std::string> one_term() {
        const bool minus = ahead() == '-' && at_ + 1 < text_.size() && !is_space(text_[at_ + 1]);
        if (minus || skip_keyword("NOT")) {
            if (minus) ++at_;
            if (is_at_end_of_group()) return wrong(at_, "expected what is not to be found.");
            TRY(const std::string inner, term());
            return "NOT ifNull(" + inner + ", false)";
        }
        if (ahead() != '(') return word_or_field();
        const std::size_t begin = at_++;
        skip_blanks();
        TRY(std::string inner, alternatives());
        if (ahead() != ')') return wrong(begin, "this '(' has no ')'.");
        ++at_;
        return inner;
    }

    Result<std::string> word_or_field() {
        if (ahead() == '"') {
            TRY(const Word word, value());
            return anywhere(word);
        }
        const std::size_t begin = at_, colon = field_end();
        if (colon == text_.npos) {
            TRY(const Word word, value());
            return anywhere(word);
        }
        const std::string_view name = text_.substr(begin, colon - begin);
        at_ = colon + 1;
        if (name == "re" && ahead() == '/') return pattern_anywhere();
        return field(begin, name);
    }

    // Where the ':' behind a field's name is; npos when no name begins here.
    std::size_t field_end() const {
        std::size_t end = at_;
        while (end < text_.size() && !is_space(text_[end]) && !std::string_view("\":()").contains(text_[end]))
            ++end;
        return end > at_ && end < text_.size() && text_[end] == ':' ? end : text_.npos;
    }

    // A word up to a blank, or a text between quotes.
    Result<Word> value() {
        Word word{.begin = at_, .text = {}};
        if (ahead() == '"') return quoted_value(std::move(word));
        std::size_t open = 0;
        for (; at_ < text_.size() && !is_space(ahead()); ++at_) {
            if (ahead() == ')' && open == 0) break;
            if (ahead() == '(') ++open;
            if (ahead() == ')') --open;
            word.text += ahead();
        }
        return word;
    }

    Result<Word> quoted_value(Word word) {
        word.is_quoted = true;
        for (++at_; at_ < text_.size(); ++at_) {
            if (ahead() == '"') {
                ++at_;
                return word;
            }
            if (ahead() == '\\' && at_ + 1 < text_.size()) ++at_;
            word.text += ahead();
        }
        return wrong(word.begin, "this quote has no end. Expected \" behind it.");
    }

    Result<std::string> anywhere(const Word& word) const {
        if (word.is_quoted || !word.text.contains('*')) return "anywhere(" + sql_text(word.text) + ")";
        return in_any_text(" ILIKE " + sql_text("%" + like_pattern(word.text) + "%"), "");
    }

    // "(a<behind> OR b<behind>)" for all text columns.
    std::string in_any_text(const std::string& behind, const std::string& before) const {
        std::vector<std::string> all;
        for (const auto& field : schema_.fields())
            if (field.type == Type::text) all.push_back(before + sql_name(field.name) + behind);
        return all.empty() ? "false" : joined(all, " OR ");
    }

    // re:/.../, up to the last slash before a blank outside of it.
    Result<std::string> pattern_anywhere() {
        const std::size_t begin = at_++;
        std::string pattern;
        for (; at_ < text_.size() && ahead() != '/'; ++at_) {
            if (ahead() == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] == '/') ++at_;
            pattern += ahead();
        }
        if (ahead() != '/') return wrong(begin, "this regular expression has no end. Expected / behind it.");
        ++at_;
        TRY_VOID(check_pattern(begin, pattern));
        return in_any_text(", " + sql_text(pattern) + ")", "match(");
    }

    Result<void> check_pattern(std::size_t begin, const std::string& pattern) const {
        const auto test = match_test(pattern);
        if (test) return {};
        return wrong(begin, "this regular expression cannot be used: " + test.error().message + ".");
    }

    Result<std::string> field(std::size_t begin, std::string_view name) {
        const Field* known = schema_.find(name);
        if (!known && !schema_.may_be_absent(name)) {
            std::vector<std::string_view> names;
            for (const auto& each : schema_.fields())
                names.push_back(each.name);
            return fail(complaint(text_, begin, "unknown_column",
                                  "no row has a field " + quoted(name) + "." + did_you_mean(name, names) +
                                      " For the text itself, put quotes around it."));
        }
        const Field field = known ? *known : Field{std::string(name), Type::nothing, {}};
        for (const std::string_view comparison : {">=", "<=", ">", "<", "="}) {
            if (!text_.substr(at_).starts_with(comparison)) continue;
            at_ += comparison.size();
            return compared(field, comparison);
        }
        if (ahead() == '~') return matched(field);
        TRY(const Word word, value());
        if (word.text.empty() && !word.is_quoted)
            return wrong(word.begin, "expected a value behind " + quoted(name) + ":");
        if (word.is_quoted) return compared(field, "=", word);
        if (word.text == "*") return sql_name(name) + " IS NOT NULL";
        if (const auto dots = word.text.find(".."); dots != word.text.npos && is_range(word.text, dots))
            return range(field, word, dots);
        if (word.text.contains('*')) return sql_name(name) + " LIKE " + sql_text(like_pattern(word.text));
        return compared(field, "=", word);
    }

    Result<std::string> matched(const Field& field) {
        ++at_;
        TRY(const Word word, value());
        TRY_VOID(check_pattern(word.begin, word.text));
        return "match(" + sql_name(field.name) + ", " + sql_text(word.text) + ")";
    }

    Result<std::string> compared(const Field& field, std::string_view comparison) {
        TRY(const Word word, value());
        return compared(field, comparison, word);
    }

    Result<std::string> compared(const Field& field, std::string_view comparison, const Word& word) const {
        const bool orders = comparison != "=";
        TRY(const std::string value, literal(field, word, orders));
        return sql_name(field.name) + " " + std::string(comparison) + " " + value;
    }

    // A value as the column's type wants it. Texts are compared as numbers only where an order is asked for.
    Result<std::string> literal(const Field& field, const Word& word, bool orders) const {
        switch (field.type) {
            case Type::text:
                return orders && !word.is_quoted && is_number(word.text) ? word.text : sql_text(word.text);
            case Type::flag:
                if (equal_without_case(word.text, "true") || equal_without_case(word.text, "false"))
                    return word.text;
                break;
            case Type::time:
                if (auto relative = time_before_now(word.text)) return *relative;
                if (time_from(word.text)) return sql_text(word.text);
                if (is_number(word.text)) return word.text;
                return wrong(word.begin,
                             quoted(word.text) + " is no time. Expected one like 2026-11-22T12:00 or -15m.");
            case Type::nothing:
                return sql_text(word.text);
            default:
                break;
        }
        if (is_number(word.text)) return word.text;
        return wrong(word.begin, quoted(field.name) + " holds values of type " +
                                     std::string(name(field.type)) + ", found " + quoted(word.text) + ".");
    }

    // Dots stand in texts too: only what is between numbers or times is a range.
    static bool is_range(std::string_view text, std::size_t dots) {
        const auto is_bound = [](std::string_view bound) {
            return bound.empty() || is_number(bound) || time_from(bound) || time_before_now(bound);
        };
        return text.size() > 2 && is_bound(text.substr(0, dots)) && is_bound(text.substr(dots + 2));
    }

    Result<std::string> range(const Field& field, const Word& word, std::size_t dots) const {
        std::vector<std::string> bounds;
        const Word low{word.begin, word.text.substr(0, dots)},
            high{word.begin + dots + 2, word.text.substr(dots + 2)};
        if (!low.text.empty()) {
            TRY(std::string bound, compared(field, ">=", low));
            bounds.push_back(std::move(bound));
        }
        if (!high.text.empty()) {
            TRY(std::string bound, compared(field, "<=", high));
            bounds.push_back(std::move(bound));
        }
        return joined(bounds, " AND ");
    }

    std::string_view text_;
    const Schema& schema_;
    std::size_t at_ = 0;
    std::uint32_t nested_ = 0;
};

}  // namespace

std::string sql_name(std::string_view name) {
    const bool is_plain = !name.empty() && !is_digit(name[0]) && std::ranges::all_of(name, [](char c) {
        return is_letter(c) || is_digit(c) || c == '_';
    });
    const bool is_word = is_reserved(name) || equal_without_case(name, "null") ||
                         equal_without_case(name, "true") || equal_without_case(name, "false");
    if (is_plain && !is_word) return std::string(name);
    std::string out = "`";
    for (const char c : name) {
        if (c == '`' || c == '\\') out += '\\';
        out += c;
    }
    return out + "`";
}

std::string sql_text(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'' || c == '\\') out += '\\';
        out += c;
    }
    return out + "'";
}

Result<std::string> where_of(std::string_view search, const Schema& schema) {
    if (search.size() > search_bytes_max)
        return fail(complaint(search, 0, "too_large",
                              "the search has over " + std::to_string(search_bytes_max) + " bytes."));
    return Search(search, schema).condition();
}

Result<std::string> where_of(std::string_view search, const Snapshot& snapshot) {
    return where_of(search, Schema(snapshot));
}

}  // namespace jebi::log_analytics::query
