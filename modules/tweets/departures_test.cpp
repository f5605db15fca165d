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

TEST_CASE("with an account go its likes, its reposts and others' reposts of its tweets, and replies stay") {
    TestService test;
    ToldAccounts accounts;
    Departures departures{accounts, test.store, test.clock};
    Service& tweets = test.service;
    const std::uint64_t hers = wrote(tweets, minji, "hers");
    const std::uint64_t own_thread = wrote(tweets, minji, "and more", hers);
    const std::uint64_t his = wrote(tweets, daniel, "his");
    const std::uint64_t answer = wrote(tweets, daniel, "answer", hers);
    wrote(tweets, minji, "her reply", his);
    for (const std::uint64_t id : {hers, his}) {
        tweets.favourite(as(minji), of(id)).value();
        tweets.favourite(as(daniel), of(id)).value();
        tweets.repost(as(minji), of(id)).value();
        tweets.repost(as(daniel), of(id)).value();
    }
    for (int i = 0; i < 50; ++i)  // more than goes in one batch
        wrote(tweets, minji, "n" + std::to_string(i));
    const std::uint64_t before = test.store.last_event(as({})).value();
    accounts.tell_deleted(minji);
    CHECK(departures.follow(as({}), Millis{0}).value() == 1);

    const Tweet kept = now(tweets, his);
    CHECK(kept.favourites() == 1);
    CHECK(kept.reposts() == 1);
    CHECK(kept.replies() == 0);
    CHECK(ids(tweets.favourited_by(as({}), users_of(his)).value()) ==
          std::vector<std::uint64_t>{daniel.value});
    CHECK(said(tweets.thread(as({}), of(answer)).value().ancestors()) == Words{"(gone)"});
    CHECK_FALSE(test.store.by_id_or_tombstone(as({}), TweetId{own_thread}));
    CHECK(texts(tweets.favourites(as(daniel), {}).value()) == Words{"his"});
    AllRequest all = page(1, 100);
    all.set_with_replies(true);
    all.set_with_reposts(true);
    const TweetPage left = tweets.all(as({}), all).value();
    CHECK(said(left.tweets()) == Words{"again " + std::to_string(his), "answer", "his"});
    CHECK(left.total() == 3);

    const auto told = test.store.events(as({}), before, 100).value();
    CHECK(std::ranges::count(told, "unfavourited", &StoredEvent::kind) == 2);
    // 53 tweets, her two reposts, his repost of hers.
    CHECK(std::ranges::count(told, "deleted", &StoredEvent::kind) == 56);
    CHECK(told.size() == 58);
    for (const Result<Tweet>& late : {tweets.favourite(as(minji), of(his)), tweets.repost(as(minji), of(his)),
                                      tweets.write(as(minji), reply_to(his, "late"))}) {
        CHECK(late.error().code == Code::unauthenticated);
    }
    CHECK(now(tweets, his).favourites() == 1);
}
