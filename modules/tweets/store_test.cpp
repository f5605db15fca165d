#include "modules/tweets/store.h"

#include <algorithm>

#include "modules/tweets/contract_test.h"
#include "modules/tweets/test_service.h"

using namespace jebi;
using namespace jebi::tweets;

namespace {

StoredTweet tweet(std::uint64_t id, UserId author, std::string words) {
    return {.id = TweetId{id},
            .author = author,
            .text = std::move(words),
            .created_ms = 1'000,
            .thread = TweetId{id}};
}

}  // namespace

TEST_CASE("a used key undoes the whole write") {
    TestService test;
    REQUIRE(test.store.write(as(minji), tweet(1, minji, "first"), {}, {"key", "digest"}));
    const auto again = test.store.write(as(minji), tweet(2, minji, "second"), {}, {"key", "digest"});
    CHECK(again.error().reason == "key_seen");
    CHECK_FALSE(test.store.by_id(as({}), TweetId{2}));
    CHECK(test.store.counts(as({}), {{minji}}).value().at(0).tweets == 1);
    CHECK(test.store.events(as({}), 0, 10).value().size() == 1);
    CHECK(test.store.key(as({}), minji, "key").value().tweet == TweetId{1});
}

TEST_CASE("a change of a tweet that is gone, or another's, changes nothing") {
    TestService test;
    REQUIRE(test.store.write(as(minji), tweet(1, minji, "first"), {}, {}));
    const std::vector<Hashtag> hashtags{{"tag", "Tag"}};
    CHECK(test.store.edit(as(minji), tweet(1, daniel, "his"), hashtags).error().code == Code::not_found);
    CHECK(test.store.remove(as(minji), tweet(1, daniel, ""), 2'000).error().code == Code::not_found);
    CHECK(test.store.by_id(as({}), TweetId{1}).value().text == "first");
    CHECK(test.store.count_of_hashtag(as({}), "tag").value() == 0);
    CHECK(test.store.events(as({}), 0, 10).value().size() == 1);
}

TEST_CASE("the highest id is what new ids go on from") {
    TestService test;
    CHECK(test.store.highest_id(as({})).value() == 0);
    REQUIRE(test.store.write(as(minji), tweet(7, minji, "a"), {}, {}));
    REQUIRE(test.store.write(as(minji), tweet(5, minji, "b"), {}, {}));
    CHECK(test.store.highest_id(as({})).value() == 7);
}

TEST_CASE("a position moves on and is read back") {
    TestService test;
    CHECK(test.store.accounts_position(as({})).value() == 0);
    REQUIRE(test.store.move_accounts_position(as({}), 3));
    REQUIRE(test.store.move_accounts_position(as({}), 9));
    CHECK(test.store.accounts_position(as({})).value() == 9);
}

TEST_CASE("what hundreds like and have reposted goes with its tweet, each repost with an event") {
    TestService test;
    REQUIRE(test.store.write(as(minji), tweet(1, minji, "popular"), {}, {}));
    constexpr std::uint64_t many = 1'010;  // more than goes in one batch
    for (std::uint64_t n = 1; n <= many; ++n) {
        const UserId user{1'000 + n};
        REQUIRE(test.store.favourite(as(user), {.id = n, .tweet = tweet(1, minji, ""), .user = user}));
        REQUIRE(test.store.repost(as(user), {.id = TweetId{1'000 + n},
                                             .author = user,
                                             .thread = TweetId{1'000 + n},
                                             .repost_of = TweetId{1},
                                             .repost_of_author = minji}));
    }
    const StoredTweet popular = test.store.by_id(as({}), TweetId{1}).value();
    CHECK(popular.favourites == many);
    CHECK(popular.reposts == many);
    const std::uint64_t before = test.store.last_event(as({})).value();
    REQUIRE(test.store.remove(as(minji), popular, 2'000));

    CHECK(test.store.all(as({}), {}, {.limit = 10}).value().empty());
    CHECK(test.store.favourites(as({}), UserId{1'001}, INT64_MAX, 10).value().empty());
    const auto events = test.store.events(as({}), before, 2'000).value();
    REQUIRE(events.size() == many + 1);
    CHECK(std::ranges::count(events, "deleted", &StoredEvent::kind) == many + 1);
    CHECK(events.front().tweet.repost_of == TweetId{1});
    CHECK(events.front().tweet.author == UserId{1'001});
    CHECK(events.back().tweet.id == TweetId{1});
    const std::vector<UserId> somebody{UserId{0}, UserId{1'001}, minji};
    const auto counts = test.store.counts(as({}), somebody).value();
    CHECK(counts.size() == 3);
    for (const Store::Counted& counted : counts) {
        CHECK(counted.tweets == 0);
        CHECK(counted.reposts == 0);
    }
}

TEST_CASE("a tombstone of which two replies go at once goes with them") {
    TestService test;
    REQUIRE(test.store.write(as(minji), tweet(1, minji, "top"), {}, {}));
    const auto reply = [](std::uint64_t id, std::uint64_t to) {
        StoredTweet one = tweet(id, daniel, "reply");
        one.reply_to = TweetId{to};
        one.thread = TweetId{1};
        return one;
    };
    for (const auto& one : {reply(2, 1), reply(3, 2), reply(4, 2)})
        REQUIRE(test.store.write(as(daniel), one, {}, {}));
    REQUIRE(test.store.remove(as(daniel), reply(2, 1), 2'000));
    CHECK(test.store.by_id_or_tombstone(as({}), TweetId{2}).value().replies == 2);
    CHECK(test.store.by_id(as({}), TweetId{1}).value().replies == 1);
    REQUIRE(test.store.forget_author(as({}), daniel, 3'000, 1));
    CHECK_FALSE(test.store.by_id_or_tombstone(as({}), TweetId{2}));
    CHECK(test.store.by_id(as({}), TweetId{1}).value().replies == 0);
}
