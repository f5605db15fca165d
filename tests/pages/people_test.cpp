// What people are to each other, as pages show it: follows, blocks, mutes, messages.
#include "tests/pages/twitter_under_test.h"

using namespace jebi;
using namespace jebi::test;

TEST_CASE("a profile has its tabs, counts, and what the reader may do") {
    Twitter twitter;
    Member minji{twitter, "minji"}, daniel{twitter, "daniel"};
    const std::string id = daniel.write("a tweet of daniel");
    minji.reply(id, "an answer of minji");
    minji.press("/users/daniel/follow");
    minji.press("/tweets/" + id + "/favorites");

    const std::string theirs = minji.get("/users/daniel").body;
    CHECK(has(theirs, "a tweet of daniel"));
    CHECK(has(theirs, "Followers 1"));
    CHECK(has(theirs, "unfollow daniel"));
    CHECK(has(theirs, "href=\"/messages/daniel\""));
    CHECK(has(daniel.get("/users/minji").body, "Follows you"));
    CHECK_FALSE(has(daniel.get("/users/daniel").body, "/users/daniel/follow\""));

    CHECK_FALSE(has(daniel.get("/users/minji").body, "an answer of minji"));
    CHECK(has(daniel.get("/users/minji/replies").body, "an answer of minji"));
    CHECK(has(minji.get("/users/minji/favorites").body, "a tweet of daniel"));
    CHECK(daniel.get("/users/minji/favorites").status == 403);
    CHECK(has(Browser{twitter}.get("/users/minji/following").body, "@daniel"));
    CHECK(has(Browser{twitter}.get("/users/daniel/followers").body, "@minji"));
    CHECK(has(Browser{twitter}.get("/users/minji/followers").body, "Nobody yet"));
}

TEST_CASE("following is set and unset, as often as one wants, and oneself is not followed") {
    Twitter twitter;
    Member minji{twitter, "minji"}, daniel{twitter, "daniel"};
    for (const bool set : {true, true, false, false}) {
        CHECK(minji.press("/users/daniel/follow", set).status == 303);
        CHECK(has(daniel.get("/users/daniel/followers").body, "@minji<") == set);
    }
    CHECK(minji.press("/users/minji/follow").status == 400);
    CHECK(minji.press("/users/nobody/follow").status == 404);
    CHECK(location(Browser{twitter}.submit("/login", "/users/daniel/follow", {})) == "/login");
}

TEST_CASE("lists of followers go on in pages") {
    Twitter twitter;
    Member minji{twitter, "minji"};
    follows::TargetRequest target;
    target.set_target_id(twitter.accounts
                             .user_by_name(Call{},
                                           [] {
                                               accounts::UserByNameRequest request;
                                               request.set_username("minji");
                                               return request;
                                           }())
                             .value()
                             .id());
    for (int i = 0; i < 45; ++i) {
        Member fan{twitter, "fan" + std::to_string(i)};
        fan.press("/users/minji/follow");
    }
    const std::string first = minji.get("/users/minji/followers").body;
    CHECK(count_of(first, "class=\"bio\"") + count_of(first, "<div class=\"people-in\">") == 40);
    std::smatch older;
    REQUIRE(std::regex_search(first, older, std::regex{"rel=\"next\" href=\"([^\"]+)\""}));
    CHECK(count_of(minji.get(older[1]).body, "<div class=\"people-in\">") == 5);
}

TEST_CASE("who is blocked sees and reaches nothing, and the one who blocks sees nothing of them") {
    Twitter twitter;
    Member minji{twitter, "minji"}, daniel{twitter, "daniel"};
    const std::string mine = minji.write("words of minji");
    const std::string his = daniel.write("words of daniel");
    daniel.press("/users/minji/follow");
    CHECK(minji.press("/users/daniel/block").status == 303);
    twitter.settle();

    CHECK(daniel.get("/users/minji").status == 404);
    CHECK(daniel.get("/users/minji/followers").status == 404);
    CHECK(daniel.get("/tweets/" + mine).status == 404);
    CHECK(daniel.get("/tweets/" + mine + "/favorites").status == 404);
    CHECK(daniel.press("/users/minji/follow").status == 403);
    CHECK(daniel.press("/tweets/" + mine + "/favorites").status >= 400);
    CHECK(daniel.press("/tweets/" + mine + "/reposts").status >= 400);
    CHECK(daniel.submit("/", "/tweets/" + mine + "/comments", {{"text", "hey"}}).status >= 400);
    CHECK(daniel.submit("/", "/messages/minji", {{"text", "hey"}}).status == 403);
    for (const char* list : {"/", "/tweets", "/userslist"}) {
        CAPTURE(list);
        CHECK_FALSE(has(daniel.get(list).body, "words of minji"));
        CHECK_FALSE(has(daniel.get(list).body, "@minji<"));
        CHECK_FALSE(has(minji.get(list).body, "words of daniel"));
    }
    const std::string seen = minji.get("/users/daniel").body;
    CHECK(has(seen, "You block this person"));
    CHECK(has(seen, "Unblock"));
    CHECK_FALSE(has(seen, "words of daniel"));
    CHECK(Browser{twitter}.get("/tweets/" + his).status == 200);  // a visitor is not concerned

    CHECK(minji.press("/users/daniel/block", false).status == 303);
    CHECK(daniel.get("/tweets/" + mine).status == 200);
}

