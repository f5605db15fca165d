// What every Notifications does, whatever stands behind it: the service in this process, or a client of it.
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <thread>

#include "modules/notifications/test_service.h"

namespace jebi::notifications {

inline const UserId minji{101};
inline const UserId daniel{202};
inline const UserId sora{303};

inline Call as(UserId user) {
    return Call{.user = user, .until = in(Millis{10'000}), .trace = Trace::start()};
}

inline NotificationPage page_of(Notifications& notifications, UserId user, const ListRequest& request = {}) {
    return notifications.list(as(user), request).value();
}

// The kinds and those who did it, newest first: "followed 202".
inline std::vector<std::string> told(Notifications& notifications, UserId user,
                                     const ListRequest& request = {}) {
    static const std::map<Notification::Kind, std::string> names{
        {Notification::KIND_FOLLOWED, "followed "}, {Notification::KIND_MENTIONED, "mentioned "},
        {Notification::KIND_REPLIED, "replied "},   {Notification::KIND_FAVOURITED, "favourited "},
        {Notification::KIND_REPOSTED, "reposted "},
    };
    std::vector<std::string> all;
    const NotificationPage page = page_of(notifications, user, request);
    for (const Notification& one : page.notifications()) {
        CHECK(one.user_id() == user.value);
        all.push_back(names.at(one.kind()) + std::to_string(one.actor_id()));
    }
    return all;
}

using Lines = std::vector<std::string>;

inline std::uint32_t unread(Notifications& notifications, UserId user) {
    return notifications.unread(as(user), {}).value().count();
}

inline ByIdRequest by_id(std::uint64_t id) {
    ByIdRequest request;
    request.set_id(id);
    return request;
}

struct Around {
    Notifications& notifications;
    TestService& world;
};

inline void kinds_cases(const Around& around) {
    auto& [notifications, world] = around;
    world.accounts.people = {{"minji", minji}, {"sora", sora}};
    world.follows.add_follow(daniel, minji, 1'234);
    world.settle();
    const auto tweet = world.tweets.add_write(minji);
    world.tweets.add_write(daniel, {"MinJi", "sora", "nobody", "minji"});
    const auto reply = world.tweets.add_write(daniel, {"minji", "sora"}, tweet);
    world.tweets.add_favourite(daniel, tweet);
    world.tweets.add_repost(daniel, tweet);
    world.settle();
    CHECK(told(notifications, minji) ==
          Lines{"reposted 202", "favourited 202", "replied 202", "mentioned 202", "followed 202"});
    CHECK(told(notifications, sora) == Lines{"mentioned 202", "mentioned 202"});
    CHECK(told(notifications, daniel).empty());
    const NotificationPage page = page_of(notifications, minji);
    CHECK(page.notifications(0).tweet_id() == tweet.id());
    CHECK(page.notifications(1).tweet_id() == tweet.id());
    CHECK(page.notifications(2).tweet_id() == reply.id());
    CHECK(page.notifications(4).tweet_id() == 0);
    CHECK(page.notifications(4).created_ms() == 1'234);
    CHECK(notifications.by_id(as(minji), by_id(page.notifications(2).id())).value().kind() ==
          Notification::KIND_REPLIED);
}

inline void oneself_cases(const Around& around) {
    auto& [notifications, world] = around;
    world.accounts.people = {{"minji", minji}};
    const auto tweet = world.tweets.add_write(minji, {"minji"});
    world.tweets.add_write(minji, {}, tweet);
    world.tweets.add_favourite(minji, tweet);
    world.tweets.add_repost(minji, tweet);
    world.settle();
    CHECK(told(notifications, minji).empty());
}

inline void hiding_cases(const Around& around) {
    auto& [notifications, world] = around;
    world.accounts.people = {{"minji", minji}};
    const auto tweet = world.tweets.add_write(minji);
    const auto act = [&](UserId who) {
        world.follows.add_follow(who, minji);
        world.tweets.add_write(who, {"minji"});
        world.tweets.add_write(who, {}, tweet);
        world.tweets.add_favourite(who, tweet);
        world.tweets.add_repost(who, tweet);
    };
    world.follows.blocks.insert({daniel, minji});
    world.follows.mutes.insert({minji, sora});
    act(daniel);
    act(sora);
    world.settle();
    CHECK(told(notifications, minji).empty());
    // A mute is one-sided: the muted one is told as before.
    world.follows.add_follow(minji, sora);
    world.settle();
    CHECK(told(notifications, sora) == Lines{"followed 101"});
}

inline void later_hiding_cases(const Around& around) {
    auto& [notifications, world] = around;
    for (const UserId who : {daniel, sora}) {
        world.follows.add_follow(who, minji);
        world.follows.add_follow(minji, who);
    }
    world.settle();
    world.follows.add_block(daniel, minji);
    world.settle();
    CHECK(told(notifications, minji) == Lines{"followed 303"});
    CHECK(told(notifications, daniel).empty());
    world.follows.add_mute(minji, sora);
    world.settle();
    CHECK(told(notifications, minji).empty());
    CHECK(told(notifications, sora) == Lines{"followed 101"});
}

inline void taking_back_cases(const Around& around) {
    auto& [notifications, world] = around;
    world.accounts.people = {{"minji", minji}};
    const auto tweet = world.tweets.add_write(minji);
    const auto other = world.tweets.add_write(minji);
    const auto mention = world.tweets.add_write(daniel, {"minji"});
    const auto reply = world.tweets.add_write(daniel, {}, tweet);
    const auto repost = world.tweets.add_repost(daniel, tweet);
    world.tweets.add_repost(daniel, other);
    world.tweets.add_favourite(daniel, tweet);
    world.tweets.add_favourite(daniel, other);
    world.tweets.add_favourite(sora, tweet);
    world.follows.add_follow(daniel, minji);
    world.settle();
    CHECK(told(notifications, minji).size() == 8);
    world.tweets.remove(mention);
    world.tweets.remove(reply);
    world.tweets.remove(repost);
    world.tweets.end_favourite(daniel, tweet);
    world.follows.tell(follows::Event::KIND_UNFOLLOWED, daniel, minji);
    world.settle();
    CHECK(told(notifications, minji) == Lines{"favourited 303", "favourited 202", "reposted 202"});
    CHECK(unread(notifications, minji) == 3);
    world.tweets.remove(other);
    world.settle();
    CHECK(told(notifications, minji) == Lines{"favourited 303"});
    // Done and taken back before anybody looked.
    world.tweets.add_favourite(daniel, tweet);
    world.tweets.end_favourite(daniel, tweet);
    world.settle();
    CHECK(told(notifications, minji) == Lines{"favourited 303"});
}

inline void editing_cases(const Around& around) {
    auto& [notifications, world] = around;
    world.accounts.people = {{"minji", minji}, {"sora", sora}};
    auto tweet = world.tweets.add_write(daniel, {"minji"});
    world.settle();
    world.tweets.add_edit(tweet, {"minji", "sora"});
    world.settle();
    CHECK(told(notifications, minji) == Lines{"mentioned 202"});
    CHECK(told(notifications, sora) == Lines{"mentioned 202"});
    world.tweets.add_edit(tweet, {"sora"});
    world.settle();
    CHECK(told(notifications, minji).empty());
    CHECK(told(notifications, sora) == Lines{"mentioned 202"});
    // Nobody is told of the same tweet twice, whatever becomes of its text.
    world.tweets.add_edit(tweet, {"minji", "sora"});
    world.settle();
    CHECK(told(notifications, minji).empty());
    const std::uint64_t id = page_of(notifications, sora).notifications(0).id();
    REQUIRE(notifications.dismiss(as(sora), by_id(id)));
    world.tweets.add_edit(tweet, {"sora"});
    world.settle();
    CHECK(told(notifications, sora).empty());
}

inline void bringing_cases(const Around& around) {
    auto& [notifications, world] = around;
    world.accounts.people = {{"minji", minji}, {"sora", sora}};
    const auto tweet = world.tweets.add_write(minji);
    auto brought = world.tweets.add_brought(daniel, {"sora"}, tweet);
    world.settle();
    CHECK(told(notifications, minji).empty());
    CHECK(told(notifications, sora).empty());
    // What happens to it here is news.
    world.tweets.add_favourite(sora, brought);
    world.tweets.add_edit(brought, {"sora"});
    world.settle();
    CHECK(told(notifications, daniel) == Lines{"favourited 303"});
    CHECK(told(notifications, sora) == Lines{"mentioned 202"});
}

inline void leaving_cases(const Around& around) {
    auto& [notifications, world] = around;
    world.follows.add_follow(daniel, minji);
    world.follows.add_follow(sora, minji);
    world.follows.add_follow(minji, daniel);
    world.settle();
    world.accounts.leave(daniel);
    world.settle();
    CHECK(told(notifications, minji) == Lines{"followed 303"});
    CHECK(told(notifications, daniel).empty());
    // What comes late tells nobody any more.
    world.follows.add_follow(daniel, minji);
    world.follows.add_follow(minji, daniel);
    world.settle();
    CHECK(told(notifications, minji) == Lines{"followed 303"});
    CHECK(told(notifications, daniel).empty());
}

inline void privacy_cases(const Around& around) {
    auto& [notifications, world] = around;
    world.follows.add_follow(daniel, minji);
    world.settle();
    const ByIdRequest hers = by_id(page_of(notifications, minji).notifications(0).id());
    const Error gone = notifications.by_id(as(sora), hers).error();
    CHECK(gone.code == Code::not_found);
    CHECK(gone.reason == "notification_gone");
    CHECK(notifications.dismiss(as(sora), hers));
    CHECK(notifications.clear(as(sora), {}));
    CHECK(notifications.mark_read(as(sora), hers).value().last_read_id() == 0);
    CHECK(told(notifications, sora).empty());
    CHECK(unread(notifications, minji) == 1);
    const auto is_refused = [](const auto& answer) {
        return !answer && answer.error().code == Code::unauthenticated;
    };
    CHECK(is_refused(notifications.list(as({}), {})));
    CHECK(is_refused(notifications.by_id(as({}), hers)));
    CHECK(is_refused(notifications.unread(as({}), {})));
    CHECK(is_refused(notifications.mark_read(as({}), hers)));
    CHECK(is_refused(notifications.dismiss(as({}), hers)));
    CHECK(is_refused(notifications.clear(as({}), {})));
}

inline ListRequest asking(std::uint32_t limit, std::uint64_t before = 0, std::uint64_t newer_than = 0,
                          bool from_oldest = false) {
    ListRequest request;
    request.set_limit(limit);
    request.set_before(before);
    request.set_newer_than(newer_than);
    request.set_from_oldest(from_oldest);
    return request;
}

inline void listing_cases(const Around& around) {
    auto& [notifications, world] = around;
    for (std::uint64_t actor = 1; actor <= 5; ++actor)
        world.follows.add_follow(UserId{actor}, minji);
    world.settle();
    const NotificationPage first = page_of(notifications, minji, asking(2));
    CHECK(told(notifications, minji, asking(2)) == Lines{"followed 5", "followed 4"});
    world.follows.add_follow(UserId{6}, minji);
    world.settle();
    const NotificationPage second = page_of(notifications, minji, asking(2, first.next()));
    CHECK(told(notifications, minji, asking(2, first.next())) == Lines{"followed 3", "followed 2"});
    CHECK(told(notifications, minji, asking(2, second.next())) == Lines{"followed 1"});
    CHECK(page_of(notifications, minji, asking(2, second.next())).next() == 0);
    const std::uint64_t third = second.notifications(0).id();
    CHECK(told(notifications, minji, asking(9, 0, third)) == Lines{"followed 6", "followed 5", "followed 4"});
    CHECK(told(notifications, minji, asking(2, 0, third, true)) == Lines{"followed 5", "followed 4"});
    CHECK(notifications.list(as(minji), asking(101)).error().code == Code::invalid);
    CHECK(told(notifications, minji, asking(3, UINT64_MAX)).size() == 3);

    world.tweets.add_favourite(daniel, world.tweets.add_write(minji));
    world.settle();
    ListRequest some = asking(9);
    some.add_kinds(Notification::KIND_FAVOURITED);
    some.add_kinds(Notification::KIND_REPLIED);
    CHECK(told(notifications, minji, some) == Lines{"favourited 202"});
    some.clear_kinds();
    some.add_kinds(static_cast<Notification::Kind>(77));
    CHECK(told(notifications, minji, some).empty());
}

inline void reading_cases(const Around& around) {
    auto& [notifications, world] = around;
    world.follows.add_follow(daniel, minji);
    world.follows.add_follow(sora, minji);
    world.settle();
    CHECK(unread(notifications, minji) == 2);
    const NotificationPage page = page_of(notifications, minji);
    const std::uint64_t newer = page.notifications(0).id();
    const std::uint64_t older = page.notifications(1).id();
    CHECK_FALSE(page.notifications(1).read());
    const UnreadReply one = notifications.mark_read(as(minji), by_id(older)).value();
    CHECK(one.count() == 1);
    CHECK(one.last_read_id() == older);
    CHECK(page_of(notifications, minji).notifications(1).read());
    CHECK_FALSE(page_of(notifications, minji).notifications(0).read());
    CHECK(notifications.mark_read(as(minji), by_id(newer)).value().count() == 0);
    CHECK(notifications.mark_read(as(minji), by_id(older)).value().last_read_id() == newer);
    // A mark beyond the last one does not read what has not happened yet.
    CHECK(notifications.mark_read(as(minji), by_id(UINT64_MAX)).value().last_read_id() == newer);
    world.follows.add_follow(UserId{7}, minji);
    world.settle();
    CHECK(unread(notifications, minji) == 1);
    CHECK(unread(notifications, sora) == 0);
}

inline void removing_cases(const Around& around) {
    auto& [notifications, world] = around;
    for (std::uint64_t actor = 1; actor <= 3; ++actor)
        world.follows.add_follow(UserId{actor}, minji);
    world.follows.add_follow(minji, daniel);
    world.settle();
    const ByIdRequest second = by_id(page_of(notifications, minji).notifications(1).id());
    CHECK(notifications.dismiss(as(minji), second));
    CHECK(notifications.dismiss(as(minji), second));
    CHECK(notifications.by_id(as(minji), second).error().code == Code::not_found);
    CHECK(told(notifications, minji) == Lines{"followed 3", "followed 1"});
    CHECK(unread(notifications, minji) == 2);
    CHECK(notifications.clear(as(minji), {}));
    CHECK(notifications.clear(as(minji), {}));
    CHECK(told(notifications, minji).empty());
    CHECK(unread(notifications, minji) == 0);
    CHECK(told(notifications, daniel) == Lines{"followed 101"});
}

inline void event_cases(const Around& around) {
    auto& [notifications, world] = around;
    const auto after = [&](std::uint64_t sequence, std::uint32_t wait_ms) {
        EventsRequest request;
        request.set_after(sequence);
        request.set_limit(2);
        request.set_wait_ms(wait_ms);
        return notifications.events(as({}), request).value();
    };
    CHECK(after(0, 0).events_size() == 0);
    CHECK(notifications.last_event(as({}), {}).value().sequence() == 0);
    world.follows.add_follow(daniel, minji);
    world.follows.add_follow(sora, minji);
    world.settle();
    const EventsReply two = after(0, 0);
    REQUIRE(two.events_size() == 2);
    CHECK(two.events(0).notification().actor_id() == daniel.value);
    CHECK(two.events(1).notification().actor_id() == sora.value);
    const std::uint64_t last = two.events(1).sequence();
    CHECK(notifications.last_event(as({}), {}).value().sequence() == last);
    // A wait ends when somebody is told something.
    std::thread teller{[&] {
        world.follows.add_follow(minji, daniel);
        world.settle();
    }};
    const EventsReply news = after(last, 5'000);
    teller.join();
    REQUIRE(news.events_size() == 1);
    CHECK(news.events(0).notification().user_id() == daniel.value);
    EventsRequest none;
    CHECK(notifications.events(as({}), none).error().code == Code::invalid);
    none.set_limit(1'001);
    CHECK(notifications.events(as({}), none).error().code == Code::invalid);
}

// Runs every case on a Notifications of its own, which `make` puts up and hands to the case.
inline void run_contract(const std::function<void(const std::function<void(const Around&)>&)>& make) {
    SUBCASE("one is told who followed, mentioned, answered, liked and reposted one") {
        make(kinds_cases);
    }
    SUBCASE("nobody is told about themselves") {
        make(oneself_cases);
    }
    SUBCASE("nobody is told about those they block or mute, or who block them") {
        make(hiding_cases);
    }
    SUBCASE("a later block takes back what both were told, a mute what one was told") {
        make(later_hiding_cases);
    }
    SUBCASE("what was taken back takes its notification along") {
        make(taking_back_cases);
    }
    SUBCASE("an edit tells those it names anew, and takes back those it names no more") {
        make(editing_cases);
    }
    SUBCASE("nobody is told of what was said elsewhere long ago and is brought here") {
        make(bringing_cases);
    }
    SUBCASE("of a person who left nothing is told, and nothing stays") {
        make(leaving_cases);
    }
    SUBCASE("everybody sees and changes their own only") {
        make(privacy_cases);
    }
    SUBCASE("lists are newest first, stable under new ones, and of the kinds asked for") {
        make(listing_cases);
    }
    SUBCASE("what was read stays read") {
        make(reading_cases);
    }
    SUBCASE("one or all can be removed, any number of times") {
        make(removing_cases);
    }
    SUBCASE("what is new is told in order") {
        make(event_cases);
    }
}

}  // namespace jebi::notifications
