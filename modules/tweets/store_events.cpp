#include "modules/tweets/store_parts.h"

namespace jebi::tweets {

using sql::Batch;

Result<std::vector<StoredEvent>> Store::events(const Call& call, std::uint64_t after, std::uint32_t limit) {
    TRY(const auto rows,
        room_.read(
            call,
            "SELECT sequence, at_ms, kind, user_id, tweet_id, author_id, text, created_ms, edited_ms, "
            "reply_to_id, reply_to_author_id, thread_id, repost_of_id, repost_of_author_id, 0, 0, 0, 0 "
            "FROM tweets_events WHERE sequence > $1 ORDER BY sequence LIMIT $2",
            {integer(after), std::int64_t{limit}}));
    std::vector<StoredEvent> events;
    events.reserve(rows.size());
    for (const sql::Row row : rows)
        events.push_back({row.id(0), row.integer(1), row.text(2), tweet_of(row, 4), UserId{row.id(3)}});
    return events;
}

Result<std::uint64_t> Store::last_event(const Call& call) {
    TRY(const auto rows, room_.read(call, "SELECT COALESCE(MAX(sequence), 0) FROM tweets_events", {}));
    return rows[0].id(0);
}

Result<std::uint64_t> Store::accounts_position(const Call& call) {
    TRY(const auto rows, room_.read(call, "SELECT sequence FROM tweets_positions WHERE source = $1",
                                    {std::string("accounts")}));
    return rows.empty() ? 0 : rows[0].id(0);
}

Result<void> Store::move_accounts_position(const Call& call, std::uint64_t sequence) {
    Batch batch;
    add_position(batch, sequence);
    return run(call, std::move(batch));
}

Result<void> Store::sweep(const Call& call, WallMs keys_before_ms, WallMs events_before_ms) {
    Batch batch;
    batch.add({"DELETE FROM tweets_keys WHERE made_ms < $1", {keys_before_ms}});
    // The last event stays, so that sequences go on from it.
    batch.add(
        {"DELETE FROM tweets_events WHERE at_ms < $1 AND sequence < (SELECT MAX(sequence) FROM "
         "tweets_events)",
         {events_before_ms}});
    return run(call, std::move(batch));
}

Result<std::uint64_t> Store::highest_id(const Call& call) {
    TRY(const auto rows, room_.read(call,
                                    "SELECT COALESCE(MAX(id), 0) FROM (SELECT MAX(id) AS id FROM tweets "
                                    "UNION ALL SELECT MAX(id) AS id FROM tweets_favourites) ids",
                                    {}));
    return rows[0].id(0);
}

}  // namespace jebi::tweets