TEST_CASE("a mute takes somebody out of one's lists, and they do not notice") {
    Twitter twitter;
    Member minji{twitter, "minji"}, daniel{twitter, "daniel"};
    daniel.write("words of daniel");
    minji.press("/users/daniel/follow");
    CHECK(minji.press("/users/daniel/mute").status == 303);
    twitter.settle();
    CHECK_FALSE(has(minji.get("/").body, "words of daniel"));
    CHECK_FALSE(has(minji.get("/tweets").body, "words of daniel"));
    const std::string asked_for = minji.get("/users/daniel").body;
    CHECK(has(asked_for, "words of daniel"));
    CHECK(has(asked_for, "Unmute"));
    CHECK(has(daniel.get("/users/daniel/followers").body, "@minji<"));
}

TEST_CASE("messages are between two, and nobody else sees or counts them") {
    Twitter twitter;
    Member minji{twitter, "minji"}, daniel{twitter, "daniel"}, priya{twitter, "priya"};
    const auto unread = [](Member& member) {
        return has(member.get("/messages").body, ">1</span><span class=\"unseen\"> unread");
    };
    CHECK(location(minji.get("/messages?to=@Daniel")) == "/messages/daniel");
    CHECK(has(minji.get("/messages?to=nobody").body, "Nobody has this user name"));
    CHECK(
        minji.submit("/messages/daniel", "/messages/daniel", {{"text", "hello\r\n<b>you</b>"}, {"key", "k"}})
            .status == 303);
    CHECK(
        minji.submit("/messages/daniel", "/messages/daniel", {{"text", "hello\r\n<b>you</b>"}, {"key", "k"}})
            .status == 303);
    const std::string conversation = daniel.get("/messages/minji").body;
    CHECK(count_of(conversation, "hello\n&lt;b&gt;you") == 1);
    CHECK(unread(daniel));
    CHECK_FALSE(unread(minji));
    CHECK_FALSE(has(priya.get("/messages/minji").body, "hello"));
    CHECK_FALSE(has(priya.get("/messages").body, "hello"));
    CHECK(location(Browser{twitter}.get("/messages/minji")) == "/login?next=%2Fmessages%2Fminji");

    std::smatch last;
    REQUIRE(std::regex_search(conversation, last, std::regex{"name=\"id\" value=\"([0-9]+)\""}));
    CHECK(daniel.submit("/messages/minji", "/messages/minji/read", {{"id", last[1]}}).status == 303);
    CHECK_FALSE(unread(daniel));
    CHECK(has(minji.get("/messages/daniel").body, "<span>Read</span>"));

    CHECK(minji.submit("/messages/daniel", "/messages/daniel/delete", {{"id", "0"}}).status == 303);
    CHECK_FALSE(has(minji.get("/messages").body, "hello"));
    CHECK(has(daniel.get("/messages/minji").body, "hello"));
}

TEST_CASE("a message that is refused keeps what was typed and says why") {
    Twitter twitter;
    Member minji{twitter, "minji"}, daniel{twitter, "daniel"};
    const std::string long_text(1'001, 'c');
    const Answer refused = minji.submit("/messages/daniel", "/messages/daniel", {{"text", long_text}});
    CHECK(refused.status == 422);
    CHECK(has(refused.body, long_text));
    CHECK(has(refused.body, "1,000"));
    CHECK(minji.submit("/messages/daniel", "/messages/daniel", {{"text", " "}}).status == 422);
    CHECK(minji.submit("/messages/minji", "/messages/minji", {{"text", "me"}}).status == 422);
}

TEST_CASE("what others did is told, read by a form, cleared, and taken back") {
    Twitter twitter;
    Member minji{twitter, "minji"}, daniel{twitter, "daniel"};
    const std::string mine = minji.write("a tweet of minji");
    daniel.press("/users/minji/follow");
    daniel.press("/tweets/" + mine + "/favorites");
    daniel.press("/tweets/" + mine + "/reposts");
    daniel.reply(mine, "an answer <b>");
    daniel.write("hello @minji");
    twitter.settle();
    const std::string told = minji.get("/notifications").body;
    for (const char* what : {"daniel followed you", "daniel likes your tweet", "daniel reposted your tweet",
                             "daniel replied to you", "daniel mentioned you", "an answer &lt;b&gt;"})
        CHECK(has(told, what));
    CHECK(count_of(told, "<li class=\"new\">") == 5);
    CHECK(has(minji.get("/").body, "<span class=\"n\">5</span>"));
    CHECK_FALSE(has(daniel.get("/notifications").body, "followed you"));

    std::smatch newest;
    REQUIRE(std::regex_search(told, newest, std::regex{"name=\"id\" value=\"([0-9]+)\""}));
    CHECK(minji.submit("/notifications", "/notifications/read", {{"id", newest[1]}}).status == 303);
    CHECK_FALSE(has(minji.get("/notifications").body, "<li class=\"new\">"));

    daniel.press("/tweets/" + mine + "/favorites", false);
    twitter.settle();
    CHECK_FALSE(has(minji.get("/notifications").body, "likes your tweet"));
    CHECK(minji.submit("/notifications", "/notifications/clear", {}).status == 303);
    CHECK(has(minji.get("/notifications").body, "Nothing to tell yet"));
}
