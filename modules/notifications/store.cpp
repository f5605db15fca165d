#include "modules/notifications/store.h"

#include <algorithm>

#include "kit/sql/list_query.h"

namespace jebi::notifications {

namespace {

using sql::Batch;
using sql::Value;

constexpr std::string_view insert_sql =
    "INSERT INTO notifications (id, user_id, kind, actor_id, tweet_id, created_ms) SELECT $1, $2, $3, $4, "
    "$5, $6 "
    "WHERE NOT EXISTS (SELECT 1 FROM notifications_former_people WHERE user_id IN ($2, $4)) "
    "AND ($7 = 0 OR NOT EXISTS (SELECT 1 FROM notifications_told WHERE tweet_id = $5 AND user_id = $2)) "
    "ON CONFLICT DO NOTHING";
constexpr std::string_view trim_sql =
    "DELETE FROM notifications WHERE user_id = $1 AND id <= (SELECT id FROM notifications WHERE user_id = $1 "
    "ORDER BY id DESC LIMIT 1 OFFSET $2)";

std::int64_t integer(std::uint64_t id) {
    return static_cast<std::int64_t>(id);
}

// From the columns id, kind, user_id, actor_id, tweet_id, created_ms, and up to where the user has read.
StoredNotification notification_of(const sql::Row& row, std::size_t first = 0) {
    return {.id = NotificationId{row.id(first)},
            .kind = static_cast<Notification::Kind>(row.integer(first + 1)),
            .user = UserId{row.id(first + 2)},
            .actor = UserId{row.id(first + 3)},
            .tweet = TweetId{row.id(first + 4)},
            .created_ms = row.integer(first + 5),
            .read = row.id(first) <= row.id(first + 6)};
}

bool is_about_a_text(Notification::Kind kind) {
    return kind == Notification::KIND_MENTIONED || kind == Notification::KIND_REPLIED;
}

// The kinds asked for, or all.
std::vector<std::uint64_t> kinds_of(const Store::Slice& slice) {
    static const std::vector every{Notification::KIND_FOLLOWED, Notification::KIND_MENTIONED,
                                   Notification::KIND_REPLIED, Notification::KIND_FAVOURITED,
                                   Notification::KIND_REPOSTED};
    std::vector<std::uint64_t> kinds;
    for (const auto kind : slice.kinds.empty() ? every : slice.kinds)
        kinds.push_back(static_cast<std::uint64_t>(kind));
    return kinds;
}

Error gone() {
    return error(Code::not_found, "There is no such notification any more.").because("notification_gone");
}

}  // namespace

void Changes::tell(const StoredNotification& told) {
    const std::int64_t id = integer(told.id.value), user = integer(told.user.value),
                       tweet = integer(told.tweet.value);
    batch_.add({insert_sql,
                {id, user, std::int64_t{told.kind}, integer(told.actor.value), tweet, told.created_ms,
                 std::int64_t{is_about_a_text(told.kind)}}});
    if (is_about_a_text(told.kind)) {
        batch_.add(
            {"INSERT INTO notifications_told (tweet_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
             {tweet, user}});
    }
    batch_.add(
        {"INSERT INTO notifications_events (sequence, at_ms, notification_id) "
         "SELECT (SELECT COALESCE(MAX(sequence), 0) FROM notifications_events) + 1, $1, id "
         "FROM notifications WHERE id = $2",
         {told.created_ms, id}});
    told_.insert(told.user);
}

void Changes::take_back(Notification::Kind kind, UserId actor, TweetId tweet) {
    batch_.add({"DELETE FROM notifications WHERE tweet_id = $1 AND kind = $2 AND actor_id = $3",
                {integer(tweet.value), std::int64_t{kind}, integer(actor.value)}});
}

void Changes::take_back_follow(UserId actor, UserId user) {
    batch_.add({"DELETE FROM notifications WHERE user_id = $1 AND kind = $2 AND actor_id = $3",
                {integer(user.value), std::int64_t{Notification::KIND_FOLLOWED}, integer(actor.value)}});
}

void Changes::take_back_tweet(TweetId tweet) {
    batch_.add({"DELETE FROM notifications WHERE tweet_id = $1", {integer(tweet.value)}});
    batch_.add({"DELETE FROM notifications_told WHERE tweet_id = $1", {integer(tweet.value)}});
}

void Changes::take_back_between(UserId user, UserId actor) {
    batch_.add({"DELETE FROM notifications WHERE user_id = $1 AND actor_id = $2",
                {integer(user.value), integer(actor.value)}});
}

void Changes::keep_mentions(TweetId tweet, const std::vector<UserId>& people) {
    static const sql::ListQuery others{
        "DELETE FROM notifications WHERE tweet_id = $1 AND kind = $2 AND user_id NOT IN ({})", 3};
    std::vector<std::uint64_t> kept{0};  // nobody: a list has one value at least
    for (const UserId person : people)
        kept.push_back(person.value);
    batch_.add(others.statement({integer(tweet.value), std::int64_t{Notification::KIND_MENTIONED}}, kept));
}

Result<std::size_t> Store::apply(const Call& call, Changes changes, std::string_view source,
                                 std::uint64_t sequence) {
    Batch& batch = changes.batch_;
    std::vector<bool> is_new;
    for (const sql::Statement& statement : batch.statements)
        is_new.push_back(statement.sql == insert_sql);
    for (const UserId user : changes.told_)
        batch.add({trim_sql, {integer(user.value), std::int64_t{kept_max}}});
    positions_.move(batch, source, sequence);
    TRY(const auto done, room_.write(call, std::move(batch)));
    std::size_t count = 0;
    for (std::size_t i = 0; i < is_new.size(); ++i)
        count += is_new[i] && done.statements[i].changed > 0 ? 1U : 0U;
    return count;
}

Result<void> Store::refuse_person(const Call& call, UserId person) {
    Batch batch;
    batch.add({"INSERT INTO notifications_former_people (user_id) VALUES ($1) ON CONFLICT DO NOTHING",
               {integer(person.value)}});
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<bool> Store::forget_some(const Call& call, UserId person, std::uint32_t rows_max) {
    const std::vector<Value> parameters{integer(person.value), std::int64_t{rows_max}};
    Batch batch;
    batch.add(
        {"DELETE FROM notifications WHERE id IN (SELECT id FROM notifications WHERE user_id = $1 LIMIT $2)",
         parameters});
    batch.add(
        {"DELETE FROM notifications WHERE id IN (SELECT id FROM notifications WHERE actor_id = $1 LIMIT $2)",
         parameters});
    batch.add(
        {"DELETE FROM notifications_told WHERE user_id = $1 AND tweet_id IN "
         "(SELECT tweet_id FROM notifications_told WHERE user_id = $1 LIMIT $2)",
         parameters});
    batch.add({"DELETE FROM notifications_read WHERE user_id = $1", {integer(person.value)}});
    TRY(const auto done, room_.write(call, std::move(batch)));
    return std::ranges::any_of(done.statements,
                               [&](const auto& statement) { return statement.changed >= rows_max; });
}

Result<std::vector<StoredNotification>> Store::list(const Call& call, UserId user, const Slice& slice) {
    static const std::string select =
        "SELECT n.id, n.kind, n.user_id, n.actor_id, n.tweet_id, n.created_ms, COALESCE(r.read_id, 0) "
        "FROM notifications n LEFT JOIN notifications_read r ON r.user_id = n.user_id "
        "WHERE n.user_id = $1 AND n.id < $2 AND n.id > $3 AND n.kind IN ({}) ORDER BY n.id ";
    static const sql::ListQuery newest{select + "DESC LIMIT $4", 5};
    static const sql::ListQuery oldest{select + "LIMIT $4", 5};
    TRY(const auto rows, (slice.from_oldest ? oldest : newest)
                             .read(room_, call,
                                   {integer(user.value), integer(slice.before), integer(slice.newer_than),
                                    std::int64_t{slice.limit}},
                                   kinds_of(slice)));
    std::vector<StoredNotification> all;
    for (const sql::Row row : rows)
        all.push_back(notification_of(row));
    if (slice.from_oldest) std::ranges::reverse(all);
    return all;
}

Result<StoredNotification> Store::by_id(const Call& call, UserId user, NotificationId id) {
    TRY(const auto rows,
        room_.read(
            call,
            "SELECT n.id, n.kind, n.user_id, n.actor_id, n.tweet_id, n.created_ms, COALESCE(r.read_id, 0) "
            "FROM notifications n LEFT JOIN notifications_read r ON r.user_id = n.user_id "
            "WHERE n.id = $1 AND n.user_id = $2",
            {integer(id.value), integer(user.value)}));
    if (rows.empty()) return fail(gone());
    return notification_of(rows[0]);
}

Result<NotificationId> Store::last_read(const Call& call, UserId user) {
    TRY(const auto rows,
        room_.read(call, "SELECT read_id FROM notifications_read WHERE user_id = $1", {integer(user.value)}));
    return NotificationId{rows.empty() ? 0 : rows[0].id(0)};
}

Result<std::uint32_t> Store::unread(const Call& call, UserId user, std::uint32_t max) {
    TRY(const auto rows,
        room_.read(
            call,
            "SELECT COUNT(*) FROM (SELECT 1 FROM notifications WHERE user_id = $1 AND id > "
            "COALESCE((SELECT read_id FROM notifications_read WHERE user_id = $1), 0) LIMIT $2) AS some",
            {integer(user.value), std::int64_t{max}}));
    return static_cast<std::uint32_t>(rows[0].integer(0));
}

Result<void> Store::mark_read(const Call& call, UserId user, NotificationId id) {
    Batch batch;
    batch.add(
        {"INSERT INTO notifications_read (user_id, read_id) "
         "SELECT user_id, MAX(id) FROM notifications WHERE user_id = $1 AND id <= $2 GROUP BY user_id "
         "ON CONFLICT (user_id) DO UPDATE SET read_id = excluded.read_id "
         "WHERE excluded.read_id > notifications_read.read_id",
         {integer(user.value), integer(id.value)}});
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<void> Store::dismiss(const Call& call, UserId user, NotificationId id) {
    Batch batch;
    batch.add({"DELETE FROM notifications WHERE id = $1 AND user_id = $2",
               {integer(id.value), integer(user.value)}});
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<void> Store::clear(const Call& call, UserId user) {
    Batch batch;
    batch.add({"DELETE FROM notifications WHERE user_id = $1", {integer(user.value)}});
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<std::vector<StoredEvent>> Store::events(const Call& call, std::uint64_t after, std::uint32_t limit) {
    TRY(const auto rows,
        room_.read(call,
                   "SELECT e.sequence, n.id, n.kind, n.user_id, n.actor_id, n.tweet_id, n.created_ms, 0 "
                   "FROM notifications_events e JOIN notifications n ON n.id = e.notification_id "
                   "WHERE e.sequence > $1 ORDER BY e.sequence LIMIT $2",
                   {integer(after), std::int64_t{limit}}));
    std::vector<StoredEvent> events;
    for (const sql::Row row : rows)
        events.push_back({row.id(0), notification_of(row, 1)});
    return events;
}

Result<std::uint64_t> Store::last_event(const Call& call) {
    TRY(const auto rows, room_.read(call, "SELECT COALESCE(MAX(sequence), 0) FROM notifications_events", {}));
    return rows[0].id(0);
}

Result<void> Store::sweep(const Call& call, WallMs events_before_ms) {
    Batch batch;
    // The last event stays, so that sequences go on from it.
    batch.add(
        {"DELETE FROM notifications_events WHERE at_ms < $1 AND sequence < (SELECT MAX(sequence) FROM "
         "notifications_events)",
         {events_before_ms}});
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<std::uint64_t> Store::highest_id(const Call& call) {
    TRY(const auto rows,
        room_.read(
            call,
            "SELECT COALESCE(MAX(highest), 0) FROM (SELECT MAX(id) AS highest FROM notifications UNION ALL "
            "SELECT MAX(read_id) FROM notifications_read UNION ALL "
            "SELECT MAX(notification_id) FROM notifications_events) AS used",
            {}));
    return rows[0].id(0);
}

}  // namespace jebi::notifications
