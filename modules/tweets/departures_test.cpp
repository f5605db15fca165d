#include "modules/tweets/departures.h"

#include <algorithm>

#include "modules/tweets/contract_test.h"
#include "modules/tweets/test_service.h"

using namespace jebi;
using namespace jebi::tweets;

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
    void tell_deleted(UserId user) {
        accounts::Event& event = told.emplace_back();
        event.set_sequence(told.size());
        event.mutable_deleted()->set_user_id(user.value);
    }
    std::vector<accounts::Event> told;
};

}  // namespace

TEST_CASE("when an account is deleted, its tweets, hashtags, counts and keys go, and others' stay") {
    TestService test;
    ToldAccounts accounts;
    Departures departures{accounts, test.store, test.clock};
    test.service.write(as(minji, "key"), text("hers #tag")).value();
    test.service.write(as(minji), text("hers too")).value();
    test.service.write(as(daniel), text("his #tag")).value();
    accounts.tell_deleted(minji);
    CHECK(departures.follow(as({}), Millis{0}).value() == 1);
    const TweetPage left = test.service.all(as({}), page(1, 10)).value();
    CHECK(texts(left) == std::vector<std::string>{"his #tag"});
    CHECK(left.total() == 1);
    CHECK(tagged(test.service, "tag").size() == 1);
    CHECK_FALSE(test.store.key(as({}), minji, "key"));
    const auto events = test.store.events(as({}), 3, 10).value();
    CHECK(std::ranges::count(events, "deleted", &StoredEvent::kind) == 2);
    CHECK(events.size() == 2);
}

TEST_CASE("an event is followed once, and what its author still had on its way is refused") {
    TestService test;
    ToldAccounts accounts;
    Departures departures{accounts, test.store, test.clock};
    accounts.tell_deleted(minji);
    CHECK(departures.follow(as({}), Millis{0}).value() == 1);
    CHECK(departures.follow(as({}), Millis{0}).value() == 0);
    CHECK(test.service.write(as(minji), text("too late")).error().code == Code::unauthenticated);
    CHECK(test.service.write(as(daniel), text("fine")).has_value());
}
