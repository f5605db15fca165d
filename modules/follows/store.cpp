#include "modules/follows/store.h"

#include <unordered_map>

#include "kit/sql/list_query.h"

namespace jebi::follows {

namespace {

using sql::Batch;
using sql::Expect;
using sql::ListQuery;
using sql::value;

constexpr std::int64_t forgotten_at_once_max = 250;  // of each kind of relation
constexpr std::int64_t swept_at_once_max = 10'000;

std::int64_t integer(std::uint64_t number) {
    return static_cast<std::int64_t>(number);
}

Error unchanged() {
    return error(Code::conflict, "That is so already.").because(std::string{Store::as_it_was});
}

// One table per verb, and one text: what begins, and what ends.
void add_begin(Batch& batch, std::string_view sql, const Act& act) {
    batch.add({.sql = sql,
               .parameters = {value(act.user), value(act.target), integer(act.id)},
               .otherwise = unchanged()});
    batch.add(
        {.sql = "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM follows_former_users WHERE user_id IN ($1, $2))",
         .parameters = {value(act.user), value(act.target)},
         .expect = Expect::a_row,
         .otherwise = error(Code::not_found, "This account is gone.").because("user_gone")});
}

void add_end(Batch& batch, std::string_view sql, const Act& act) {
    batch.add({.sql = sql,
               .parameters = {value(act.user), value(act.target)},
               .expect = Expect::a_row,
               .otherwise = unchanged()});
}

void add_counts(Batch& batch, UserId user, std::int64_t followers, std::int64_t following) {
    batch.add({.sql = "INSERT INTO follows_counts (user_id, followers, following) VALUES ($1, $2, $3) "
                      "ON CONFLICT (user_id) DO UPDATE SET followers = follows_counts.followers + $2, "
                      "following = follows_counts.following + $3",
               .parameters = {value(user), followers, following}});
}

// The outbox. Sequences rise in the order of commits, since batches commit one after the other.
void add_event(Batch& batch, Happened kind, const Act& act) {
    batch.add(
        {.sql = "INSERT INTO follows_events (sequence, at_ms, kind, user_id, target_id) "
                "SELECT COALESCE(MAX(sequence), 0) + 1, $1, $2, $3, $4 FROM follows_events",
         .parameters = {act.at_ms, static_cast<std::int64_t>(kind), value(act.user), value(act.target)}});
}

// Ends following in both directions, where there is any, and tells it.
void add_parting(Batch& batch, const Act& act) {
    batch.add({.sql =
                   "INSERT INTO follows_events (sequence, at_ms, kind, user_id, target_id) "
                   "SELECT (SELECT COALESCE(MAX(sequence), 0) FROM follows_events) + "
                   "ROW_NUMBER() OVER (ORDER BY id), $3, $4, follower_id, followed_id FROM follows "
                   "WHERE (follower_id = $1 AND followed_id = $2) OR (follower_id = $2 AND followed_id = $1)",
               .parameters = {value(act.user), value(act.target), act.at_ms,
                              static_cast<std::int64_t>(Happened::unfollowed)}});
    for (const auto& [one, other] : {std::pair{act.user, act.target}, std::pair{act.target, act.user}}) {
        batch.add({.sql = "UPDATE follows_counts SET followers = followers - (SELECT COUNT(*) FROM follows "
                          "WHERE follower_id = $2 AND followed_id = $1), following = following - "
                          "(SELECT COUNT(*) FROM follows WHERE follower_id = $1 AND followed_id = $2) "
                          "WHERE user_id = $1",
                   .parameters = {value(one), value(other)}});
    }
    batch.add({.sql = "DELETE FROM follows WHERE (follower_id = $1 AND followed_id = $2) "
                      "OR (follower_id = $2 AND followed_id = $1)",
               .parameters = {value(act.user), value(act.target)}});
}

std::vector<UserId> users_of(const sql::Rows& rows) {
    std::vector<UserId> users;
    users.reserve(rows.size());
    for (const sql::Row row : rows)
        users.push_back(UserId{row.id(0)});
    return users;
}

}  // namespace

Result<void> Store::follow(const Call& call, const Act& act, std::uint32_t following_max) {
    Batch batch;
    add_begin(batch, "INSERT INTO follows (follower_id, followed_id, id) VALUES ($1, $2, $3)", act);
    batch.add({.sql = "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM follows_blocks WHERE "
                      "(user_id = $1 AND target_id = $2) OR (user_id = $2 AND target_id = $1))",
               .parameters = {value(act.user), value(act.target)},
               .expect = Expect::a_row,
               .otherwise = error(Code::forbidden, "You cannot follow this person.").because("blocked")});
    add_counts(batch, act.user, 0, 1);
    add_counts(batch, act.target, 1, 0);
    batch.add({.sql = "SELECT 1 FROM follows_counts WHERE user_id = $1 AND following <= $2",
               .parameters = {value(act.user), std::int64_t{following_max}},
               .expect = Expect::a_row,
               .otherwise = error(Code::exhausted,
                                  "You can follow at most " + std::to_string(following_max) + " people.")
                                .because("too_many")});
    add_event(batch, Happened::followed, act);
    TRY_VOID(room_.write(call, std::move(batch)));
    return {};
}

Result<void> Store::unfollow(const Call& call, const Act& act) {
    Batch batch;
    add_end(batch, "DELETE FROM follows WHERE follower_id = $1 AND followed_id = $2", act);
    add_counts(batch, act.user, 0, -1);
    add_counts(batch, act.target, -1, 0);
    add_event(batch, Happened::unfollowed, act);
    TRY_VOID(room_.write(call, std::move(batch)));
    return {};
}

Result<void> Store::block(const Call& call, const Act& act) {
    Batch batch;
    add_begin(batch, "INSERT INTO follows_blocks (user_id, target_id, id) VALUES ($1, $2, $3)", act);
    add_parting(batch, act);
    add_event(batch, Happened::blocked, act);
    TRY_VOID(room_.write(call, std::move(batch)));
    return {};
}

Result<void> Store::unblock(const Call& call, const Act& act) {
    Batch batch;
    add_end(batch, "DELETE FROM follows_blocks WHERE user_id = $1 AND target_id = $2", act);
    add_event(batch, Happened::unblocked, act);
    TRY_VOID(room_.write(call, std::move(batch)));
    return {};
}

Result<void> Store::mute(const Call& call, const Act& act) {
    Batch batch;
    add_begin(batch, "INSERT INTO follows_mutes (user_id, target_id, id) VALUES ($1, $2, $3)", act);
    add_event(batch, Happened::muted, act);
    TRY_VOID(room_.write(call, std::move(batch)));
    return {};
}

Result<void> Store::unmute(const Call& call, const Act& act) {
    Batch batch;
    add_end(batch, "DELETE FROM follows_mutes WHERE user_id = $1 AND target_id = $2", act);
    add_event(batch, Happened::unmuted, act);
    TRY_VOID(room_.write(call, std::move(batch)));
    return {};
}

Result<std::vector<Ties>> Store::ties(const Call& call, UserId user, std::span<const std::uint64_t> others) {
    static const ListQuery query{
        "SELECT 1, followed_id FROM follows WHERE follower_id = $1 AND followed_id IN ({}) "
        "UNION ALL SELECT 2, follower_id FROM follows WHERE followed_id = $1 AND follower_id IN ({}) "
        "UNION ALL SELECT 3, target_id FROM follows_blocks WHERE user_id = $1 AND target_id IN ({}) "
        "UNION ALL SELECT 4, user_id FROM follows_blocks WHERE target_id = $1 AND user_id IN ({}) "
        "UNION ALL SELECT 5, target_id FROM follows_mutes WHERE user_id = $1 AND target_id IN ({})",
        2};
    static constexpr bool Ties::* ties_of[] = {&Ties::following, &Ties::followed_by, &Ties::blocking,
                                               &Ties::blocked_by, &Ties::muting};
    if (others.empty()) return std::vector<Ties>{};
    TRY(const auto rows, query.read(room_, call, {value(user)}, others));
    std::unordered_map<std::uint64_t, Ties> found;
    for (const sql::Row row : rows)
        found[row.id(1)].*ties_of[row.integer(0) - 1] = true;
    std::vector<Ties> all;
    all.reserve(others.size());
    for (const std::uint64_t other : others)
        all.push_back(found[other]);
    return all;
}

Result<std::vector<Counted>> Store::counts(const Call& call, std::span<const std::uint64_t> users) {
    static const ListQuery query{
        "SELECT user_id, followers, following FROM follows_counts WHERE user_id IN ({})"};
    if (users.empty()) return std::vector<Counted>{};
    TRY(const auto rows, query.read(room_, call, {}, users));
    std::unordered_map<std::uint64_t, Counted> found;
    for (const sql::Row row : rows)
        found[row.id(0)] = {.followers = row.id(1), .following = row.id(2)};
    std::vector<Counted> all;
    all.reserve(users.size());
    for (const std::uint64_t user : users)
        all.push_back(found[user]);
    return all;
}

Result<std::vector<UserId>> Store::hidden(const Call& call, UserId user,
                                          std::span<const std::uint64_t> candidates, bool with_mutes) {
    static const std::string blocks =
        "SELECT target_id FROM follows_blocks WHERE EXISTS (SELECT 1 FROM follows_blocks WHERE user_id = $1) "
        "AND user_id = $1 AND target_id IN ({}) "
        "UNION SELECT user_id FROM follows_blocks WHERE EXISTS (SELECT 1 FROM follows_blocks WHERE "
        "target_id = $1) AND target_id = $1 AND user_id IN ({})";
    static const ListQuery without{blocks, 2};
    static const ListQuery with{
        blocks +
            " UNION SELECT target_id FROM follows_mutes WHERE EXISTS (SELECT 1 FROM follows_mutes WHERE "
            "user_id = $1) AND user_id = $1 AND target_id IN ({})",
        2};
    if (candidates.empty()) return std::vector<UserId>{};
    TRY(const auto rows, (with_mutes ? with : without).read(room_, call, {value(user)}, candidates));
    return users_of(rows);
}

Result<std::vector<UserId>> Store::among_followers(const Call& call, UserId user,
                                                   std::span<const std::uint64_t> candidates) {
    static const ListQuery query{
        "SELECT follower_id FROM follows WHERE followed_id = $1 AND follower_id IN ({}) AND NOT EXISTS "
        "(SELECT 1 FROM follows_mutes WHERE user_id = follower_id AND target_id = $1)",
        2};
    if (candidates.empty()) return std::vector<UserId>{};
    TRY(const auto rows, query.read(room_, call, {value(user)}, candidates));
    return users_of(rows);
}

Result<std::vector<Store::Related>> Store::list(const Call& call, std::string_view sql, UserId user,
                                                const Slice& slice) {
    TRY(const auto rows,
        room_.read(call, sql, {value(user), integer(slice.before), std::int64_t{slice.limit}}));
    std::vector<Related> related;
    related.reserve(rows.size());
    for (const sql::Row row : rows)
        related.push_back({UserId{row.id(0)}, row.id(1)});
    return related;
}

Result<std::vector<Store::Related>> Store::followers(const Call& call, UserId user, const Slice& slice) {
    return list(
        call,
        "SELECT follower_id, id FROM follows WHERE followed_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
        user, slice);
}

Result<std::vector<Store::Related>> Store::following(const Call& call, UserId user, const Slice& slice) {
    return list(
        call,
        "SELECT followed_id, id FROM follows WHERE follower_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
        user, slice);
}

Result<std::vector<Store::Related>> Store::blocked(const Call& call, UserId user, const Slice& slice) {
    return list(
        call,
        "SELECT target_id, id FROM follows_blocks WHERE user_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
        user, slice);
}

Result<std::vector<Store::Related>> Store::muted(const Call& call, UserId user, const Slice& slice) {
    return list(
        call,
        "SELECT target_id, id FROM follows_mutes WHERE user_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
        user, slice);
}

Result<std::vector<StoredEvent>> Store::events(const Call& call, std::uint64_t after, std::uint32_t limit) {
    TRY(const auto rows, room_.read(call,
                                    "SELECT sequence, at_ms, kind, user_id, target_id FROM follows_events "
                                    "WHERE sequence > $1 ORDER BY sequence LIMIT $2",
                                    {integer(after), std::int64_t{limit}}));
    std::vector<StoredEvent> events;
    events.reserve(rows.size());
    for (const sql::Row row : rows) {
        events.push_back({row.id(0), row.integer(1), static_cast<Happened>(row.integer(2)), UserId{row.id(3)},
                          UserId{row.id(4)}});
    }
    return events;
}

Result<std::uint64_t> Store::last_event(const Call& call) {
    TRY(const auto rows, room_.read(call, "SELECT COALESCE(MAX(sequence), 0) FROM follows_events", {}));
    return rows[0].id(0);
}

Result<void> Store::part_with(const Call& call, UserId user) {
    Batch batch;
    batch.add({.sql = "INSERT INTO follows_former_users (user_id) VALUES ($1) ON CONFLICT DO NOTHING",
               .parameters = {value(user)}});
    TRY_VOID(room_.write(call, std::move(batch)));
    return {};
}

namespace {

struct Direction {
    std::string_view tell;
    std::string_view count;
    std::string_view remove;
};

// `some` is in all three the same rows: those with the lowest ids.
constexpr Direction those_they_follow{
    "INSERT INTO follows_events (sequence, at_ms, kind, user_id, target_id) "
    "SELECT (SELECT COALESCE(MAX(sequence), 0) FROM follows_events) + ROW_NUMBER() OVER (ORDER BY id), $3, "
    "$4, "
    "follower_id, followed_id FROM (SELECT follower_id, followed_id, id FROM follows WHERE follower_id = $1 "
    "ORDER BY id LIMIT $2) AS some",
    "UPDATE follows_counts SET followers = followers - 1 WHERE user_id IN (SELECT followed_id FROM follows "
    "WHERE follower_id = $1 ORDER BY id LIMIT $2)",
    "DELETE FROM follows WHERE follower_id = $1 AND followed_id IN (SELECT followed_id FROM follows "
    "WHERE follower_id = $1 ORDER BY id LIMIT $2)"};
constexpr Direction those_who_follow_them{
    "INSERT INTO follows_events (sequence, at_ms, kind, user_id, target_id) "
    "SELECT (SELECT COALESCE(MAX(sequence), 0) FROM follows_events) + ROW_NUMBER() OVER (ORDER BY id), $3, "
    "$4, "
    "follower_id, followed_id FROM (SELECT follower_id, followed_id, id FROM follows WHERE followed_id = $1 "
    "ORDER BY id LIMIT $2) AS some",
    "UPDATE follows_counts SET following = following - 1 WHERE user_id IN (SELECT follower_id FROM follows "
    "WHERE followed_id = $1 ORDER BY id LIMIT $2)",
    "DELETE FROM follows WHERE followed_id = $1 AND follower_id IN (SELECT follower_id FROM follows "
    "WHERE followed_id = $1 ORDER BY id LIMIT $2)"};

constexpr std::string_view other_relations[] = {
    "DELETE FROM follows_blocks WHERE user_id = $1 AND target_id IN (SELECT target_id FROM follows_blocks "
    "WHERE user_id = $1 ORDER BY target_id LIMIT $2)",
    "DELETE FROM follows_blocks WHERE target_id = $1 AND user_id IN (SELECT user_id FROM follows_blocks "
    "WHERE target_id = $1 ORDER BY user_id LIMIT $2)",
    "DELETE FROM follows_mutes WHERE user_id = $1 AND target_id IN (SELECT target_id FROM follows_mutes "
    "WHERE user_id = $1 ORDER BY target_id LIMIT $2)",
    "DELETE FROM follows_mutes WHERE target_id = $1 AND user_id IN (SELECT user_id FROM follows_mutes "
    "WHERE target_id = $1 ORDER BY user_id LIMIT $2)",
};

// The rows that a batch's deletions removed.
std::size_t removed(const sql::Outcome& outcome, std::span<const std::size_t> deletions) {
    std::size_t sum = 0;
    for (const std::size_t deletion : deletions)
        sum += static_cast<std::size_t>(outcome.statements[deletion].changed);
    return sum;
}

}  // namespace

Result<std::size_t> Store::forget_some(const Call& call, UserId user, WallMs at_ms) {
    const std::vector<sql::Value> some{value(user), forgotten_at_once_max};
    Batch batch;
    std::vector<std::size_t> deletions;
    const auto add_deletion = [&](std::string_view sql) {
        deletions.push_back(batch.statements.size());
        batch.add({.sql = sql, .parameters = some});
    };
    for (const Direction& direction : {those_they_follow, those_who_follow_them}) {
        batch.add({.sql = direction.tell,
                   .parameters = {value(user), forgotten_at_once_max, at_ms,
                                  static_cast<std::int64_t>(Happened::unfollowed)}});
        batch.add({.sql = direction.count, .parameters = some});
        add_deletion(direction.remove);
    }
    for (const std::string_view sql : other_relations)
        add_deletion(sql);
    batch.add({.sql = "DELETE FROM follows_counts WHERE user_id = $1", .parameters = {value(user)}});
    TRY(const auto outcome, room_.write(call, std::move(batch)));
    return removed(outcome, deletions);
}

Result<std::size_t> Store::sweep(const Call& call, WallMs events_before_ms) {
    Batch batch;
    batch.add({.sql = "DELETE FROM follows_events WHERE sequence IN (SELECT sequence FROM follows_events "
                      "ORDER BY sequence LIMIT $2) AND at_ms < $1 AND sequence < (SELECT MAX(sequence) FROM "
                      "follows_events)",
               .parameters = {events_before_ms, swept_at_once_max}});
    TRY(const auto outcome, room_.write(call, std::move(batch)));
    return static_cast<std::size_t>(outcome.statements[0].changed);
}

Result<std::uint64_t> Store::highest_id(const Call& call) {
    TRY(const auto rows,
        room_.read(call,
                   "SELECT COALESCE(MAX(id), 0) FROM (SELECT MAX(id) AS id FROM follows UNION ALL "
                   "SELECT MAX(id) FROM follows_blocks UNION ALL SELECT MAX(id) FROM "
                   "follows_mutes) AS ids",
                   {}));
    return rows[0].id(0);
}

}  // namespace jebi::follows
