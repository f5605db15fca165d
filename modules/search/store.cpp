#include "modules/search/store.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <iterator>

#include "kit/sql/list_query.h"

namespace jebi::search {

using sql::Batch;
using sql::ListQuery;
using sql::Rows;
using sql::Value;
using sql::value;

namespace {

constexpr std::int64_t cleared_at_once_max = 4'000;
constexpr std::size_t rows_a_statement = 50;

std::int64_t integer(std::uint64_t number) {
    return static_cast<std::int64_t>(number);
}

// "INSERT ... VALUES ($1, $2), ($3, $4), ...": many rows in one statement, and what is left in one each.
class RowsStatement {
public:
    RowsStatement(std::string_view before, std::size_t columns, std::string_view after)
        : one_(text(before, columns, 1, after)), many_(text(before, columns, rows_a_statement, after)) {}

    void add_to(Batch& batch, std::vector<std::vector<Value>> rows) const {
        for (std::span rest{rows}; !rest.empty();) {
            const bool is_many = rest.size() >= rows_a_statement;
            const auto some = rest.first(is_many ? rows_a_statement : 1);
            std::vector<Value> parameters;
            for (std::vector<Value>& row : some)
                std::ranges::move(row, std::back_inserter(parameters));
            batch.add({.sql = is_many ? many_ : one_, .parameters = std::move(parameters)});
            rest = rest.subspan(some.size());
        }
    }

private:
    static std::string text(std::string_view before, std::size_t columns, std::size_t rows,
                            std::string_view after) {
        std::string text{before};
        for (std::size_t row = 0; row < rows; ++row) {
            text += row == 0 ? "(" : ", (";
            for (std::size_t column = 1; column <= columns; ++column)
                text += (column == 1 ? "$" : ", $") + std::to_string(row * columns + column);
            text += ")";
        }
        return text.append(after);
    }

