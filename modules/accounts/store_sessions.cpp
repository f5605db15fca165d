#include "modules/accounts/sessions.h"
#include "modules/accounts/store_parts.h"

namespace jebi::accounts {

namespace {

using sql::Batch;
using sql::Expect;
using sql::value;
using sql::Value;

Session session_of(const sql::Row& row) {
    Session session;
    session.set_id(row.id(0));
    session.set_created_ms(row.integer(1));
    session.set_last_used_ms(row.integer(2));
    session.mutable_client()->set_address(row.text(3));
    session.mutable_client()->set_user_agent(row.text(4));
    return session;
}

Visit visit_of(const sql::Row& row) {
    Visit visit{.session = session_of(row), .scopes = row.text(5)};
    if (!row.is_null(6)) visit.app = app_of(row, 6);
    if (!row.is_null(12)) visit.user = user_of(row, 12);
    return visit;
}

// A text for each kind of session, since each makes room among its own.
std::string_view text_of_room(const NewSession& opened) {
    if (!opened.app)
        return "DELETE FROM accounts_sessions WHERE id IN (SELECT id FROM accounts_sessions "
               "WHERE user_id = $1 AND app_id = 0 AND id <> $2 "
               "ORDER BY last_used_ms DESC, id DESC LIMIT 1000 OFFSET $3)";
    if (opened.user)
        return "DELETE FROM accounts_sessions WHERE id IN (SELECT id FROM accounts_sessions "
               "WHERE user_id = $1 AND app_id <> 0 AND id <> $2 "
               "ORDER BY last_used_ms DESC, id DESC LIMIT 1000 OFFSET $3)";
    return "DELETE FROM accounts_sessions WHERE id IN (SELECT id FROM accounts_sessions "
           "WHERE app_id = $1 AND user_id = 0 AND id <> $2 "
           "ORDER BY last_used_ms DESC, id DESC LIMIT 1000 OFFSET $3)";
}

// The newest stay, and this one whatever the clock says.
void add_room_for(Batch& batch, const NewSession& opened) {
    const std::size_t kept = opened.user ? sessions_max : own_tokens_max;
    batch.add({text_of_room(opened),
               {opened.user ? value(opened.user) : value(opened.app), integer(opened.session.id()),
                static_cast<std::int64_t>(kept) - 1}});
}

// Two for each that is opened, so that what is over does not pile up.
void add_sweep_of_idle(Batch& batch, WallMs idle_before_ms) {
    batch.add(
        {"DELETE FROM accounts_sessions WHERE id IN (SELECT id FROM accounts_sessions "
         "WHERE app_id = 0 AND last_used_ms < $1 ORDER BY last_used_ms LIMIT 2)",
         {idle_before_ms}});
}

}  // namespace

void add_session(Batch& batch, const NewSession& opened) {
    const Session& session = opened.session;
    if (!opened.idempotency_key.empty()) {
        batch.add(
            {"DELETE FROM accounts_sessions WHERE user_id = $1 AND idempotency_key = $2 AND app_id = $3",
             {value(opened.user), opened.idempotency_key, value(opened.app)}});
    }
    batch.add(
        {"INSERT INTO accounts_sessions (id, token_hash, user_id, created_ms, last_used_ms, address, "
         "user_agent, idempotency_key, app_id, scopes, code_hash) "
         "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
         {integer(session.id()), opened.token_hash, value(opened.user), session.created_ms(),
          session.last_used_ms(), session.client().address(), session.client().user_agent(),
          opened.idempotency_key, value(opened.app), opened.scopes,
          opened.code_hash.empty() ? Value{} : Value{opened.code_hash}}});
    add_room_for(batch, opened);
    add_sweep_of_idle(batch, opened.idle_before_ms);
}

Result<void> Store::open_session(const Call& call, const NewSession& session, const Account& account,
                                 const std::string& rehashed, const std::vector<Try>& right) {
    Batch batch;
    add_password_guard(batch, account);
    if (!rehashed.empty()) {
        batch.add({"UPDATE accounts_users SET password_hash = $2 WHERE id = $1",
                   {integer(account.user.id()), rehashed}});
    }
    add_session(batch, session);
    add_taken_back(batch, right);
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<std::optional<Visit>> Store::visit(const Call& call, const std::string& token_hash) {
    TRY(const auto rows,
        room_.read(call,
                   "SELECT s.id, s.created_ms, s.last_used_ms, s.address, s.user_agent, "
                   "s.scopes, a.id, a.client_id, a.name, a.website, a.redirect_uris, a.scopes, "
                   "u.id, u.username, u.display_name, u.bio, u.link, u.created_ms, u.avatar "
                   "FROM accounts_sessions s LEFT JOIN accounts_apps a ON a.id = s.app_id "
                   "LEFT JOIN accounts_users u ON u.id = s.user_id "
                   "WHERE s.token_hash = $1 AND (u.id IS NOT NULL OR s.user_id = 0)",
                   {token_hash}));
    if (rows.empty()) return std::optional<Visit>{};
    return visit_of(rows[0]);
}

Result<void> Store::touch(const Call& call, SessionId session, WallMs now_ms, WallMs unless_after_ms) {
    Batch batch;
    batch.add({"UPDATE accounts_sessions SET last_used_ms = $2 WHERE id = $1 AND last_used_ms <= $3",
               {value(session), now_ms, unless_after_ms}});
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<std::vector<Session>> Store::sessions(const Call& call, UserId user, WallMs used_after_ms,
                                             WallMs made_after_ms) {
    TRY(const auto rows,
        room_.read(call,
                   "SELECT s.id, s.created_ms, s.last_used_ms, s.address, s.user_agent, COALESCE(a.name, '') "
                   "FROM accounts_sessions s LEFT JOIN accounts_apps a ON a.id = s.app_id "
                   "WHERE s.user_id = $1 AND (s.app_id <> 0 OR (s.last_used_ms > $2 AND s.created_ms > $3)) "
                   "ORDER BY s.last_used_ms DESC, s.id DESC LIMIT $4",
                   {value(user), used_after_ms, made_after_ms, std::int64_t{2 * sessions_max}}));
    std::vector<Session> sessions;
    for (const sql::Row row : rows)
        sessions.emplace_back(session_of(row)).set_app_name(row.text(5));
    return sessions;
}

Result<void> Store::end_session_of_token(const Call& call, const std::string& token_hash) {
    Batch batch;
    batch.add({"DELETE FROM accounts_sessions WHERE token_hash = $1", {token_hash}});
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<void> Store::end_session(const Call& call, UserId user, SessionId session, const Key& key,
                                WallMs now_ms) {
    Batch batch;
    add_key(batch, key, user, now_ms);
    batch.add({"DELETE FROM accounts_sessions WHERE id = $1 AND user_id = $2",
               {value(session), value(user)},
               Expect::a_row,
               error(Code::not_found, "There is no such session.")});
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<void> Store::end_other_sessions(const Call& call, UserId user, const std::string& kept_token_hash) {
    Batch batch;
    batch.add({"DELETE FROM accounts_sessions WHERE user_id = $1 AND token_hash <> $2",
               {value(user), kept_token_hash}});
    add_end_of_codes(batch, user);
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

}  // namespace jebi::accounts
