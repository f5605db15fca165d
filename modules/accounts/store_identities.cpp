#include "modules/accounts/store_parts.h"

namespace jebi::accounts {

namespace {

using sql::Batch;
using sql::Expect;
using sql::value;

Error identity_taken() {
    return error(Code::conflict, "This is linked to another account already.")
        .because(std::string(identity_of_another));
}
Error provider_taken() {
    return error(Code::conflict, "This account is linked to somebody else there.").because("provider_taken");
}
Error last_way_in() {
    return error(Code::invalid, "This is the only way to sign in to this account. Set a password first.")
        .because("last_way_in");
}

void add_user_guard(Batch& batch, UserId user) {
    batch.add({"SELECT 1 FROM accounts_users WHERE id = $1", {value(user)}, Expect::a_row, user_gone()});
}

}  // namespace

void add_identity(Batch& batch, const NewIdentity& identity, UserId user, WallMs at_ms) {
    batch.add(
        {"INSERT INTO accounts_identities (provider, subject, user_id, login, linked_ms) "
         "VALUES ($1, $2, $3, $4, $5)",
         {identity.provider, identity.subject, value(user), identity.login, at_ms},
         Expect::a_row,
         identity_taken()});
}

void add_end_of_identities(Batch& batch, UserId user) {
    batch.add({"DELETE FROM accounts_identities WHERE user_id = $1", {value(user)}});
}

Result<std::optional<Account>> Store::account_by_identity(const Call& call, const NewIdentity& identity) {
    return account(call,
                   "SELECT id, username, display_name, bio, link, created_ms, avatar, email, password_hash, "
                   "password_version, 0 "
                   "FROM accounts_users WHERE id = (SELECT user_id FROM accounts_identities "
                   "WHERE provider = $1 AND subject = $2)",
                   {identity.provider, identity.subject});
}

Result<void> Store::open_session_for_identity(const Call& call, const NewIdentity& identity,
                                              const NewSession& session) {
    Batch batch;
    // Goes with the user, so that it is there says that the user is, too.
    batch.add(
        {"UPDATE accounts_identities SET login = $4 WHERE provider = $1 AND subject = $2 AND user_id = $3",
         {identity.provider, identity.subject, value(session.user), identity.login},
         Expect::a_row,
         error(Code::conflict, "This was unlinked in between. Please try again.").because("identity_moved")});
    add_session(batch, session);
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<std::vector<Identity>> Store::identities(const Call& call, UserId user) {
    TRY(const auto rows, room_.read(call,
                                    "SELECT provider, login, linked_ms FROM accounts_identities "
                                    "WHERE user_id = $1 ORDER BY provider LIMIT 100",
                                    {value(user)}));
    std::vector<Identity> identities;
    for (const sql::Row row : rows) {
        Identity& identity = identities.emplace_back();
        identity.set_provider(row.text(0));
        identity.set_login(row.text(1));
        identity.set_linked_ms(row.integer(2));
    }
    return identities;
}

Result<void> Store::link_identity(const Call& call, UserId user, const NewIdentity& identity, WallMs at_ms) {
    Batch batch;
    add_user_guard(batch, user);
    batch.add(
        {"SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM accounts_identities "
         "WHERE provider = $1 AND subject = $2 AND user_id <> $3)",
         {identity.provider, identity.subject, value(user)},
         Expect::a_row,
         identity_taken()});
    batch.add(
        {"SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM accounts_identities "
         "WHERE provider = $1 AND user_id = $2 AND subject <> $3)",
         {identity.provider, value(user), identity.subject},
         Expect::a_row,
         provider_taken()});
    batch.add(
        {"INSERT INTO accounts_identities (provider, subject, user_id, login, linked_ms) "
         "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (provider, subject) DO UPDATE SET login = excluded.login",
         {identity.provider, identity.subject, value(user), identity.login, at_ms}});
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<void> Store::unlink_identity(const Call& call, UserId user, const std::string& provider) {
    Batch batch;
    add_user_guard(batch, user);
    batch.add(
        {"SELECT 1 FROM accounts_users u WHERE u.id = $1 AND (u.password_hash <> '' "
         "OR EXISTS (SELECT 1 FROM accounts_identities WHERE user_id = $1 AND provider <> $2) "
         "OR NOT EXISTS (SELECT 1 FROM accounts_identities WHERE user_id = $1 AND provider = $2))",
         {value(user), provider},
         Expect::a_row,
         last_way_in()});
    batch.add(
        {"DELETE FROM accounts_identities WHERE user_id = $1 AND provider = $2", {value(user), provider}});
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

}  // namespace jebi::accounts
