#include <algorithm>

#include "modules/accounts/store_parts.h"

namespace jebi::accounts {

namespace {

using sql::Batch;

constexpr std::string_view created_kind = "created";
constexpr std::string_view changed_kind = "changed";
constexpr std::string_view deleted_kind = "deleted";

// Sequences rise in the order of commits, since batches commit one after the other. The last event is never
// removed, or its sequence would be given again.
void add_event(Batch& batch, std::string_view kind, std::int64_t user, WallMs at_ms) {
    batch.add(
        {"INSERT INTO accounts_events (sequence, at_ms, kind, user_id) "
         "SELECT COALESCE(MAX(sequence), 0) + 1, $1, $2, $3 FROM accounts_events",
         {at_ms, sql::value(kind), user}});
}

Event event_of(const sql::Row& row) {
    Event event;
    event.set_sequence(row.id(0));
    event.set_at_ms(row.integer(1));
    const std::string& kind = row.text(2);
    if (kind == deleted_kind) {
        event.mutable_deleted()->set_user_id(row.id(3));
    } else {
        *(kind == created_kind ? event.mutable_created() : event.mutable_changed()) = user_of(row, 4);
    }
    return event;
}

}  // namespace

void add_created_event(Batch& batch, UserId user, WallMs at_ms) {
    add_event(batch, created_kind, integer(user.value), at_ms);
}

void add_changed_event(Batch& batch, UserId user, WallMs at_ms) {
    add_event(batch, changed_kind, integer(user.value), at_ms);
    batch.add(
        {"DELETE FROM accounts_events WHERE user_id = $1 AND kind = 'changed' "
         "AND sequence < (SELECT MAX(sequence) FROM accounts_events)",
         {sql::value(user)}});
}

void add_deleted_event(Batch& batch, UserId user, WallMs at_ms) {
    add_event(batch, deleted_kind, integer(user.value), at_ms);
    batch.add({"DELETE FROM accounts_events WHERE user_id = $1 AND kind <> 'deleted'", {sql::value(user)}});
}

Result<std::vector<Event>> Store::events(const Call& call, std::uint64_t after, std::uint32_t limit) {
    TRY(const auto rows,
        room_.read(call,
                   "SELECT e.sequence, e.at_ms, e.kind, e.user_id, "
                   "u.id, u.username, u.display_name, u.bio, u.link, u.created_ms, u.avatar "
                   "FROM accounts_events e LEFT JOIN accounts_users u ON u.id = e.user_id "
                   "WHERE e.sequence > $1 ORDER BY e.sequence LIMIT $2",
                   {integer(std::min<std::uint64_t>(after, INT64_MAX)), std::int64_t{limit}}));
    std::vector<Event> events;
    for (const sql::Row row : rows)
        events.push_back(event_of(row));
    return events;
}

Result<std::uint64_t> Store::last_event(const Call& call) {
    TRY(const auto rows, room_.read(call, "SELECT COALESCE(MAX(sequence), 0) FROM accounts_events", {}));
    return rows[0].id(0);
}

}  // namespace jebi::accounts
