#include "modules/tweets/store_parts.h"

namespace jebi::tweets {

using sql::Batch;
using sql::Expect;

// The tweet's row comes first in each batch: who changes its count waits there for the other, on an engine
// where two batches may run at once.
Result<void> Store::favourite(const Call& call, const Like& like) {
    Batch batch;
    add_author_guard(batch, like.user);
    batch.add({"UPDATE tweets SET favourites = favourites + 1 WHERE id = $1 AND deleted = 0",
               {integer(like.tweet.id.value)},
               Expect::a_row,
               gone()});
    batch.add(
        {"INSERT INTO tweets_favourites (tweet_id, user_id, id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
         {integer(like.tweet.id.value), integer(like.user.value), integer(like.id)},
         Expect::a_row,
         same_as_before()});
    add_event(batch, "favourited", {.id = like.tweet.id, .author = like.tweet.author}, like.at_ms, like.user);
    return run(call, std::move(batch));
}

Result<void> Store::unfavourite(const Call& call, const Like& like) {
    Batch batch;
    batch.add({"UPDATE tweets SET favourites = favourites - 1 WHERE id = $1 AND deleted = 0",
               {integer(like.tweet.id.value)},
               Expect::a_row,
               gone()});
    batch.add({"DELETE FROM tweets_favourites WHERE tweet_id = $1 AND user_id = $2",
               {integer(like.tweet.id.value), integer(like.user.value)},
               Expect::a_row,
               same_as_before()});
    add_event(batch, "unfavourited", {.id = like.tweet.id, .author = like.tweet.author}, like.at_ms,
              like.user);
    return run(call, std::move(batch));
}

Result<void> Store::repost(const Call& call, const StoredTweet& repost) {
    Batch batch;
    add_author_guard(batch, repost.author);
    batch.add({"UPDATE tweets SET reposts = reposts + 1 WHERE id = $1 AND deleted = 0",
               {integer(repost.repost_of.value)},
               Expect::a_row,
               gone()});
    batch.add(
        {"INSERT INTO tweets (id, author_id, text, created_ms, thread_id, repost_of_id, repost_of_author_id) "
         "VALUES ($1, $2, '', $3, $1, $4, $5) ON CONFLICT DO NOTHING",
         {integer(repost.id.value), integer(repost.author.value), repost.created_ms,
          integer(repost.repost_of.value), integer(repost.repost_of_author.value)},
         Expect::a_row,
         same_as_before()});
    add_counts(batch, repost, 1);
    add_event(batch, "written", repost, repost.created_ms);
    return run(call, std::move(batch));
}

Result<void> Store::pin(const Call& call, UserId author, TweetId tweet) {
    Batch batch;
    add_author_guard(batch, author);
    batch.add(
        {"INSERT INTO tweets_pins (author_id, tweet_id) "
         "SELECT author_id, id FROM tweets WHERE id = $1 AND author_id = $2 AND deleted = 0 "
         "ON CONFLICT (author_id) DO UPDATE SET tweet_id = $1",
         {integer(tweet.value), integer(author.value)},
         Expect::a_row,
         gone()});
    return run(call, std::move(batch));
}

Result<void> Store::unpin(const Call& call, UserId author, TweetId tweet) {
    Batch batch;
    batch.add({"DELETE FROM tweets_pins WHERE author_id = $1 AND tweet_id = $2",
               {integer(author.value), integer(tweet.value)}});
    return run(call, std::move(batch));
}

Result<StoredTweet> Store::repost_by(const Call& call, UserId author, TweetId tweet) {
    static const std::string sql =
        select_tweet("tweets t WHERE t.repost_of_id = $1 AND t.author_id = $2 AND t.repost_of_id <> 0");
    return one(call, sql, {integer(tweet.value), integer(author.value)});
}

Result<std::vector<StoredTweet>> Store::pinned(const Call& call, UserId author) {
    static const std::string sql =
        select_tweet("tweets_pins p JOIN tweets t ON t.id = p.tweet_id WHERE p.author_id = $1");
    return list(call, sql, {integer(author.value)});
}

Result<std::vector<Store::Liker>> Store::likers(const Call& call, std::string_view sql,
                                                std::vector<sql::Value> parameters) {
    TRY(const auto rows, room_.read(call, sql, std::move(parameters)));
    std::vector<Liker> all;
    for (const sql::Row row : rows)
        all.push_back({row.id(0), UserId{row.id(1)}});
    return all;
}

Result<std::vector<Store::Liker>> Store::favourited_by(const Call& call, TweetId tweet, std::uint64_t before,
                                                       std::uint32_t limit) {
    return likers(call,
                  "SELECT id, user_id FROM tweets_favourites WHERE tweet_id = $1 AND id < $2 "
                  "ORDER BY id DESC LIMIT $3",
                  {integer(tweet.value), integer(before), std::int64_t{limit}});
}

Result<std::vector<Store::Liker>> Store::reposted_by(const Call& call, TweetId tweet, std::uint64_t before,
                                                     std::uint32_t limit) {
    return likers(
        call,
        "SELECT id, author_id FROM tweets WHERE repost_of_id = $1 AND repost_of_id <> 0 AND id < $2 "
        "ORDER BY id DESC LIMIT $3",
        {integer(tweet.value), integer(before), std::int64_t{limit}});
}

Result<std::vector<Like>> Store::favourites(const Call& call, UserId user, std::uint64_t before,
                                            std::uint32_t limit) {
    static const std::string from = select_tweet("tweets_favourites f JOIN tweets t ON t.id = f.tweet_id ");
    static const std::string sql = "SELECT f.id, " + from.substr(std::string_view("SELECT ").size()) +
                                   "WHERE f.user_id = $1 AND f.id < $2 ORDER BY f.id DESC LIMIT $3";
    TRY(const auto rows, room_.read(call, sql, {integer(user.value), integer(before), std::int64_t{limit}}));
    std::vector<Like> likes;
    for (const sql::Row row : rows)
        likes.push_back({.id = row.id(0), .tweet = tweet_of(row, 1), .user = user});
    return likes;
}

Result<std::vector<Store::Mark>> Store::marks(const Call& call, UserId user,
                                              std::span<const TweetId> tweets) {
    static const ListSql sql{"SELECT t.id" + mark_columns() + " FROM tweets t WHERE t.id IN (", ")", 2};
    if (tweets.empty()) return std::vector<Mark>{};
    std::vector<sql::Value> parameters{integer(user.value)};
    append_list(parameters, tweets);
    TRY(const auto rows, room_.read(call, sql.text(tweets.size()), std::move(parameters)));
    std::vector<Mark> marks;
    for (const sql::Row row : rows)
        marks.push_back(mark_of(row, TweetId{row.id(0)}, 1));
    return marks;
}

}  // namespace jebi::tweets
