// The entities, and the operations on accounts, statuses and timelines.
#include <algorithm>
#include <set>

#include "tests/mastodon/client_under_test.h"

using namespace jebi;
using namespace jebi::test;
using List = std::vector<std::string>;

namespace {

std::set<std::string> names_of(const json::Value& entity) {
    std::set<std::string> names;
    for (const auto& [name, value] : *entity.object())
        names.insert(name);
    return names;
}

const std::set<std::string> status_members{"id",
                                           "created_at",
                                           "in_reply_to_id",
                                           "in_reply_to_account_id",
                                           "sensitive",
                                           "visibility",
                                           "spoiler_text",
                                           "language",
                                           "uri",
                                           "url",
                                           "edited_at",
                                           "replies_count",
                                           "reblogs_count",
                                           "favourites_count",
                                           "favourited",
                                           "reblogged",
                                           "muted",
                                           "bookmarked",
                                           "pinned",
                                           "content",
                                           "filtered",
                                           "reblog",
                                           "application",
                                           "account",
                                           "media_attachments",
                                           "mentions",
                                           "tags",
                                           "emojis",
                                           "card",
                                           "poll"};
const std::set<std::string> account_members{"id",
                                            "username",
                                            "acct",
                                            "display_name",
                                            "locked",
                                            "bot",
                                            "group",
                                            "discoverable",
                                            "note",
                                            "created_at",
                                            "url",
                                            "uri",
                                            "avatar",
                                            "avatar_static",
                                            "header",
                                            "header_static",
                                            "followers_count",
                                            "following_count",
                                            "emojis",
                                            "fields",
                                            "roles",
                                            "last_status_at",
                                            "statuses_count"};

}  // namespace

TEST_CASE("a status and an account are whole") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    const auto status = mira.read("/api/v1/statuses/" + mira.write("hello"));
    CHECK(names_of(status) == status_members);
    CHECK(names_of(member(status, "account")) == account_members);
    CHECK(text(status, "url") == "http://jebi.example/tweets/" + text(status, "id"));
    CHECK(is_null(status, "reblog"));
    CHECK(is_null(status, "in_reply_to_id"));
}

TEST_CASE("an account has its counts, wherever it stands") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    Client joon{twitter, "joon"};
    mira.follow(joon);
    const auto status = mira.read("/api/v1/statuses/" + joon.write("hello"));
    for (const auto& account : {member(status, "account"), mira.read("/api/v1/accounts/" + joon.id)}) {
        CHECK(number(account, "followers_count") == 1);
        CHECK(number(account, "following_count") == 0);
        CHECK(number(account, "statuses_count") == 1);
    }
    CHECK(number(mira.read("/api/v1/accounts/verify_credentials"), "following_count") == 1);
}

TEST_CASE("the picture of somebody who has none is there") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    const auto account = mira.read("/api/v1/accounts/verify_credentials");
    for (const char* name : {"avatar", "header"}) {
        const std::string address = text(account, name);
        REQUIRE(address.starts_with("http://jebi.example/"));
        const Answer picture = mira.get(address.substr(std::string("http://jebi.example").size()));
        CHECK(picture.status == 200);
        CHECK(field(picture, "Content-Type") == "image/svg+xml");
        CHECK(picture.body.starts_with("<svg"));
    }
    CHECK(mira.get("/avatars/1").status == 404);
}

