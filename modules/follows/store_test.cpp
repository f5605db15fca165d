#include "modules/follows/store.h"

#include "modules/follows/contract_test.h"
#include "modules/follows/test_service.h"

using namespace jebi;
using namespace jebi::follows;

namespace {

Act act(UserId user, UserId target, std::uint64_t id) {
    return {.user = user, .target = target, .id = id, .at_ms = 1'000};
}

std::int64_t rows_in(TestService& test, const std::string& table) {
    return test.room.read(as({}), "SELECT COUNT(*) FROM " + table, {}).value()[0].integer(0);
}

}  // namespace

TEST_CASE("what is so already changes nothing and tells nothing") {
    TestService test;
    REQUIRE(test.store.follow(as(minji), act(minji, daniel, 1), 10));
    CHECK(test.store.follow(as(minji), act(minji, daniel, 2), 10).error().reason == Store::as_it_was);
    CHECK(test.store.unfollow(as(daniel), act(daniel, minji, 3)).error().reason == Store::as_it_was);
    CHECK(test.store.unblock(as(minji), act(minji, daniel, 4)).error().reason == Store::as_it_was);
    CHECK(test.store.followers(as({}), daniel, {.limit = 10}).value()[0].id == 1);
    CHECK(test.store.events(as({}), 0, 10).value().size() == 1);
    CHECK(test.store.counts(as({}), Ids{daniel.value}).value()[0].followers == 1);
}

TEST_CASE("following up to the bound already is said before that the bound is reached") {
    TestService test;
    REQUIRE(test.store.follow(as(minji), act(minji, daniel, 1), 1));
    CHECK(test.store.follow(as(minji), act(minji, daniel, 2), 1).error().reason == Store::as_it_was);
    CHECK(test.store.follow(as(minji), act(minji, haerin, 3), 1).error().reason == "too_many");
    CHECK(test.store.last_event(as({})).value() == 1);
}

TEST_CASE("the highest id of all relations is what new ids go on from") {
    TestService test;
    CHECK(test.store.highest_id(as({})).value() == 0);
    REQUIRE(test.store.follow(as(minji), act(minji, daniel, 5), 10));
    REQUIRE(test.store.mute(as(minji), act(minji, daniel, 9)));
    REQUIRE(test.store.block(as(minji), act(minji, haerin, 7)));
    CHECK(test.store.highest_id(as({})).value() == 9);
}

TEST_CASE("a former user's relations go some at a time, and none begins any more") {
    TestService test;
    std::uint64_t id = 0;
    for (std::uint64_t fan = 1'000; fan < 1'600; ++fan)
        REQUIRE(test.store.follow(as({}), act(UserId{fan}, minji, ++id), 10));
    REQUIRE(test.store.follow(as({}), act(minji, daniel, ++id), 10));
    REQUIRE(test.store.mute(as({}), act(haerin, minji, ++id)));
    REQUIRE(test.store.block(as({}), act(minji, haerin, ++id)));
    REQUIRE(test.store.part_with(as({}), minji));
    CHECK(test.store.follow(as({}), act(UserId{5}, minji, ++id), 10).error().reason == "user_gone");
    CHECK(test.store.block(as({}), act(minji, daniel, ++id)).error().reason == "user_gone");
    std::size_t rounds = 0;
    while (test.store.forget_some(as({}), minji, 2'000).value() > 0)
        ++rounds;
    CHECK(rounds == 3);
    for (const std::string table : {"follows", "follows_blocks", "follows_mutes"})
        CHECK(rows_in(test, table) == 0);
    CHECK(test.store.last_event(as({})).value() == 2 * 601 + 2);
    CHECK(test.room
              .read(as({}), "SELECT COUNT(*) FROM follows_counts WHERE followers <> 0 OR following <> 0", {})
              .value()[0]
              .integer(0) == 0);
}
