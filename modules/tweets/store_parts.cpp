#include "modules/tweets/store_parts.h"

#include <algorithm>
#include <cassert>

namespace jebi::tweets {

using sql::Batch;
using sql::Expect;

namespace {

// What cannot be is not looked for. (A repost's row does not tell of its original. With AND in place of CASE
// SQLite would look all the same.)
std::string mark_column(std::string_view can_be, const std::string& where) {
    return std::string(", CASE WHEN t.repost_of_id <> 0 OR ")
        .append(can_be)
        .append(" THEN EXISTS (SELECT 1 FROM ")
        .append(where)
        .append(") ELSE 1 = 0 END");
}

}  // namespace

std::string select_tweet(std::string_view from, std::string_view more) {
    std::string text =
        "SELECT t.id, t.author_id, t.text, t.created_ms, t.edited_ms, t.reply_to_id, t.reply_to_author_id, "
        "t.thread_id, t.repost_of_id, t.repost_of_author_id, t.replies, t.favourites, t.reposts, "
        "t.deleted";
    return text.append(more).append(" FROM ").append(from);
}

// Nobody has liked what has no likes, or pins what another has written.
const std::string& mark_columns() {
    static const std::string id = "CASE t.repost_of_id WHEN 0 THEN t.id ELSE t.repost_of_id END";
    static const std::string columns =
        mark_column("t.favourites > 0", "tweets_favourites f WHERE f.user_id = $1 AND f.tweet_id = " + id) +
        mark_column("t.reposts > 0",
                    "tweets r WHERE r.repost_of_id <> 0 AND r.author_id = $1 "
                    "AND r.repost_of_id = " +
                        id) +
        mark_column("t.author_id = $1", "tweets_pins p WHERE p.author_id = $1 AND p.tweet_id = " + id);
    return columns;
}

Store::Mark mark_of(const sql::Row& row, TweetId tweet, std::size_t first) {
    return {tweet, row.flag(first), row.flag(first + 1), row.flag(first + 2)};
}

StoredTweet tweet_of(const sql::Row& row, std::size_t first) {
    return {.id = TweetId{row.id(first)},
            .author = UserId{row.id(first + 1)},
            .text = row.text(first + 2),
            .created_ms = row.integer(first + 3),
            .edited_ms = row.integer(first + 4),
            .reply_to = TweetId{row.id(first + 5)},
            .reply_to_author = UserId{row.id(first + 6)},
            .thread = TweetId{row.id(first + 7)},
            .repost_of = TweetId{row.id(first + 8)},
            .repost_of_author = UserId{row.id(first + 9)},
            .replies = row.id(first + 10),
            .favourites = row.id(first + 11),
            .reposts = row.id(first + 12),
            .deleted = row.flag(first + 13)};
}

ListSql::ListSql(std::string_view before, std::string_view after, std::size_t first) {
    for (std::size_t i = 0; i < lengths.size(); ++i) {
        std::string& text = texts_[i].append(before);
        for (std::size_t n = 0; n < lengths[i]; ++n)
            text += (n == 0 ? "$" : ", $") + std::to_string(first + n);
        text.append(after);
    }
}

const std::string& ListSql::text(std::size_t count) const {
    const auto length = std::ranges::find(lengths, padded(count));
    return texts_[static_cast<std::size_t>(length - lengths.begin())];
}

std::size_t ListSql::padded(std::size_t count) {
    assert(count > 0 && count <= Store::list_max);
    return *std::ranges::lower_bound(lengths, count);
}

Error gone() {
    return error(Code::not_found, "There is no such tweet any more.").because("tweet_gone");
}

Error same_as_before() {
    return error(Code::conflict, "It is so already.").because(std::string(as_before));
}

void add_author_guard(Batch& batch, UserId author) {
    batch.add({"SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM tweets_former_authors WHERE author_id = $1)",
               {integer(author.value)},
               Expect::a_row,
               error(Code::unauthenticated, "This account is gone.").because("user_gone")});
}

void add_hashtags(Batch& batch, const StoredTweet& tweet, std::span<const Hashtag> hashtags) {
    for (const Hashtag& hashtag : hashtags) {
        batch.add(
            {"INSERT INTO tweets_hashtags (hashtag, tweet_id, typed, author_id, made_ms) "
             "VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
             {hashtag.folded, integer(tweet.id.value), hashtag.typed, integer(tweet.author.value),
              tweet.created_ms}});
    }
}

void add_counts(Batch& batch, const StoredTweet& tweet, std::int64_t difference) {
    for (const std::int64_t who : {integer(tweet.author.value), std::int64_t{0}}) {
        batch.add(
            {"INSERT INTO tweets_counts (author_id, tweets, replies, reposts) VALUES ($1, $2, $3, $4) "
             "ON CONFLICT (author_id) DO UPDATE SET tweets = tweets_counts.tweets + $2, "
             "replies = tweets_counts.replies + $3, reposts = tweets_counts.reposts + $4",
             {who, difference, tweet.reply_to ? difference : 0, tweet.repost_of ? difference : 0}});
    }
}

void add_event(Batch& batch, std::string kind, const StoredTweet& tweet, WallMs at_ms, UserId user) {
    batch.add(
        {"INSERT INTO tweets_events (sequence, at_ms, kind, tweet_id, author_id, text, created_ms, "
         "edited_ms, reply_to_id, reply_to_author_id, thread_id, repost_of_id, repost_of_author_id, user_id) "
         "SELECT COALESCE(MAX(sequence), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 "
         "FROM tweets_events",
         {at_ms, std::move(kind), integer(tweet.id.value), integer(tweet.author.value), tweet.text,
          tweet.created_ms, tweet.edited_ms, integer(tweet.reply_to.value),
          integer(tweet.reply_to_author.value), integer(tweet.thread.value), integer(tweet.repost_of.value),
          integer(tweet.repost_of_author.value), integer(user.value)}});
}

void add_position(Batch& batch, std::uint64_t sequence) {
    batch.add(
        {"INSERT INTO tweets_positions (source, sequence) VALUES ($1, $2) "
         "ON CONFLICT (source) DO UPDATE SET sequence = $2",
         {std::string("accounts"), integer(sequence)}});
}

}  // namespace jebi::tweets
