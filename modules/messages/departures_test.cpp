#include "modules/messages/departures.h"

#include "modules/messages/contract_test.h"

using namespace jebi;
using namespace jebi::messages;

TEST_CASE("a deleted account's conversations go for both, whatever their number") {
    TestService test;
    for (std::uint64_t id = 1; id <= Departures::rows_at_once_max + 100; ++id) {
        const StoredMessage message{.id = MessageId{id},
                                    .from = minji,
                                    .to = daniel,
                                    .text = "x",
                                    .created_ms = test.clock.wall_ms()};
        REQUIRE(test.store.send(as(minji), message, {}, {.messages_max = 10'000, .window = Millis{1}}));
    }
    REQUIRE(test.service.send(as(sora, "key"), message(daniel, "stays")));
    test.people.leave(minji);
    Departures departures{test.people, test.store};
    CHECK(departures.follow(as({}), Millis{0}).value() == 1);
    CHECK(partners(test.service, minji).empty());
    CHECK(partners(test.service, daniel) == std::vector<std::uint64_t>{sora.value});
    CHECK(between(test.service, daniel, minji).messages_size() == 0);
    CHECK(unread(test.service, daniel) == 1);
    CHECK(test.store.accounts_position(as({})).value() == 1);
    CHECK(departures.follow(as({}), Millis{0}).value() == 0);
    // Even where the accounts are asked a moment too early, nothing more is written.
    CHECK(test.store
              .send(as({}), {.id = MessageId{9'999}, .from = minji, .to = daniel, .text = "late"}, {},
                    send_rate)
              .error()
              .reason == "no_such_user");
}

TEST_CASE("an error leaves the position where it was") {
    TestService test;
    test.people.leave(minji);
    accounts::AccountsAbsent nobody;
    CHECK_FALSE(Departures(nobody, test.store).follow(as({}), Millis{0}));
    CHECK(test.store.accounts_position(as({})).value() == 0);
}
