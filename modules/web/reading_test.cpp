#include "modules/web/reading.h"

#include <doctest/doctest.h>

#include <map>
#include <ranges>
#include <set>

#include "kit/http/assets.h"
#include "modules/web/hub.h"
#include "modules/web/stats.h"
#include "modules/web/visits/analytics.h"
#include "modules/web/web_assets.h"
#include "modules/web/web_pages.h"
#include "modules/web/web_words.h"

using namespace jebi;
using namespace jebi::web;

namespace {

struct People : accounts::AccountsAbsent {
    Result<accounts::UsersReply> users_by_ids(const Call&,
                                              const accounts::UsersByIdsRequest& request) override {
        ++calls;
        if (!known) return fail(code, "They cannot be asked.");
        accounts::UsersReply reply;
        for (const std::uint64_t id : request.ids()) {
            if (gone.contains(id)) continue;
            accounts::User* const user = reply.add_users();
            user->set_id(id);
            user->set_username("user" + std::to_string(id));
        }
        for (const std::string& name : request.usernames()) {
            if (!name.starts_with("user")) continue;
            accounts::User* const user = reply.add_users();
            user->set_id(std::stoull(name.substr(4)));
            user->set_username(name);
        }
        return reply;
    }
    Result<accounts::User> user_by_name(const Call&, const accounts::UserByNameRequest& request) override {
        if (!known) return fail(code, "They cannot be asked.");
        accounts::User user;
        user.set_id(7);
        user.set_username(request.username());
        return user;
    }
    std::set<std::uint64_t> gone;
    bool known = true;
    Code code = Code::unavailable;
    int calls = 0;
};

struct Kept : tweets::TweetsAbsent {
    tweets::Tweet& add(std::uint64_t id, std::uint64_t author) {
        tweets::Tweet& tweet = all[id];
        tweet.set_id(id);
        tweet.set_author_id(author);
        return tweet;
    }
    Result<tweets::TweetList> by_ids(const Call& call, const tweets::ByIdsRequest& request) override {
        ++calls;
        tweets::TweetList list;
        for (auto& [id, tweet] : std::views::reverse(all)) {
            const bool is_asked_for = std::ranges::find(request.ids(), id) != request.ids().end();
            if (request.has_own_after() && id > request.own_after() && tweet.author_id() == call.user.value &&
                !is_asked_for)
                *list.add_own() = tweet;
        }
        for (const std::uint64_t id : request.ids()) {
            if (!all.contains(id)) continue;
            tweets::Tweet& tweet = *list.add_tweets();
            tweet = all[id];
            const auto place = static_cast<int>(list.tweets_size() - 1);
            if (place < request.known_versions_size() && request.known_versions(place) != 0 &&
                request.known_versions(place) == tweet.version()) {
                ++unchanged;
                tweet.Clear();
                tweet.set_id(id);
                tweet.set_version(all[id].version());
                tweet.set_unchanged(true);
            }
            if (request.with_marks() && marks_come_along)
                tweet.mutable_marks()->set_favourited(likes(all[id]));
            if (!request.with_author_counts()) continue;
            tweets::AuthorCount& count = *list.add_author_counts();
            count.set_author_id(tweet.author_id());
            count.set_tweets(tweet.author_id() * 10);
        }
        return list;
    }
    Result<tweets::MarksReply> marks(const Call& call, const tweets::MarksRequest& request) override {
        ++calls;
        if (!marks_known) return TweetsAbsent::marks(call, request);
        tweets::MarksReply reply;
        for (const std::uint64_t id : request.tweet_ids())
            reply.add_marks()->set_favourited(likes(all[id]));
        return reply;
    }
    bool likes(const tweets::Tweet& tweet) const {
        return liked.contains(tweet.repost_of_id() == 0 ? tweet.id() : tweet.repost_of_id());
    }
    std::map<std::uint64_t, tweets::Tweet> all;
    std::set<std::uint64_t> liked;
    bool marks_come_along = true;
    bool marks_known = true;
    int calls = 0;
    int unchanged = 0;  // told instead of the tweet
};

struct Relations : follows::FollowsAbsent {
    Result<follows::UserIdsReply> hidden(const Call&, const follows::HiddenRequest& request) override {
        ++calls;
        if (!known) return fail(code, "They cannot be asked.");
        follows::UserIdsReply reply;
        for (const std::uint64_t id : request.user_ids())
            if (blocked.contains(id) || (request.with_mutes() && muted.contains(id))) reply.add_user_ids(id);
        for (const std::uint64_t id : request.user_ids())
            if (request.with_counts()) reply.add_counts()->set_followers(id * 100);
        return reply;
    }
    Result<follows::RelationshipsReply> relationships(const Call& call,
                                                      const follows::UserIdsRequest& request) override {
        ++calls;
        return FollowsAbsent::relationships(call, request);
    }
    std::set<std::uint64_t> blocked, muted;
    bool known = true;
    Code code = Code::unavailable;
    int calls = 0;
};

struct Homes : timelines::TimelinesAbsent {
    Result<timelines::HomePage> home(const Call&, const timelines::HomeRequest& request) override {
        asked = request;
        return page;
    }
    void add(std::uint64_t id, std::uint64_t repost_of) {
        auto& entry = *page.add_entries();
        entry.set_tweet_id(id);
        entry.set_repost_of_id(repost_of);
    }
    timelines::HomePage page;
    timelines::HomeRequest asked;
};

struct Reader {
    std::vector<std::uint64_t> seen(std::vector<std::uint64_t> ids, const Reading& reading = {}) {
        const auto posts = posts_of(site, call, ids, reading);
        REQUIRE(posts);
        std::vector<std::uint64_t> shown;
        for (const Post& post : posts->list)
            shown.push_back(post.id);
        return shown;
    }

