// What tweets need kept: all of the module's SQL.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "kit/base/call.h"
#include "kit/sql/database.h"

namespace jebi::tweets {

struct StoredTweet {
    TweetId id;
    UserId author;
    std::string text;
    WallMs created_ms = 0;
    WallMs edited_ms = 0;
};

struct StoredEvent {
    std::uint64_t sequence = 0;
    WallMs at_ms = 0;
    std::string kind;  // "written", "edited", "deleted"
    StoredTweet tweet;
};

// An idempotency key with what it stands for. No key: no row is kept.
struct Key {
    std::string key;
    std::string digest;  // of the request; the same key with another digest is another request
};

struct KeptKey {
    std::string digest;
    TweetId tweet;
};

// Thread-safe. Errors as kit/sql/database.h has them, and those named here.
class Store {
public:
    explicit Store(sql::Room& room) : room_(room) {}

    // `conflict` with reason "key_seen" when the key was used; `unauthenticated` when the author is gone.
    Result<void> write(const Call& call, const StoredTweet& tweet, std::span<const std::string> hashtags,
                       const Key& key);
    Result<KeptKey> key(const Call& call, UserId user, const std::string& key);
    // `not_found` unless the tweet is there and by this author.
    Result<void> edit(const Call& call, const StoredTweet& tweet, std::span<const std::string> hashtags);
    Result<void> remove(const Call& call, const StoredTweet& tweet, WallMs at_ms);

    Result<StoredTweet> by_id(const Call& call, TweetId id);  // `not_found`
    // A list from a cursor (the tweets older than it), or from an offset.
    struct Slice {
        std::uint64_t before = INT64_MAX;
        std::uint32_t offset = 0;
        std::uint32_t limit = 0;
    };
    Result<std::vector<StoredTweet>> all(const Call& call, const Slice& slice);
    Result<std::vector<StoredTweet>> by_author(const Call& call, UserId author, const Slice& slice);
    Result<std::vector<StoredTweet>> by_hashtag(const Call& call, const std::string& hashtag,
                                                const Slice& slice);
    // An author's number of tweets; UserId 0: everybody's.
    Result<std::uint64_t> count(const Call& call, UserId author);
    Result<std::uint64_t> count_of_hashtag(const Call& call, const std::string& hashtag);

    Result<std::vector<StoredEvent>> events(const Call& call, std::uint64_t after, std::uint32_t limit);

    // How far the accounts' events have been followed.
    Result<std::uint64_t> accounts_position(const Call& call);
    Result<void> move_accounts_position(const Call& call, std::uint64_t sequence);
    // Removes all that the author wrote, tells it as events, and moves the position, all at once.
    Result<void> forget_author(const Call& call, UserId author, WallMs at_ms, std::uint64_t sequence);

    // Throws away keys and events from before these times.
    Result<void> sweep(const Call& call, WallMs keys_before_ms, WallMs events_before_ms);
    // The highest id in use, 0 when there is none.
    Result<std::uint64_t> highest_id(const Call& call);

private:
    Result<std::vector<StoredTweet>> list(const Call& call, std::string_view sql,
                                          std::vector<sql::Value> parameters);
    sql::Room& room_;
};

}  // namespace jebi::tweets
