#include "modules/accounts/profile.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace jebi::accounts {

namespace {

// The accepted text, or the reason in brackets.
std::string outcome(const Result<std::string>& accepted) {
    return accepted ? *accepted : "(" + accepted.error().reason + " at " + accepted.error().field + ")";
}

std::string repeated(std::string_view text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i)
        all += text;
    return all;
}

const std::string family = "\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466";  // one grapheme
const std::string gag_nfd = "\u1100\u1161\u11A8";

}  // namespace

TEST_CASE("an e-mail has the shape of an address") {
    for (const std::string email : {"a@b.co", "minsu.kim+jebi@mail.example.com", "o'hara_1@a-b.example",
                                    "제비@예시.한국", "A@B.CO", "x@xn--9n2bp8q.xn--3e0b707e"}) {
        CHECK(outcome(accepted_email(email)) == email);
    }
    CHECK(outcome(accepted_email("  a@b.co\n")) == "a@b.co");
    const std::string local(64, 'l');
    const std::string longest =
        local + "@" + repeated(std::string(62, 'd') + ".", 2) + std::string(59, 'd') + ".co";
    REQUIRE(longest.size() < email_bytes_max);
    CHECK(accepted_email(longest).has_value());
}

TEST_CASE("what is no e-mail is refused") {
    for (const std::string& email : {std::string(""),
                                     std::string("a"),
                                     std::string("@"),
                                     std::string("a@"),
                                     std::string("@b.co"),
                                     std::string("a@b"),
                                     std::string("a@@b.co"),
                                     std::string("a@b@c.co"),
                                     std::string("a b@c.co"),
                                     std::string(".a@b.co"),
                                     std::string("a.@b.co"),
                                     std::string("a..b@c.co"),
                                     std::string("a@.co"),
                                     std::string("a@b..co"),
                                     std::string("a@b.co."),
                                     std::string("a@-b.co"),
                                     std::string("a@b-.co"),
                                     std::string("a@b_c.co"),
                                     std::string("\"a\"@b.co"),
                                     std::string("<a@b.co>"),
                                     std::string("a@b.co,c@d.co"),
                                     std::string("a@b.co\nBcc: c@d.co"),
                                     std::string("a@[127.0.0.1]"),
                                     std::string("a\0@b.co", 7),
                                     std::string("\xff@b.co"),
                                     std::string("a\u202e@b.co"),
                                     std::string(65, 'l') + "@b.co",
                                     "a@" + std::string(64, 'd') + ".co",
                                     "a@" + repeated("d.", 130) + "co"}) {
        CAPTURE(email);
        CHECK(outcome(accepted_email(email)) == "(email_invalid at email)");
    }
}

TEST_CASE("e-mails compare without case and in any normal form") {
    CHECK(email_key("Minsu@Example.COM") == email_key("minsu@example.com"));
    CHECK(email_key(gag_nfd + "@b.co") == email_key("각@b.co"));
    CHECK(email_key("a@b.co") != email_key("a@c.co"));
}

TEST_CASE("a display name is in any script, trimmed and NFC") {
    CHECK(outcome(accepted_display_name("  김 세현 ")) == "김 세현");
    CHECK(outcome(accepted_display_name(gag_nfd)) == "각");
    CHECK(outcome(accepted_display_name("Zoë 🐦")) == "Zoë 🐦");
    CHECK(outcome(accepted_display_name("\"><script>")) == "\"><script>");
    CHECK(outcome(accepted_display_name(repeated("각", 50))) == repeated("각", 50));
    CHECK(outcome(accepted_display_name(repeated(family, 50))) == repeated(family, 50));
}

TEST_CASE("a display name that cannot be shown as one is refused") {
    for (const std::string& name :
         {std::string(""), std::string("   "), repeated("각", 51), repeated(family, 51), std::string("a\nb"),
          std::string("a\tb"), std::string("a\0b", 3), std::string("a\u202eb"), std::string("a\u2066b"),
          std::string("a\u2028b"), std::string("\u200b\u200d"), std::string("\u3164"),
          std::string("\u2800 \u2800"), std::string("\xed\xa0\x80"), "a" + repeated("\u0301", 2'000),
          std::string(100'000, 'a')}) {
        CAPTURE(name.substr(0, 20));
        CHECK(outcome(accepted_display_name(name)) == "(display_name_invalid at display_name)");
    }
}

TEST_CASE("a bio has lines and at most 160 graphemes") {
    CHECK(outcome(accepted_bio("")) == "");
    CHECK(outcome(accepted_bio(" one\r\ntwo\r\n")) == "one\ntwo");
    CHECK(outcome(accepted_bio(repeated(gag_nfd, 160))) == repeated("각", 160));
    CHECK(outcome(accepted_bio(repeated("각", 161))) == "(bio_too_long at bio)");
    CHECK(outcome(accepted_bio("a" + repeated("\u0301", 8'000))) == "(bio_too_long at bio)");
    CHECK(outcome(accepted_bio(std::string(100'000, 'a'))) == "(bio_too_long at bio)");
    CHECK(outcome(accepted_bio("a\x1b[31m")) == "(bio_invalid at bio)");
    CHECK(outcome(accepted_bio("a\u202e")) == "(bio_invalid at bio)");
    CHECK(outcome(accepted_bio("\xff")) == "(bio_invalid at bio)");
}

TEST_CASE("a link leads to where it says") {
    for (const std::string link :
         {"", "http://a.example", "https://a.example:8443/p?q=1#f", "HTTPS://A.example/",
          "http://localhost:3000/", "https://예시.한국/제비", "http://[::1]/", "https://a.example/@name"}) {
        CHECK(outcome(accepted_link(link)) == link);
    }
    CHECK(outcome(accepted_link(" https://a.example ")) == "https://a.example");
    const std::string longest = "https://a.example/" + std::string(link_bytes_max - 18, 'p');
    CHECK(outcome(accepted_link(longest)) == longest);
    CHECK(outcome(accepted_link(longest + "p")) == "(link_invalid at link)");
}

TEST_CASE("what is no link, or hides where it leads, is refused") {
    for (const std::string& link : {std::string("a.example"),
                                    std::string("ftp://a.example"),
                                    std::string("javascript:alert(1)"),
                                    std::string("javascript://a.example/%0aalert(1)"),
                                    std::string("data:text/html,x"),
                                    std::string("//a.example"),
                                    std::string("http:/a.example"),
                                    std::string("https://"),
                                    std::string("https:///p"),
                                    std::string("https://:80"),
                                    std::string("https://good.example@evil.example/"),
                                    std::string("https://a..example"),
                                    std::string("https://a b.example"),
                                    std::string("https://a.example/\"onclick"),
                                    std::string("https://a.example/<b>"),
                                    std::string("https://a.example/\\"),
                                    std::string("https://a.example\\@b"),
                                    std::string("https://a.example/\u202e"),
                                    std::string("https://a.example/\x7f"),
                                    std::string("https://a.example/\n"
                                                "x"),
                                    std::string("http://\xff")}) {
        CAPTURE(link);
        CHECK(outcome(accepted_link(link)) == "(link_invalid at link)");
    }
}

}  // namespace jebi::accounts
