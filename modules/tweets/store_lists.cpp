#include <array>

#include "modules/tweets/store_parts.h"

namespace jebi::tweets {

namespace {

constexpr std::size_t authors_ids_max = 100'000;  // more than all authors' parts have together

// What a slice leaves of a list; its parameters are the first four.
std::vector<sql::Value> parameters_of(const Store::Slice& slice) {
    return {integer(slice.before), integer(slice.after), std::int64_t{slice.limit},
            std::int64_t{slice.offset}};
}

std::string_view order_of(const Store::Slice& slice) {
    return slice.oldest ? "ORDER BY t.id LIMIT $3 OFFSET $4" : "ORDER BY t.id DESC LIMIT $3 OFFSET $4";
}

// Tweets that are in lists, of the kinds asked for, in the slice.
std::string listed(Store::Kinds kinds, const Store::Slice& slice, std::string_view condition) {
    std::string sql = select_tweet("tweets t WHERE t.deleted = 0 AND t.id < $1 AND t.id > $2 ");
    sql.append(condition);
    if (!kinds.replies) sql += "AND t.reply_to_id = 0 ";
    if (!kinds.reposts) sql += "AND t.repost_of_id = 0 ";
    return sql.append(order_of(slice));
}

// A few ids of each of so many authors, and of these the first: $1 to $3 are before, after and limit. Each
// author's part walks its own stretch of the index and stops at the limit; a plain IN would walk or sort all
// that anybody ever wrote. The limit around the parts has them sorted once and together; without it SQLite
// sorts each to merge them.
std::string sql_of_authors(std::size_t authors, bool oldest) {
    const std::string order = oldest ? "ORDER BY id LIMIT $3" : "ORDER BY id DESC LIMIT $3";
    std::string parts;
    for (std::size_t n = 0; n < authors; ++n) {
        parts += parts.empty() ? "SELECT id FROM (" : " UNION ALL SELECT id FROM (";
        parts += "SELECT id FROM tweets WHERE author_id = $" + std::to_string(n + 4) +
                 " AND id < $1 AND id > $2 AND deleted = 0 " + order + ")";
        parts += " p" + std::to_string(n);  // PostgreSQL wants a name
    }
    parts += " LIMIT " + std::to_string(authors_ids_max);
    return select_tweet("tweets t WHERE t.id IN (SELECT id FROM (" + parts + ") a " + order +
                        ") ORDER BY t.id") +
           (oldest ? "" : " DESC");
}

using AuthorsSql = std::array<std::string, ListSql::lengths.size()>;

AuthorsSql sql_of_all_lengths(bool oldest) {
    AuthorsSql texts;
    for (std::size_t i = 0; i < texts.size(); ++i)
        texts[i] = sql_of_authors(ListSql::lengths[i], oldest);
    return texts;
}

const std::string& authors_sql(std::size_t count, bool oldest) {
    static const AuthorsSql newest_first = sql_of_all_lengths(false);
    static const AuthorsSql oldest_first = sql_of_all_lengths(true);
    const auto length = std::ranges::find(ListSql::lengths, ListSql::padded(count));
    const auto index = static_cast<std::size_t>(length - ListSql::lengths.begin());
    return (oldest ? oldest_first : newest_first)[index];
}

}  // namespace

Result<std::vector<StoredTweet>> Store::list(const Call& call, std::string_view sql,
                                             std::vector<sql::Value> parameters) {
    TRY(const auto rows, room_.read(call, sql, std::move(parameters)));
    std::vector<StoredTweet> tweets;
    tweets.reserve(rows.size());
    for (const sql::Row row : rows)
        tweets.push_back(tweet_of(row));
    return tweets;
}

Result<StoredTweet> Store::one(const Call& call, std::string_view sql, std::vector<sql::Value> parameters) {
    TRY(auto tweets, list(call, sql, std::move(parameters)));
    if (tweets.empty()) return fail(gone());
    return std::move(tweets.front());
}

Result<StoredTweet> Store::by_id(const Call& call, TweetId id) {
    TRY(StoredTweet tweet, by_id_or_tombstone(call, id));
    if (tweet.deleted) return fail(gone());
    return tweet;
}

Result<StoredTweet> Store::by_id_or_tombstone(const Call& call, TweetId id) {
    static const std::string sql = select_tweet("tweets t WHERE t.id = $1");
    return one(call, sql, {integer(id.value)});
}

Result<std::vector<StoredTweet>> Store::by_ids(const Call& call, std::span<const TweetId> ids) {
    static const ListSql sql{select_tweet("tweets t WHERE t.id IN ("), ")"};
    if (ids.empty()) return std::vector<StoredTweet>{};
    std::vector<sql::Value> parameters;
    append_list(parameters, ids);
    return list(call, sql.text(ids.size()), std::move(parameters));
}

Result<std::vector<Store::Marked>> Store::by_ids_marked(const Call& call, UserId user,
                                                        std::span<const TweetId> ids) {
    static const ListSql sql{select_tweet("tweets t WHERE t.id IN (", mark_columns()), ")", 2};
    if (ids.empty()) return std::vector<Marked>{};
    std::vector<sql::Value> parameters{integer(user.value)};
    append_list(parameters, ids);
    TRY(const auto rows, room_.read(call, sql.text(ids.size()), std::move(parameters)));
    std::vector<Marked> all;
    all.reserve(rows.size());
    for (const sql::Row row : rows)
        all.push_back({tweet_of(row), mark_of(row, TweetId{row.id(0)}, tweet_columns)});
    return all;
}

Result<std::vector<Store::Marked>> Store::states(const Call& call, UserId user,
                                                 std::span<const TweetId> ids) {
    static const std::string columns =
        "SELECT t.id, t.author_id, t.edited_ms, t.replies, t.favourites, t.reposts, t.deleted";
    static const std::string from = " FROM tweets t WHERE t.id IN (";
    static const ListSql bare{columns + from, ")"};
    static const ListSql with_marks{columns + mark_columns() + from, ")", 2};
    constexpr std::size_t own_columns = 7;
    if (ids.empty()) return std::vector<Marked>{};
    std::vector<sql::Value> parameters;
    if (user) parameters.emplace_back(integer(user.value));
    append_list(parameters, ids);
    const ListSql& sql = user ? with_marks : bare;
    TRY(const auto rows, room_.read(call, sql.text(ids.size()), std::move(parameters)));
    std::vector<Marked> all;
    all.reserve(rows.size());
    for (const sql::Row row : rows) {
        const TweetId id{row.id(0)};
        all.push_back({.tweet = {.id = id,
                                 .author = UserId{row.id(1)},
                                 .edited_ms = row.integer(2),
                                 .replies = row.id(3),
                                 .favourites = row.id(4),
                                 .reposts = row.id(5),
                                 .deleted = row.flag(6)},
                       .mark = user ? mark_of(row, id, own_columns) : Mark{.tweet = id}});
    }
    return all;
}

Result<std::vector<StoredTweet>> Store::all(const Call& call, Kinds kinds, const Slice& slice) {
    return list(call, listed(kinds, slice, ""), parameters_of(slice));
}

Result<std::vector<StoredTweet>> Store::by_author(const Call& call, UserId author, Kinds kinds,
                                                  const Slice& slice) {
    auto parameters = parameters_of(slice);
    parameters.emplace_back(integer(author.value));
    return list(call, listed(kinds, slice, "AND t.author_id = $5 "), std::move(parameters));
}

Result<std::vector<TweetId>> Store::ids_by_author(const Call& call, UserId author, TweetId after,
                                                  std::uint32_t limit) {
    TRY(const auto rows, room_.read(call,
                                    "SELECT id FROM tweets WHERE author_id = $1 AND id > $2 AND deleted = 0 "
                                    "ORDER BY id DESC LIMIT $3",
                                    {integer(author.value), integer(after.value), std::int64_t{limit}}));
    std::vector<TweetId> ids;
    for (const sql::Row row : rows)
        ids.push_back(TweetId{row.id(0)});
    return ids;
}

Result<std::vector<StoredTweet>> Store::by_authors(const Call& call, std::span<const UserId> authors,
                                                   const Slice& slice) {
    if (authors.empty()) return std::vector<StoredTweet>{};
    std::vector<sql::Value> parameters{integer(slice.before), integer(slice.after),
                                       std::int64_t{slice.limit}};
    append_list(parameters, authors);
    // Nobody pads the list: whoever was in it twice would fill the limit twice.
    for (std::size_t i = 3 + authors.size(); i < parameters.size(); ++i)
        parameters[i] = integer(UserId{}.value);
    return list(call, authors_sql(authors.size(), slice.oldest), std::move(parameters));
}

Result<std::vector<StoredTweet>> Store::by_hashtag(const Call& call, const std::string& hashtag,
                                                   const Slice& slice) {
    std::string sql = select_tweet(
        "tweets_hashtags h JOIN tweets t ON t.id = h.tweet_id "
        "WHERE h.hashtag = $5 AND h.tweet_id < $1 AND h.tweet_id > $2 ORDER BY h.tweet_id ");
    sql += slice.oldest ? "LIMIT $3 OFFSET $4" : "DESC LIMIT $3 OFFSET $4";
    auto parameters = parameters_of(slice);
    parameters.emplace_back(hashtag);
    return list(call, sql, std::move(parameters));
}

Result<std::vector<Store::Counted>> Store::counts(const Call& call, std::span<const UserId> authors) {
    static const ListSql sql{
        "SELECT author_id, tweets, replies, reposts FROM tweets_counts WHERE author_id IN (", ")"};
    if (authors.empty()) return std::vector<Counted>{};
    std::vector<sql::Value> parameters;
    append_list(parameters, authors);
    TRY(const auto rows, room_.read(call, sql.text(authors.size()), std::move(parameters)));
    std::vector<Counted> all;
    for (const sql::Row row : rows)
        all.push_back({UserId{row.id(0)}, row.id(1), row.id(2), row.id(3)});
    return all;
}

Result<std::uint64_t> Store::count_of_hashtag(const Call& call, const std::string& hashtag) {
    TRY(const auto rows,
        room_.read(call, "SELECT COUNT(*) FROM tweets_hashtags WHERE hashtag = $1", {hashtag}));
    return rows[0].id(0);
}

Result<std::vector<Store::HashtagUse>> Store::top_hashtags(const Call& call, WallMs since_ms,
                                                           std::uint32_t limit) {
    TRY(const auto rows,
        room_.read(call,
                   "SELECT (SELECT s.typed FROM tweets_hashtags s WHERE s.hashtag = top.hashtag "
                   "ORDER BY s.tweet_id DESC LIMIT 1), top.tweets, top.authors "
                   "FROM (SELECT u.hashtag, COUNT(*) AS tweets, COUNT(DISTINCT u.author_id) AS authors "
                   "FROM (SELECT hashtag, author_id FROM tweets_hashtags WHERE made_ms > $1 "
                   "ORDER BY made_ms DESC LIMIT $2) u GROUP BY u.hashtag "
                   "ORDER BY tweets DESC, authors DESC, u.hashtag LIMIT $3) top "
                   "ORDER BY top.tweets DESC, top.authors DESC, top.hashtag",
                   {since_ms, static_cast<std::int64_t>(hashtag_uses_max), std::int64_t{limit}}));
    std::vector<HashtagUse> all;
    for (const sql::Row row : rows)
        all.push_back({row.text(0), row.id(1), row.id(2)});
    return all;
}

Result<std::vector<Store::Reply>> Store::replies_after(const Call& call, TweetId thread, TweetId after) {
    TRY(const auto rows,
        room_.read(call,
                   "SELECT id, reply_to_id FROM tweets WHERE thread_id = $1 AND id > $2 ORDER BY id LIMIT $3",
                   {integer(thread.value), integer(after.value), static_cast<std::int64_t>(thread_max)}));
    std::vector<Reply> all;
    all.reserve(rows.size());
    for (const sql::Row row : rows)
        all.push_back({TweetId{row.id(0)}, TweetId{row.id(1)}});
    return all;
}

}  // namespace jebi::tweets
