#include "modules/web/templates/languages.h"

#include <doctest/doctest.h>

#include "modules/web/web_pages.h"
#include "modules/web/web_words.h"

using namespace jebi;
using namespace jebi::web;

namespace {

Language asked(std::string_view accept) {
    http::Request request;
    request.fields.add("Accept-Language", accept);
    return language_of(request);
}

}  // namespace

TEST_CASE("the language is the best of those a browser asks for, English when it is none of ours") {
    CHECK(asked("ko-KR,ko;q=0.9,en-US;q=0.8") == Language::korean);
    CHECK(asked("en-US,en;q=0.9,ko;q=0.8") == Language::english);
    CHECK(asked("fr, ko;q=0.3, en;q=0.2") == Language::korean);
    CHECK(asked("KO") == Language::korean);
    CHECK(asked("ko;q=0, de") == Language::english);
    CHECK(asked("korean") == Language::english);
    CHECK(asked("ko;q=banana") == Language::english);
    CHECK(asked("") == Language::english);
    CHECK(language_of({}) == Language::english);
}

TEST_CASE("a field full of ranges is not read to its end") {
    std::string many;
    for (int i = 0; i < 10'000; ++i)
        many += "de;q=0.1,";
    CHECK(asked(many + "ko") == Language::english);
}

TEST_CASE("times are told as people tell them") {
    const Templates templates{page_files(), word_files(), ""};
    constexpr WallMs then = 1'763'819'885'000;  // 2025-11-22T13:58:05Z
    constexpr WallMs minute = 60'000;
    const auto english = [&](WallMs later) { return ago(templates, Language::english, then, then + later); };
    CHECK(english(59'000) == "just now");
    CHECK(english(-minute) == "just now");
    CHECK(english(minute) == "1m ago");
    CHECK(english(59 * minute) == "59m ago");
    CHECK(english(23 * 60 * minute) == "23h ago");
    CHECK(english(6 * 24 * 60 * minute) == "6d ago");
    CHECK(english(7 * 24 * 60 * minute) == "November 22, 2025");
    CHECK(ago(templates, Language::korean, then, then + 3 * minute) == "3분 전");
}

TEST_CASE("numbers are grouped by thousands") {
    CHECK(grouped(0) == "0");
    CHECK(grouped(999) == "999");
    CHECK(grouped(1'000) == "1,000");
    CHECK(grouped(1'234'567) == "1,234,567");
}
