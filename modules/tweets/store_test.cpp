#include "modules/tweets/store.h"

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
