// The rules of following, blocking and muting, in this process.
#pragma once

#include <atomic>

#include "kit/base/ids.h"
#include "kit/rpc/event_source.h"
#include "modules/follows/follows.jebi.h"
#include "modules/follows/store.h"

namespace jebi::follows {

inline constexpr std::uint32_t following_max = 7'500;
inline constexpr std::uint32_t page_size = 40;
inline constexpr std::uint32_t page_size_max = 1'000;
inline constexpr Millis events_kept{30LL * 24 * 3600 * 1000};

// Thread-safe; keeps nothing but what the store keeps.
class Service final : public Follows {
public:
    // `ids` are for relations: nobody else's. `followed_max` is for tests.
    Service(Store& store, IdGenerator& ids, const Clock& clock, std::uint32_t followed_max = following_max)
        : store_(store), ids_(ids), clock_(clock), followed_max_(followed_max) {}

    Result<Relationship> follow(const Call& call, const TargetRequest& request) override;
    Result<Relationship> unfollow(const Call& call, const TargetRequest& request) override;
    Result<Relationship> block(const Call& call, const TargetRequest& request) override;
    Result<Relationship> unblock(const Call& call, const TargetRequest& request) override;
    Result<Relationship> mute(const Call& call, const TargetRequest& request) override;
    Result<Relationship> unmute(const Call& call, const TargetRequest& request) override;
    Result<RelationshipsReply> relationships(const Call& call, const UserIdsRequest& request) override;
    Result<UserIdsReply> hidden(const Call& call, const HiddenRequest& request) override;
    Result<UserIdsReply> among_followers(const Call& call, const AmongFollowersRequest& request) override;
    Result<UserPage> followers(const Call& call, const ListRequest& request) override;
    Result<UserPage> following(const Call& call, const ListRequest& request) override;
    Result<UserPage> blocked(const Call& call, const ListRequest& request) override;
    Result<UserPage> muted(const Call& call, const ListRequest& request) override;
    Result<CountsReply> counts(const Call& call, const UserIdsRequest& request) override;
    Result<EventsReply> events(const Call& call, const EventsRequest& request) override;
    Result<LastEventReply> last_event(const Call& call, const Empty& request) override;

    // Removes all that a user has here whose account is gone, some at a time. May be repeated, and must be
    // after an error.
    Result<void> forget(const Call& call, UserId user);
    // Throws away what has been kept long enough. Called now and then by whoever runs the module.
    Result<void> sweep(const Call& call);
    // Whoever waits in events() gets an answer now, and nobody waits from now on. For the end of the process.
    void end_waits();

private:
    using Change = Result<void> (Store::*)(const Call&, const Act&);
    Result<Act> act_of(const Call& call, const TargetRequest& request);
    Result<Relationship> change(const Call& call, const TargetRequest& request, Change how);
    Result<Relationship> after(const Call& call, const Act& act, const Result<void>& changed);
    using AllCounts = google::protobuf::RepeatedPtrField<CountsReply::Counts>;
    Result<void> add_counts(const Call& call, std::span<const std::uint64_t> users, AllCounts& all);

    Store& store_;
    IdGenerator& ids_;
    const Clock& clock_;
    std::uint32_t followed_max_;
    rpc::EventSource happened_;
};

}  // namespace jebi::follows
