#include "modules/messages/store.h"

#include "modules/messages/contract_test.h"

using namespace jebi;
using namespace jebi::messages;

namespace {

StoredMessage stored(std::uint64_t id, UserId from, UserId to, WallMs at_ms = 1'000) {
    return {
        .id = MessageId{id}, .from = from, .to = to, .text = "n" + std::to_string(id), .created_ms = at_ms};
}

std::vector<std::uint64_t> seen(Store& store, UserId owner, UserId with) {
    std::vector<std::uint64_t> ids;
    const auto messages = store.with(as({}), owner, with, INT64_MAX, 100).value();
    for (const StoredMessage& message : messages)
        ids.push_back(message.id.value);
    return ids;
}

}  // namespace

TEST_CASE("a used key undoes the whole message") {
    TestService test;
    REQUIRE(test.store.send(as(minji), stored(1, minji, daniel), {"key", "digest"}, send_rate));
    const auto again = test.store.send(as(minji), stored(2, minji, daniel), {"key", "digest"}, send_rate);
    CHECK(again.error().reason == "key_seen");
    CHECK(seen(test.store, daniel, minji) == std::vector<std::uint64_t>{1});
    CHECK(test.store.last_event(as({})).value() == 1);
    CHECK(test.store.key(as({}), minji, "key").value().message == MessageId{1});
}

TEST_CASE("a message beyond the rate leaves no key, so it may be sent later") {
    TestService test;
    const Rate one{.messages_max = 1, .window = Millis{1'000}};
    REQUIRE(test.store.send(as(minji), stored(1, minji, daniel, 5'000), {}, one));
    CHECK(test.store.send(as(minji), stored(2, minji, sora, 5'500), {"key", "d"}, one).error().reason ==
          "too_many");
    CHECK_FALSE(test.store.key(as({}), minji, "key"));
    REQUIRE(test.store.send(as(minji), stored(3, minji, sora, 6'000), {"key", "d"}, one));
    CHECK(test.store.sent_ms(as({}), minji, 1).value() == 5'000);
    CHECK(test.store.sent_ms(as({}), minji, 2).value() == 0);
}

TEST_CASE("ids that arrive out of order keep the newest message last") {
    TestService test;
    REQUIRE(test.store.send(as(minji), stored(9, minji, daniel), {}, send_rate));
    REQUIRE(test.store.send(as(minji), stored(4, minji, daniel), {}, send_rate));
    const auto conversations = test.store.conversations(as({}), daniel, INT64_MAX, 10).value();
    REQUIRE(conversations.size() == 1);
    CHECK(conversations[0].last.id == MessageId{9});
    CHECK(seen(test.store, daniel, minji) == std::vector<std::uint64_t>{9, 4});
    CHECK(test.store.highest_id(as({})).value() == 9);
}

TEST_CASE("a person's rows go in batches, and nothing new comes meanwhile") {
    TestService test;
    for (std::uint64_t id = 1; id <= 9; ++id) {
        const bool from_her = id % 2 == 1;
        REQUIRE(test.store.send(as({}), stored(id, from_her ? minji : sora, from_her ? daniel : minji), {},
                                send_rate));
    }
    REQUIRE(test.store.send(as({}), stored(10, daniel, sora), {}, send_rate));
    REQUIRE(test.store.refuse_person(as({}), minji));
    CHECK(test.store.send(as({}), stored(11, daniel, minji), {}, send_rate).error().reason == "no_such_user");
    CHECK(test.store.send(as({}), stored(12, minji, sora), {}, send_rate).error().reason == "no_such_user");
    int rounds = 1;
    while (test.store.forget_some(as({}), minji, 2).value())
        ++rounds;
    CHECK(rounds == 5);
    CHECK(seen(test.store, daniel, minji).empty());
    CHECK(test.store.conversations(as({}), daniel, INT64_MAX, 10).value().size() == 1);
    CHECK(seen(test.store, sora, daniel) == std::vector<std::uint64_t>{10});
}