TEST_CASE("a page of forty statuses costs as many calls as a page of one") {
    Twitter twitter;
    std::size_t calls = 0;
    const auto count = [&](const rpc::Observed&) { ++calls; };
    accounts::AccountsLocal accounts{twitter.accounts, count};
    follows::FollowsLocal follows{twitter.follows, count};
    tweets::TweetsLocal tweets{twitter.tweets, count};
    web::Site counted{accounts,
                      follows,
                      tweets,
                      twitter.timelines,
                      twitter.notifications,
                      twitter.messages,
                      twitter.search,
                      twitter.templates,
                      twitter.assets,
                      twitter.clock,
                      twitter.stats,
                      twitter.events,
                      twitter.analytics,
                      twitter.hub};
    http::Router router;
    web::api::bind(router, counted, web::mastodon::operations(), [](const auto&, const auto&) {});
    Client mira{twitter, "mira"};
    for (int i = 0; i < 40; ++i) {
        Client{twitter, "writer_" + std::to_string(i)}.write("number " + std::to_string(i) + " @mira");
        mira.write("my number " + std::to_string(i) + " @writer_0");
    }
    const auto calls_for = [&](const std::string& timeline, int limit) {
        const std::string path = "/api/v1/timelines/" + timeline;
        const std::string query = "limit=" + std::to_string(limit);
        http::Request request;
        request.path = path;
        request.query = query;
        request.until = in(Millis{10'000});
        request.fields.add("Authorization", mira.fields.front().second);
        counted.recall = std::make_unique<web::Recall>();  // so that nobody is known
        calls = 0;
        const Answer answer = router.answer(request);
        CHECK(answer.status == 200);
        return std::pair{ids_of(json_of(answer)).size(), calls};
    };
    using Cost = std::pair<std::size_t, std::size_t>;
    // Who asks, the tweets, their people, who of them is hidden; and of a list that is not asked for by ids
    // its marks, and what its authors have written.
    CHECK(calls_for("public", 1) == Cost{1, 6});
    CHECK(calls_for("public", 40) == Cost{40, 6});
    CHECK(calls_for("home", 1) == Cost{1, 4});
    CHECK(calls_for("home", 40) == Cost{40, 4});
}

TEST_CASE("a repost is a status of its own around the one it repeats") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    Client joon{twitter, "joon"};
    const std::string id = mira.write("hello");
    const auto repost = joon.act("/api/v1/statuses/" + id + "/reblog");
    CHECK(text(repost, "id") != id);
    CHECK(text(member(repost, "account"), "acct") == "joon");
    const auto& inside = member(repost, "reblog");
    CHECK(text(inside, "id") == id);
    CHECK(text(member(inside, "account"), "acct") == "mira");
    CHECK(number(inside, "reblogs_count") == 1);
    CHECK(text(joon.act("/api/v1/statuses/" + id + "/reblog"), "id") == text(repost, "id"));
    CHECK(ids_of(mira.read("/api/v1/accounts/" + joon.id + "/statuses")) == List{text(repost, "id")});
    CHECK(ids_of(mira.read("/api/v1/accounts/" + joon.id + "/statuses?exclude_reblogs=true")).empty());
    CHECK(ids_of(mira.read("/api/v1/statuses/" + id + "/reblogged_by")) == List{joon.id});
    const auto original = joon.act("/api/v1/statuses/" + id + "/unreblog");
    CHECK(text(original, "id") == id);
    CHECK_FALSE(flag(original, "reblogged"));
    CHECK(number(original, "reblogs_count") == 0);
}

TEST_CASE("likes are set and taken back, and listed for both sides") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    Client joon{twitter, "joon"};
    const std::string id = mira.write("hello");
    for (int i = 0; i < 2; ++i)
        CHECK(number(joon.act("/api/v1/statuses/" + id + "/favourite"), "favourites_count") == 1);
    CHECK(ids_of(joon.read("/api/v1/favourites")) == List{id});
    CHECK(ids_of(mira.read("/api/v1/favourites")).empty());
    CHECK(ids_of(mira.read("/api/v1/statuses/" + id + "/favourited_by")) == List{joon.id});
    CHECK(number(joon.act("/api/v1/statuses/" + id + "/unfavourite"), "favourites_count") == 0);
    CHECK(ids_of(joon.read("/api/v1/favourites")).empty());
}

TEST_CASE("a list of likes is walked by its own positions") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    List liked;
    for (int i = 0; i < 3; ++i)
        liked.push_back(mira.write("number " + std::to_string(i)));
    for (const int i : {1, 0, 2})
        mira.act("/api/v1/statuses/" + liked[static_cast<std::size_t>(i)] + "/favourite");
    const Answer first = mira.get("/api/v1/favourites?limit=2");
    CHECK(ids_of(json_of(first)) == List{liked[2], liked[0]});
    const std::string link = field(first, "Link");
    const auto begin = link.find("/api");
    const Answer second = mira.get(link.substr(begin, link.find('>') - begin));
    CHECK(ids_of(json_of(second)) == List{liked[1]});
    CHECK(field(second, "Link") == "");
}

