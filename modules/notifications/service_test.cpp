#include "modules/notifications/service.h"

#include "modules/notifications/contract_test.h"

using namespace jebi;
using namespace jebi::notifications;

TEST_CASE("the service keeps the contract of Notifications in process") {
    run_contract([](const std::function<void(const Around&)>& with) {
        TestService test;
        with({test.service, test});
    });
}

TEST_CASE("unread ones are counted up to 99") {
    TestService test;
    for (std::uint64_t actor = 1'000; actor < 1'101; ++actor)
        test.follows.add_follow(UserId{actor}, minji);
    test.settle();
    CHECK(unread(test.service, minji) == 99);
}

TEST_CASE("events are kept for a day, the last one always") {
    TestService test;
    test.follows.add_follow(daniel, minji, test.clock.wall_ms());
    test.follows.add_follow(sora, minji, test.clock.wall_ms());
    test.settle();
    test.clock.advance(events_kept);
    REQUIRE(test.service.sweep(as({})));
    CHECK(test.store.events(as({}), 0, 10).value().size() == 2);
    test.clock.advance(Millis{1});
    REQUIRE(test.service.sweep(as({})));
    CHECK(test.store.events(as({}), 0, 10).value().size() == 1);
    CHECK(test.service.last_event(as({}), {}).value().sequence() == 2);
    CHECK(told(test.service, minji).size() == 2);
}
