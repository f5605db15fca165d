#include "modules/timelines/store.h"

#include <algorithm>
#include <bit>
#include <string>

#include "kit/sql/list_query.h"

namespace jebi::timelines {

namespace {

using sql::Batch;
using sql::ListQuery;
using sql::value;
using sql::Value;

constexpr std::int64_t removed_at_once_max = 5'000;
constexpr std::int64_t merged_max = 7'500;  // nobody follows more people
constexpr std::size_t columns = 5;
// Rows in one statement: powers of two, so that few texts make up any number without a row too many.
constexpr std::size_t owners_at_once_max = 512;
constexpr std::size_t entries_at_once_max = 128;

std::int64_t integer(std::uint64_t number) {
    return static_cast<std::int64_t>(number);
}

std::string place(std::size_t number) {
    return "$" + std::to_string(number);
}

constexpr std::string_view insert =
    "INSERT INTO timelines (owner_id, tweet_id, author_id, repost_of_id, repost_of_author_id) VALUES ";
constexpr std::string_view unless_there = " ON CONFLICT DO NOTHING";

// Texts of 1, 2, 4, ... rows; `row` says one of them.
template <typename RowText>
std::vector<std::string> texts_of(std::string_view begin, std::size_t rows_max, RowText row) {
    std::vector<std::string> texts;
    for (std::size_t rows = 1; rows <= rows_max; rows *= 2) {
        std::string text{begin};
        for (std::size_t i = 0; i < rows; ++i)
            text += (i == 0 ? "(" : ", (") + row(i) + ")";
        texts.push_back(text + std::string{unless_there});
    }
    return texts;
}

// Hands over the list in pieces of the largest powers of two that fit, with the text of each.
template <typename T, typename Take>
void in_pieces(std::span<const T> list, const std::vector<std::string>& texts, Take take) {
    while (!list.empty()) {
        const std::size_t rows = std::min(std::bit_floor(list.size()), std::size_t{1} << (texts.size() - 1));
        take(std::string_view{texts[static_cast<std::size_t>(std::countr_zero(rows))]}, list.first(rows));
        list = list.subspan(rows);
    }
}

// The first column of what a list of any length finds.
Result<std::vector<std::uint64_t>> read_list(sql::Room& room, const Call& call, const ListQuery& query,
                                             const std::vector<Value>& before,
                                             std::span<const std::uint64_t> list) {
    std::vector<std::uint64_t> found;
    while (!list.empty()) {
        const auto some = list.first(std::min(list.size(), ListQuery::length_max));
        TRY(const auto rows, query.read(room, call, before, some));
        for (const sql::Row row : rows)
            found.push_back(row.id(0));
        list = list.subspan(some.size());
    }
    return found;
}

}  // namespace

Result<Owner> Store::owner(const Call& call, UserId user) {
    TRY(const auto rows,
        room_.read(call,
                   "SELECT 1, oldest_id FROM timelines_owners WHERE owner_id = $1 "
                   "UNION ALL SELECT 2, sequence FROM timelines_positions WHERE source = 'tweets_at_ms' "
                   "UNION ALL SELECT 3, 1 WHERE EXISTS (SELECT 1 FROM timelines_hidden WHERE owner_id = $1) "
                   "UNION ALL SELECT 4, author_id FROM timelines_merged WHERE owner_id = $1 LIMIT $2",
                   {value(user), merged_max + 3}));
    Owner owner;
    for (const sql::Row row : rows) {
        const std::int64_t what = row.integer(0);
        if (what == 1) {
            owner.complete = true;
            owner.oldest = row.id(1);
        }
        if (what == 2) owner.followed_until_ms = row.integer(1);
        if (what == 3) owner.hides = true;
        if (what == 4) owner.merged.push_back(row.id(1));
    }
    return owner;
}

Result<std::vector<Entry>> Store::entries(const Call& call, UserId owner, const Window& window) {
    // Who hides nobody and follows no merged author, as most do, pays for one look into each table.
    static const std::string select =
        "SELECT tweet_id, author_id, repost_of_id, repost_of_author_id FROM timelines t WHERE owner_id = $1 "
        "AND "
        "tweet_id > $2 AND tweet_id < $3 "
        "AND (NOT EXISTS (SELECT 1 FROM timelines_hidden WHERE owner_id = $1) OR NOT EXISTS (SELECT 1 FROM "
        "timelines_hidden h WHERE h.owner_id = $1 AND h.other_id IN (t.author_id, t.repost_of_author_id))) "
        "AND (NOT EXISTS (SELECT 1 FROM timelines_merged WHERE owner_id = $1) OR NOT EXISTS (SELECT 1 FROM "
        "timelines_merged m WHERE m.owner_id = $1 AND m.author_id = t.author_id)) ORDER BY tweet_id ";
    static const std::string newest_first = select + "DESC LIMIT $4";
    static const std::string oldest_first = select + "ASC LIMIT $4";
    TRY(const auto rows, room_.read(call, window.from_oldest ? oldest_first : newest_first,
                                    {value(owner), integer(window.after), integer(window.before),
                                     std::int64_t{window.limit}}));
    std::vector<Entry> entries;
    entries.reserve(rows.size());
    for (const sql::Row row : rows)
        entries.push_back({row.id(0), row.id(1), row.id(2), row.id(3)});
    return entries;
}

Result<std::vector<std::uint64_t>> Store::hidden(const Call& call, UserId owner,
                                                 std::span<const std::uint64_t> users) {
    static const ListQuery query{
        "SELECT DISTINCT other_id FROM timelines_hidden WHERE owner_id = $1 AND other_id IN ({})", 2};
    return read_list(room_, call, query, {value(owner)}, users);
}

Result<std::vector<std::uint64_t>> Store::merged_authors(const Call& call,
                                                         std::span<const std::uint64_t> users) {
    static const ListQuery query{"SELECT author_id FROM timelines_merged_authors WHERE author_id IN ({})"};
    return read_list(room_, call, query, {}, users);
}

Result<Rebuild> Store::rebuild(const Call& call) {
    TRY(const auto rows,
        room_.read(call,
                   "SELECT phase, page, people, entries, accounts_sequence, follows_sequence, "
                   "tweets_sequence FROM timelines_rebuild WHERE id = 1",
                   {}));
    if (rows.empty()) return Rebuild{};
    const sql::Row row = rows[0];
    return Rebuild{.phase = static_cast<Rebuild::Phase>(row.integer(0)),
                   .page = static_cast<std::uint32_t>(row.integer(1)),
                   .people = row.id(2),
                   .entries = row.id(3),
                   .accounts_sequence = row.id(4),
                   .follows_sequence = row.id(5),
                   .tweets_sequence = row.id(6)};
}

void Store::add(Batch& batch, const Entry& entry, std::span<const std::uint64_t> owners) const {
    static const auto texts = texts_of(insert, owners_at_once_max, [](std::size_t row) {
        return place(row + columns) + ", $1, $2, $3, $4";
    });
    in_pieces(owners, texts, [&](std::string_view text, std::span<const std::uint64_t> some) {
        std::vector<Value> parameters;
        parameters.reserve(some.size() + columns - 1);
        for (const std::uint64_t id : {entry.tweet, entry.author, entry.repost_of, entry.repost_of_author})
            parameters.emplace_back(integer(id));
        for (const std::uint64_t owner : some)
            parameters.emplace_back(integer(owner));
        batch.add({.sql = text, .parameters = std::move(parameters)});
    });
}

void Store::add(Batch& batch, UserId owner, std::span<const Entry> entries) const {
    static const auto texts = texts_of(insert, entries_at_once_max, [](std::size_t row) {
        std::string all = "$1";
        for (std::size_t column = 1; column < columns; ++column)
            all += ", " + place(row * (columns - 1) + column + 1);
        return all;
    });
    in_pieces(entries, texts, [&](std::string_view text, std::span<const Entry> some) {
        std::vector<Value> parameters{value(owner)};
        parameters.reserve(some.size() * (columns - 1) + 1);
        for (const Entry& entry : some) {
            for (const std::uint64_t id :
                 {entry.tweet, entry.author, entry.repost_of, entry.repost_of_author})
                parameters.emplace_back(integer(id));
        }
        batch.add({.sql = text, .parameters = std::move(parameters)});
    });
}

void Store::remove(Batch& batch, std::uint64_t tweet, std::span<const std::uint64_t> owners) const {
    static const ListQuery query{"DELETE FROM timelines WHERE tweet_id = $1 AND owner_id IN ({})", 2};
    while (!owners.empty()) {
        const auto some = owners.first(std::min(owners.size(), ListQuery::length_max));
        batch.add(query.statement({integer(tweet)}, some));
        owners = owners.subspan(some.size());
    }
}

void Store::remove_author(Batch& batch, UserId owner, UserId author) const {
    batch.add({.sql = "DELETE FROM timelines WHERE owner_id = $1 AND author_id = $2",
               .parameters = {value(owner), value(author)}});
    batch.add({.sql = "DELETE FROM timelines_merged WHERE owner_id = $1 AND author_id = $2",
               .parameters = {value(owner), value(author)}});
}

void Store::hide(Batch& batch, UserId owner, UserId other, Why why) const {
    batch.add(
        {.sql = "INSERT INTO timelines_hidden (owner_id, other_id, why) VALUES ($1, $2, $3) ON CONFLICT DO "
                "NOTHING",
         .parameters = {value(owner), value(other), static_cast<std::int64_t>(why)}});
}

void Store::show(Batch& batch, UserId owner, UserId other, Why why) const {
    batch.add({.sql = "DELETE FROM timelines_hidden WHERE owner_id = $1 AND other_id = $2 AND why = $3",
               .parameters = {value(owner), value(other), static_cast<std::int64_t>(why)}});
}

void Store::trim(Batch& batch, UserId owner, std::uint32_t kept_max) const {
    // Fewer entries than are kept: the subquery finds none, and nothing is less than nothing.
    const std::vector<Value> parameters{value(owner), std::int64_t{kept_max} - 1};
    batch.add(
        {.sql = "UPDATE timelines_owners SET oldest_id = (SELECT tweet_id FROM timelines WHERE owner_id = $1 "
                "ORDER BY tweet_id DESC LIMIT 1 OFFSET $2) WHERE owner_id = $1 AND oldest_id < (SELECT "
                "tweet_id FROM timelines WHERE owner_id = $1 ORDER BY tweet_id DESC LIMIT 1 OFFSET $2)",
         .parameters = parameters});
    batch.add({.sql =
                   "DELETE FROM timelines WHERE owner_id = $1 AND tweet_id < (SELECT tweet_id FROM timelines "
                   "WHERE owner_id = $1 ORDER BY tweet_id DESC LIMIT 1 OFFSET $2)",
               .parameters = parameters});
}

void Store::complete(Batch& batch, UserId owner, std::uint64_t oldest) const {
    batch.add(
        {.sql =
             "INSERT INTO timelines_owners (owner_id, oldest_id) VALUES ($1, $2) ON CONFLICT (owner_id) DO "
             "UPDATE SET oldest_id = $2",
         .parameters = {value(owner), integer(oldest)}});
}

void Store::merge(Batch& batch, UserId author, std::span<const std::uint64_t> owners) const {
    static const auto texts =
        texts_of("INSERT INTO timelines_merged (owner_id, author_id) VALUES ", owners_at_once_max,
                 [](std::size_t row) { return place(row + 2) + ", $1"; });
    in_pieces(owners, texts, [&](std::string_view text, std::span<const std::uint64_t> some) {
        std::vector<Value> parameters{value(author)};
        parameters.reserve(some.size() + 1);
        for (const std::uint64_t owner : some)
            parameters.emplace_back(integer(owner));
        batch.add({.sql = text, .parameters = std::move(parameters)});
    });
}

void Store::merge_from_now(Batch& batch, UserId author) const {
    batch.add({.sql = "INSERT INTO timelines_merged_authors (author_id) VALUES ($1) ON CONFLICT DO NOTHING",
               .parameters = {value(author)}});
}

void Store::put(Batch& batch, const Rebuild& rebuild) const {
    batch.add(
        {.sql =
             "INSERT INTO timelines_rebuild (id, phase, page, people, entries, accounts_sequence, "
             "follows_sequence, tweets_sequence) VALUES (1, $1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO "
             "UPDATE SET phase = $1, page = $2, people = $3, entries = $4, accounts_sequence = $5, "
             "follows_sequence = $6, tweets_sequence = $7",
         .parameters = {static_cast<std::int64_t>(rebuild.phase), std::int64_t{rebuild.page},
                        integer(rebuild.people), integer(rebuild.entries), integer(rebuild.accounts_sequence),
                        integer(rebuild.follows_sequence), integer(rebuild.tweets_sequence)}});
}

Result<void> Store::commit(const Call& call, Batch batch) {
    if (batch.statements.empty()) return {};
    TRY_VOID(room_.write(call, std::move(batch)));
    return {};
}

Result<std::size_t> Store::remove_some(const Call& call, std::span<const std::string_view> statements,
                                       const std::vector<Value>& parameters) {
    Batch batch;
    for (const std::string_view sql : statements)
        batch.add({.sql = sql, .parameters = parameters});
    TRY(const auto outcome, room_.write(call, std::move(batch)));
    std::size_t removed = 0;
    for (const auto& done : outcome.statements)
        removed += static_cast<std::size_t>(done.changed);
    return removed;
}

Result<std::size_t> Store::forget_some(const Call& call, UserId user) {
    static constexpr std::string_view statements[] = {
        "DELETE FROM timelines_owners WHERE owner_id IN (SELECT owner_id FROM timelines_owners WHERE "
        "owner_id = $1 "
        "LIMIT $2)",
        "DELETE FROM timelines WHERE owner_id = $1 AND tweet_id IN (SELECT tweet_id FROM timelines WHERE "
        "owner_id = "
        "$1 LIMIT $2)",
        "DELETE FROM timelines_hidden WHERE owner_id = $1 AND other_id IN (SELECT other_id FROM "
        "timelines_hidden "
        "WHERE owner_id = $1 LIMIT $2)",
        "DELETE FROM timelines_hidden WHERE other_id = $1 AND owner_id IN (SELECT owner_id FROM "
        "timelines_hidden "
        "WHERE other_id = $1 LIMIT $2)",
        "DELETE FROM timelines_merged WHERE owner_id = $1 AND author_id IN (SELECT author_id FROM "
        "timelines_merged "
        "WHERE owner_id = $1 LIMIT $2)",
        "DELETE FROM timelines_merged_authors WHERE author_id IN (SELECT author_id FROM "
        "timelines_merged_authors "
        "WHERE author_id = $1 LIMIT $2)",
    };
    return remove_some(call, statements, {value(user), removed_at_once_max});
}

Result<std::size_t> Store::clear_some(const Call& call) {
    static constexpr std::string_view owners[] = {
        "DELETE FROM timelines_owners WHERE owner_id IN (SELECT owner_id FROM timelines_owners LIMIT $1)"};
    static constexpr std::string_view others[] = {
        "DELETE FROM timelines WHERE (owner_id, tweet_id) IN (SELECT owner_id, tweet_id FROM timelines LIMIT "
        "$1)",
        "DELETE FROM timelines_hidden WHERE (owner_id, other_id) IN (SELECT owner_id, other_id FROM "
        "timelines_hidden LIMIT $1)",
        "DELETE FROM timelines_merged WHERE (owner_id, author_id) IN (SELECT owner_id, author_id FROM "
        "timelines_merged LIMIT $1)",
        "DELETE FROM timelines_merged_authors WHERE author_id IN (SELECT author_id FROM "
        "timelines_merged_authors "
        "LIMIT $1)",
    };
    TRY(const std::size_t removed, remove_some(call, owners, {removed_at_once_max}));
    if (removed > 0) return removed;
    return remove_some(call, others, {removed_at_once_max});
}

}  // namespace jebi::timelines
