#include "modules/tweets/store.h"

#include "modules/tweets/store_parts.h"

namespace jebi::tweets {

using sql::Batch;
using sql::Expect;

Result<void> Store::run(const Call& call, Batch batch) {
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<void> Store::write(const Call& call, const StoredTweet& tweet, std::span<const Hashtag> hashtags,
                          const Key& key) {
    Batch batch;
    const WallMs now_ms = std::max(tweet.created_ms, tweet.edited_ms);
    if (!key.key.empty()) {
        batch.add(
            {"INSERT INTO tweets_keys (user_id, idempotency_key, digest, tweet_id, made_ms) VALUES ($1, $2, "
             "$3, $4, $5)",
             {integer(tweet.author.value), key.key, key.digest, integer(tweet.id.value), now_ms},
             Expect::a_row,
             error(Code::conflict, "This was sent before.").because("key_seen")});
    }
    add_author_guard(batch, tweet.author);
    if (tweet.reply_to) {
        batch.add({"UPDATE tweets SET replies = replies + 1 WHERE id = $1 AND deleted = 0",
                   {integer(tweet.reply_to.value)},
                   Expect::a_row,
                   gone()});
    }
    batch.add(
        {"INSERT INTO tweets (id, author_id, text, created_ms, edited_ms, reply_to_id, reply_to_author_id, "
         "thread_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING",
         {integer(tweet.id.value), integer(tweet.author.value), tweet.text, tweet.created_ms, tweet.edited_ms,
          integer(tweet.reply_to.value), integer(tweet.reply_to_author.value), integer(tweet.thread.value)},
         Expect::a_row,
         error(Code::conflict, "A tweet with this id is there already.").because("id_taken")});
    add_hashtags(batch, tweet, hashtags);
    add_counts(batch, tweet, 1);
    add_event(batch, "written", tweet, now_ms);
    return run(call, std::move(batch));
}

Result<KeptKey> Store::key(const Call& call, UserId user, const std::string& key) {
    TRY(const auto rows,
        room_.read(call,
                   "SELECT digest, tweet_id FROM tweets_keys WHERE user_id = $1 AND idempotency_key = $2",
                   {integer(user.value), key}));
    if (rows.empty()) return fail(Code::not_found, "There is no such key.");
    return KeptKey{rows[0].text(0), TweetId{rows[0].id(1)}};
}

Result<void> Store::edit(const Call& call, const StoredTweet& tweet, std::span<const Hashtag> hashtags) {
    Batch batch;
    // No two texts of a tweet have the same time: its version rests on that.
    batch.add(
        {"UPDATE tweets SET text = $1, edited_ms = CASE WHEN edited_ms < $2 THEN $2 ELSE edited_ms + 1 END "
         "WHERE id = $3 AND author_id = $4 AND deleted = 0",
         {tweet.text, tweet.edited_ms, integer(tweet.id.value), integer(tweet.author.value)},
         Expect::a_row,
         gone()});
    batch.add({"DELETE FROM tweets_hashtags WHERE tweet_id = $1", {integer(tweet.id.value)}});
    add_hashtags(batch, tweet, hashtags);
    add_event(batch, "edited", tweet, tweet.edited_ms);
    return run(call, std::move(batch));
}

}  // namespace jebi::tweets
