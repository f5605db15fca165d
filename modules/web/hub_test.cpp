#include "modules/web/hub.h"

#include <doctest/doctest.h>

#include <set>
#include <thread>

using namespace jebi;
using namespace jebi::web;

namespace {

// Tells what is new; when nothing is, it fails, which ends the job.
struct Tweets : tweets::TweetsAbsent {
    Result<tweets::LastEventReply> last_event(const Call&, const tweets::Empty&) override {
        tweets::LastEventReply reply;
        reply.set_sequence(before);
        return reply;
    }
    Result<tweets::EventsReply> events(const Call& call, const tweets::EventsRequest& request) override {
        tweets::EventsReply reply;
        for (const tweets::Event& event : all)
            if (event.sequence() > request.after()) *reply.add_events() = event;
        if (reply.events_size() == 0)
            return TweetsAbsent::events(call, request);  // nothing more: the job ends
        return reply;
    }
    tweets::Tweet* happens(std::uint64_t author) {
        tweets::Event& event = all.emplace_back();
        event.set_sequence(before + all.size());
        event.mutable_written()->set_id(event.sequence() * 10);
        event.mutable_written()->set_author_id(author);
        return event.mutable_written();
    }
    std::vector<tweets::Event> all;
    std::uint64_t before = 5;
};

struct Notifications : notifications::NotificationsAbsent {
    Result<notifications::LastEventReply> last_event(const Call&, const notifications::Empty&) override {
        return notifications::LastEventReply();
    }
    Result<notifications::EventsReply> events(const Call& call,
                                              const notifications::EventsRequest& request) override {
        if (request.after() != 0) return NotificationsAbsent::events(call, request);
        notifications::EventsReply reply;
        auto* const event = reply.add_events();
        event->set_sequence(1);
        event->mutable_notification()->set_id(77);
        event->mutable_notification()->set_user_id(2);
        return reply;
    }
};

struct Follows : follows::FollowsAbsent {
    Result<follows::UserIdsReply> among_followers(const Call&,
                                                  const follows::AmongFollowersRequest& request) override {
        follows::UserIdsReply reply;
        for (const std::uint64_t id : request.candidate_ids())
            if (request.user_id() == 1 && followers_of_1.contains(id)) reply.add_user_ids(id);
        return reply;
    }
    std::set<std::uint64_t> followers_of_1{2};
};

struct Connected {
    void happen() { static_cast<void>(hub.follow_tweets(Call{.until = in(Millis{10'000})})); }
    // What waits in a subscription now.
    static std::vector<std::shared_ptr<const Happened>> all_of(Subscription& subscription) {
        std::vector<std::shared_ptr<const Happened>> all;
        while (true) {
            const auto next = subscription.next(in(Millis{0}));
            if (!next || *next == nullptr) return all;
            all.push_back(*next);
        }
    }
    Tweets tweets;
    Follows follows;
    Notifications notifications;
    messages::MessagesAbsent messages;
    Hub hub{tweets, follows, notifications, messages};
};

}  // namespace

TEST_CASE("a tweet is told to its author, to followers, and to those who want everybody's") {
    Connected site;
    const auto author = site.hub.subscribe({.user = UserId{1}, .home = true}).value();
    const auto follower = site.hub.subscribe({.user = UserId{2}, .home = true}).value();
    const auto stranger = site.hub.subscribe({.user = UserId{3}, .home = true}).value();
    const auto visitor = site.hub.subscribe({.everybody = true}).value();
    const auto reader = site.hub.subscribe({.user = UserId{2}, .notifications = true}).value();
    site.tweets.happens(1);
    site.happen();
    CHECK(Connected::all_of(*author).size() == 1);
    CHECK(Connected::all_of(*stranger).empty());
    CHECK(Connected::all_of(*visitor).size() == 1);
    CHECK(Connected::all_of(*reader).empty());
    const auto told = Connected::all_of(*follower);
    REQUIRE(told.size() == 1);
    CHECK(std::get<TweetWritten>(*told[0]).tweet.author_id() == 1);
}

TEST_CASE("what happened before the hub began is not told") {
    Connected site;
    const auto visitor = site.hub.subscribe({.everybody = true}).value();
    site.tweets.happens(1);
    site.tweets.before = 6;
    site.happen();
    CHECK(Connected::all_of(*visitor).empty());
    site.tweets.happens(1)->set_id(99);
    site.happen();
    CHECK(Connected::all_of(*visitor).size() == 1);
}

TEST_CASE("a hashtag is told however it is written, and only it") {
    Connected site;
    const auto tagged = site.hub.subscribe({.hashtag = "#ＪＥＢＩ"}).value();
    tweets::Entity* const tag = site.tweets.happens(3)->add_entities();
    tag->set_kind(tweets::Entity::KIND_HASHTAG);
    tag->set_value("Jebi");
    site.tweets.happens(3);
    site.happen();
    CHECK(Connected::all_of(*tagged).size() == 1);
}

TEST_CASE("deletions go where tweets go") {
    Connected site;
    const auto follower = site.hub.subscribe({.user = UserId{2}, .home = true}).value();
    tweets::Event& event = site.tweets.all.emplace_back();
    event.set_sequence(6);
    event.mutable_deleted()->set_id(60);
    event.mutable_deleted()->set_author_id(1);
    site.happen();
    const auto told = Connected::all_of(*follower);
    REQUIRE(told.size() == 1);
    CHECK(std::get<tweets::TweetDeleted>(*told[0]).id() == 60);
}

TEST_CASE("a notification is told to whom it concerns, and to nobody else") {
    Connected site;
    const auto mine = site.hub.subscribe({.user = UserId{2}, .notifications = true}).value();
    const auto other = site.hub.subscribe({.user = UserId{3}, .notifications = true}).value();
    const auto silent = site.hub.subscribe({.user = UserId{2}, .home = true}).value();
    static_cast<void>(site.hub.follow_notifications(Call{.until = in(Millis{10'000})}));
    const auto told = Connected::all_of(*mine);
    REQUIRE(told.size() == 1);
    CHECK(std::get<notifications::Notification>(*told[0]).id() == 77);
    CHECK(Connected::all_of(*other).empty());
    CHECK(Connected::all_of(*silent).empty());
}

TEST_CASE("a module that cannot tell is asked again from where it was") {
    Connected site;
    const auto visitor = site.hub.subscribe({.everybody = true}).value();
    site.tweets.happens(1);
    site.happen();
    site.happen();  // fails at once: nothing new
    CHECK(Connected::all_of(*visitor).size() == 1);
    CHECK_FALSE(site.hub.follow_messages(Call{.until = in(Millis{10'000})}));
}

TEST_CASE("a reader that does not keep up is cut, and the others are not") {
    Connected site;
    const auto slow = site.hub.subscribe({.everybody = true}).value();
    const auto quick = site.hub.subscribe({.everybody = true}).value();
    for (std::size_t i = 0; i < Subscription::queue_max; ++i)
        site.tweets.happens(1);
    site.happen();
    CHECK(Connected::all_of(*quick).size() == Subscription::queue_max);
    site.tweets.happens(1);
    site.happen();
    CHECK(Connected::all_of(*quick).size() == 1);
    const auto cut = slow->next(in(Millis{0}));
    REQUIRE_FALSE(cut);
    CHECK(cut.error().code == Code::unavailable);
}

TEST_CASE("a reader who waits is woken by what happens, and by the end") {
    Connected site;
    const auto waiting = site.hub.subscribe({.everybody = true}).value();
    std::thread other([&] {
        site.tweets.happens(1);
        site.happen();
    });
    const auto next = waiting->next(in(Millis{10'000}));
    other.join();
    REQUIRE(next);
    CHECK(*next != nullptr);
    std::thread end([&] { site.hub.end(); });
    CHECK_FALSE(waiting->next(in(Millis{10'000})));
    end.join();
    CHECK_FALSE(site.hub.subscribe({.everybody = true}));
}

TEST_CASE("one person has so many streams and no more, until one is closed") {
    Connected site;
    std::vector<std::unique_ptr<Subscription>> open;
    const auto subscribe = [&] { return site.hub.subscribe({.user = UserId{1}, .home = true}); };
    for (std::size_t i = 0; i < Hub::subscriptions_a_user_max; ++i)
        open.push_back(subscribe().value());
    const auto refused = subscribe();
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::exhausted);
    open.pop_back();
    CHECK(subscribe());
    CHECK(site.hub.subscriptions() == Hub::subscriptions_a_user_max - 1);
}
