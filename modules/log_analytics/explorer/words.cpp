#include "modules/log_analytics/explorer/words.h"

#include <algorithm>
#include <cassert>

#include "kit/base/unicode.h"
#include "modules/log_analytics/explorer/log_explorer_words.h"

namespace jebi::log_analytics {

namespace {

constexpr std::string_view cookie_name =
    "log_analytics_lang";  // cookies of one host are seen on all its ports

std::optional<Language> asked_for(const http::Request& request) {
    const auto form = http::form_from(request.query);
    if (!form) return std::nullopt;
    return language_from(form->get("lang").value_or(""));
}

std::optional<Language> accepted(const http::Request& request) {
    for (const auto& [tag, weight] : http::weighted(request.fields.get("Accept-Language").value_or(""))) {
        const auto language = language_from(lower(tag.substr(0, tag.find('-'))));
        if (language && weight > 0) return language;
    }
    return std::nullopt;
}

std::string_view catalogue(Language language) {
    const std::string name = std::string(code(language)) + ".txt";
    const auto found = std::ranges::find(explorer_words(), name, &Embedded::path);
    assert(found != explorer_words().end());
    return found->content;
}

}  // namespace

std::string_view code(Language language) {
    return language == Language::korean ? "ko" : "en";
}

std::optional<Language> language_from(std::string_view wanted) {
    if (wanted == "ko") return Language::korean;
    if (wanted == "en") return Language::english;
    return std::nullopt;
}

Language language_of(const http::Request& request) {
    if (const auto language = asked_for(request)) return *language;
    if (const auto language = language_from(http::cookie(request, cookie_name).value_or("")))
        return *language;
    return accepted(request).value_or(Language::english);
}

std::optional<std::string> language_cookie(const http::Request& request) {
    const auto language = asked_for(request);
    if (!language) return std::nullopt;
    return std::string(cookie_name) + "=" + std::string(code(*language)) +
           "; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly";
}

Words::Words(Language language) : language_(language) {
    std::string_view rest = catalogue(language);
    while (!rest.empty()) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        if (line.empty() || line.starts_with('#')) continue;
        const auto middle = line.find(" = ");
        assert(middle != line.npos && "a line of words is `key = text`");
        texts_.emplace(line.substr(0, middle), line.substr(middle + 3));
    }
}

const std::string& Words::operator[](std::string_view key) const {
    const auto found = texts_.find(key);
    assert(found != texts_.end() && "a word that is not in the catalogue");
    return found->second;
}

std::string Words::filled(std::string_view key, std::string_view gap, std::string_view value) const {
    std::string text = (*this)[key];
    const std::string in_braces = "{" + std::string(gap) + "}";
    if (const auto at = text.find(in_braces); at != text.npos) text.replace(at, in_braces.size(), value);
    return text;
}

}  // namespace jebi::log_analytics
