#include "modules/log_analytics/explorer/words.h"

#include <doctest/doctest.h>

namespace jebi::log_analytics {

namespace {

Language language_for(std::string_view query, std::string_view cookie, std::string_view accepted) {
    http::Request request{.path = "/", .query = query};
    if (!cookie.empty()) request.fields.add("Cookie", cookie);
    if (!accepted.empty()) request.fields.add("Accept-Language", accepted);
    return language_of(request);
}

}  // namespace

TEST_CASE("Korean and English say the same things") {
    const Words english(Language::english), korean(Language::korean);
    for (const auto& [key, text] : english.all()) {
        CHECK_MESSAGE(korean.all().contains(key), key);
        CHECK_MESSAGE(!text.empty(), key);
    }
    CHECK(english.all().size() == korean.all().size());
}

TEST_CASE("the language is that of the address, the cookie, the browser, in this order") {
    CHECK(language_for("", "", "") == Language::english);
    CHECK(language_for("", "", "fr, ko-KR;q=0.8, en;q=0.5") == Language::korean);
    CHECK(language_for("", "log_analytics_lang=en", "ko") == Language::english);
    CHECK(language_for("lang=ko", "log_analytics_lang=en", "en") == Language::korean);
    CHECK(language_for("lang=xx", "", "ko") == Language::korean);
}

TEST_CASE("a choice of language is kept") {
    CHECK(!language_cookie(http::Request{.query = "lang=xx"}));
    CHECK(language_cookie(http::Request{.query = "lang=ko"})
              .value_or("")
              .starts_with("log_analytics_lang=ko;"));
}

TEST_CASE("a gap is filled") {
    CHECK(Words(Language::english).filled("report_different", "count", "7") == "7 different");
}

}  // namespace jebi::log_analytics
