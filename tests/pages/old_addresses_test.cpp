// The original's addresses: each works here, and what was wrong behind it is not.
#include "tests/pages/twitter_under_test.h"

using namespace jebi;
using namespace jebi::test;

namespace {

std::string id_of(Twitter& twitter, const std::string& name) {
    accounts::UserByNameRequest request;
    request.set_username(name);
    return std::to_string(twitter.accounts.user_by_name(Call{}, request).value().id());
}

}  // namespace

TEST_CASE("row 5, 6: signing up and in is for who is not signed in, by name or e-mail") {
    Twitter twitter;
    Browser minji{twitter}, again{twitter};
    CHECK(minji.sign_up("minji").status == 303);
    // The original's field is "email".
    CHECK(location(again.submit("/login", "/users/sessions",
                                {{"email", "minji@example.org"}, {"password", "a long enough one"}})) == "/");
}

TEST_CASE("row 3: signing out is no GET") {
    Twitter twitter;
    Member minji{twitter, "minji"};
    CHECK(minji.get("/logout").status == 200);
    CHECK(minji.get("/settings").status == 200);
}

TEST_CASE("row 8, 9, 10: tweets are made from their text only, changed, and deleted by DELETE") {
    Twitter twitter;
    Member minji{twitter, "minji"};
    // What the original took over from the request as it was.
    minji.submit("/", "/tweets",
                 {{"body", "mine"}, {"user", "7"}, {"createdAt", "1999"}, {"favoritesCount", "99"}});
    const std::string id = minji.newest();
    CHECK(has(minji.get("/tweets/" + id).body, "@minji"));
    CHECK_FALSE(has(minji.get("/tweets/" + id).body, ">99<"));
    minji.submit("/", "/tweets/" + id, {{"tweet", "now with #a_tag"}});
    CHECK(has(minji.get("/tweets/hashtag/a_tag").body, "now with"));
    minji.fields = {{"X-CSRF-Token", Browser::token(minji.get("/"))}};
    CHECK(minji.send(http::Method::del, "/tweets/" + id, "").status == 303);
    minji.fields.clear();
    CHECK(minji.get("/tweets/" + id).status == 404);
}

TEST_CASE("row 12: tags of any script, in either case") {
    Twitter twitter;
    Member minji{twitter, "minji"};
    minji.write("#Émile and #제비");
    CHECK(has(minji.get("/tweets/hashtag/%C3%89MILE").body, "and"));
    CHECK(has(minji.get("/tweets/hashtag/%EC%A0%9C%EB%B9%84").body, "and"));
}

TEST_CASE(
    "row 16, 18, 19: people are found by the original's ids too, and only oneself is deleted, after asking") {
    Twitter twitter;
    Member minji{twitter, "minji"}, daniel{twitter, "daniel"};
    const std::string his = id_of(twitter, "daniel");
    CHECK(has(Browser{twitter}.get("/users/" + his).body, "@daniel"));
    CHECK(minji.press("/users/" + his + "/follow").status == 303);
    CHECK(has(daniel.get("/users/daniel/followers").body, "@minji<"));
    CHECK(minji.submit("/", "/users/" + his + "/delete", {}).status == 403);
    CHECK(location(daniel.submit("/", "/users/" + his + "/delete", {})) == "/settings/delete");
    CHECK(daniel.get("/users/daniel").status == 200);
}

TEST_CASE("row 21 to 24: chats lead to one's own messages, and nobody reads another's inbox") {
    Twitter twitter;
    Member minji{twitter, "minji"}, daniel{twitter, "daniel"};
    const std::string mine = id_of(twitter, "minji"), his = id_of(twitter, "daniel");
    CHECK(location(minji.get("/chat")) == "/messages");
    CHECK(location(minji.get("/chat/get/" + mine)) == "/messages");
    CHECK(minji.get("/chat/get/" + his).status == 403);
    CHECK(location(minji.get("/chat/" + his)) == "/messages/daniel");
    CHECK(location(minji.submit("/", "/chats", {{"message", "hello"}, {"receiver", his}})) ==
          "/messages/daniel");
    CHECK(has(daniel.get("/messages/minji").body, "hello"));
}

TEST_CASE("row 25: activities are one's own notifications") {
    Twitter twitter;
    Member minji{twitter, "minji"};
    CHECK(location(minji.get("/activities")) == "/notifications");
    CHECK(location(Browser{twitter}.get("/notifications")) == "/login?next=%2Fnotifications");
}
