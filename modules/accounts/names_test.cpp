#include "modules/accounts/names.h"

#include <doctest/doctest.h>

#include <string>

namespace jebi::accounts {

namespace {

std::string reason_of(std::string_view given) {
    const auto name = accepted_username(given);
    return name ? "" : name.error().reason;
}

}  // namespace

TEST_CASE("a user name is kept in lower case") {
    CHECK(accepted_username("Swallow_7").value() == "swallow_7");
    CHECK(accepted_username("a").value() == "a");
    CHECK(accepted_username("0").value() == "0");
    CHECK(accepted_username("_").value() == "_");
    CHECK(accepted_username(std::string(30, 'Z')).value() == std::string(30, 'z'));
}

TEST_CASE("what is no user name is refused with the field's name") {
    for (const std::string& given :
         {std::string(""), std::string(31, 'a'), std::string("a b"), std::string("a-b"), std::string("a.b"),
          std::string(" ab"), std::string("ab\n"), std::string("제비"), std::string("a\0b", 3),
          std::string("@ab"), std::string("caf\u00e9"), std::string("\uff41bc"), std::string("\xff")}) {
        CAPTURE(given);
        CHECK(reason_of(given) == "username_invalid");
    }
    const auto refused = accepted_username("a b");
    CHECK(refused.error().code == Code::invalid);
    CHECK(refused.error().field == "username");
}

TEST_CASE("a sign that only becomes a letter when it is lower-cased is no letter") {
    CHECK(reason_of("\u212Aim") == "username_invalid");  // the Kelvin sign
}

TEST_CASE("names of the site's own pages and of its operators are reserved, in any case of letters") {
    for (const std::string name :
         {"login",     "signup",        "logout",  "tweets",     "users", "userslist",     "settings",
          "api",       "apiv1",         "assets",  "admin",      "root",  "jebi",          "log",
          "analytics", "chat",          "chats",   "activities", "auth",  "oauth",         "sessions",
          "livez",     "readyz",        "metrics", "about",      "you",   "administrator", "Admin",
          "SUPPORT",   "log_analytics", "hashtag", "me"}) {
        CAPTURE(name);
        CHECK(reason_of(name) == "username_reserved");
    }
    for (const std::string name : {"administer", "jebi1", "sehyun", "test", "demo", "log_in_man"}) {
        CAPTURE(name);
        CHECK(reason_of(name) == "");
    }
}

}  // namespace jebi::accounts