    People accounts;
    Relations follows;
    Kept tweets;
    Homes timelines;
    notifications::NotificationsAbsent notifications;
    messages::MessagesAbsent messages;
    search::SearchAbsent search;
    Templates templates{page_files(), word_files(), ""};
    http::Assets assets{asset_files(), ""};
    SystemClock clock;
    Stats stats;
    Events events{std::nullopt};
    Analytics analytics{std::nullopt};
    Hub hub{tweets, follows, notifications, messages};
    Site site{accounts,  follows, tweets, timelines, notifications, messages,  search,
              templates, assets,  clock,  stats,     events,        analytics, hub};
    Call call{.user = UserId{1}};
};

using Ids = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("a list keeps its order and leaves out those who block or are blocked, with their reposts") {
    Reader reader;
    reader.tweets.add(10, 2);
    reader.tweets.add(11, 3);
    reader.tweets.add(12, 4).set_repost_of_id(10);  // 4 reposts 2
    reader.tweets.add(13, 2).set_repost_of_id(11);  // 2 reposts 3
    CHECK(reader.seen({13, 12, 11, 10}) == Ids{13, 12, 11, 10});
    reader.follows.blocked = {2};
    CHECK(reader.seen({13, 12, 11, 10}) == Ids{11});
    reader.follows.blocked = {4};
    CHECK(reader.seen({13, 12, 11, 10}) == Ids{13, 11, 10});
}

TEST_CASE("while nobody can tell who blocks whom, members get no list and visitors get all of it") {
    Reader reader;
    reader.tweets.add(10, 2);
    reader.follows.known = false;
    const Ids ids{10};
    const auto refused = posts_of(reader.site, reader.call, ids, {});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::unavailable);
    CHECK(refused.error().reason == "seen_unknown");
    CHECK_FALSE(people_of(reader.site, reader.call, Ids{2}));
    reader.call.user = {};
    CHECK(reader.seen({10}) == Ids{10});
}