TEST_CASE("a thread is what is above and what is below") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    Client joon{twitter, "joon"};
    const std::string first = mira.write("first");
    const std::string second = joon.write("second", first);
    const std::string third = mira.write("third", second);
    const auto reply = mira.read("/api/v1/statuses/" + second);
    CHECK(text(reply, "in_reply_to_id") == first);
    CHECK(text(reply, "in_reply_to_account_id") == mira.id);
    const auto context = mira.read("/api/v1/statuses/" + second + "/context");
    CHECK(ids_of(member(context, "ancestors")) == List{first});
    CHECK(ids_of(member(context, "descendants")) == List{third});
    mira.change(http::Method::del, "/api/v1/statuses/" + first);
    const auto left = mira.read("/api/v1/statuses/" + second + "/context");
    CHECK(ids_of(member(left, "ancestors")).empty());
    CHECK(ids_of(member(left, "descendants")) == List{third});
}

TEST_CASE("what is deleted is answered once more with its text, and is gone") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    Client joon{twitter, "joon"};
    const std::string id = mira.write("goodbye & <all>");
    CHECK(joon.send(http::Method::del, "/api/v1/statuses/" + id, "").status == 403);
    const auto deleted = mira.change(http::Method::del, "/api/v1/statuses/" + id);
    CHECK(text(deleted, "text") == "goodbye & <all>");
    CHECK(mira.get("/api/v1/statuses/" + id).status == 404);
}

TEST_CASE("an edited status says so, and tells its source") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    const std::string id = mira.write("helo");
    const auto edited = mira.change(http::Method::put, "/api/v1/statuses/" + id, R"({"status":"hello"})");
    CHECK(text(edited, "content") == "<p>hello</p>");
    CHECK(text(mira.read("/api/v1/statuses/" + id + "/source"), "text") == "hello");
    const auto history = mira.read("/api/v1/statuses/" + id + "/history");
    REQUIRE(history.array()->size() == 1);
    CHECK(text(history.array()->front(), "content") == "<p>hello</p>");
    CHECK(text(history.array()->front(), "created_at") == text(edited, "edited_at"));
}

TEST_CASE("what somebody counts on and jebi does not have is refused, and nothing is written") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    for (const char* body :
         {R"({"status":"x","visibility":"private"})", R"({"status":"x","visibility":"direct"})",
          R"({"status":"x","spoiler_text":"y"})", R"({"status":"x","media_ids":["1"]})",
          R"({"status":"x","poll":{"options":["a","b"],"expires_in":60}})",
          R"({"status":"x","scheduled_at":"2030-01-01T00:00:00Z"})",
          "status=x&poll[options][]=a&poll[options][]=b&poll[expires_in]=60"}) {
        INFO(body);
        CHECK(mira.send(http::Method::post, "/api/v1/statuses", body).status == 422);
    }
    CHECK(mira.send(http::Method::post, "/api/v2/media", "").status == 422);
    const std::string id = mira.write("kept");
    CHECK(mira.send(http::Method::post, "/api/v1/statuses/" + id + "/bookmark", "").status == 422);
    CHECK_FALSE(flag(mira.act("/api/v1/statuses/" + id + "/unbookmark"), "bookmarked"));
    CHECK(ids_of(mira.read("/api/v1/timelines/public")) == List{id});
    mira.act("/api/v1/statuses", R"({"status":"y","visibility":"public","spoiler_text":"","media_ids":[]})");
}

TEST_CASE("home has those whom one follows, and one's own at once") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    Client joon{twitter, "joon"};
    mira.follow(joon);
    const std::string theirs = joon.write("theirs");
    const std::string own = mira.write("own");
    twitter.settle();
    CHECK(ids_of(mira.read("/api/v1/timelines/home")) == List{own, theirs});
    CHECK(ids_of(mira.read("/api/v1/timelines/home?limit=1")) == List{own});
    CHECK(ids_of(mira.read("/api/v1/timelines/home?max_id=" + own)) == List{theirs});
    CHECK(ids_of(mira.read("/api/v1/timelines/home?min_id=" + theirs)) == List{own});
    CHECK(ids_of(joon.read("/api/v1/timelines/home")) == List{theirs});
}

TEST_CASE("a hashtag's list knows Korean, and the name of a list is in its own script") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    const std::string id = mira.write("봄 #제비 가 왔다");
    mira.write("nothing");
    CHECK(ids_of(mira.read("/api/v1/timelines/tag/%EC%A0%9C%EB%B9%84")) == List{id});
    const auto status = mira.read("/api/v1/statuses/" + id);
    CHECK(text(member(status, "tags").array()->front(), "name") == "제비");
}

