#include "modules/tweets/service.h"

#include "modules/tweets/contract_test.h"
#include "modules/tweets/test_service.h"

using namespace jebi;
using namespace jebi::tweets;

TEST_CASE("the service keeps the contract of Tweets in process") {
    run_contract([](const std::function<void(Tweets&)>& with) {
        TestService test;
        with(test.service);
    });
}

TEST_CASE("keys are kept for a day, events for a month, the last event always") {
    TestService test;
    ManualClock clock{test.clock.wall_ms()};
    Service service{test.store, test.follows, test.ids, clock};
    const Tweet first = service.write(as(minji, "key"), text("same")).value();
    clock.advance(keys_kept + Millis{1});
    REQUIRE(service.sweep(as({})));
    CHECK(service.write(as(minji, "key"), text("same")).value().id() != first.id());
    clock.advance(events_kept + Millis{1});
    REQUIRE(service.sweep(as({})));
    const auto left = test.store.events(as({}), 0, 10).value();
    REQUIRE(left.size() == 1);
    CHECK(left[0].sequence == 2);
}
