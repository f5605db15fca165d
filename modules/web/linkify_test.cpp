#include "modules/web/linkify.h"

#include <doctest/doctest.h>

using namespace jebi;
using namespace jebi::web;

namespace {

tweets::Tweet tweet(std::string text) {
    tweets::Tweet tweet;
    tweet.set_text(std::move(text));
    return tweet;
}

void mark(tweets::Tweet& tweet, tweets::Entity::Kind kind, std::string_view part, std::string value) {
    const auto at = tweet.text().find(part);
    REQUIRE(at != std::string::npos);
    tweets::Entity& entity = *tweet.add_entities();
    entity.set_kind(kind);
    entity.set_begin(static_cast<std::uint32_t>(at));
    entity.set_end(static_cast<std::uint32_t>(at + part.size()));
    entity.set_value(std::move(value));
}

}  // namespace

TEST_CASE("everything that means something in HTML is escaped") {
    CHECK(linkified(tweet("<script>alert('x')</script> & \"")) ==
          "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;");
}

TEST_CASE("hashtags, mentions and links lead to their places") {
    tweets::Tweet all = tweet("#제비 @MinJi https://a.org/?x=1&y=2");
    mark(all, tweets::Entity::KIND_HASHTAG, "#제비", "제비");
    mark(all, tweets::Entity::KIND_MENTION, "@MinJi", "MinJi");
    mark(all, tweets::Entity::KIND_LINK, "https://a.org/?x=1&y=2", "https://a.org/?x=1&y=2");
    CHECK(linkified(all) ==
          "<a class=\"hashtag\" href=\"/tweets/hashtag/%EC%A0%9C%EB%B9%84\">#제비</a> "
          "<a class=\"mention\" href=\"/users/minji\">@MinJi</a> "
          "<a class=\"link\" href=\"https://a.org/?x=1&amp;y=2\" rel=\"nofollow noopener "
          "ugc\">https://a.org/?x=1&amp;y=2</a>");
}

TEST_CASE("an entity that is no web address, or does not fit the text, is shown as text") {
    tweets::Tweet script = tweet("click");
    mark(script, tweets::Entity::KIND_LINK, "click", "javascript:alert(1)");
    CHECK(linkified(script) == "click");

    tweets::Tweet beyond = tweet("short");
    tweets::Entity& entity = *beyond.add_entities();
    entity.set_kind(tweets::Entity::KIND_LINK);
    entity.set_end(1'000);
    entity.set_value("https://a.org");
    CHECK(linkified(beyond) == "short");
}

TEST_CASE("what a value holds cannot leave its attribute") {
    tweets::Tweet bad = tweet("x");
    mark(bad, tweets::Entity::KIND_LINK, "x", "https://a.org/\" onclick=\"alert(1)");
    CHECK(linkified(bad).find("\" onclick") == std::string::npos);
    tweets::Tweet tag = tweet("y");
    mark(tag, tweets::Entity::KIND_HASHTAG, "y", "\"><script>");
    CHECK(linkified(tag).find("<script>") == std::string::npos);
}

TEST_CASE("addresses in a text without entities lead there, and all else is text") {
    CHECK(with_addresses_linked("see https://example.org/a?b=1&c.") ==
          "see <a class=\"link\" href=\"https://example.org/a?b=1&amp;c\" rel=\"nofollow noopener "
          "ugc\">https://example.org/a?b=1&amp;c</a>.");
    CHECK(with_addresses_linked("http:// https:// httpx http") == "http:// https:// httpx http");
    CHECK(with_addresses_linked("javascript:http://x") !=
          "<a class=\"link\" href=\"javascript:http://x\" rel=\"nofollow noopener ugc\">");
    CHECK_FALSE(with_addresses_linked("http://a\"onclick=x<b>").contains("<b>"));
    CHECK(with_addresses_linked("http://a.org\"x").contains("href=\"http://a.org\""));
    const std::string nested = with_addresses_linked("https://a.org/?to=http://b.org");
    CHECK(nested.find("<a", 1) == std::string::npos);
}