TEST_CASE("whom a text mentions is named once") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    Client joon{twitter, "joon"};
    const auto status = mira.read("/api/v1/statuses/" + mira.write("@joon @Joon @nobody"));
    const auto& mentions = *member(status, "mentions").array();
    REQUIRE(mentions.size() == 1);
    CHECK(text(mentions.front(), "id") == joon.id);
    CHECK(text(mentions.front(), "acct") == "joon");
    CHECK(text(mentions.front(), "url") == "http://jebi.example/users/joon");
}

TEST_CASE("people are looked up by name, with this host or without") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    for (const char* name : {"mira", "@mira", "MIRA", "mira@jebi.example"})
        CHECK(text(mira.read("/api/v1/accounts/lookup?acct=" + std::string(name)), "id") == mira.id);
    for (const char* name : {"nobody", "mira@elsewhere.example", ""})
        CHECK(mira.get("/api/v1/accounts/lookup?acct=" + std::string(name)).status == 404);
}

TEST_CASE("a profile is changed in part, and tells its owner the plain text") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    const auto changed = mira.change(
        http::Method::patch, "/api/v1/accounts/update_credentials",
        R"({"note":"I <3 birds\nand you","fields_attributes":[{"name":"web","value":"https://example.org/"}]})");
    CHECK(text(changed, "note") == "<p>I &lt;3 birds<br>and you</p>");
    CHECK(text(member(changed, "source"), "note") == "I <3 birds\nand you");
    CHECK(text(changed, "display_name") == "mira");
    CHECK(has(text(member(changed, "fields").array()->front(), "value"), "href=\"https://example.org/\""));
    const auto again = mira.change(http::Method::patch, "/api/v1/accounts/update_credentials",
                                   "display_name=%EB%AF%B8%EB%9D%BC");
    CHECK(text(again, "display_name") == "미라");
    CHECK(text(member(again, "source"), "note") == "I <3 birds\nand you");
    CHECK(member(again, "fields").array()->size() == 1);
    const auto without = mira.change(http::Method::patch, "/api/v1/accounts/update_credentials",
                                     "fields_attributes[0][name]=&fields_attributes[0][value]=");
    CHECK(member(without, "fields").array()->empty());
}

TEST_CASE("followers and whom one follows are listed") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    Client joon{twitter, "joon"};
    mira.follow(joon);
    CHECK(ids_of(mira.read("/api/v1/accounts/" + joon.id + "/followers")) == List{mira.id});
    CHECK(ids_of(mira.read("/api/v1/accounts/" + mira.id + "/following")) == List{joon.id});
    CHECK(flag(joon.read("/api/v1/accounts/relationships?id[]=" + mira.id).array()->front(), "followed_by"));
    CHECK_FALSE(flag(mira.act("/api/v1/accounts/" + joon.id + "/unfollow"), "following"));
    CHECK(ids_of(mira.read("/api/v1/accounts/" + joon.id + "/followers")).empty());
    CHECK(mira.send(http::Method::post, "/api/v1/accounts/" + mira.id + "/follow", "").status == 422);
    CHECK(mira.send(http::Method::post, "/api/v1/accounts/1/follow", "").status == 404);
}

TEST_CASE("one who is blocked sees nobody, and is in the list of whom one blocks") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    Client joon{twitter, "joon"};
    const std::string id = mira.write("hello");
    CHECK(flag(mira.act("/api/v1/accounts/" + joon.id + "/block"), "blocking"));
    CHECK(ids_of(mira.read("/api/v1/blocks")) == List{joon.id});
    CHECK(mira.get("/api/v1/accounts/" + joon.id).status == 200);
    for (const std::string& path :
         {"/api/v1/accounts/" + mira.id, std::string("/api/v1/accounts/lookup?acct=mira"),
          "/api/v1/statuses/" + id, "/api/v1/statuses/" + id + "/context",
          "/api/v1/accounts/" + mira.id + "/followers"}) {
        INFO(path);
        CHECK(joon.get(path).status == 404);
    }
    CHECK(ids_of(joon.read("/api/v1/timelines/public")).empty());
    CHECK(joon.send(http::Method::post, "/api/v1/statuses/" + id + "/favourite", "").status == 403);
    CHECK_FALSE(flag(mira.act("/api/v1/accounts/" + joon.id + "/unblock"), "blocking"));
    CHECK(ids_of(joon.read("/api/v1/timelines/public")) == List{id});
}