TEST_CASE(
    "while nobody can tell who blocks whom, whom one has seen lately is shown and others are left out") {
    for (const Code code : {Code::unavailable, Code::deadline, Code::internal}) {
        Reader reader;
        reader.follows.code = code;
        reader.tweets.add(10, 2);
        reader.tweets.add(11, 3);
        reader.tweets.add(12, 4);
        reader.follows.blocked = {3};
        CHECK(reader.seen({11, 10}) == Ids{10});
        reader.follows.known = false;
        CHECK(reader.seen({11, 10}) == Ids{10});  // as before: nothing is missing
        const auto none = posts_of(reader.site, reader.call, Ids{12, 10}, {});
        REQUIRE_FALSE(none);
        CHECK(none.error().code == code);
        const auto some = posts_of(reader.site, reader.call, Ids{12, 11, 10}, {.partly = true});
        REQUIRE(some);
        CHECK(some->list.size() == 1);
        CHECK(some->missing->reason == "seen_unknown");
        CHECK_FALSE(posts_of(reader.site, reader.call, Ids{12, 11}, {.partly = true}));
        CHECK(some_people_of(reader.site, reader.call, Ids{2, 3, 4})->list.size() == 1);
        CHECK_FALSE(people_of(reader.site, reader.call, Ids{2, 3, 4}));
        follows::Relationship of_the_other;
        of_the_other.set_user_id(1);
        reader.site.recall->keep_relationship(UserId{2}, of_the_other, in(Millis{0}));
        CHECK_FALSE(posts_of(reader.site, reader.call, Ids{10}, {.partly = true}));
    }
}

TEST_CASE("a home is left as the timelines made it while nobody can tell who blocks whom, but for quotes") {
    Reader reader;
    reader.follows.known = false;
    reader.tweets.add(10, 2);
    reader.tweets.add(11, 3).set_repost_of_id(10);
    reader.tweets.all[11].set_repost_of_author_id(2);
    reader.tweets.add(9, 5);
    tweets::Entity* const link = reader.tweets.add(12, 4).add_entities();
    link->set_kind(tweets::Entity::KIND_LINK);
    link->set_value("http://jebi.example/tweets/9");
    const auto posts =
        posts_of(reader.site, reader.call, Ids{12, 11}, {.is_filtered = true, .host = "jebi.example"});
    REQUIRE(posts);
    REQUIRE(posts->list.size() == 2);
    CHECK(posts->list[0].quote == nullptr);
    CHECK_FALSE(posts->missing);
    reader.follows.known = true;
    reader.follows.blocked = {2};  // what follows says counts more
    CHECK(posts_of(reader.site, reader.call, Ids{12, 11}, {.is_filtered = true})->list.size() == 1);
}

TEST_CASE("while nobody can tell who people are, tweets of people known lately are shown") {
    for (const Code code : {Code::unavailable, Code::deadline, Code::internal}) {
        Reader reader;
        reader.accounts.code = code;
        reader.tweets.add(10, 2);
        reader.tweets.add(11, 3);
        CHECK(reader.seen({10}) == Ids{10});
        CHECK(person_named(reader.site, reader.call, "Minji")->username() == "Minji");
        reader.accounts.known = false;
        CHECK(reader.seen({10}) == Ids{10});
        CHECK_FALSE(posts_of(reader.site, reader.call, Ids{11, 10}, {}));
        const auto some = posts_of(reader.site, reader.call, Ids{11, 10}, {.partly = true});
        REQUIRE(some);
        CHECK(some->list.size() == 1);
        CHECK(some->missing->code == code);
        CHECK(person_named(reader.site, reader.call, "user2")->id() == 2);
        CHECK_FALSE(person_named(reader.site, reader.call, "user3"));
    }
}

