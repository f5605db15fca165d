// What the store's files share: pieces of batches, of texts and of rows.
#pragma once

#include <algorithm>
#include <array>

#include "modules/tweets/store.h"

namespace jebi::tweets {

inline std::int64_t integer(std::uint64_t id) {
    return static_cast<std::int64_t>(id);
}

// "SELECT <all of a tweet> FROM " and the rest, in which the tweet is `t`. `more`: further columns, each with
// its comma before it.
std::string select_tweet(std::string_view from, std::string_view more = "");
inline constexpr std::size_t tweet_columns = 14;
StoredTweet tweet_of(const sql::Row& row, std::size_t first = 0);

// The marks of user $1 of the tweet `t`, or of what it reposts, as three columns with a comma before each.
const std::string& mark_columns();
Store::Mark mark_of(const sql::Row& row, TweetId tweet, std::size_t first);

// One statement for lists of any length up to list_max: a text for each of a few lengths, and the last value
// is repeated up to the next of them, so that few texts are prepared.
class ListSql {
public:
    // `before` and `after` stand around the placeholders, of which the first is $`first`.
    ListSql(std::string_view before, std::string_view after, std::size_t first = 1);
    const std::string& text(std::size_t count) const;
    static std::size_t padded(std::size_t count);  // `count` is 1 to list_max
    static constexpr std::array<std::size_t, 5> lengths{1, 5, 20, 40, Store::list_max};

private:
    std::array<std::string, lengths.size()> texts_;
};

// Adds the ids of a list that is not empty, padded.
template <typename Kind>
void append_list(std::vector<sql::Value>& parameters, std::span<const Id<Kind>> ids) {
    const std::size_t count = ListSql::padded(ids.size());
    for (std::size_t i = 0; i < count; ++i)
        parameters.emplace_back(integer(ids[std::min(i, ids.size() - 1)].value));
}

Error gone();
Error same_as_before();

// The batch goes on only while the account is there.
void add_author_guard(sql::Batch& batch, UserId author);
void add_hashtags(sql::Batch& batch, const StoredTweet& tweet, std::span<const Hashtag> hashtags);
// One more tweet, or one less, for its author and for everybody.
void add_counts(sql::Batch& batch, const StoredTweet& tweet, std::int64_t difference);
// The outbox. Sequences rise in the order of commits, since batches commit one after the other.
void add_event(sql::Batch& batch, std::string kind, const StoredTweet& tweet, WallMs at_ms, UserId user = {});
// How far the accounts' events have been followed.
void add_position(sql::Batch& batch, std::uint64_t sequence);

}  // namespace jebi::tweets
