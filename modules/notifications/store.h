// What notifications need kept: all of the module's SQL.
#pragma once

#include <set>
#include <string_view>
#include <vector>

#include "kit/base/call.h"
#include "kit/sql/positions.h"
#include "modules/notifications/notifications.jebi.h"

namespace jebi::notifications {

using NotificationId = Id<struct NotificationKind>;

inline constexpr std::uint32_t kept_max = 1'000;  // a person

struct StoredNotification {
    NotificationId id;
    Notification::Kind kind = Notification::KIND_UNSPECIFIED;
    UserId user;   // who is told
    UserId actor;  // who did it
    TweetId tweet;
    WallMs created_ms = 0;
    bool read = false;
};

struct StoredEvent {
    std::uint64_t sequence = 0;
    StoredNotification notification;
};

// What some events of one source do here, in their order. Happens all or not at all.
class Changes {
public:
    // Nothing when there is one of the same kind, actor and tweet already, when it is a mention or a reply of
    // a tweet that the user has been told of, or when one of the two is gone.
    void tell(const StoredNotification& notification);
    void take_back(Notification::Kind kind, UserId actor, TweetId tweet);  // from whomever was told
    void take_back_follow(UserId actor, UserId user);
    void take_back_tweet(TweetId tweet);                // all that has to do with it
    void take_back_between(UserId user, UserId actor);  // all that `user` was told of `actor`
    // Takes back that the tweet mentions somebody else than these, at most 500.
    void keep_mentions(TweetId tweet, const std::vector<UserId>& people);

private:
    friend class Store;
    sql::Batch batch_;
    std::set<UserId> told_;
};

// Thread-safe. Errors as kit/sql/database.h has them, and those named here.
class Store {
public:
    explicit Store(sql::Room& room) : room_(room), positions_(room, "notifications") {}

    // Together with the position behind the last event of that source. How many notifications are new.
    Result<std::size_t> apply(const Call& call, Changes changes, std::string_view source,
                              std::uint64_t sequence);
    const sql::Positions& positions() const { return positions_; }
    // From now on nothing is told to this person, or of them.
    Result<void> refuse_person(const Call& call, UserId person);
    // Removes at most `rows_max` rows of each kind that have to do with the person. True: there may be more.
    Result<bool> forget_some(const Call& call, UserId person, std::uint32_t rows_max);

    struct Slice {
        std::uint64_t before = INT64_MAX;
        std::uint64_t newer_than = 0;
        bool from_oldest = false;
        std::uint32_t limit = 0;
        std::vector<Notification::Kind> kinds{};  // empty: all
    };
    // Newest first, also from_oldest.
    Result<std::vector<StoredNotification>> list(const Call& call, UserId user, const Slice& slice);
    Result<StoredNotification> by_id(const Call& call, UserId user, NotificationId id);  // `not_found`
    // The newest that has been read; 0: none.
    Result<NotificationId> last_read(const Call& call, UserId user);
    // Stops counting at `max`.
    Result<std::uint32_t> unread(const Call& call, UserId user, std::uint32_t max);
    // Up to the newest of the user's that is not beyond `id`; never goes back.
    Result<void> mark_read(const Call& call, UserId user, NotificationId id);
    Result<void> dismiss(const Call& call, UserId user, NotificationId id);
    Result<void> clear(const Call& call, UserId user);

    Result<std::vector<StoredEvent>> events(const Call& call, std::uint64_t after, std::uint32_t limit);
    Result<std::uint64_t> last_event(const Call& call);
    // Throws away events from before this time.
    Result<void> sweep(const Call& call, WallMs events_before_ms);
    // The highest id in use, 0 when there is none.
    Result<std::uint64_t> highest_id(const Call& call);

private:
    sql::Room& room_;
    sql::Positions positions_;
};

}  // namespace jebi::notifications