TEST_CASE("tweets that have not changed are not told again, and shown as they are, with the reader's marks") {
    Reader reader;
    for (const std::uint64_t id : Ids{10, 11}) {
        reader.tweets.add(id, 2).set_version(1);
        reader.tweets.all[id].set_text("as it was");
    }
    reader.tweets.liked = {10};
    const Ids ids{11, 10};
    const auto first = posts_of(reader.site, reader.call, ids, {}).value();
    CHECK(reader.tweets.unchanged == 0);
    const auto again = posts_of(reader.site, reader.call, ids, {}).value();
    CHECK(reader.tweets.unchanged == 2);
    REQUIRE(again.list.size() == 2);
    CHECK(again.list[0].tweet->text() == "as it was");
    CHECK(again.list[0].tweet == first.list[0].tweet);
    CHECK(again.list[1].marks.favourited());

    reader.tweets.liked = {};
    reader.tweets.all[10].set_version(2);
    reader.tweets.all[10].set_text("edited");
    const auto edited = posts_of(reader.site, reader.call, ids, {}).value();
    CHECK(reader.tweets.unchanged == 3);
    CHECK(edited.list[0].tweet->text() == "as it was");
    CHECK(edited.list[1].tweet->text() == "edited");
    CHECK_FALSE(edited.list[1].marks.favourited());
    CHECK(again.list[1].tweet->text() == "as it was");
}

TEST_CASE("what is said to be unchanged although it was not asked for like that is left out") {
    Reader reader;
    reader.tweets.add(10, 2).set_unchanged(true);
    CHECK(reader.seen({10}).empty());
}

TEST_CASE("who was told about a moment ago is not asked for again") {
    Reader reader;
    const auto ids_of_people = [&](const Ids& asked) {
        Ids ids;
        const auto people = people_of(reader.site, reader.call, asked).value();
        for (const Person& person : people)
            ids.push_back(person.user.id());
        return ids;
    };
    CHECK(ids_of_people({3, 2}) == Ids{3, 2});
    CHECK(reader.accounts.calls == 1);
    CHECK(ids_of_people({2, 3}) == Ids{2, 3});
    CHECK(reader.accounts.calls == 1);
    CHECK(ids_of_people({4, 2, 5, 3, 4}) == Ids{4, 2, 5, 3});
    CHECK(reader.accounts.calls == 2);
    reader.accounts.gone = {2};
    reader.site.recall->forget(2);
    CHECK(ids_of_people({2, 3}) == Ids{3});
}

TEST_CASE("who did not say who is hidden is not asked what people are to each other") {
    Reader reader;
    CHECK(people_of(reader.site, reader.call, Ids{2}));
    reader.follows.known = false;
    reader.follows.calls = 0;
    CHECK(people_of(reader.site, reader.call, Ids{2}));
    CHECK(reader.follows.calls == 1);
}

TEST_CASE("muted people are missing where one browses and there where one asks for them") {
    Reader reader;
    reader.tweets.add(10, 2);
    reader.follows.muted = {2};
    CHECK(reader.seen({10}).empty());
    CHECK(reader.seen({10}, {.muted = Reading::Muted::shown}) == Ids{10});
}

TEST_CASE("a tweet whose author or original is gone is left out, or leaves a gap in a thread") {
    Reader reader;
    reader.tweets.add(10, 2);
    reader.tweets.add(11, 3);
    reader.tweets.add(12, 3).set_repost_of_id(99);
    reader.tweets.add(13, 3).set_deleted(true);
    reader.accounts.gone = {2};
    CHECK(reader.seen({13, 12, 11, 10}) == Ids{11});
    CHECK(reader.seen({13, 12, 11, 10}, {.with_gaps = true}) == Ids{13, 11, 10});
    const auto posts = posts_of(reader.site, reader.call, Ids{13, 11}, {.with_gaps = true});
    REQUIRE(posts);
    CHECK(posts->list[0].is_gap());
    CHECK_FALSE(posts->list[1].is_gap());
}

