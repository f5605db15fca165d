#include "modules/tweets/store.h"

namespace jebi::tweets {

namespace {

using sql::Batch;
using sql::Expect;
using sql::Value;

std::int64_t integer(std::uint64_t id) {
    return static_cast<std::int64_t>(id);
}

StoredTweet tweet_of(const sql::Row& row, std::size_t first = 0) {
    return {.id = TweetId{row.id(first)},
            .author = UserId{row.id(first + 1)},
            .text = row.text(first + 2),
            .created_ms = row.integer(first + 3),
            .edited_ms = row.integer(first + 4)};
}

Error gone() {
    return error(Code::not_found, "There is no such tweet any more.").because("tweet_gone");
}

void add_hashtags(Batch& batch, TweetId tweet, std::span<const std::string> hashtags) {
    for (const std::string& hashtag : hashtags) {
        batch.add({"INSERT INTO tweets_hashtags (hashtag, tweet_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                   {hashtag, integer(tweet.value)}});
    }
}

// One more, or one less, for the author and for everybody.
void add_counts(Batch& batch, UserId author, std::int64_t difference) {
    for (const std::int64_t who : {integer(author.value), std::int64_t{0}}) {
        batch.add(
            {"INSERT INTO tweets_counts (author_id, tweets) VALUES ($1, $2) "
             "ON CONFLICT (author_id) DO UPDATE SET tweets = tweets_counts.tweets + $2",
             {who, difference}});
    }
}

// The outbox. Sequences rise in the order of commits, since batches commit one after the other.
void add_event(Batch& batch, std::string kind, const StoredTweet& tweet, WallMs at_ms) {
    batch.add(
        {"INSERT INTO tweets_events (sequence, at_ms, kind, tweet_id, author_id, text, created_ms, "
         "edited_ms) "
         "SELECT COALESCE(MAX(sequence), 0) + 1, $1, $2, $3, $4, $5, $6, $7 FROM tweets_events",
         {at_ms, std::move(kind), integer(tweet.id.value), integer(tweet.author.value), tweet.text,
          tweet.created_ms, tweet.edited_ms}});
}

}  // namespace

Result<void> Store::write(const Call& call, const StoredTweet& tweet, std::span<const std::string> hashtags,
                          const Key& key) {
    Batch batch;
    if (!key.key.empty()) {
        batch.add(
            {"INSERT INTO tweets_keys (user_id, idempotency_key, digest, tweet_id, made_ms) VALUES ($1, $2, "
             "$3, $4, $5)",
             {integer(tweet.author.value), key.key, key.digest, integer(tweet.id.value), tweet.created_ms},
             Expect::a_row,
             error(Code::conflict, "This was sent before.").because("key_seen")});
    }
    batch.add(
        {"INSERT INTO tweets (id, author_id, text, created_ms) SELECT $1, $2, $3, $4 "
         "WHERE NOT EXISTS (SELECT 1 FROM tweets_former_authors WHERE author_id = $2)",
         {integer(tweet.id.value), integer(tweet.author.value), tweet.text, tweet.created_ms},
         Expect::a_row,
         error(Code::unauthenticated, "This account is gone.").because("user_gone")});
    add_hashtags(batch, tweet.id, hashtags);
    add_counts(batch, tweet.author, 1);
    add_event(batch, "written", tweet, tweet.created_ms);
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<KeptKey> Store::key(const Call& call, UserId user, const std::string& key) {
    TRY(const auto rows,
        room_.read(call,
                   "SELECT digest, tweet_id FROM tweets_keys WHERE user_id = $1 AND idempotency_key = $2",
                   {integer(user.value), key}));
    if (rows.empty()) return fail(Code::not_found, "There is no such key.");
    return KeptKey{rows[0].text(0), TweetId{rows[0].id(1)}};
}

Result<void> Store::edit(const Call& call, const StoredTweet& tweet, std::span<const std::string> hashtags) {
    Batch batch;
    batch.add({"UPDATE tweets SET text = $1, edited_ms = $2 WHERE id = $3 AND author_id = $4",
               {tweet.text, tweet.edited_ms, integer(tweet.id.value), integer(tweet.author.value)},
               Expect::a_row,
               gone()});
    batch.add({"DELETE FROM tweets_hashtags WHERE tweet_id = $1", {integer(tweet.id.value)}});
    add_hashtags(batch, tweet.id, hashtags);
    add_event(batch, "edited", tweet, tweet.edited_ms);
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<void> Store::remove(const Call& call, const StoredTweet& tweet, WallMs at_ms) {
    Batch batch;
    batch.add({"DELETE FROM tweets WHERE id = $1 AND author_id = $2",
               {integer(tweet.id.value), integer(tweet.author.value)},
               Expect::a_row,
               gone()});
    batch.add({"DELETE FROM tweets_hashtags WHERE tweet_id = $1", {integer(tweet.id.value)}});
    add_counts(batch, tweet.author, -1);
    add_event(batch, "deleted", {.id = tweet.id, .author = tweet.author, .text = {}}, at_ms);
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<StoredTweet> Store::by_id(const Call& call, TweetId id) {
    TRY(const auto rows,
        room_.read(call, "SELECT id, author_id, text, created_ms, edited_ms FROM tweets WHERE id = $1",
                   {integer(id.value)}));
    if (rows.empty()) return fail(gone());
    return tweet_of(rows[0]);
}

Result<std::vector<StoredTweet>> Store::list(const Call& call, std::string_view sql,
                                             std::vector<Value> parameters) {
    TRY(const auto rows, room_.read(call, sql, std::move(parameters)));
    std::vector<StoredTweet> tweets;
    tweets.reserve(rows.size());
    for (const sql::Row row : rows)
        tweets.push_back(tweet_of(row));
    return tweets;
}

Result<std::vector<StoredTweet>> Store::all(const Call& call, const Slice& slice) {
    return list(call,
                "SELECT id, author_id, text, created_ms, edited_ms FROM tweets WHERE id < $1 "
                "ORDER BY id DESC LIMIT $2 OFFSET $3",
                {integer(slice.before), std::int64_t{slice.limit}, std::int64_t{slice.offset}});
}

Result<std::vector<StoredTweet>> Store::by_author(const Call& call, UserId author, const Slice& slice) {
    return list(
        call,
        "SELECT id, author_id, text, created_ms, edited_ms FROM tweets WHERE author_id = $1 AND id < $2 "
        "ORDER BY id DESC LIMIT $3 OFFSET $4",
        {integer(author.value), integer(slice.before), std::int64_t{slice.limit},
         std::int64_t{slice.offset}});
}

Result<std::vector<StoredTweet>> Store::by_hashtag(const Call& call, const std::string& hashtag,
                                                   const Slice& slice) {
    return list(call,
                "SELECT t.id, t.author_id, t.text, t.created_ms, t.edited_ms "
                "FROM tweets_hashtags h JOIN tweets t ON t.id = h.tweet_id "
                "WHERE h.hashtag = $1 AND h.tweet_id < $2 ORDER BY h.tweet_id DESC LIMIT $3 OFFSET $4",
                {hashtag, integer(slice.before), std::int64_t{slice.limit}, std::int64_t{slice.offset}});
}

Result<std::uint64_t> Store::count(const Call& call, UserId author) {
    TRY(const auto rows,
        room_.read(call, "SELECT tweets FROM tweets_counts WHERE author_id = $1", {integer(author.value)}));
    return rows.empty() ? 0 : rows[0].id(0);
}

Result<std::uint64_t> Store::count_of_hashtag(const Call& call, const std::string& hashtag) {
    TRY(const auto rows,
        room_.read(call, "SELECT COUNT(*) FROM tweets_hashtags WHERE hashtag = $1", {hashtag}));
    return rows[0].id(0);
}

Result<std::vector<StoredEvent>> Store::events(const Call& call, std::uint64_t after, std::uint32_t limit) {
    TRY(const auto rows, room_.read(call,
                                    "SELECT sequence, at_ms, kind, tweet_id, author_id, text, created_ms, "
                                    "edited_ms FROM tweets_events "
                                    "WHERE sequence > $1 ORDER BY sequence LIMIT $2",
                                    {integer(after), std::int64_t{limit}}));
    std::vector<StoredEvent> events;
    for (const sql::Row row : rows)
        events.push_back({row.id(0), row.integer(1), row.text(2), tweet_of(row, 3)});
    return events;
}

Result<std::uint64_t> Store::accounts_position(const Call& call) {
    TRY(const auto rows, room_.read(call, "SELECT sequence FROM tweets_positions WHERE source = $1",
                                    {std::string("accounts")}));
    return rows.empty() ? 0 : rows[0].id(0);
}

namespace {

void add_position(Batch& batch, std::uint64_t sequence) {
    batch.add(
        {"INSERT INTO tweets_positions (source, sequence) VALUES ($1, $2) "
         "ON CONFLICT (source) DO UPDATE SET sequence = $2",
         {std::string("accounts"), integer(sequence)}});
}

}  // namespace

Result<void> Store::move_accounts_position(const Call& call, std::uint64_t sequence) {
    Batch batch;
    add_position(batch, sequence);
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<void> Store::forget_author(const Call& call, UserId author, WallMs at_ms, std::uint64_t sequence) {
    const std::int64_t who = integer(author.value);
    Batch batch;
    batch.add({"INSERT INTO tweets_former_authors (author_id) VALUES ($1) ON CONFLICT DO NOTHING", {who}});
    batch.add(
        {"INSERT INTO tweets_events (sequence, at_ms, kind, tweet_id, author_id, text, created_ms, "
         "edited_ms) "
         "SELECT (SELECT COALESCE(MAX(sequence), 0) FROM tweets_events) + ROW_NUMBER() OVER (ORDER BY id), "
         "$2, 'deleted', id, author_id, '', 0, 0 FROM tweets WHERE author_id = $1",
         {who, at_ms}});
    batch.add({"DELETE FROM tweets_hashtags WHERE tweet_id IN (SELECT id FROM tweets WHERE author_id = $1)",
               {who}});
    batch.add(
        {"UPDATE tweets_counts SET tweets = tweets - (SELECT COUNT(*) FROM tweets WHERE author_id = $1) "
         "WHERE author_id = 0",
         {who}});
    batch.add({"DELETE FROM tweets_counts WHERE author_id = $1", {who}});
    batch.add({"DELETE FROM tweets WHERE author_id = $1", {who}});
    batch.add({"DELETE FROM tweets_keys WHERE user_id = $1", {who}});
    add_position(batch, sequence);
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<void> Store::sweep(const Call& call, WallMs keys_before_ms, WallMs events_before_ms) {
    Batch batch;
    batch.add({"DELETE FROM tweets_keys WHERE made_ms < $1", {keys_before_ms}});
    // The last event stays, so that sequences go on from it.
    batch.add(
        {"DELETE FROM tweets_events WHERE at_ms < $1 AND sequence < (SELECT MAX(sequence) FROM "
         "tweets_events)",
         {events_before_ms}});
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<std::uint64_t> Store::highest_id(const Call& call) {
    TRY(const auto rows, room_.read(call, "SELECT COALESCE(MAX(id), 0) FROM tweets", {}));
    return rows[0].id(0);
}

}  // namespace jebi::tweets
