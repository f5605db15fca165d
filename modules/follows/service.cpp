#include "modules/follows/service.h"

#include <algorithm>

#include "kit/sql/list_query.h"

namespace jebi::follows {

namespace {

constexpr int users_at_once_max = 100;
constexpr int hidden_at_once_max = 200;
constexpr int candidates_at_once_max = 1'000;

using Ids = google::protobuf::RepeatedField<std::uint64_t>;

std::span<const std::uint64_t> span_of(const Ids& ids) {
    return {ids.data(), static_cast<std::size_t>(ids.size())};
}

Result<void> at_most(const Ids& ids, int most, const char* field) {
    if (ids.size() <= most) return {};
    return fail(error(Code::invalid, "At most " + std::to_string(most) + " users can be asked for at once.")
                    .because("out_of_range")
                    .at(field));
}

Relationship message_of(std::uint64_t user, const Ties& ties) {
    Relationship relationship;
    relationship.set_user_id(user);
    relationship.set_following(ties.following);
    relationship.set_followed_by(ties.followed_by);
    relationship.set_blocking(ties.blocking);
    relationship.set_blocked_by(ties.blocked_by);
    relationship.set_muting(ties.muting);
    return relationship;
}

Event message_of(const StoredEvent& stored) {
    Event event;
    event.set_sequence(stored.sequence);
    event.set_at_ms(stored.at_ms);
    event.set_kind(static_cast<Event::Kind>(stored.kind));
    event.set_user_id(stored.user.value);
    event.set_target_id(stored.target.value);
    return event;
}

// What a list asks for, with one more than is shown: it tells whether there is a next page.
Result<Store::Slice> slice_of(const ListRequest& request) {
    const std::uint32_t limit = request.limit() == 0 ? page_size : request.limit();
    if (limit > page_size_max) {
        return fail(
            error(Code::invalid, "A page has at most 1000 users.").because("out_of_range").at("limit"));
    }
    Store::Slice slice{.limit = limit + 1};
    if (request.before() != 0) slice.before = std::min<std::uint64_t>(request.before(), INT64_MAX);
    return slice;
}

UserPage page_of(const std::vector<Store::Related>& related, const Store::Slice& slice) {
    UserPage page;
    const std::size_t shown = std::min<std::size_t>(related.size(), slice.limit - 1);
    for (std::size_t i = 0; i < shown; ++i)
        page.add_user_ids(related[i].user.value);
    if (related.size() > shown) page.set_next(related[shown - 1].id);
    return page;
}

UserIdsReply ids_of(const std::vector<UserId>& users) {
    UserIdsReply reply;
    for (const UserId user : users)
        reply.add_user_ids(user.value);
    return reply;
}

}  // namespace

Result<Act> Service::act_of(const Call& call, const TargetRequest& request) {
    TRY(const UserId me, signed_in(call));
    const UserId target{request.target_id()};
    if (!target || target.value > INT64_MAX) {
        return fail(error(Code::invalid, "There is no such user.").because("no_user").at("target_id"));
    }
    if (me == target) {
        return fail(
            error(Code::invalid, "You cannot do this to yourself.").because("yourself").at("target_id"));
    }
    return Act{.user = me, .target = target, .id = ids_.next(), .at_ms = clock_.wall_ms()};
}

Result<Relationship> Service::after(const Call& call, const Act& act, const Result<void>& changed) {
    if (!changed && changed.error().reason != Store::as_it_was) return fail(changed.error());
    if (changed) happened_.tell();
    TRY(const auto ties, store_.ties(call, act.user, std::span{&act.target.value, 1}));
    return message_of(act.target.value, ties[0]);
}

Result<Relationship> Service::change(const Call& call, const TargetRequest& request, Change how) {
    TRY(const Act act, act_of(call, request));
    return after(call, act, (store_.*how)(call, act));
}

Result<Relationship> Service::follow(const Call& call, const TargetRequest& request) {
    TRY(const Act act, act_of(call, request));
    return after(call, act, store_.follow(call, act, followed_max_));
}

Result<Relationship> Service::unfollow(const Call& call, const TargetRequest& request) {
    return change(call, request, &Store::unfollow);
}

Result<Relationship> Service::block(const Call& call, const TargetRequest& request) {
    return change(call, request, &Store::block);
}

Result<Relationship> Service::unblock(const Call& call, const TargetRequest& request) {
    return change(call, request, &Store::unblock);
}

Result<Relationship> Service::mute(const Call& call, const TargetRequest& request) {
    return change(call, request, &Store::mute);
}

Result<Relationship> Service::unmute(const Call& call, const TargetRequest& request) {
    return change(call, request, &Store::unmute);
}

Result<RelationshipsReply> Service::relationships(const Call& call, const UserIdsRequest& request) {
    TRY(const UserId me, signed_in(call));
    TRY_VOID(at_most(request.user_ids(), users_at_once_max, "user_ids"));
    TRY(const auto ties, store_.ties(call, me, span_of(request.user_ids())));
    RelationshipsReply reply;
    for (std::size_t i = 0; i < ties.size(); ++i)
        *reply.add_relationships() = message_of(request.user_ids(static_cast<int>(i)), ties[i]);
    return reply;
}

Result<UserIdsReply> Service::hidden(const Call& call, const HiddenRequest& request) {
    TRY_VOID(at_most(request.user_ids(), hidden_at_once_max, "user_ids"));
    if (!call.user) return UserIdsReply{};
    TRY(const auto users, store_.hidden(call, call.user, span_of(request.user_ids()), request.with_mutes()));
    UserIdsReply reply = ids_of(users);
    if (request.with_counts())
        TRY_VOID(add_counts(call, span_of(request.user_ids()), *reply.mutable_counts()));
    return reply;
}

Result<UserIdsReply> Service::among_followers(const Call& call, const AmongFollowersRequest& request) {
    TRY_VOID(at_most(request.candidate_ids(), candidates_at_once_max, "candidate_ids"));
    UserIdsReply reply;
    auto rest = span_of(request.candidate_ids());
    while (!rest.empty()) {
        const auto some = rest.first(std::min(rest.size(), sql::ListQuery::length_max));
        TRY(const auto users, store_.among_followers(call, UserId{request.user_id()}, some));
        reply.MergeFrom(ids_of(users));
        rest = rest.subspan(some.size());
    }
    return reply;
}

Result<UserPage> Service::followers(const Call& call, const ListRequest& request) {
    TRY(const auto slice, slice_of(request));
    TRY(const auto related, store_.followers(call, UserId{request.user_id()}, slice));
    return page_of(related, slice);
}

Result<UserPage> Service::following(const Call& call, const ListRequest& request) {
    TRY(const auto slice, slice_of(request));
    TRY(const auto related, store_.following(call, UserId{request.user_id()}, slice));
    return page_of(related, slice);
}

Result<UserPage> Service::blocked(const Call& call, const ListRequest& request) {
    TRY(const UserId me, signed_in(call));
    TRY(const auto slice, slice_of(request));
    TRY(const auto related, store_.blocked(call, me, slice));
    return page_of(related, slice);
}

Result<UserPage> Service::muted(const Call& call, const ListRequest& request) {
    TRY(const UserId me, signed_in(call));
    TRY(const auto slice, slice_of(request));
    TRY(const auto related, store_.muted(call, me, slice));
    return page_of(related, slice);
}

Result<CountsReply> Service::counts(const Call& call, const UserIdsRequest& request) {
    TRY_VOID(at_most(request.user_ids(), users_at_once_max, "user_ids"));
    CountsReply reply;
    TRY_VOID(add_counts(call, span_of(request.user_ids()), *reply.mutable_counts()));
    return reply;
}

Result<void> Service::add_counts(const Call& call, std::span<const std::uint64_t> users, AllCounts& all) {
    TRY(const auto counted, store_.counts(call, users));
    for (const Counted& one : counted) {
        CountsReply::Counts& counts = *all.Add();
        counts.set_followers(one.followers);
        counts.set_following(one.following);
    }
    return {};
}

Result<EventsReply> Service::events(const Call& call, const EventsRequest& request) {
    return happened_.answer<EventsReply>(call, request, [&](EventsReply& reply) -> Result<void> {
        TRY(const auto events, store_.events(call, request.after(), request.limit()));
        for (const StoredEvent& event : events)
            *reply.add_events() = message_of(event);
        return {};
    });
}

Result<LastEventReply> Service::last_event(const Call& call, const Empty&) {
    TRY(const std::uint64_t sequence, store_.last_event(call));
    LastEventReply reply;
    reply.set_sequence(sequence);
    return reply;
}

Result<void> Service::forget(const Call& call, UserId user) {
    TRY_VOID(store_.part_with(call, user));
    std::size_t gone = 0;
    do {
        TRY(gone, store_.forget_some(call, user, clock_.wall_ms()));
        happened_.tell();
    } while (gone > 0);  // ends with the call's time at the latest
    return {};
}

Result<void> Service::sweep(const Call& call) {
    std::size_t swept = 0;
    do {
        TRY(swept, store_.sweep(call, clock_.wall_ms() - events_kept.count()));
    } while (swept > 0);
    return {};
}

void Service::end_waits() {
    happened_.end_waits();
}

}  // namespace jebi::follows