TEST_CASE("a repost shows its original, who made it, and the reader's marks of the original") {
    Reader reader;
    reader.tweets.add(10, 2);
    reader.tweets.add(12, 4).set_repost_of_id(10);
    reader.tweets.liked = {10};
    const auto posts = posts_of(reader.site, reader.call, Ids{12}, {});
    REQUIRE(posts);
    const Post& post = posts->list.at(0);
    CHECK(post.tweet->id() == 10);
    CHECK(post.author->id() == 2);
    CHECK(post.reposted_by->id() == 4);
    CHECK(post.marks.favourited());
    reader.tweets.marks_come_along = false;
    CHECK(posts_of(reader.site, reader.call, Ids{12}, {})->list.at(0).marks.favourited());
    reader.tweets.marks_known = false;
    CHECK_FALSE(posts_of(reader.site, reader.call, Ids{12}, {})->list.at(0).marks.favourited());
}

TEST_CASE("a tweet with another tweet's address shows that one, unless its author is hidden") {
    Reader reader;
    reader.tweets.add(10, 2);
    tweets::Entity* const link = reader.tweets.add(11, 3).add_entities();
    link->set_kind(tweets::Entity::KIND_LINK);
    link->set_value("http://jebi.example:3000/tweets/10");
    const Reading here{.host = "jebi.example:3000"};
    const auto quote = [&](const Reading& reading) {
        return posts_of(reader.site, reader.call, Ids{11}, reading)->list.at(0).quote;
    };
    REQUIRE(quote(here) != nullptr);
    CHECK(quote({}) == nullptr);
    CHECK(quote({.host = "other.example"}) == nullptr);
    reader.follows.blocked = {2};
    CHECK(quote(here) == nullptr);
}

TEST_CASE("only addresses of tweets on this site are quotes") {
    CHECK(quoted_id("http://jebi.example/tweets/12", "jebi.example") == 12);
    CHECK(quoted_id("https://JEBI.example/@minji/12?x#y", "jebi.example") == 12);
    for (const char* other :
         {"http://jebi.example/tweets/", "http://jebi.example/tweets/12/edit", "http://jebi.example",
          "http://evil.example/tweets/12", "/tweets/12", "http://jebi.example/users/12", ""}) {
        CAPTURE(other);
        CHECK(quoted_id(other, "jebi.example") == 0);
    }
    CHECK(quoted_id("http://jebi.example/tweets/12", "") == 0);
}

TEST_CASE("twenty tweets cost at most five calls besides their own") {
    Reader reader;
    Ids ids;
    for (std::uint64_t id = 100; id < 120; ++id) {
        tweets::Tweet& tweet = reader.tweets.add(id, id % 7 + 2);
        if (id % 2 == 0) tweet.set_repost_of_id(id - 50);
        reader.tweets.add(id - 50, id % 5 + 2);
        ids.push_back(id);
    }
    REQUIRE(reader.seen(ids).size() == 20);
    CHECK(reader.tweets.calls + reader.accounts.calls + reader.follows.calls - 1 <= 5);
}

TEST_CASE("a home of reposts costs three calls, with all that programs show of people") {
    Reader reader;
    reader.tweets.add(9, 5);
    reader.tweets.add(10, 2);
    tweets::Entity* const mention = reader.tweets.all[10].add_entities();
    mention->set_kind(tweets::Entity::KIND_MENTION);
    mention->set_value("User7");
    reader.tweets.add(11, 1);  // the reader's own
    reader.tweets.add(12, 4).set_repost_of_id(10);
    reader.tweets.add(13, 4).set_repost_of_id(9);
    for (const std::uint64_t id : Ids{13, 99, 12, 11, 10})  // 99 has gone
        reader.timelines.add(id, reader.tweets.all[id].repost_of_id());
    reader.tweets.all.erase(99);
    const auto home = home_of(reader.site, reader.call, reader.call, {}, {.with_beside = true});
    REQUIRE(home);
    const Posts* const posts = &home->posts;
    REQUIRE(posts->list.size() == 4);
    CHECK(posts->list[0].tweet->id() == 9);
    CHECK(posts->list[1].tweet->id() == 10);
    CHECK(posts->list[3].tweet->id() == 10);
    CHECK(reader.tweets.calls + reader.accounts.calls + reader.follows.calls == 3);
    CHECK(posts->beside.relations.at(1).followers == 100);
    CHECK(posts->beside.relations.at(5).followers == 500);
    CHECK(posts->beside.statuses.at(4) == 40);
    CHECK(posts->beside.statuses.at(5) == 50);
    CHECK(posts->beside.mentioned.at("user7")->id() == 7);
}

