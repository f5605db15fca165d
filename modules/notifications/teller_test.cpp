#include "modules/notifications/teller.h"

#include <algorithm>

#include "modules/notifications/contract_test.h"

using namespace jebi;
using namespace jebi::notifications;

namespace {

// One of every kind of event, some of them undoing others.
void live(TestService& test) {
    test.accounts.people = {{"minji", minji}, {"sora", sora}};
    const auto tweet = test.tweets.add_write(minji, {"sora"});
    const auto reply = test.tweets.add_write(daniel, {"sora"}, tweet);
    auto mention = test.tweets.add_write(daniel, {"minji", "sora"});
    test.tweets.add_edit(mention, {"minji"});
    test.tweets.add_favourite(daniel, tweet);
    test.tweets.add_favourite(sora, tweet);
    test.tweets.end_favourite(sora, tweet);
    test.tweets.remove(test.tweets.add_repost(daniel, tweet));
    test.tweets.add_repost(sora, tweet);
    test.tweets.remove(reply);
    for (std::uint64_t actor = 1'000; actor < 1'250; ++actor)
        test.follows.add_follow(UserId{actor}, sora);
    test.follows.add_block(UserId{1'001}, sora);
    test.accounts.leave(UserId{1'002});
}

// All that anybody was told, in no order: how the sources interleave depends on where the work was cut off.
Lines everything(TestService& test) {
    Lines all;
    for (const UserId user : {minji, daniel, sora}) {
        std::uint64_t before = 0;
        do {
            const NotificationPage page = page_of(test.service, user, asking(100, before));
            for (const Notification& one : page.notifications()) {
                all.push_back(std::to_string(one.user_id()) + " " + Notification::Kind_Name(one.kind()) +
                              " " + std::to_string(one.actor_id()) + " " + std::to_string(one.tweet_id()));
            }
            before = page.next();
        } while (before != 0);
    }
    std::ranges::sort(all);
    return all;
}

Lines told_undisturbed() {
    TestService test;
    live(test);
    test.settle();
    return everything(test);
}

std::size_t events_told(TestService& test) {
    return test.store.events(as({}), 0, 1'000).value().size();
}

}  // namespace

TEST_CASE("each event has its effect once, however often the work is cut off in the middle") {
    const Lines expected = told_undisturbed();
    REQUIRE(expected.size() == 252);
    TestService test;
    live(test);
    SUBCASE("by writes that fail before or after they are done") {
        test.room.disturbed = true;
    }
    SUBCASE("by others who do not answer") {
        test.accounts.mood.flaky = test.follows.mood.flaky = test.tweets.mood.flaky = true;
    }
    test.settle();
    CHECK(everything(test) == expected);
    CHECK(events_told(test) == expected.size());
}

TEST_CASE("while nobody can tell who hides whom, nobody is told anything, and nothing is lost") {
    TestService test;
    test.tweets.add_favourite(daniel, test.tweets.add_write(minji));
    test.follows.mood.silent = true;
    Teller teller{test.sources, test.store, test.ids, test.told};
    CHECK(teller.run(as({})).error().code == Code::unavailable);
    CHECK(told(test.service, minji).empty());
    test.follows.mood.silent = false;
    CHECK(teller.run(as({})).value() == 2);
    CHECK(told(test.service, minji) == Lines{"favourited 202"});
}

TEST_CASE("a tweet that names everybody it can tells all of them") {
    TestService test;
    std::vector<std::string> names;
    for (std::uint64_t i = 0; i < 93; ++i) {
        names.push_back("p" + std::to_string(i));
        test.accounts.people.emplace(names.back(), UserId{500 + i});
    }
    for (int i = 0; i < 12; ++i)
        test.tweets.add_write(daniel, names);
    test.settle();
    for (std::uint64_t i = 0; i < 93; ++i)
        CHECK(told(test.service, UserId{500 + i}).size() == 12);
}

TEST_CASE("the newest 1,000 are kept of each person") {
    TestService test;
    for (std::uint64_t actor = 1; actor <= kept_max + 5; ++actor)
        test.follows.add_follow(UserId{10'000 + actor}, minji);
    test.follows.add_follow(daniel, sora);
    test.settle();
    std::size_t count = 0;
    NotificationPage page = page_of(test.service, minji, asking(100));
    CHECK(page.notifications(0).actor_id() == 10'000 + kept_max + 5);
    for (; page.next() != 0; page = page_of(test.service, minji, asking(100, page.next())))
        count += static_cast<std::size_t>(page.notifications_size());
    count += static_cast<std::size_t>(page.notifications_size());
    CHECK(count == kept_max);
    CHECK(page.notifications(page.notifications_size() - 1).actor_id() == 10'006);
    CHECK(told(test.service, sora).size() == 1);
}
