#include "modules/search/text.h"

#include <algorithm>

#include "kit/base/unicode.h"

namespace jebi::search {

namespace {

constexpr int code_point_bits = 21;
constexpr std::size_t utf8_bytes_max = 4;  // of one character

bool is_space(char32_t c) {
    return c == U' ' || (c >= U'\t' && c <= U'\r') || c == U'\u0085' || c == U'\u00A0' || c == U'\u1680' ||
           (c >= U'\u2000' && c <= U'\u200A') || c == U'\u2028' || c == U'\u2029' || c == U'\u202F' ||
           c == U'\u205F' || c == U'\u3000';
}

Gram letter(char32_t c) {
    return static_cast<Gram>(c);
}

Gram pair(char32_t first, char32_t second) {
    return (letter(first) << code_point_bits) | letter(second);
}

void keep_once(std::vector<Gram>& grams) {
    std::ranges::sort(grams);
    const auto twice = std::ranges::unique(grams);
    grams.erase(twice.begin(), twice.end());
}

void add_pairs(std::u32string_view word, std::vector<Gram>& grams) {
    for (std::size_t i = 1; i < word.size(); ++i)
        grams.push_back(pair(word[i - 1], word[i]));
}

// Hands each run without blanks to `take`.
template <typename Take>
void for_each_word(std::u32string_view text, Take take) {
    while (!text.empty()) {
        const auto end = std::min(text.find(U' '), text.size());
        if (end > 0) take(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

std::unexpected<Error> refuse(std::string message, std::string reason) {
    return fail(error(Code::invalid, std::move(message)).because(std::move(reason)).at("q"));
}

// The next word or quotation, taken off the text; may be empty.
std::string_view next_part(std::string_view& text) {
    const bool is_quoted = text.starts_with('"');
    if (is_quoted) text.remove_prefix(1);
    const auto end = std::min(is_quoted ? text.find('"') : text.find_first_of(" \""), text.size());
    const std::string_view part = text.substr(0, end);
    const bool ends_here = end < text.size() && (is_quoted || text[end] == ' ');
    text.remove_prefix(end + (ends_here ? 1 : 0));
    return part;
}

}  // namespace

std::string normal(std::string_view text) {
    const std::string all = folded(text);
    const CodePoints letters = code_points(all);
    std::string normal;
    normal.reserve(all.size());
    bool after_space = true;
    for (std::size_t i = 0; i < letters.points.size(); ++i) {
        const bool space = is_space(letters.points[i]);
        if (!space) normal.append(all, letters.begins[i], letters.begins[i + 1] - letters.begins[i]);
        if (space && !after_space) normal += ' ';
        after_space = space;
    }
    if (normal.ends_with(' ')) normal.pop_back();
    return normal;
}

Gram gram_of(UserId author) {
    return -static_cast<Gram>(author.value);
}

std::vector<Gram> grams_in(std::string_view text) {
    const CodePoints letters = code_points(text);
    std::vector<Gram> grams;
    grams.reserve(letters.points.size() * 2);
    for_each_word(letters.points, [&](std::u32string_view word) {
        for (const char32_t c : word)
            grams.push_back(letter(c));
        add_pairs(word, grams);
    });
    keep_once(grams);
    return grams;
}

Result<Query> Query::from(std::string_view text) {
    if (text.size() > characters_max * utf8_bytes_max)
        return refuse("A search has at most 200 characters.", "query_too_long");
    if (!is_utf8(text)) return refuse("This is no text.", "query_invalid");
    if (code_points(text).points.size() > characters_max)
        return refuse("A search has at most 200 characters.", "query_too_long");
    const std::string all = normal(text);
    Query query;
    for (std::string_view rest = all; !rest.empty();) {
        const std::string_view part = trimmed(next_part(rest));
        if (!part.empty()) query.words.emplace_back(part);
    }
    if (query.words.size() > words_max) return refuse("A search has at most 10 words.", "query_too_long");
    return query;
}

bool Query::fits(std::string_view normal_text) const {
    return std::ranges::all_of(words, [&](const std::string& word) { return normal_text.contains(word); });
}

std::vector<Gram> Query::grams() const {
    std::vector<Gram> grams;
    for (const std::string& part : words) {
        const CodePoints letters = code_points(part);
        for_each_word(letters.points, [&](std::u32string_view word) {
            if (word.size() == 1) grams.push_back(letter(word.front()));
            add_pairs(word, grams);
        });
    }
    keep_once(grams);
    return grams;
}

}  // namespace jebi::search