TEST_CASE("one's own newest come into a home with its tweets, and the page stays as long as it was") {
    Reader reader;
    for (const std::uint64_t id : Ids{10, 11, 13})
        reader.tweets.add(id, 2);
    for (const std::uint64_t id : Ids{9, 12, 14, 15})
        reader.tweets.add(id, 1);
    for (const std::uint64_t id : Ids{13, 12, 11, 10})
        reader.timelines.add(id, 0);
    const auto read = [&](std::uint32_t limit, std::uint64_t before = 0) {
        timelines::HomeRequest request;
        request.set_limit(limit);
        request.set_before(before);
        const auto home = home_of(reader.site, reader.call, reader.call, request, {});
        REQUIRE(home);
        Ids ids;
        for (const Post& post : home->posts.list)
            ids.push_back(post.id);
        return std::pair{ids, home->next};
    };
    reader.timelines.page.set_next(10);
    CHECK(read(7) == std::pair{Ids{15, 14, 13, 12, 11, 10}, std::uint64_t{10}});
    CHECK(reader.timelines.asked.without_newest_own());
    CHECK(read(4) == std::pair{Ids{15, 14, 13, 12}, std::uint64_t{12}});
    reader.timelines.page.set_next(0);
    CHECK(read(7) == std::pair{Ids{15, 14, 13, 12, 11, 10, 9}, std::uint64_t{0}});
    CHECK(read(4, 14) == std::pair{Ids{13, 12, 11, 10}, std::uint64_t{0}});
    CHECK_FALSE(reader.timelines.asked.without_newest_own());
    reader.timelines.page.clear_entries();
    CHECK(read(2) == std::pair{Ids{15, 14}, std::uint64_t{14}});
}

TEST_CASE("a repost of one's own that nobody has filtered is not shown while nobody can tell of blocks") {
    Reader reader;
    reader.tweets.add(10, 2);
    reader.tweets.add(11, 3);
    reader.tweets.add(12, 1).set_repost_of_id(11);
    reader.tweets.all[12].set_repost_of_author_id(3);
    reader.timelines.add(10, 0);
    reader.timelines.page.set_next(10);
    const auto shown = [&] {
        const auto home = home_of(reader.site, reader.call, reader.call, {}, {.partly = true});
        REQUIRE(home);
        return home->posts.list.size();
    };
    reader.follows.known = false;
    CHECK(shown() == 1);
    reader.follows.known = true;
    CHECK(shown() == 2);
}

TEST_CASE("what cannot be told of people beside a list is left open, and the list is there") {
    Reader reader;
    tweets::Entity* const mention = reader.tweets.add(10, 2).add_entities();
    mention->set_kind(tweets::Entity::KIND_MENTION);
    mention->set_value("nobody");
    const Reading all{.with_beside = true};
    const auto posts = posts_of(reader.site, reader.call, Ids{10}, all);
    REQUIRE(posts);
    CHECK_FALSE(posts->beside.mentioned.at("nobody"));
    reader.accounts.known = false;
    reader.follows.known = false;
    const auto recalled = posts_of(reader.site, reader.call, Ids{10}, all);
    REQUIRE(recalled);
    CHECK(recalled->list.size() == 1);
    CHECK(recalled->beside.mentioned.empty());
    CHECK(recalled->beside.relations.empty());
}

TEST_CASE("a hundred and more tweets are asked for in parts") {
    Reader reader;
    Ids ids;
    for (std::uint64_t id = 1; id <= 250; ++id) {
        reader.tweets.add(id, id + 1000);
        ids.push_back(id);
    }
    CHECK(reader.seen(ids) == ids);
}
