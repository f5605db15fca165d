// What follows need kept: all of the module's SQL.
#pragma once

#include <span>
#include <vector>

#include "kit/base/call.h"
#include "kit/sql/database.h"
#include "kit/sql/positions.h"

namespace jebi::follows {

// The same numbers as in the contract.
enum class Happened : std::uint8_t { followed = 1, unfollowed, blocked, unblocked, muted, unmuted };

struct StoredEvent {
    std::uint64_t sequence = 0;
    WallMs at_ms = 0;
    Happened kind{};
    UserId user;
    UserId target;
};

// What somebody and another are to each other, seen from the first.
struct Ties {
    bool following = false;
    bool followed_by = false;
    bool blocking = false;
    bool blocked_by = false;
    bool muting = false;
};

struct Counted {
    std::uint64_t followers = 0;
    std::uint64_t following = 0;
};

// One act of one user towards another.
struct Act {
    UserId user;
    UserId target;
    std::uint64_t id = 0;  // of the relation that begins
    WallMs at_ms = 0;
};

// Thread-safe. Errors as kit/sql/database.h has them, and those named here.
class Store {
public:
    static constexpr std::string_view as_it_was = "as_it_was";

    explicit Store(sql::Room& room) : room_(room), positions_(room, "follows") {}

    // Each changes what there is, the counts, and tells it as an event. `conflict` with reason as_it_was:
    // there was nothing to change. What begins something fails with `not_found` (user_gone) towards or for a
    // former user. Follow: `forbidden` (blocked), `exhausted` (too_many) beyond `following_max`.
    Result<void> follow(const Call& call, const Act& act, std::uint32_t following_max);
    Result<void> unfollow(const Call& call, const Act& act);
    Result<void> block(const Call& call, const Act& act);
    Result<void> unblock(const Call& call, const Act& act);
    Result<void> mute(const Call& call, const Act& act);
    Result<void> unmute(const Call& call, const Act& act);

    // In the order asked for; at most sql::ListQuery::length_max at once, as below.
    Result<std::vector<Ties>> ties(const Call& call, UserId user, std::span<const std::uint64_t> others);
    Result<std::vector<Counted>> counts(const Call& call, std::span<const std::uint64_t> users);
    // Those of the candidates that are blocked, in either direction, or (when wanted) muted. In no order.
    Result<std::vector<UserId>> hidden(const Call& call, UserId user,
                                       std::span<const std::uint64_t> candidates, bool with_mutes);
    // Those of the candidates who follow `user` without muting them. In no order.
    Result<std::vector<UserId>> among_followers(const Call& call, UserId user,
                                                std::span<const std::uint64_t> candidates);

    // A list, newest first, of relations older than the id `before`.
    struct Related {
        UserId user;
        std::uint64_t id = 0;
    };
    struct Slice {
        std::uint64_t before = INT64_MAX;
        std::uint32_t limit = 0;
    };
    Result<std::vector<Related>> followers(const Call& call, UserId user, const Slice& slice);
    Result<std::vector<Related>> following(const Call& call, UserId user, const Slice& slice);
    Result<std::vector<Related>> blocked(const Call& call, UserId user, const Slice& slice);
    Result<std::vector<Related>> muted(const Call& call, UserId user, const Slice& slice);

    Result<std::vector<StoredEvent>> events(const Call& call, std::uint64_t after, std::uint32_t limit);
    Result<std::uint64_t> last_event(const Call& call);

    // Nothing begins with this user any more.
    Result<void> part_with(const Call& call, UserId user);
    // Removes some of what a former user has here, with events; how many relations went. 0: all are gone.
    Result<std::size_t> forget_some(const Call& call, UserId user, WallMs at_ms);

    // Throws away events before that time, some at once; how many. The last one stays, so that sequences go
    // on.
    Result<std::size_t> sweep(const Call& call, WallMs events_before_ms);
    // The highest relation id in use, 0 when there is none.
    Result<std::uint64_t> highest_id(const Call& call);
    // How far the accounts' events have been followed.
    const sql::Positions& positions() const { return positions_; }

private:
    Result<std::vector<Related>> list(const Call& call, std::string_view sql, UserId user,
                                      const Slice& slice);
    sql::Room& room_;
    sql::Positions positions_;
};

}  // namespace jebi::follows
