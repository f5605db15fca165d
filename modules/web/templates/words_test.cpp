#include "modules/web/templates/words.h"

#include <doctest/doctest.h>

#include <set>

#include "modules/web/web_words.h"

namespace jebi::web {
namespace {

Words catalogue(std::string_view name) {
    for (const auto& file : word_files())
        if (file.path == name) return Words::parsed(file.content).value();
    FAIL("no such catalogue: " << std::string(name));
    return {};
}

std::set<std::string> gaps_of(std::string_view text) {
    std::set<std::string> gaps;
    filled(text, [&](std::string_view gap) {
        gaps.emplace(gap);
        return std::string();
    });
    return gaps;
}

TEST_CASE("a catalogue has a text for each key; comments and empty lines are skipped") {
    const auto words = Words::parsed("# 인사\n\nhello = 안녕하세요\r\n  bye=잘 가요 = 또 봐요  \n").value();
    CHECK(words.all().size() == 2);
    CHECK(*words.find("hello") == "안녕하세요");
    CHECK(*words.find("bye") == "잘 가요 = 또 봐요");
    CHECK(words.find("인사") == nullptr);
}

TEST_CASE("a text may be empty") {
    CHECK(*Words::parsed("hint =\n").value().find("hint") == "");
}

TEST_CASE("a line without '=', a strange key and a key that is there already are refused with their line") {
    CHECK(Words::parsed("a = b\n\nc").error().message == "line 3: there is no '='");
    CHECK(Words::parsed("Hello = b").error().message == "line 1: a key has only a-z, 0-9 and _");
    CHECK(Words::parsed("a = b\na = c").error().message == "line 2: the key is there already");
}

TEST_CASE("gaps are filled by name, and braces that open no gap stay") {
    const std::array gaps{Gap{"seconds", "30"}, Gap{"name", "{seconds}"}};
    CHECK(filled("{seconds}초 뒤, {name}님", gaps) == "30초 뒤, {seconds}님");
    CHECK(filled("{unknown}|{Not a gap}|{|{seconds", gaps) == "|{Not a gap}|{|{seconds");
    CHECK(filled("", gaps).empty());
}

TEST_CASE("both languages have the same keys, with the same gaps in their texts") {
    const auto korean = catalogue("ko.txt");
    const auto english = catalogue("en.txt");
    CHECK(korean.all().size() > 200);
    for (const auto& [key, text] : korean.all()) {
        CAPTURE(key);
        const auto* other = english.find(key);
        REQUIRE(other != nullptr);
        CHECK(gaps_of(text) == gaps_of(*other));
        CHECK(text.empty() == other->empty());
    }
    for (const auto& [key, text] : english.all())
        CHECK_MESSAGE(korean.find(key) != nullptr, key);
}

TEST_CASE("every reason for a refusal that the modules give has words, and so has every code") {
    const auto words = catalogue("ko.txt");
    for (const auto* reason : {"sign_in_first",      "wrong_credentials",
                               "too_many_tries",     "username_taken",
                               "username_reserved",  "username_invalid",
                               "email_taken",        "email_invalid",
                               "password_too_short", "password_too_long",
                               "password_common",    "password_like_name",
                               "password_wrong",     "display_name_invalid",
                               "bio_too_long",       "link_invalid",
                               "text_empty",         "text_too_long",
                               "tweet_gone",         "not_yours",
                               "user_gone",          "csrf",
                               "key_reused",         "busy",
                               "deadline",           "unavailable",
                               "internal",           "not_found",
                               "too_large",          "invalid",
                               "unauthenticated",    "forbidden",
                               "conflict",           "exhausted"}) {
        CHECK_MESSAGE(words.find("error_" + std::string(reason)) != nullptr, reason);
    }
}

}  // namespace
}  // namespace jebi::web
