// What tweets need kept: all of the module's SQL.
//
// Counts stand on the rows that they count for and change in the batch that changes what they count, so they
// equal the rows whenever nobody is writing.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kit/base/call.h"
#include "kit/sql/database.h"

namespace jebi::tweets {

struct StoredTweet {
    TweetId id;
    UserId author;
    std::string text{};
    WallMs created_ms = 0;
    WallMs edited_ms = 0;
    TweetId reply_to{};
    UserId reply_to_author{};
    TweetId thread{};
    TweetId repost_of{};
    UserId repost_of_author{};
    std::uint64_t replies = 0;  // rows that reply to it, tombstones among them
    std::uint64_t favourites = 0;
    std::uint64_t reposts = 0;
    bool deleted = false;  // a tombstone
};

// In the form that is compared, and as it was typed.
struct Hashtag {
    std::string folded;
    std::string typed;
};

// That `user` likes `tweet`. Likes are in the order of their ids.
struct Like {
    std::uint64_t id = 0;
    StoredTweet tweet;
    UserId user;
    WallMs at_ms = 0;
};

struct StoredEvent {
    std::uint64_t sequence = 0;
    WallMs at_ms = 0;
    std::string kind;   // "written", "edited", "deleted", "favourited", "unfavourited"
    StoredTweet tweet;  // counts are 0
    UserId user{};      // who likes it
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

// The reason of the `conflict` that a change of nothing is: the batch was undone, all is as it should be.
inline constexpr std::string_view as_before = "as_before";

// Thread-safe. Errors as kit/sql/database.h has them, and those named here. A tweet that is gone, or became a
// tombstone, is `not_found` (tweet_gone).
class Store {
public:
    explicit Store(sql::Room& room) : room_(room) {}

    // Also a reply. `conflict` with reason "key_seen" when the key was used; `not_found` when what it replies
    // to is gone; `unauthenticated` when the author is gone.
    Result<void> write(const Call& call, const StoredTweet& tweet, std::span<const Hashtag> hashtags,
                       const Key& key);
    Result<KeptKey> key(const Call& call, UserId user, const std::string& key);
    // `not_found` unless the tweet is there and by this author.
    Result<void> edit(const Call& call, const StoredTweet& tweet, std::span<const Hashtag> hashtags);
    // Removes a tweet or a repost, what hangs on it, and the tombstones that are no longer needed. What
    // thousands like or have reposted goes in several batches, the tweet itself in the last.
    Result<void> remove(const Call& call, const StoredTweet& tweet, WallMs at_ms);

    // store_likes.cpp. `conflict` with reason `as_before` when it is so already; `not_found`;
    // `unauthenticated`.
    Result<void> favourite(const Call& call, const Like& like);
    Result<void> unfavourite(const Call& call, const Like& like);
    Result<void> repost(const Call& call, const StoredTweet& repost);
    Result<void> pin(const Call& call, UserId author, TweetId tweet);
    Result<void> unpin(const Call& call, UserId author, TweetId tweet);
    Result<StoredTweet> repost_by(const Call& call, UserId author, TweetId tweet);  // `not_found`
    Result<std::vector<StoredTweet>> pinned(const Call& call, UserId author);       // one, or none
    // Who likes, or has reposted, a tweet: before that id, newest first.
    struct Liker {
        std::uint64_t id = 0;  // of the like, or of the repost
        UserId user;
    };
    Result<std::vector<Liker>> favourited_by(const Call& call, TweetId tweet, std::uint64_t before,
                                             std::uint32_t limit);
    Result<std::vector<Liker>> reposted_by(const Call& call, TweetId tweet, std::uint64_t before,
                                           std::uint32_t limit);
    // What a user likes; each with the like's id.
    Result<std::vector<Like>> favourites(const Call& call, UserId user, std::uint64_t before,
                                         std::uint32_t limit);
    struct Mark {
        TweetId tweet;
        bool favourited = false;
        bool reposted = false;
        bool pinned = false;
    };
    // In no order, without tweets that are not there. At most list_max.
    Result<std::vector<Mark>> marks(const Call& call, UserId user, std::span<const TweetId> tweets);