TEST_CASE("one who is blocked may not follow, but block and mute back, and take all of that back") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    Client joon{twitter, "joon"};
    mira.act("/api/v1/accounts/" + joon.id + "/block");
    const std::string to_mira = "/api/v1/accounts/" + mira.id;
    CHECK(joon.get(to_mira).status == 404);
    CHECK(joon.send(http::Method::post, to_mira + "/follow", "").status == 403);
    CHECK(flag(joon.act(to_mira + "/mute"), "muting"));
    CHECK_FALSE(flag(joon.act(to_mira + "/unmute"), "muting"));
    CHECK(flag(joon.act(to_mira + "/block"), "blocking"));
    CHECK_FALSE(flag(joon.act(to_mira + "/unblock"), "blocking"));
    CHECK_FALSE(flag(joon.act(to_mira + "/unfollow"), "following"));
}

TEST_CASE("muted people are out of one's lists, and can be asked for") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    Client joon{twitter, "joon"};
    const std::string id = joon.write("hello");
    CHECK(flag(mira.act("/api/v1/accounts/" + joon.id + "/mute"), "muting"));
    CHECK(ids_of(mira.read("/api/v1/mutes")) == List{joon.id});
    CHECK(ids_of(mira.read("/api/v1/timelines/public")).empty());
    CHECK(ids_of(mira.read("/api/v1/accounts/" + joon.id + "/statuses")) == List{id});
    mira.act("/api/v1/accounts/" + joon.id + "/unmute");
    CHECK(ids_of(mira.read("/api/v1/timelines/public")) == List{id});
}

TEST_CASE("a page whose people are all hidden is not the end of the list") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    Client joon{twitter, "joon"};
    const std::string first = mira.write("first");
    for (int i = 0; i < 6; ++i)
        joon.write("noise " + std::to_string(i));
    mira.act("/api/v1/accounts/" + joon.id + "/mute");
    CHECK(ids_of(mira.read("/api/v1/timelines/public?limit=2")) == List{first});
}

TEST_CASE("a pinned status is in the list of pinned ones") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    const std::string id = mira.write("read me");
    CHECK(ids_of(mira.read("/api/v1/accounts/" + mira.id + "/statuses?pinned=true")).empty());
    CHECK(flag(mira.act("/api/v1/statuses/" + id + "/pin"), "pinned"));
    CHECK(ids_of(mira.read("/api/v1/accounts/" + mira.id + "/statuses?pinned=true")) == List{id});
    CHECK_FALSE(flag(mira.act("/api/v1/statuses/" + id + "/unpin"), "pinned"));
}

TEST_CASE("what clients ask for at their start is there, be it empty") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    for (const char* path :
         {"/api/v1/custom_emojis", "/api/v1/followed_tags", "/api/v1/lists", "/api/v1/filters",
          "/api/v2/filters", "/api/v1/announcements", "/api/v1/bookmarks", "/api/v1/conversations",
          "/api/v1/follow_requests", "/api/v1/accounts/familiar_followers", "/api/v1/trends/statuses",
          "/api/v1/trends/links"}) {
        INFO(path);
        CHECK(mira.read(path).array()->empty());
    }
    CHECK(text(mira.read("/api/v1/preferences"), "posting:default:visibility") == "public");
}

TEST_CASE("what is public is public to those who have no token, and what is one's own is not") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    const std::string id = mira.write("hello");
    Client visitor{twitter};
    for (const std::string& path :
         {std::string("/api/v1/timelines/public"), "/api/v1/statuses/" + id, "/api/v1/accounts/" + mira.id})
        CHECK(visitor.get(path).status == 200);
    for (const char* path :
         {"/api/v1/timelines/home", "/api/v1/favourites", "/api/v1/blocks", "/api/v1/mutes"})
        CHECK(visitor.get(path).status == 401);
    CHECK(visitor.send(http::Method::post, "/api/v1/statuses", R"({"status":"x"})").status == 401);
}
