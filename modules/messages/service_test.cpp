#include "modules/messages/service.h"

#include "modules/messages/contract_test.h"

using namespace jebi;
using namespace jebi::messages;

TEST_CASE("the service keeps the contract of Messages in process") {
    run_contract([](const std::function<void(const Around&)>& with) {
        TestService test;
        with({test.service, test});
    });
}

TEST_CASE("keys and events are kept for a day, the last event always") {
    TestService test;
    const Message first = test.service.send(as(minji, "key"), message(daniel, "same")).value();
    test.service.send(as(minji), message(daniel, "other")).value();
    test.clock.advance(keys_kept + Millis{1});
    REQUIRE(test.service.sweep(as({})));
    const auto left = test.store.events(as({}), 0, 10).value();
    REQUIRE(left.size() == 1);
    CHECK(left[0].sequence == 2);
    CHECK(test.service.send(as(minji, "key"), message(daniel, "same")).value().id() != first.id());
}

TEST_CASE("unread conversations are counted up to 99") {
    TestService test;
    for (std::uint64_t i = 1; i <= 101; ++i) {
        const UserId someone{300 + i};
        REQUIRE(test.service.send(as(someone), message(minji, "hello")));
    }
    CHECK(unread(test.service, minji) == 99);
}
