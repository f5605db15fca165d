// Finding people, tweets and hashtags.
#include "tests/mastodon/client_under_test.h"

using namespace jebi;
using namespace jebi::test;
using List = std::vector<std::string>;

namespace {

struct World {
    World() {
        spring = mira.write("봄이왔어요 #제비");
        winter = joon.write("winter is over");
        twitter.settle();
    }
    json::Value found(const std::string& q, const std::string& more = "") {
        return mira.read("/api/v2/search?q=" + http::percent_encoded(q) + more);
    }
    List tweets_for(const std::string& q) { return ids_of(member(found(q), "statuses")); }
    List people_for(const std::string& q) { return ids_of(member(found(q), "accounts")); }

    Twitter twitter;
    Client mira{twitter, "mira"};
    Client joon{twitter, "joon"};
    std::string spring, winter;
};

}  // namespace

TEST_CASE("a search finds people, tweets and hashtags at once, or what is asked for") {
    World world;
    CHECK(world.tweets_for("왔어요") == List{world.spring});
    CHECK(world.people_for("joo") == List{world.joon.id});
    const auto all = world.found("제비");
    CHECK(text(member(all, "hashtags").array()->front(), "name") == "제비");
    CHECK(member(world.found("제비", "&type=hashtags"), "statuses").array()->empty());
    CHECK(member(world.found("제비", "&type=statuses"), "hashtags").array()->empty());
    CHECK(world.tweets_for("nothing of this kind").empty());
    CHECK(world.tweets_for("").empty());
}

TEST_CASE("what has an address here is found by it, and what has one elsewhere is not") {
    World world;
    CHECK(world.tweets_for("http://jebi.example/tweets/" + world.winter) == List{world.winter});
    CHECK(world.tweets_for("http://elsewhere.example/tweets/" + world.winter).empty());
    CHECK(world.people_for("http://jebi.example/users/joon") == List{world.joon.id});
    CHECK(world.people_for("@joon") == List{world.joon.id});
    CHECK(world.people_for("joon@jebi.example") == List{world.joon.id});
}

TEST_CASE("a search shows nobody who is blocked, nor what they wrote") {
    World world;
    world.joon.act("/api/v1/accounts/" + world.mira.id + "/block");
    CHECK(world.tweets_for("winter").empty());
    CHECK(world.people_for("joon").empty());
    CHECK(world.people_for("@joon").empty());
    CHECK(world.tweets_for("http://jebi.example/tweets/" + world.winter).empty());
}

TEST_CASE("whom one blocks is found by name, to take it back") {
    World world;
    world.mira.act("/api/v1/accounts/" + world.joon.id + "/block");
    CHECK(world.people_for("joon") == List{world.joon.id});
    CHECK(world.people_for("joo").empty());
    CHECK(world.tweets_for("winter").empty());
}

TEST_CASE("people alone are found for what is typed behind an @") {
    World world;
    CHECK(ids_of(world.mira.read("/api/v1/accounts/search?q=jo&limit=5&resolve=false")) ==
          List{world.joon.id});
}

TEST_CASE("trends are the hashtags that are used most") {
    World world;
    world.joon.write("#제비 #둥지");
    const auto trends = world.mira.read("/api/v1/trends/tags");
    CHECK(text(trends.array()->front(), "name") == "제비");
    const auto& days = *member(trends.array()->front(), "history").array();
    REQUIRE(days.size() == 1);
    CHECK(text(days.front(), "uses") == "2");
    CHECK(text(days.front(), "accounts") == "2");
    CHECK(world.mira.read("/api/v1/trends/tags?limit=1").array()->size() == 1);
    CHECK(text(world.mira.read("/api/v1/tags/%EC%A0%9C%EB%B9%84"), "name") == "제비");
}
