#include "modules/follows/service.h"

#include "modules/follows/contract_test.h"
#include "modules/follows/test_service.h"

using namespace jebi;
using namespace jebi::follows;

TEST_CASE("the service keeps the contract of Follows in process") {
    run_contract([](const std::function<void(Follows&)>& with) {
        TestService test;
        with(test.service);
    });
}

TEST_CASE("one follows so many people, and no more until one is let go") {
    TestService test{3};
    for (std::uint64_t id = 1; id <= 3; ++id)
        REQUIRE(test.service.follow(as(minji), target(UserId{id})));
    const Error refused = test.service.follow(as(minji), target(UserId{4})).error();
    CHECK(refused.code == Code::exhausted);
    CHECK(refused.reason == "too_many");
    CHECK(test.service.follow(as(minji), target(UserId{3})).has_value());
    CHECK(counted(test.service, minji).second == 3);
    CHECK(counted(test.service, UserId{4}).first == 0);
    REQUIRE(test.service.unfollow(as(minji), target(UserId{1})));
    CHECK(test.service.follow(as(minji), target(UserId{4})).has_value());
}

TEST_CASE("events are kept for a month, the last event always") {
    TestService test;
    ManualClock clock{test.clock.wall_ms()};
    Service service{test.store, test.ids, clock};
    REQUIRE(service.follow(as(minji), target(daniel)));
    REQUIRE(service.mute(as(minji), target(daniel)));
    clock.advance(events_kept - Millis{1});
    REQUIRE(service.sweep(as({})));
    CHECK(events_after(service, 0).events_size() == 2);
    clock.advance(Millis{2});
    REQUIRE(service.sweep(as({})));
    CHECK(told(events_after(service, 0)) == std::vector<std::string>{"101 MUTED 202"});
    REQUIRE(service.unmute(as(minji), target(daniel)));
    CHECK(service.last_event(as({}), {}).value().sequence() == 3);
}

TEST_CASE("a wait for events ends when the process does") {
    TestService test;
    std::thread ending{[&] { test.service.end_waits(); }};
    CHECK(events_after(test.service, 0, 5'000).events_size() == 0);
    ending.join();
    CHECK(events_after(test.service, 0, 5'000).events_size() == 0);
}
