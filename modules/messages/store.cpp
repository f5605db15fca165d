#include "modules/messages/store.h"

#include <algorithm>

namespace jebi::messages {

namespace {

using sql::Batch;
using sql::Expect;
using sql::Value;

std::int64_t integer(std::uint64_t id) {
    return static_cast<std::int64_t>(id);
}

// Two people in the order in which their messages are kept.
struct Pair {
    Pair(UserId one, UserId other)
        : low(integer(std::min(one, other).value)), high(integer(std::max(one, other).value)) {}
    std::int64_t low;
    std::int64_t high;
};

Error no_such_user() {
    return error(Code::not_found, "There is no such user.").because("no_such_user");
}

// From the columns id, from_id, low_id, high_id, text, created_ms, and what the reader has read.
StoredMessage message_of(const sql::Row& row, std::size_t first = 0) {
    const UserId from{row.id(first + 1)}, low{row.id(first + 2)}, high{row.id(first + 3)};
    return {.id = MessageId{row.id(first)},
            .from = from,
            .to = from == low ? high : low,
            .text = row.text(first + 4),
            .created_ms = row.integer(first + 5),
            .read = row.id(first + 6) >= row.id(first)};
}

void add_key(Batch& batch, const StoredMessage& message, const Key& key) {
    if (key.key.empty()) return;
    batch.add(
        {"INSERT INTO messages_keys (user_id, idempotency_key, digest, message_id, made_ms) VALUES ($1, $2, "
         "$3, "
         "$4, $5)",
         {integer(message.from.value), key.key, key.digest, integer(message.id.value), message.created_ms},
         Expect::a_row,
         error(Code::conflict, "This was sent before.").because("key_seen")});
}

void add_people_guard(Batch& batch, const Pair& pair) {
    batch.add({"SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM messages_former_people WHERE user_id IN ($1, $2))",
               {pair.low, pair.high},
               Expect::a_row,
               no_such_user()});
}

void add_message(Batch& batch, const StoredMessage& message, const Rate& rate) {
    const Pair pair{message.from, message.to};
    batch.add(
        {"INSERT INTO messages (id, low_id, high_id, from_id, text, created_ms) SELECT $1, $2, $3, $4, $5, "
         "$6 "
         "WHERE (SELECT COUNT(*) FROM messages WHERE from_id = $4 AND created_ms > $7) < $8",
         {integer(message.id.value), pair.low, pair.high, integer(message.from.value), message.text,
          message.created_ms, message.created_ms - rate.window.count(), std::int64_t{rate.messages_max}},
         Expect::a_row,
         error(Code::exhausted, "That were many messages in a short time. Please wait a little.")
             .because("too_many")});
}

// The conversation as each of the two sees it. Ids may arrive out of order, so the greater one stays.
void add_conversations(Batch& batch, const StoredMessage& message) {
    const std::int64_t id = integer(message.id.value);
    const std::int64_t from = integer(message.from.value), to = integer(message.to.value);
    constexpr std::string_view sql =
        "INSERT INTO messages_conversations (owner_id, with_id, last_id, incoming_id) VALUES ($1, $2, $3, "
        "$4) "
        "ON CONFLICT (owner_id, with_id) DO UPDATE SET "
        "last_id = CASE WHEN messages_conversations.last_id > $3 THEN messages_conversations.last_id ELSE $3 "
        "END, "
        "incoming_id = CASE WHEN messages_conversations.incoming_id > $4 THEN "
        "messages_conversations.incoming_id "
        "ELSE $4 END";
    batch.add({sql, {from, to, id, std::int64_t{0}}});
    batch.add({sql, {to, from, id, id}});
}

void add_event(Batch& batch, const StoredMessage& message) {
    batch.add(
        {"INSERT INTO messages_events (sequence, at_ms, message_id) "
         "SELECT COALESCE(MAX(sequence), 0) + 1, $1, $2 FROM messages_events",
         {message.created_ms, integer(message.id.value)}});
}

// After messages of a conversation went out of its owner's view.
void add_recount(Batch& batch, UserId owner, UserId with) {
    const Pair pair{owner, with};
    batch.add(
        {"UPDATE messages_conversations SET "
         "last_id = COALESCE((SELECT MAX(id) FROM messages WHERE low_id = $3 AND high_id = $4 AND id > "
         "cleared_id "
         "AND CASE WHEN low_id = $1 THEN hidden_for_low ELSE hidden_for_high END = 0), 0), "
         "incoming_id = COALESCE((SELECT MAX(id) FROM messages WHERE low_id = $3 AND high_id = $4 AND id > "
         "cleared_id "
         "AND from_id = $2 AND CASE WHEN low_id = $1 THEN hidden_for_low ELSE hidden_for_high END = 0), 0) "
         "WHERE owner_id = $1 AND with_id = $2",
         {integer(owner.value), integer(with.value), pair.low, pair.high}});
}

void add_position(Batch& batch, std::uint64_t sequence) {
    batch.add(
        {"INSERT INTO messages_positions (source, sequence) VALUES ($1, $2) "
         "ON CONFLICT (source) DO UPDATE SET sequence = $2",
         {std::string("accounts"), integer(sequence)}});
}

}  // namespace

Result<void> Store::send(const Call& call, const StoredMessage& message, const Key& key, const Rate& rate) {
    Batch batch;
    add_key(batch, message, key);
    add_people_guard(batch, {message.from, message.to});
    add_message(batch, message, rate);
    add_conversations(batch, message);
    add_event(batch, message);
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<KeptKey> Store::key(const Call& call, UserId user, const std::string& key) {
    TRY(const auto rows,
        room_.read(call,
                   "SELECT digest, message_id FROM messages_keys WHERE user_id = $1 AND idempotency_key = $2",
                   {integer(user.value), key}));
    if (rows.empty()) return fail(Code::not_found, "There is no such key.");
    return KeptKey{rows[0].text(0), MessageId{rows[0].id(1)}};
}

Result<StoredMessage> Store::by_id(const Call& call, MessageId id) {
    TRY(const auto rows,
        room_.read(
            call,
            "SELECT m.id, m.from_id, m.low_id, m.high_id, m.text, m.created_ms, COALESCE(c.read_id, 0) "
            "FROM messages m LEFT JOIN messages_conversations c ON c.with_id = m.from_id AND c.owner_id = "
            "CASE WHEN m.from_id = m.low_id THEN m.high_id ELSE m.low_id END WHERE m.id = $1",
            {integer(id.value)}));
    if (rows.empty())
        return fail(error(Code::not_found, "There is no such message any more.").because("message_gone"));
    return message_of(rows[0]);
}

Result<WallMs> Store::sent_ms(const Call& call, UserId sender, std::uint32_t back) {
    TRY(const auto rows, room_.read(call,
                                    "SELECT created_ms FROM messages WHERE from_id = $1 "
                                    "ORDER BY created_ms DESC LIMIT 1 OFFSET $2",
                                    {integer(sender.value), std::int64_t{back}}));
    return rows.empty() ? 0 : rows[0].integer(0);
}

Result<std::vector<StoredConversation>> Store::conversations(const Call& call, UserId owner,
                                                             std::uint64_t before, std::uint32_t limit) {
    TRY(const auto rows,
        room_.read(
            call,
            "SELECT c.with_id, CASE WHEN c.incoming_id > c.read_id THEN 1 ELSE 0 END, m.id, m.from_id, "
            "m.low_id, m.high_id, m.text, m.created_ms, "
            "CASE WHEN m.from_id = c.owner_id THEN COALESCE(o.read_id, 0) ELSE c.read_id END "
            "FROM messages_conversations c JOIN messages m ON m.id = c.last_id "
            "LEFT JOIN messages_conversations o ON o.owner_id = c.with_id AND o.with_id = c.owner_id "
            "WHERE c.owner_id = $1 AND c.last_id < $2 ORDER BY c.last_id DESC LIMIT $3",
            {integer(owner.value), integer(before), std::int64_t{limit}}));
    std::vector<StoredConversation> all;
    for (const sql::Row row : rows)
        all.push_back({.with = UserId{row.id(0)}, .last = message_of(row, 2), .unread = row.flag(1)});
    return all;
}

Result<std::vector<StoredMessage>> Store::with(const Call& call, UserId owner, UserId with,
                                               std::uint64_t before, std::uint32_t limit) {
    const Pair pair{owner, with};
    TRY(const auto rows,
        room_.read(
            call,
            "SELECT m.id, m.from_id, m.low_id, m.high_id, m.text, m.created_ms, "
            "CASE WHEN m.from_id = c.owner_id THEN COALESCE(o.read_id, 0) ELSE c.read_id END "
            "FROM messages_conversations c "
            "JOIN messages m ON m.low_id = $3 AND m.high_id = $4 AND m.id > c.cleared_id AND m.id < $5 "
            "LEFT JOIN messages_conversations o ON o.owner_id = c.with_id AND o.with_id = c.owner_id "
            "WHERE c.owner_id = $1 AND c.with_id = $2 "
            "AND CASE WHEN m.low_id = $1 THEN m.hidden_for_low ELSE m.hidden_for_high END = 0 "
            "ORDER BY m.id DESC LIMIT $6",
            {integer(owner.value), integer(with.value), pair.low, pair.high, integer(before),
             std::int64_t{limit}}));
    std::vector<StoredMessage> all;
    for (const sql::Row row : rows)
        all.push_back(message_of(row));
    return all;
}

Result<void> Store::mark_read(const Call& call, UserId owner, UserId with, MessageId up_to) {
    Batch batch;
    batch.add(
        {"UPDATE messages_conversations SET read_id = CASE WHEN $3 < incoming_id THEN $3 ELSE incoming_id "
         "END "
         "WHERE owner_id = $1 AND with_id = $2 AND read_id < $3 AND read_id < incoming_id",
         {integer(owner.value), integer(with.value), integer(up_to.value)}});
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<std::uint32_t> Store::unread(const Call& call, UserId owner, std::uint32_t max) {
    TRY(const auto rows, room_.read(call,
                                    "SELECT COUNT(*) FROM (SELECT 1 FROM messages_conversations "
                                    "WHERE owner_id = $1 AND incoming_id > read_id LIMIT $2) AS some",
                                    {integer(owner.value), std::int64_t{max}}));
    return static_cast<std::uint32_t>(rows[0].integer(0));
}

Result<void> Store::hide_message(const Call& call, UserId owner, UserId with, MessageId message) {
    const Pair pair{owner, with};
    Batch batch;
    batch.add(
        {"UPDATE messages SET hidden_for_low = CASE WHEN low_id = $1 THEN 1 ELSE hidden_for_low END, "
         "hidden_for_high = CASE WHEN high_id = $1 THEN 1 ELSE hidden_for_high END "
         "WHERE id = $2 AND low_id = $3 AND high_id = $4",
         {integer(owner.value), integer(message.value), pair.low, pair.high}});
    add_recount(batch, owner, with);
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<void> Store::hide_conversation(const Call& call, UserId owner, UserId with) {
    const Pair pair{owner, with};
    Batch batch;
    batch.add(
        {"UPDATE messages_conversations SET cleared_id = COALESCE((SELECT MAX(id) FROM messages WHERE low_id "
         "= $3 "
         "AND high_id = $4), 0), last_id = 0, incoming_id = 0 WHERE owner_id = $1 AND with_id = $2",
         {integer(owner.value), integer(with.value), pair.low, pair.high}});
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<bool> Store::remove_unseen(const Call& call, UserId one, UserId other, std::uint32_t rows_max) {
    const Pair pair{one, other};
    Batch batch;
    batch.add(
        {"DELETE FROM messages WHERE id IN (SELECT m.id FROM messages m "
         "JOIN messages_conversations l ON l.owner_id = m.low_id AND l.with_id = m.high_id "
         "JOIN messages_conversations h ON h.owner_id = m.high_id AND h.with_id = m.low_id "
         "WHERE m.low_id = $1 AND m.high_id = $2 AND (m.hidden_for_low = 1 OR m.id <= l.cleared_id) "
         "AND (m.hidden_for_high = 1 OR m.id <= h.cleared_id) LIMIT $3)",
         {pair.low, pair.high, std::int64_t{rows_max}}});
    TRY(const auto done, room_.write(call, std::move(batch)));
    return done.statements.back().changed >= rows_max;
}

Result<std::vector<StoredEvent>> Store::events(const Call& call, std::uint64_t after, std::uint32_t limit) {
    TRY(const auto rows,
        room_.read(call,
                   "SELECT e.sequence, m.id, m.from_id, m.low_id, m.high_id, m.text, m.created_ms, 0 "
                   "FROM messages_events e JOIN messages m ON m.id = e.message_id "
                   "WHERE e.sequence > $1 ORDER BY e.sequence LIMIT $2",
                   {integer(after), std::int64_t{limit}}));
    std::vector<StoredEvent> events;
    for (const sql::Row row : rows)
        events.push_back({row.id(0), message_of(row, 1)});
    return events;
}

Result<std::uint64_t> Store::last_event(const Call& call) {
    TRY(const auto rows, room_.read(call, "SELECT COALESCE(MAX(sequence), 0) FROM messages_events", {}));
    return rows[0].id(0);
}

Result<std::uint64_t> Store::accounts_position(const Call& call) {
    TRY(const auto rows, room_.read(call, "SELECT sequence FROM messages_positions WHERE source = $1",
                                    {std::string("accounts")}));
    return rows.empty() ? 0 : rows[0].id(0);
}

Result<void> Store::move_accounts_position(const Call& call, std::uint64_t sequence) {
    Batch batch;
    add_position(batch, sequence);
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<void> Store::refuse_person(const Call& call, UserId person) {
    Batch batch;
    batch.add({"INSERT INTO messages_former_people (user_id) VALUES ($1) ON CONFLICT DO NOTHING",
               {integer(person.value)}});
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<bool> Store::forget_some(const Call& call, UserId person, std::uint32_t rows_max) {
    const std::vector<Value> parameters{integer(person.value), std::int64_t{rows_max}};
    Batch batch;
    batch.add({"DELETE FROM messages WHERE id IN (SELECT id FROM messages WHERE low_id = $1 LIMIT $2)",
               parameters});
    batch.add({"DELETE FROM messages WHERE id IN (SELECT id FROM messages WHERE high_id = $1 LIMIT $2)",
               parameters});
    batch.add(
        {"DELETE FROM messages_conversations WHERE owner_id = $1 AND with_id IN "
         "(SELECT with_id FROM messages_conversations WHERE owner_id = $1 LIMIT $2)",
         parameters});
    batch.add(
        {"DELETE FROM messages_conversations WHERE with_id = $1 AND owner_id IN "
         "(SELECT owner_id FROM messages_conversations WHERE with_id = $1 LIMIT $2)",
         parameters});
    batch.add(
        {"DELETE FROM messages_keys WHERE user_id = $1 AND idempotency_key IN "
         "(SELECT idempotency_key FROM messages_keys WHERE user_id = $1 LIMIT $2)",
         parameters});
    TRY(const auto done, room_.write(call, std::move(batch)));
    return std::ranges::any_of(done.statements,
                               [&](const auto& statement) { return statement.changed >= rows_max; });
}

Result<void> Store::sweep(const Call& call, WallMs keys_before_ms, WallMs events_before_ms) {
    Batch batch;
    batch.add({"DELETE FROM messages_keys WHERE made_ms < $1", {keys_before_ms}});
    // The last event stays, so that sequences go on from it.
    batch.add(
        {"DELETE FROM messages_events WHERE at_ms < $1 AND sequence < (SELECT MAX(sequence) FROM "
         "messages_events)",
         {events_before_ms}});
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<std::uint64_t> Store::highest_id(const Call& call) {
    TRY(const auto rows, room_.read(call, "SELECT COALESCE(MAX(id), 0) FROM messages", {}));
    return rows[0].id(0);
}

}  // namespace jebi::messages
