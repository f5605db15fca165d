// What every Follows does, whatever stands behind it: the service in this process, or a client of it.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <thread>

#include "modules/follows/follows.jebi.h"

namespace jebi::follows {

inline const UserId minji{101};
inline const UserId daniel{202};
inline const UserId haerin{303};
inline const UserId stranger{404};

using Ids = std::vector<std::uint64_t>;

inline Call as(UserId user) {
    return Call{.user = user, .until = in(Millis{10'000}), .trace = Trace::start()};
}

inline TargetRequest target(UserId user) {
    TargetRequest request;
    request.set_target_id(user.value);
    return request;
}

inline ListRequest list_of(UserId user, std::uint32_t limit = 0, std::uint64_t before = 0) {
    ListRequest request;
    request.set_user_id(user.value);
    request.set_limit(limit);
    request.set_before(before);
    return request;
}

inline UserIdsRequest users(const std::vector<UserId>& all) {
    UserIdsRequest request;
    for (const UserId user : all)
        request.add_user_ids(user.value);
    return request;
}

inline Ids ids_in(const google::protobuf::RepeatedField<std::uint64_t>& ids) {
    return {ids.begin(), ids.end()};
}

inline Ids sorted(Ids ids) {
    std::ranges::sort(ids);
    return ids;
}

inline Ids hidden_from(Follows& follows, UserId user, const std::vector<UserId>& candidates,
                       bool with_mutes = false) {
    HiddenRequest request;
    for (const UserId candidate : candidates)
        request.add_user_ids(candidate.value);
    request.set_with_mutes(with_mutes);
    return sorted(ids_in(follows.hidden(as(user), request).value().user_ids()));
}

// (followers, following)
inline std::pair<std::uint64_t, std::uint64_t> counted(Follows& follows, UserId user) {
    const CountsReply reply = follows.counts(as({}), users({user})).value();
    REQUIRE(reply.counts_size() == 1);
    return {reply.counts(0).followers(), reply.counts(0).following()};
}

inline EventsReply events_after(Follows& follows, std::uint64_t sequence, std::uint32_t wait_ms = 0) {
    EventsRequest request;
    request.set_after(sequence);
    request.set_limit(1'000);
    request.set_wait_ms(wait_ms);
    return follows.events(as({}), request).value();
}

// "101 FOLLOWED 202", in order.
inline std::vector<std::string> told(const EventsReply& reply) {
    std::vector<std::string> all;
    for (const Event& event : reply.events()) {
        all.push_back(std::to_string(event.user_id()) + " " +
                      Event::Kind_Name(event.kind()).substr(sizeof("KIND_") - 1) + " " +
                      std::to_string(event.target_id()));
    }
    return all;
}

inline void following_cases(Follows& follows) {
    const Relationship made = follows.follow(as(minji), target(daniel)).value();
    CHECK(made.user_id() == daniel.value);
    CHECK(made.following());
    CHECK_FALSE(made.followed_by());
    CHECK(follows.follow(as(minji), target(daniel)).value().following());
    CHECK(counted(follows, minji) == std::pair{0UL, 1UL});
    CHECK(counted(follows, daniel) == std::pair{1UL, 0UL});
    CHECK(follows.follow(as(daniel), target(minji)).value().followed_by());
    CHECK_FALSE(follows.unfollow(as(minji), target(daniel)).value().following());
    CHECK(follows.unfollow(as(minji), target(daniel)).value().followed_by());
    CHECK(counted(follows, minji) == std::pair{1UL, 0UL});
    CHECK(told(events_after(follows, 0)) ==
          std::vector<std::string>{"101 FOLLOWED 202", "202 FOLLOWED 101", "101 UNFOLLOWED 202"});
}

inline void refusing_cases(Follows& follows) {
    using Change = Result<Relationship> (Follows::*)(const Call&, const TargetRequest&);
    for (const Change change : {&Follows::follow, &Follows::unfollow, &Follows::block, &Follows::unblock,
                                &Follows::mute, &Follows::unmute}) {
        CHECK((follows.*change)(as({}), target(daniel)).error().code == Code::unauthenticated);
        const Error self = (follows.*change)(as(minji), target(minji)).error();
        CHECK(self.code == Code::invalid);
        CHECK(self.reason == "yourself");
        CHECK((follows.*change)(as(minji), target({})).error().code == Code::invalid);
        CHECK((follows.*change)(as(minji), target(UserId{UINT64_MAX})).error().code == Code::invalid);
    }
    CHECK(follows.blocked(as({}), {}).error().code == Code::unauthenticated);
    CHECK(follows.muted(as({}), {}).error().code == Code::unauthenticated);
    CHECK(follows.relationships(as({}), {}).error().code == Code::unauthenticated);
    CHECK(follows.followers(as({}), list_of(minji, 1'001)).error().code == Code::invalid);
    const std::vector<UserId> many(101, daniel);
    CHECK(follows.counts(as({}), users(many)).error().code == Code::invalid);
    CHECK(follows.relationships(as(minji), users(many)).error().code == Code::invalid);
    HiddenRequest hidden;
    AmongFollowersRequest among;
    for (int i = 0; i < 201; ++i)
        hidden.add_user_ids(daniel.value);
    for (int i = 0; i < 1'001; ++i)
        among.add_candidate_ids(daniel.value);
    CHECK(follows.hidden(as(minji), hidden).error().code == Code::invalid);
    CHECK(follows.among_followers(as(minji), among).error().code == Code::invalid);
    EventsRequest events;
    CHECK(follows.events(as({}), events).error().code == Code::invalid);
    events.set_limit(1'001);
    CHECK(follows.events(as({}), events).error().code == Code::invalid);
    CHECK(events_after(follows, 0).events_size() == 0);
}

inline void blocking_cases(Follows& follows) {
    follows.follow(as(minji), target(daniel)).value();
    follows.follow(as(daniel), target(minji)).value();
    follows.follow(as(haerin), target(minji)).value();
    const std::uint64_t before = follows.last_event(as({}), {}).value().sequence();
    const Relationship blocked = follows.block(as(minji), target(daniel)).value();
    CHECK(blocked.blocking());
    CHECK_FALSE(blocked.following());
    CHECK_FALSE(blocked.followed_by());
    CHECK(follows.block(as(minji), target(daniel)).value().blocking());
    CHECK(counted(follows, minji) == std::pair{1UL, 0UL});
    CHECK(counted(follows, daniel) == std::pair{0UL, 0UL});
    CHECK(told(events_after(follows, before)) ==
          std::vector<std::string>{"101 UNFOLLOWED 202", "202 UNFOLLOWED 101", "101 BLOCKED 202"});

    for (const auto& [one, other] : {std::pair{minji, daniel}, std::pair{daniel, minji}}) {
        const Error refused = follows.follow(as(one), target(other)).error();
        CHECK(refused.code == Code::forbidden);
        CHECK(refused.reason == "blocked");
        CHECK(hidden_from(follows, one, {haerin, other, stranger}) == Ids{other.value});
    }
    CHECK(follows.relationships(as(daniel), users({minji})).value().relationships(0).blocked_by());

    // Who blocks whom is theirs to undo; following does not come back by itself.
    CHECK(follows.unblock(as(daniel), target(minji)).value().blocked_by());
    CHECK_FALSE(follows.unblock(as(minji), target(daniel)).value().blocking());
    follows.unblock(as(minji), target(daniel)).value();
    CHECK(hidden_from(follows, daniel, {minji}).empty());
    CHECK(follows.follow(as(daniel), target(minji)).value().following());
}

inline void muting_cases(Follows& follows) {
    follows.follow(as(minji), target(daniel)).value();
    CHECK(follows.mute(as(minji), target(daniel)).value().muting());
    CHECK(follows.mute(as(minji), target(daniel)).value().following());
    CHECK(hidden_from(follows, minji, {daniel, haerin}).empty());
    CHECK(hidden_from(follows, minji, {daniel, haerin}, true) == Ids{daniel.value});
    CHECK(hidden_from(follows, daniel, {minji}, true).empty());
    CHECK(hidden_from(follows, {}, {daniel}, true).empty());
    CHECK_FALSE(follows.unmute(as(minji), target(daniel)).value().muting());
    follows.unmute(as(minji), target(daniel)).value();
    CHECK(told(events_after(follows, 1)) == std::vector<std::string>{"101 MUTED 202", "101 UNMUTED 202"});
}

inline void asking_cases(Follows& follows) {
    follows.follow(as(minji), target(daniel)).value();
    follows.follow(as(haerin), target(minji)).value();
    follows.mute(as(minji), target(haerin)).value();
    const auto reply = follows.relationships(as(minji), users({haerin, stranger, daniel, haerin})).value();
    REQUIRE(reply.relationships_size() == 4);
    CHECK(reply.relationships(0).followed_by());
    CHECK(reply.relationships(0).muting());
    CHECK(reply.relationships(1).user_id() == stranger.value);
    CHECK_FALSE(reply.relationships(1).followed_by());
    CHECK(reply.relationships(2).following());
    CHECK(reply.relationships(3).followed_by());
    CHECK(follows.relationships(as(minji), {}).value().relationships_size() == 0);
    CHECK(hidden_from(follows, minji, {}, true).empty());
    HiddenRequest hidden;
    for (const UserId user : {stranger, haerin, minji})
        hidden.add_user_ids(user.value);
    CHECK(follows.hidden(as(minji), hidden).value().counts_size() == 0);
    hidden.set_with_counts(true);
    CHECK(follows.hidden(as({}), hidden).value().counts_size() == 0);
    const auto seen = follows.hidden(as(minji), hidden).value();
    CHECK(seen.user_ids_size() == 0);
    REQUIRE(seen.counts_size() == 3);
    CHECK(seen.counts(0).followers() == 0);
    CHECK(seen.counts(1).following() == 1);
    CHECK(seen.counts(2).followers() == 1);
    CHECK(follows.counts(as({}), {}).value().counts_size() == 0);
    const auto counts = follows.counts(as({}), users({stranger, minji})).value();
    CHECK(counts.counts(0).followers() == 0);
    CHECK(counts.counts(1).followers() == 1);
    CHECK(counts.counts(1).following() == 1);

    AmongFollowersRequest among;
    among.set_user_id(minji.value);
    CHECK(follows.among_followers(as({}), among).value().user_ids_size() == 0);
    for (std::uint64_t id = 10'000; id < 10'998; ++id)
        among.add_candidate_ids(id);
    among.add_candidate_ids(haerin.value);
    among.add_candidate_ids(daniel.value);
    CHECK(ids_in(follows.among_followers(as({}), among).value().user_ids()) == Ids{haerin.value});
    follows.mute(as(haerin), target(minji)).value();
    CHECK(follows.among_followers(as({}), among).value().user_ids_size() == 0);
}

inline void listing_cases(Follows& follows) {
    Ids fans;
    for (std::uint64_t id = 1; id <= 7; ++id) {
        follows.follow(as(UserId{id}), target(minji)).value();
        fans.insert(fans.begin(), id);
    }
    const UserPage first = follows.followers(as({}), list_of(minji, 3)).value();
    CHECK(ids_in(first.user_ids()) == Ids{7, 6, 5});
    // Who comes or goes meanwhile neither repeats nor hides others behind a cursor.
    follows.follow(as(UserId{8}), target(minji)).value();
    follows.unfollow(as(UserId{5}), target(minji)).value();
    const UserPage second = follows.followers(as({}), list_of(minji, 3, first.next())).value();
    CHECK(ids_in(second.user_ids()) == Ids{4, 3, 2});
    const UserPage last = follows.followers(as({}), list_of(minji, 3, second.next())).value();
    CHECK(ids_in(last.user_ids()) == Ids{1});
    CHECK(last.next() == 0);
    CHECK(follows.followers(as({}), list_of(minji, 3, 1)).value().user_ids_size() == 0);
    CHECK(follows.followers(as({}), list_of(minji, 3, UINT64_MAX)).value().user_ids(0) == 8);
    CHECK(follows.followers(as({}), list_of(stranger)).value().user_ids_size() == 0);

    for (const UserId user : {haerin, daniel}) {
        follows.follow(as(minji), target(user)).value();
        follows.mute(as(minji), target(user)).value();
    }
    CHECK(ids_in(follows.following(as({}), list_of(minji)).value().user_ids()) ==
          Ids{daniel.value, haerin.value});
    CHECK(ids_in(follows.muted(as(minji), list_of(stranger)).value().user_ids()) ==
          Ids{daniel.value, haerin.value});
    follows.block(as(minji), target(haerin)).value();
    CHECK(ids_in(follows.blocked(as(minji), {}).value().user_ids()) == Ids{haerin.value});
    CHECK(follows.blocked(as(haerin), {}).value().user_ids_size() == 0);
    CHECK(ids_in(follows.following(as({}), list_of(minji)).value().user_ids()) == Ids{daniel.value});
}

// Many at once, each to and fro: at rest the counts equal the lists.
inline void concurrent_case(Follows& follows) {
    std::vector<std::thread> people;
    for (std::uint64_t id = 1; id <= 6; ++id) {
        people.emplace_back([&follows, id] {
            for (std::uint64_t turn = 0; turn < 12; ++turn) {
                const UserId other{1 + (id + turn * id) % 6};
                if (other.value == id) continue;
                const Result<Relationship> done =
                    turn % 4 == 3   ? follows.unfollow(as(UserId{id}), target(other))
                    : turn % 6 == 5 ? follows.block(as(UserId{id}), target(other))
                                    : follows.follow(as(UserId{id}), target(other));
                if (!done) CHECK(done.error().reason == "blocked");
            }
        });
    }
    for (auto& person : people)
        person.join();
    for (std::uint64_t id = 1; id <= 6; ++id) {
        const auto followers = follows.followers(as({}), list_of(UserId{id})).value();
        const auto following = follows.following(as({}), list_of(UserId{id})).value();
        CHECK(counted(follows, UserId{id}) ==
              std::pair{static_cast<std::uint64_t>(followers.user_ids_size()),
                        static_cast<std::uint64_t>(following.user_ids_size())});
    }
}

inline void event_cases(Follows& follows) {
    CHECK(follows.last_event(as({}), {}).value().sequence() == 0);
    follows.follow(as(minji), target(daniel)).value();
    follows.mute(as(minji), target(daniel)).value();
    EventsRequest one;
    one.set_limit(1);
    const EventsReply first = follows.events(as({}), one).value();
    CHECK(told(first) == std::vector<std::string>{"101 FOLLOWED 202"});
    CHECK(first.events(0).at_ms() > 0);
    const EventsReply rest = events_after(follows, first.events(0).sequence());
    CHECK(told(rest) == std::vector<std::string>{"101 MUTED 202"});
    CHECK(follows.last_event(as({}), {}).value().sequence() == rest.events(0).sequence());

    // A wait ends when something happens.
    std::thread other{[&] { follows.follow(as(haerin), target(minji)).value(); }};
    const EventsReply news = events_after(follows, rest.events(0).sequence(), 5'000);
    other.join();
    CHECK(told(news) == std::vector<std::string>{"303 FOLLOWED 101"});
}

// Runs every case on a Follows of its own, which `make` puts up and hands to the case.
inline void run_contract(const std::function<void(const std::function<void(Follows&)>&)>& make) {
    SUBCASE("following and unfollowing twice is the same as once") {
        make(following_cases);
    }
    SUBCASE("what cannot be is refused, and nothing is told of it") {
        make(refusing_cases);
    }
    SUBCASE("a block ends following both ways, and goes both ways") {
        make(blocking_cases);
    }
    SUBCASE("a mute is one-sided and leaves following alone") {
        make(muting_cases);
    }
    SUBCASE("relations and counts come in the order asked for") {
        make(asking_cases);
    }
    SUBCASE("lists are newest first, and stable under changes") {
        make(listing_cases);
    }
    SUBCASE("counts equal the lists after many acts at once") {
        make(concurrent_case);
    }
    SUBCASE("what happened is told in order") {
        make(event_cases);
    }
}

}  // namespace jebi::follows
