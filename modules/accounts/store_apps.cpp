#include "modules/accounts/sessions.h"
#include "modules/accounts/store_parts.h"

namespace jebi::accounts {

namespace {

using sql::Batch;
using sql::Expect;
using sql::value;

std::string lines_of(const App& app) {
    std::string lines;
    for (const std::string& uri : app.redirect_uris())
        lines += (lines.empty() ? "" : "\n") + uri;
    return lines;
}

void add_uris(App& app, std::string_view lines) {
    while (true) {
        const auto end = lines.find('\n');
        app.add_redirect_uris(std::string(lines.substr(0, end)));
        if (end == std::string_view::npos) return;
        lines.remove_prefix(end + 1);
    }
}

// Nobody brings codes that are over; a user's newest are the ones that are about to be brought.
void add_sweep_of_codes(Batch& batch, UserId user, WallMs now_ms) {
    batch.add(
        {"DELETE FROM accounts_codes WHERE code_hash IN (SELECT code_hash FROM accounts_codes "
         "WHERE expires_ms <= $1 ORDER BY expires_ms LIMIT 8)",
         {now_ms}});
    batch.add(
        {"DELETE FROM accounts_codes WHERE code_hash IN (SELECT code_hash FROM accounts_codes "
         "WHERE user_id = $1 ORDER BY expires_ms DESC, code_hash LIMIT 1000 OFFSET $2)",
         {value(user), std::int64_t{codes_max} - 1}});
}

// Registering is free, so what was never used, or is no more, must not pile up. (Passes over those in use, a
// look at an index for each; who may register how often is bounded.)
void add_sweep_of_apps(Batch& batch, WallMs made_before_ms) {
    batch.add(
        {"DELETE FROM accounts_apps WHERE id IN (SELECT a.id FROM accounts_apps a WHERE a.created_ms < $1 "
         "AND NOT EXISTS (SELECT 1 FROM accounts_sessions s WHERE s.app_id = a.id) "
         "ORDER BY a.created_ms LIMIT 2)",
         {made_before_ms}});
}

}  // namespace

App app_of(const sql::Row& row, std::size_t first) {
    App app;
    app.set_id(row.id(first));
    app.set_client_id(row.text(first + 1));
    app.set_name(row.text(first + 2));
    app.set_website(row.text(first + 3));
    add_uris(app, row.text(first + 4));
    app.set_scopes(row.text(first + 5));
    return app;
}

void add_end_of_codes(Batch& batch, UserId user) {
    batch.add({"DELETE FROM accounts_codes WHERE user_id = $1", {value(user)}});
}

Result<void> Store::add_app(const Call& call, const KeptApp& added, WallMs now_ms) {
    const App& app = added.app;
    Batch batch;
    add_sweep_of_apps(batch, now_ms - unused_app_life.count());
    batch.add(
        {"INSERT INTO accounts_apps (id, client_id, secret_hash, name, website, redirect_uris, scopes, "
         "created_ms) "
         "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
         {integer(app.id()), app.client_id(), added.secret_hash, app.name(), app.website(), lines_of(app),
          app.scopes(), now_ms}});
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<std::optional<KeptApp>> Store::app(const Call& call, const std::string& client_id) {
    TRY(const auto rows, room_.read(call,
                                    "SELECT id, client_id, name, website, redirect_uris, scopes, secret_hash "
                                    "FROM accounts_apps WHERE client_id = $1",
                                    {client_id}));
    if (rows.empty()) return std::optional<KeptApp>{};
    return KeptApp{.app = app_of(rows[0]), .secret_hash = rows[0].text(6)};
}

Result<void> Store::add_grant(const Call& call, const Grant& grant, WallMs now_ms) {
    Batch batch;
    batch.add(
        {"SELECT 1 FROM accounts_users WHERE id = $1", {value(grant.user)}, Expect::a_row, user_gone()});
    add_sweep_of_codes(batch, grant.user, now_ms);
    batch.add(
        {"INSERT INTO accounts_codes (code_hash, app_id, user_id, redirect_uri, scopes, challenge, "
         "expires_ms) "
         "VALUES ($1, $2, $3, $4, $5, $6, $7)",
         {grant.code_hash, value(grant.app), value(grant.user), grant.redirect_uri, grant.scopes,
          grant.challenge, grant.expires_ms}});
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<std::optional<Grant>> Store::grant(const Call& call, const std::string& code_hash) {
    TRY(const auto rows, room_.read(call,
                                    "SELECT app_id, user_id, redirect_uri, scopes, challenge, expires_ms "
                                    "FROM accounts_codes WHERE code_hash = $1",
                                    {code_hash}));
    if (rows.empty()) return std::optional<Grant>{};
    const sql::Row row = rows[0];
    return Grant{.code_hash = code_hash,
                 .app = AppId{row.id(0)},
                 .user = UserId{row.id(1)},
                 .redirect_uri = row.text(2),
                 .scopes = row.text(3),
                 .challenge = row.text(4),
                 .expires_ms = row.integer(5)};
}

Result<void> Store::open_session_for_grant(const Call& call, const Grant& grant, const NewSession& session) {
    Batch batch;
    // Goes with the user, so that it is there says that the user is, too.
    batch.add({"DELETE FROM accounts_codes WHERE code_hash = $1",
               {grant.code_hash},
               Expect::a_row,
               error(Code::conflict, "This code was used.").because(std::string(code_used))});
    add_session(batch, session);
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<void> Store::open_session_of_app(const Call& call, const NewSession& session) {
    Batch batch;
    add_session(batch, session);
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<bool> Store::replace_token_of_grant(const Call& call, AppId app, const std::string& code_hash,
                                           const std::string& idempotency_key,
                                           const std::string& token_hash) {
    Batch batch;
    batch.add(
        {"UPDATE accounts_sessions SET token_hash = $4 WHERE code_hash = $1 AND app_id = $2 AND "
         "idempotency_key = $3",
         {code_hash, value(app), idempotency_key, token_hash}});
    TRY(const auto done, room_.write(call, std::move(batch)));
    return done.statements[0].changed > 0;
}

Result<bool> Store::end_session_of_grant(const Call& call, AppId app, const std::string& code_hash) {
    Batch batch;
    batch.add(
        {"DELETE FROM accounts_sessions WHERE code_hash = $1 AND app_id = $2", {code_hash, value(app)}});
    TRY(const auto done, room_.write(call, std::move(batch)));
    return done.statements[0].changed > 0;
}

Result<void> Store::end_session_of_app(const Call& call, AppId app, const std::string& token_hash) {
    Batch batch;
    batch.add(
        {"DELETE FROM accounts_sessions WHERE token_hash = $1 AND app_id = $2", {token_hash, value(app)}});
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

}  // namespace jebi::accounts
