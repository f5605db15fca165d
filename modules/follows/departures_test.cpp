#include "modules/follows/departures.h"

#include "modules/follows/contract_test.h"
#include "modules/follows/test_service.h"

using namespace jebi;
using namespace jebi::follows;

namespace {

// Accounts of which only the events matter here.
class ToldAccounts final : public accounts::AccountsAbsent {
public:
    Result<accounts::EventsReply> events(const Call&, const accounts::EventsRequest& request) override {
        accounts::EventsReply reply;
        for (const accounts::Event& event : told) {
            if (event.sequence() > request.after()) *reply.add_events() = event;
        }
        return reply;
    }
    void tell_created(UserId user) { next().mutable_created()->set_id(user.value); }
    void tell_deleted(UserId user) { next().mutable_deleted()->set_user_id(user.value); }
    std::vector<accounts::Event> told;

private:
    accounts::Event& next() {
        accounts::Event& event = told.emplace_back();
        event.set_sequence(told.size());
        return event;
    }
};

}  // namespace

TEST_CASE("when an account is deleted, its relations go with an event each, and others' stay") {
    TestService test;
    ToldAccounts accounts;
    Departures departures{accounts, test.store, test.service};
    Follows& follows = test.service;
    for (const auto& [one, other] : {std::pair{minji, daniel}, std::pair{daniel, minji},
                                     std::pair{haerin, minji}, std::pair{haerin, daniel}})
        REQUIRE(follows.follow(as(one), target(other)));
    REQUIRE(follows.block(as(stranger), target(minji)));
    REQUIRE(follows.mute(as(minji), target(haerin)));
    const std::uint64_t before = follows.last_event(as({}), {}).value().sequence();
    accounts.tell_created(stranger);
    accounts.tell_deleted(minji);
    CHECK(departures.follow(as({}), Millis{0}).value() == 2);
    CHECK(told(events_after(follows, before)) ==
          std::vector<std::string>{"101 UNFOLLOWED 202", "202 UNFOLLOWED 101", "303 UNFOLLOWED 101"});
    CHECK(counted(follows, minji) == std::pair{0UL, 0UL});
    CHECK(counted(follows, daniel) == std::pair{1UL, 0UL});
    CHECK(counted(follows, haerin) == std::pair{0UL, 1UL});
    CHECK(hidden_from(follows, stranger, {minji}).empty());
    CHECK(follows.follow(as(haerin), target(minji)).error().reason == "user_gone");
    CHECK(follows.follow(as(minji), target(haerin)).error().reason == "user_gone");
}

TEST_CASE("an event is followed once, and again after an error") {
    TestService test;
    ToldAccounts accounts;
    Departures departures{accounts, test.store, test.service};
    REQUIRE(test.service.follow(as(daniel), target(minji)));
    accounts.tell_deleted(minji);
    const Call late{.until = in(Millis{-1})};
    CHECK_FALSE(departures.follow(late, Millis{0}));
    CHECK(counted(test.service, daniel).second == 1);
    CHECK(departures.follow(as({}), Millis{0}).value() == 1);
    CHECK(departures.follow(as({}), Millis{0}).value() == 0);
    CHECK(counted(test.service, daniel).second == 0);
}
