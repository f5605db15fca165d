#include "modules/tweets/store_parts.h"

namespace jebi::tweets {

using sql::Batch;
using sql::Expect;

namespace {

// What hangs on one tweet or one person goes in batches of so many rows, so that nobody waits long for the
// writer.
constexpr std::uint64_t rows_at_once = 500;
constexpr std::uint32_t tweets_at_once = 40;
constexpr std::size_t statements_max = sql::batch_statements_max * 3 / 4;  // one removal fits above it
constexpr std::size_t tombstones_max = 100;  // above one reply; those beyond stay

// The next reposts of $1 that go.
constexpr const char* reposts_deleted =
    "INSERT INTO tweets_events (sequence, at_ms, kind, tweet_id, author_id, text, created_ms, edited_ms, "
    "thread_id, repost_of_id, repost_of_author_id) "
    "SELECT (SELECT COALESCE(MAX(sequence), 0) FROM tweets_events) + ROW_NUMBER() OVER (ORDER BY r.id), "
    "$2, 'deleted', r.id, r.author_id, '', 0, 0, r.id, r.repost_of_id, r.repost_of_author_id "
    "FROM (SELECT id, author_id, repost_of_id, repost_of_author_id FROM tweets "
    "WHERE repost_of_id = $1 AND repost_of_id <> 0 ORDER BY id LIMIT $3) r";
constexpr const char* reposters_counted =
    "UPDATE tweets_counts SET tweets = tweets - 1, reposts = reposts - 1 WHERE author_id IN "
    "(SELECT author_id FROM tweets WHERE repost_of_id = $1 AND repost_of_id <> 0 ORDER BY id LIMIT $2)";
constexpr const char* everybody_counted =
    "UPDATE tweets_counts SET tweets = tweets - (SELECT COUNT(*) FROM (SELECT id FROM tweets "
    "WHERE repost_of_id = $1 AND repost_of_id <> 0 ORDER BY id LIMIT $2) r), "
    "reposts = reposts - (SELECT COUNT(*) FROM (SELECT id FROM tweets "
    "WHERE repost_of_id = $1 AND repost_of_id <> 0 ORDER BY id LIMIT $2) r) WHERE author_id = 0";
constexpr const char* original_counted =
    "UPDATE tweets SET reposts = reposts - (SELECT COUNT(*) FROM (SELECT id FROM tweets "
    "WHERE repost_of_id = $1 AND repost_of_id <> 0 ORDER BY id LIMIT $2) r) WHERE id = $1";
constexpr const char* reposts_removed =
    "DELETE FROM tweets WHERE id IN (SELECT id FROM tweets WHERE repost_of_id = $1 AND repost_of_id <> 0 "
    "ORDER BY id LIMIT $2)";

void add_reposts(Batch& batch, const StoredTweet& tweet, WallMs at_ms, std::int64_t limit) {
    const std::int64_t id = integer(tweet.id.value);
    batch.add({reposts_deleted, {id, at_ms, limit}});
    for (const char* sql : {reposters_counted, everybody_counted, original_counted, reposts_removed})
        batch.add({sql, {id, limit}});
}

void add_favourites(Batch& batch, const StoredTweet& tweet, std::int64_t limit) {
    const std::int64_t id = integer(tweet.id.value);
    batch.add(
        {"UPDATE tweets SET favourites = favourites - (SELECT COUNT(*) FROM (SELECT id FROM "
         "tweets_favourites WHERE tweet_id = $1 ORDER BY id LIMIT $2) f) WHERE id = $1",
         {id, limit}});
    batch.add(
        {"DELETE FROM tweets_favourites WHERE tweet_id = $1 AND id IN (SELECT id FROM tweets_favourites "
         "WHERE tweet_id = $1 ORDER BY id LIMIT $2)",
         {id, limit}});
}

// The row goes when nothing replies to it, and with it what it counts for.
void add_row(Batch& batch, const StoredTweet& tweet) {
    const std::int64_t id = integer(tweet.id.value);
    batch.add({"DELETE FROM tweets WHERE id = $1 AND replies = 0", {id}});
    if (tweet.reply_to) {
        batch.add(
            {"UPDATE tweets SET replies = replies - 1 WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM tweets "
             "WHERE id = $2)",
             {integer(tweet.reply_to.value), id}});
    }
    if (tweet.repost_of) {
        batch.add(
            {"UPDATE tweets SET reposts = reposts - 1 WHERE id = $1", {integer(tweet.repost_of.value)}});
    }
}

void add_tombstone(Batch& batch, const StoredTweet& tombstone) {
    batch.add(
        {"DELETE FROM tweets WHERE id = $1 AND deleted = 1 AND replies = 0", {integer(tombstone.id.value)}});
    if (!tombstone.reply_to) return;
    // Counted anew, since another batch may have taken the tombstone away in between.
    batch.add(
        {"UPDATE tweets SET replies = (SELECT COUNT(*) FROM tweets r WHERE r.thread_id = $2 "
         "AND r.reply_to_id = $1) WHERE id = $1",
         {integer(tombstone.reply_to.value), integer(tombstone.thread.value)}});
}

// Everything of one tweet. The first statement holds when the tweet is still there, so what follows counts it
// once.
void add_removal(Batch& batch, const StoredTweet& tweet, std::span<const StoredTweet> tombstones,
                 WallMs at_ms) {
    const std::int64_t id = integer(tweet.id.value);
    batch.add(
        {"UPDATE tweets SET deleted = 1, text = '', edited_ms = 0 "
         "WHERE id = $1 AND author_id = $2 AND deleted = 0",
         {id, integer(tweet.author.value)},
         Expect::a_row,
         gone()});
    batch.add({"DELETE FROM tweets_hashtags WHERE tweet_id = $1", {id}});
    batch.add({"DELETE FROM tweets_pins WHERE author_id = $1 AND tweet_id = $2",
               {integer(tweet.author.value), id}});
    if (!tweet.repost_of) {
        add_favourites(batch, tweet, INT64_MAX);
        add_reposts(batch, tweet, at_ms, INT64_MAX);
    }
    add_counts(batch, tweet, -1);
    StoredTweet told = tweet;
    told.text.clear();
    add_event(batch, "deleted", told, at_ms);
    add_row(batch, tweet);
    for (const StoredTweet& tombstone : tombstones)
        add_tombstone(batch, tombstone);
}

// The next likes of $1 that go.
constexpr const char* likes_taken_back =
    "INSERT INTO tweets_events (sequence, at_ms, kind, tweet_id, author_id, text, created_ms, edited_ms, "
    "user_id) "
    "SELECT (SELECT COALESCE(MAX(sequence), 0) FROM tweets_events) + ROW_NUMBER() OVER (ORDER BY f.id), "
    "$2, 'unfavourited', t.id, t.author_id, '', 0, 0, f.user_id "
    "FROM (SELECT id, tweet_id, user_id FROM tweets_favourites WHERE user_id = $1 ORDER BY id LIMIT $3) f "
    "JOIN tweets t ON t.id = f.tweet_id";
constexpr const char* liked_counted =
    "UPDATE tweets SET favourites = favourites - 1 WHERE id IN (SELECT tweet_id FROM tweets_favourites "
    "WHERE user_id = $1 ORDER BY id LIMIT $2)";
constexpr const char* likes_removed =
    "DELETE FROM tweets_favourites WHERE user_id = $1 AND id IN (SELECT id FROM tweets_favourites "
    "WHERE user_id = $1 ORDER BY id LIMIT $2)";

}  // namespace

Result<std::vector<StoredTweet>> Store::tombstones_above(const Call& call, const StoredTweet& tweet) {
    std::vector<StoredTweet> above;
    for (TweetId id = tweet.reply_to; id && above.size() < tombstones_max;) {
        const auto next = by_id_or_tombstone(call, id);
        if (!next && next.error().code != Code::not_found) return fail(next.error());
        if (!next || !next->deleted) break;
        id = next->reply_to;
        above.push_back(*next);
    }
    return above;
}

// What many like or have reposted: all but the last rows, which go with the tweet.
Result<void> Store::thin_out(const Call& call, const StoredTweet& tweet, WallMs at_ms) {
    const auto limit = static_cast<std::int64_t>(rows_at_once);
    for (std::uint64_t left = tweet.reposts; left > rows_at_once; left -= rows_at_once) {
        Batch batch;
        add_reposts(batch, tweet, at_ms, limit);
        TRY_VOID(run(call, std::move(batch)));
    }
    for (std::uint64_t left = tweet.favourites; left > rows_at_once; left -= rows_at_once) {
        Batch batch;
        add_favourites(batch, tweet, limit);
        TRY_VOID(run(call, std::move(batch)));
    }
    return {};
}

Result<void> Store::remove(const Call& call, const StoredTweet& tweet, WallMs at_ms) {
    TRY_VOID(thin_out(call, tweet, at_ms));
    TRY(const auto tombstones, tombstones_above(call, tweet));
    Batch batch;
    add_removal(batch, tweet, tombstones, at_ms);
    return run(call, std::move(batch));
}

// Both end: nothing new comes from an author whose account is gone, and each round takes something away.
Result<void> Store::forget_likes(const Call& call, UserId author, WallMs at_ms) {
    const std::int64_t who = integer(author.value);
    const auto limit = static_cast<std::int64_t>(rows_at_once);
    while (true) {
        Batch batch;
        batch.add({likes_taken_back, {who, at_ms, limit}});
        batch.add({liked_counted, {who, limit}});
        batch.add({likes_removed, {who, limit}});
        TRY(const auto done, room_.write(call, std::move(batch)));
        if (done.statements.back().changed < limit) return {};
    }
}

// Newest first: a reply goes before what it replies to, so that the author's own threads leave no tombstones.
Result<void> Store::forget_tweets(const Call& call, UserId author, WallMs at_ms) {
    while (true) {
        TRY(const auto tweets, by_author(call, author, {}, {.limit = tweets_at_once}));
        if (tweets.empty()) return {};
        Batch batch;
        for (const StoredTweet& tweet : tweets) {
            if (batch.statements.size() > statements_max) break;
            TRY_VOID(thin_out(call, tweet, at_ms));
            TRY(const auto tombstones, tombstones_above(call, tweet));
            add_removal(batch, tweet, tombstones, at_ms);
        }
        TRY_VOID(run(call, std::move(batch)));
    }
}

Result<void> Store::forget_author(const Call& call, UserId author, WallMs at_ms, std::uint64_t sequence) {
    const std::int64_t who = integer(author.value);
    Batch first;
    first.add({"INSERT INTO tweets_former_authors (author_id) VALUES ($1) ON CONFLICT DO NOTHING", {who}});
    first.add({"DELETE FROM tweets_keys WHERE user_id = $1", {who}});
    TRY_VOID(run(call, std::move(first)));
    TRY_VOID(forget_likes(call, author, at_ms));
    TRY_VOID(forget_tweets(call, author, at_ms));
    Batch last;
    last.add({"DELETE FROM tweets_counts WHERE author_id = $1", {who}});
    add_position(last, sequence);
    return run(call, std::move(last));
}

}  // namespace jebi::tweets
