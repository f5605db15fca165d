#include "modules/web/templates/languages.h"

#include <array>
#include <chrono>

#include "kit/base/unicode.h"

namespace jebi::web {

namespace {

constexpr std::int64_t minute_s = 60;
constexpr std::int64_t hour_s = 60 * minute_s;
constexpr std::int64_t day_s = 24 * hour_s;
constexpr std::int64_t week_s = 7 * day_s;

std::string with_count(const Templates& templates, Language language, std::string_view key,
                       std::int64_t count) {
    const std::string text = std::to_string(count);
    const std::array gaps{Gap{"count", text}};
    return templates.text(language, key, gaps);
}

}  // namespace

std::optional<Language> language_from(std::string_view wanted) {
    for (const Language language : languages) {
        if (code(language) == wanted) return language;
    }
    return std::nullopt;
}

Language language_of(const http::Request& request) {
    for (const auto& [tag, weight] : http::weighted(request.fields.get("Accept-Language").value_or(""))) {
        const auto language = language_from(lower(tag.substr(0, tag.find('-'))));
        if (language && weight > 0) return *language;
    }
    return Language::english;
}

std::string ago(const Templates& templates, Language language, WallMs then_ms, WallMs now_ms) {
    const std::int64_t seconds = (now_ms - then_ms) / 1000;
    if (seconds < minute_s) return templates.text(language, "ago_now");
    if (seconds < hour_s) return with_count(templates, language, "ago_minutes", seconds / minute_s);
    if (seconds < day_s) return with_count(templates, language, "ago_hours", seconds / hour_s);
    if (seconds < week_s) return with_count(templates, language, "ago_days", seconds / day_s);
    return date(templates, language, then_ms);
}

std::string date(const Templates& templates, Language language, WallMs then_ms) {
    const auto day = std::chrono::floor<std::chrono::days>(std::chrono::sys_time<Millis>{Millis{then_ms}});
    const std::chrono::year_month_day parts{day};
    const std::string month =
        templates.text(language, "month_" + std::to_string(static_cast<unsigned>(parts.month())));
    const std::string year_text = std::to_string(static_cast<int>(parts.year()));
    const std::string day_text = std::to_string(static_cast<unsigned>(parts.day()));
    const std::array gaps{Gap{"year", year_text}, Gap{"month", month}, Gap{"day", day_text}};
    return templates.text(language, "date", gaps);
}

std::string grouped(std::uint64_t number) {
    std::string text = std::to_string(number);
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3) {
        text.insert(static_cast<std::size_t>(at), ",");
    }
    return text;
}

}  // namespace jebi::web