    std::string one_;
    std::string many_;
};

StoredTweet tweet_of(const sql::Row& row) {
    return {.id = row.id(0), .author = row.id(1), .text = row.text(2)};
}

std::vector<StoredTweet> tweets_of(const Rows& rows) {
    std::vector<StoredTweet> tweets;
    tweets.reserve(rows.size());
    for (const auto row : rows)
        tweets.push_back(tweet_of(row));
    return tweets;
}

Segment segment_of(const sql::Row& row) {
    return {.number = row.id(0), .lowest_id = row.id(1), .highest_id = row.id(2), .tweets = row.id(3)};
}

std::vector<Person> people_of(const Rows& rows) {
    std::vector<Person> people;
    people.reserve(rows.size());
    for (const auto row : rows)
        people.push_back({.id = row.id(0), .username = row.text(1), .display_name = row.text(2)});
    return people;
}

std::vector<std::uint64_t> list_of(std::span<const Gram> grams) {
    return {grams.begin(), grams.end()};
}

// Above every text that begins with `prefix`.
std::string end_of(const std::string& prefix) {
    return prefix + "\xF4\x8F\xBF\xBF";
}

}  // namespace

Result<std::vector<StoredTweet>> Store::recent(const Call& call, std::uint64_t after, std::uint64_t before) {
    TRY(const Rows rows,
        room_.read(call,
                   "SELECT tweet_id, author_id, text FROM search_tweets WHERE segment = 0 AND tweet_id > $1 "
                   "AND tweet_id < $2 ORDER BY tweet_id DESC LIMIT $3",
                   {integer(after), integer(before), integer(sql::rows_max)}));
    return tweets_of(rows);
}

Result<std::size_t> Store::recent_count(const Call& call) {
    TRY(const Rows rows, room_.read(call, "SELECT COUNT(*) FROM search_tweets WHERE segment = 0", {}));
    return static_cast<std::size_t>(rows[0].integer(0));
}

Result<std::vector<StoredTweet>> Store::oldest_recent(const Call& call, std::size_t limit) {
    TRY(const Rows rows, room_.read(call,
                                    "SELECT tweet_id, author_id, text FROM search_tweets WHERE segment = 0 "
                                    "ORDER BY tweet_id LIMIT $1",
                                    {integer(limit)}));
    return tweets_of(rows);
}

Result<std::vector<StoredTweet>> Store::tweets(const Call& call, std::span<const std::uint64_t> ids) {
    static const ListQuery query{
        "SELECT tweet_id, author_id, text FROM search_tweets WHERE tweet_id IN ({})"};
    if (ids.empty()) return std::vector<StoredTweet>{};
    TRY(const Rows rows, query.read(room_, call, {}, ids));
    return tweets_of(rows);
}

Result<std::vector<StoredTweet>> Store::tweets_at(const Call& call, std::uint64_t segment,
                                                  const Numbers& numbers) {
    static const ListQuery query{
        "SELECT tweet_id, author_id, text FROM search_tweets WHERE segment = $1 AND number IN ({})", 2};
    const std::vector<std::uint64_t> list{numbers.begin(), numbers.end()};
    TRY(const Rows rows, query.read(room_, call, {integer(segment)}, list));
    return tweets_of(rows);
}

Result<std::vector<Segment>> Store::segments(const Call& call, std::uint64_t after, std::uint64_t before) {
    TRY(const Rows rows,
        room_.read(call,
                   "SELECT segment, lowest_id, highest_id, tweets FROM search_segments WHERE highest_id > $1 "
                   "AND lowest_id < $2 ORDER BY highest_id DESC, segment DESC",
                   {integer(after), integer(before)}));
    std::vector<Segment> segments;
    for (const auto row : rows)
        segments.push_back(segment_of(row));
    return segments;
}

Result<std::optional<Segment>> Store::last_segment(const Call& call) {
    TRY(const Rows rows, room_.read(call,
                                    "SELECT segment, lowest_id, highest_id, tweets, ids FROM search_segments "
                                    "ORDER BY segment DESC LIMIT 1",
                                    {}));
    if (rows.empty()) return std::nullopt;
    Segment segment = segment_of(rows[0]);
    segment.ids = rows[0].blob(4);
    return segment;
}

Result<Bytes> Store::ids_of(const Call& call, std::uint64_t segment) {
    TRY(const Rows rows,
        room_.read(call, "SELECT ids FROM search_segments WHERE segment = $1", {integer(segment)}));
    return rows.empty() ? Bytes{} : rows[0].blob(0);
}

Result<std::vector<Postings>> Store::postings(const Call& call, std::span<const Gram> grams,
                                              std::uint64_t first, std::uint64_t last) {
    static const ListQuery query{
        "SELECT gram, segment, postings FROM search_grams WHERE segment >= $1 AND segment <= $2 AND gram IN "
        "({})",
        3};
    assert(!grams.empty() && grams.size() <= grams_read_max);
    TRY(const Rows rows, query.read(room_, call, {integer(first), integer(last)}, list_of(grams)));
    std::vector<Postings> postings;
    postings.reserve(rows.size());
    for (const auto row : rows)
        postings.push_back({.gram = row.integer(0), .segment = row.id(1), .numbers = row.blob(2)});
    return postings;
}

void Store::put(Batch& batch, const StoredTweet& tweet, std::span<const Hashtag> hashtags) const {
    remove_tags(batch, tweet.id);
    batch.add({.sql = "INSERT INTO search_tweets (tweet_id, author_id, text, segment, number) VALUES ($1, "
                      "$2, $3, 0, 0) "
                      "ON CONFLICT (tweet_id) DO UPDATE SET text = $3, segment = 0 WHERE search_tweets.text "
                      "<> $3",
               .parameters = {integer(tweet.id), integer(tweet.author), tweet.text}});
    for (const Hashtag& hashtag : hashtags) {
        batch.add({.sql = "INSERT INTO search_tags (hashtag, tweet_id) VALUES ($1, $2)",
                   .parameters = {hashtag.key, integer(tweet.id)}});
        batch.add({.sql =
                       "INSERT INTO search_hashtags (hashtag, shown, tweets) VALUES ($1, $2, 1) ON CONFLICT "
                       "(hashtag) DO UPDATE SET shown = $2, tweets = search_hashtags.tweets + 1",
                   .parameters = {hashtag.key, hashtag.shown}});
    }
}

void Store::remove_tags(Batch& batch, std::uint64_t tweet) const {
    batch.add({.sql = "UPDATE search_hashtags SET tweets = tweets - 1 WHERE hashtag IN (SELECT hashtag FROM "
                      "search_tags WHERE tweet_id = $1)",
               .parameters = {integer(tweet)}});
    batch.add({.sql = "DELETE FROM search_hashtags WHERE tweets = 0 AND hashtag IN (SELECT hashtag FROM "
                      "search_tags WHERE tweet_id = $1)",
               .parameters = {integer(tweet)}});
    batch.add({.sql = "DELETE FROM search_tags WHERE tweet_id = $1", .parameters = {integer(tweet)}});
}

void Store::remove_tweet(Batch& batch, std::uint64_t tweet) const {
    remove_tags(batch, tweet);
    batch.add({.sql = "DELETE FROM search_tweets WHERE tweet_id = $1", .parameters = {integer(tweet)}});
}

void Store::put(Batch& batch, const Segment& segment, std::span<const StoredTweet> added) const {
    batch.add(
        {.sql =
             "INSERT INTO search_segments (segment, lowest_id, highest_id, tweets, ids) VALUES ($1, $2, $3, "
             "$4, $5) ON CONFLICT (segment) DO UPDATE SET lowest_id = $2, highest_id = $3, tweets = $4, ids "
             "= $5",
         .parameters = {integer(segment.number), integer(segment.lowest_id), integer(segment.highest_id),
                        integer(segment.tweets), segment.ids}});
    std::uint64_t number = segment.tweets - added.size();
    std::vector<std::vector<Value>> rows;
    for (const StoredTweet& tweet : added)
        rows.push_back({integer(tweet.id), integer(tweet.author), tweet.text, integer(segment.number),
                        integer(number++)});
    static const RowsStatement insert{
        "INSERT INTO search_tweets (tweet_id, author_id, text, segment, number) VALUES ", 5,
        " ON CONFLICT (tweet_id) DO UPDATE SET segment = excluded.segment, number = excluded.number"};
    insert.add_to(batch, std::move(rows));
}

void Store::put(Batch& batch, std::vector<Postings> postings) const {
    static const RowsStatement insert{
        "INSERT INTO search_grams (gram, segment, postings) VALUES ", 3,
        " ON CONFLICT (gram, segment) DO UPDATE SET postings = excluded.postings"};
    std::vector<std::vector<Value>> rows;
    for (Postings& one : postings)
        rows.push_back({one.gram, integer(one.segment), std::move(one.numbers)});
    insert.add_to(batch, std::move(rows));
}

Result<std::vector<Hashtag>> Store::hashtags(const Call& call, const std::string& prefix,
                                             std::uint32_t limit) {
    TRY(const Rows rows,
        room_.read(call,
                   "SELECT hashtag, shown, tweets FROM search_hashtags WHERE hashtag >= $1 AND hashtag < $2 "
                   "ORDER BY tweets DESC, hashtag LIMIT $3",
                   {prefix, end_of(prefix), std::int64_t{limit}}));
    std::vector<Hashtag> hashtags;
    for (const auto row : rows)
        hashtags.push_back({.key = row.text(0), .shown = row.text(1), .tweets = row.id(2)});
    return hashtags;
}

Result<std::vector<Person>> Store::people_named(const Call& call, const std::string& name,
                                                std::uint32_t limit) {
    TRY(const Rows rows,
        room_.read(call,
                   "SELECT user_id, username, display_name FROM search_people WHERE username = $1 OR "
                   "display_name = $1 ORDER BY user_id DESC LIMIT $2",
                   {name, std::int64_t{limit}}));
    return people_of(rows);
}

Result<std::vector<Person>> Store::people_from(const Call& call, const std::string& prefix,
                                               std::uint32_t limit) {
    TRY(const Rows rows,
        room_.read(
            call,
            "SELECT user_id, username, display_name FROM search_people WHERE (username >= $1 AND username "
            "< $2) OR (display_name >= $1 AND display_name < $2) ORDER BY user_id DESC LIMIT $3",
            {prefix, end_of(prefix), std::int64_t{limit}}));
    return people_of(rows);
}

Result<std::vector<Person>> Store::people_with(const Call& call, std::span<const Gram> grams,
                                               std::uint32_t limit) {
    static const ListQuery query{
        "SELECT user_id, username, display_name FROM search_people WHERE user_id IN (SELECT user_id FROM "
        "search_people_grams WHERE gram IN ({}) GROUP BY user_id HAVING COUNT(*) = $1) ORDER BY user_id DESC "
        "LIMIT $2",
        3};
    TRY(const Rows rows,
        query.read(room_, call, {integer(grams.size()), std::int64_t{limit}}, list_of(grams)));
    return people_of(rows);
}

void Store::put(Batch& batch, const Person& person) const {
    static const RowsStatement insert{"INSERT INTO search_people_grams (gram, user_id) VALUES ", 2, ""};
    remove_person(batch, person.id);
    batch.add({.sql = "INSERT INTO search_people (user_id, username, display_name) VALUES ($1, $2, $3)",
               .parameters = {integer(person.id), person.username, person.display_name}});
    std::vector<std::vector<Value>> rows;
    for (const Gram gram : grams_in(person.username + " " + person.display_name))
        rows.push_back({gram, integer(person.id)});
    insert.add_to(batch, std::move(rows));
}

void Store::remove_person(Batch& batch, std::uint64_t user) const {
    batch.add({.sql = "DELETE FROM search_people WHERE user_id = $1", .parameters = {integer(user)}});
    batch.add({.sql = "DELETE FROM search_people_grams WHERE user_id = $1", .parameters = {integer(user)}});
}

Result<Rebuild> Store::rebuild(const Call& call) {
    TRY(const Rows rows,
        room_.read(
            call,
            "SELECT phase, newest_id, accounts_sequence, tweets_sequence FROM search_rebuild WHERE id = 1",
            {}));
    if (rows.empty()) return Rebuild{};
    const auto row = rows[0];
    return Rebuild{.phase = static_cast<Rebuild::Phase>(row.integer(0)),
                   .newest_id = row.id(1),
                   .accounts_sequence = row.id(2),
                   .tweets_sequence = row.id(3)};
}

void Store::put(Batch& batch, const Rebuild& rebuild) const {
    batch.add({.sql = "INSERT INTO search_rebuild (id, phase, newest_id, accounts_sequence, tweets_sequence) "
                      "VALUES (1, $1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET phase = $1, newest_id = $2, "
                      "accounts_sequence = $3, tweets_sequence = $4",
               .parameters = {static_cast<std::int64_t>(rebuild.phase), integer(rebuild.newest_id),
                              integer(rebuild.accounts_sequence), integer(rebuild.tweets_sequence)}});
}

Result<Store::Counts> Store::counts(const Call& call) {
    TRY(const Rows rows, room_.read(call,
                                    "SELECT (SELECT COUNT(*) FROM search_people), (SELECT COUNT(*) FROM "
                                    "search_tweets)",
                                    {}));
    return Counts{.people = rows[0].id(0), .tweets = rows[0].id(1)};
}

Result<std::size_t> Store::clear_some(const Call& call) {
    static constexpr std::array<std::string_view, 7> statements{
        "DELETE FROM search_segments WHERE segment IN (SELECT segment FROM search_segments LIMIT $1)",
        "DELETE FROM search_tweets WHERE tweet_id IN (SELECT tweet_id FROM search_tweets LIMIT $1)",
        "DELETE FROM search_grams WHERE (gram, segment) IN (SELECT gram, segment FROM search_grams LIMIT $1)",
        "DELETE FROM search_tags WHERE (hashtag, tweet_id) IN (SELECT hashtag, tweet_id FROM search_tags "
        "LIMIT "
        "$1)",
        "DELETE FROM search_hashtags WHERE hashtag IN (SELECT hashtag FROM search_hashtags LIMIT $1)",
        "DELETE FROM search_people WHERE user_id IN (SELECT user_id FROM search_people LIMIT $1)",
        "DELETE FROM search_people_grams WHERE (gram, user_id) IN (SELECT gram, user_id FROM "
        "search_people_grams LIMIT $1)",
    };
    Batch batch;
    for (const std::string_view sql : statements)
        batch.add({.sql = sql, .parameters = {cleared_at_once_max}});
    TRY(const auto outcome, room_.write(call, std::move(batch)));
    std::size_t removed = 0;
    for (const auto& done : outcome.statements)
        removed += static_cast<std::size_t>(done.changed);
    return removed;
}

Result<void> Store::commit(const Call& call, Batch batch) {
    if (batch.statements.empty()) return {};
    TRY_VOID(room_.write(call, std::move(batch)));
    return {};
}

}  // namespace jebi::search
