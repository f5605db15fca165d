#include "modules/notifications/store.h"

#include "modules/notifications/contract_test.h"

using namespace jebi;
using namespace jebi::notifications;

namespace {

StoredNotification favourite(std::uint64_t id, UserId actor, TweetId tweet = TweetId{7}) {
    return {.id = NotificationId{id},
            .kind = Notification::KIND_FAVOURITED,
            .user = minji,
            .actor = actor,
            .tweet = tweet,
            .created_ms = 1'000};
}

std::size_t tell(TestService& test, const std::vector<StoredNotification>& all) {
    Changes changes;
    for (const StoredNotification& one : all)
        changes.tell(one);
    return test.store.apply(as({}), std::move(changes), "tweets", all.back().id.value).value();
}

std::vector<std::uint64_t> kept(TestService& test) {
    std::vector<std::uint64_t> ids;
    const auto all = test.store.list(as({}), minji, {.limit = 100}).value();
    for (const StoredNotification& one : all)
        ids.push_back(one.id.value);
    return ids;
}

}  // namespace

TEST_CASE("the same act is told once, and its position moves with it") {
    TestService test;
    CHECK(tell(test, {favourite(1, daniel), favourite(2, daniel), favourite(3, sora)}) == 2);
    CHECK(kept(test) == std::vector<std::uint64_t>{3, 1});
    CHECK(test.store.positions().of(as({}), "tweets").value() == 3);
    CHECK(test.store.positions().of(as({}), "follows").value() == 0);
    CHECK(test.store.last_event(as({})).value() == 2);
}

TEST_CASE("ids go on from the highest that was ever read, told or kept") {
    TestService test;
    CHECK(test.store.highest_id(as({})).value() == 0);
    tell(test, {favourite(5, daniel), favourite(9, sora)});
    REQUIRE(test.store.mark_read(as({}), minji, NotificationId{9}));
    REQUIRE(test.store.clear(as({}), minji));
    CHECK(test.store.highest_id(as({})).value() == 9);
    CHECK(test.store.last_read(as({}), minji).value() == NotificationId{9});
}

TEST_CASE("a person's rows go in batches, and nothing new comes meanwhile") {
    TestService test;
    for (std::uint64_t id = 1; id <= 9; ++id)
        tell(test, {favourite(id, daniel, TweetId{id})});
    tell(test, {favourite(10, sora)});
    REQUIRE(test.store.refuse_person(as({}), daniel));
    CHECK(tell(test, {favourite(11, daniel, TweetId{99})}) == 0);
    int rounds = 1;
    while (test.store.forget_some(as({}), daniel, 4).value())
        ++rounds;
    CHECK(rounds == 3);
    CHECK(kept(test) == std::vector<std::uint64_t>{10});
}

TEST_CASE("mentions of others than those who are kept are taken back, and nothing else") {
    TestService test;
    StoredNotification one = favourite(1, daniel);
    one.kind = Notification::KIND_MENTIONED;
    StoredNotification other = one;
    other.id = NotificationId{2};
    other.user = sora;
    tell(test, {one, other, favourite(3, daniel)});
    Changes changes;
    changes.keep_mentions(one.tweet, {sora});
    REQUIRE(test.store.apply(as({}), std::move(changes), "tweets", 4));
    CHECK(kept(test) == std::vector<std::uint64_t>{3});
    CHECK(test.store.list(as({}), sora, {.limit = 10}).value().size() == 1);
    Changes none;
    none.keep_mentions(one.tweet, {});
    REQUIRE(test.store.apply(as({}), std::move(none), "tweets", 5));
    CHECK(test.store.list(as({}), sora, {.limit = 10}).value().empty());
}