    // store_lists.cpp. Lists are newest first, and have no tombstones but for by_ids.
    Result<StoredTweet> by_id(const Call& call, TweetId id);  // `not_found`, also for a tombstone
    Result<StoredTweet> by_id_or_tombstone(const Call& call, TweetId id);  // `not_found`
    // In no order, without those that are not there. At most list_max.
    Result<std::vector<StoredTweet>> by_ids(const Call& call, std::span<const TweetId> ids);
    // The same with what marks() says of them.
    struct Marked {
        StoredTweet tweet;
        Mark mark;
    };
    Result<std::vector<Marked>> by_ids_marked(const Call& call, UserId user, std::span<const TweetId> ids);
    // The same with only what version_of() looks at, the author, and what is reposted; no user: no marks.
    Result<std::vector<Marked>> states(const Call& call, UserId user, std::span<const TweetId> ids);
    // A list from a cursor (the tweets older than it), or from an offset.
    struct Slice {
        std::uint64_t before = INT64_MAX;
        std::uint64_t after = 0;
        std::uint32_t offset = 0;
        std::uint32_t limit = 0;
        bool oldest = false;  // the oldest of them; in the order of time, then
    };
    struct Kinds {
        bool replies = true;
        bool reposts = true;
    };
    Result<std::vector<StoredTweet>> all(const Call& call, Kinds kinds, const Slice& slice);
    Result<std::vector<StoredTweet>> by_author(const Call& call, UserId author, Kinds kinds,
                                               const Slice& slice);
    // The first of the slice of all of these authors together, at most list_max of them. The offset is not
    // looked at.
    Result<std::vector<StoredTweet>> by_authors(const Call& call, std::span<const UserId> authors,
                                                const Slice& slice);
    Result<std::vector<StoredTweet>> by_hashtag(const Call& call, const std::string& hashtag,
                                                const Slice& slice);
    // The newest by this author that are newer than `after`, newest first.
    Result<std::vector<TweetId>> ids_by_author(const Call& call, UserId author, TweetId after,
                                               std::uint32_t limit);
    struct Counted {
        UserId author;
        std::uint64_t tweets = 0;  // of all kinds
        std::uint64_t replies = 0;
        std::uint64_t reposts = 0;
    };
    // Of authors; UserId 0 stands for everybody. In no order, without those who never wrote. At most
    // list_max.
    Result<std::vector<Counted>> counts(const Call& call, std::span<const UserId> authors);
    Result<std::uint64_t> count_of_hashtag(const Call& call, const std::string& hashtag);
    struct HashtagUse {
        std::string typed;  // the last time
        std::uint64_t tweets = 0;
        std::uint64_t authors = 0;
    };
    // The hashtags most used since then, by how many tweets use them. Only the last hashtag_uses_max uses
    // count.
    Result<std::vector<HashtagUse>> top_hashtags(const Call& call, WallMs since_ms, std::uint32_t limit);
    // Which tweet of a thread replies to which, for the first thread_max that came after a tweet, oldest
    // first.
    struct Reply {
        TweetId id;
        TweetId to;
    };
    Result<std::vector<Reply>> replies_after(const Call& call, TweetId thread, TweetId after);

    // store_events.cpp.
    Result<std::vector<StoredEvent>> events(const Call& call, std::uint64_t after, std::uint32_t limit);
    Result<std::uint64_t> last_event(const Call& call);  // 0: there was none
    // How far the accounts' events have been followed.
    Result<std::uint64_t> accounts_position(const Call& call);
    Result<void> move_accounts_position(const Call& call, std::uint64_t sequence);
    // Removes all that the author wrote and likes, as `remove` does, and tells it as events. In several
    // batches: the position moves in the last, so an error in between makes the next call go on where this
    // one ended.
    Result<void> forget_author(const Call& call, UserId author, WallMs at_ms, std::uint64_t sequence);
    // Throws away keys and events from before these times.
    Result<void> sweep(const Call& call, WallMs keys_before_ms, WallMs events_before_ms);
    // The highest id in use, likes' among them; 0 when there is none.
    Result<std::uint64_t> highest_id(const Call& call);

    static constexpr std::size_t list_max = 100;
    static constexpr std::size_t thread_max = 5'000;
    static constexpr std::size_t hashtag_uses_max = 10'000;

private:
    Result<std::vector<StoredTweet>> list(const Call& call, std::string_view sql,
                                          std::vector<sql::Value> parameters);
    Result<StoredTweet> one(const Call& call, std::string_view sql, std::vector<sql::Value> parameters);
    Result<std::vector<Liker>> likers(const Call& call, std::string_view sql,
                                      std::vector<sql::Value> parameters);
    Result<void> run(const Call& call, sql::Batch batch);
    // Tombstones right above a reply, nearest first: they may be needed no longer when it goes.
    Result<std::vector<StoredTweet>> tombstones_above(const Call& call, const StoredTweet& tweet);
    Result<void> thin_out(const Call& call, const StoredTweet& tweet, WallMs at_ms);
    Result<void> forget_likes(const Call& call, UserId author, WallMs at_ms);
    Result<void> forget_tweets(const Call& call, UserId author, WallMs at_ms);

    sql::Room& room_;
};

}  // namespace jebi::tweets
