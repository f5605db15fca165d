// What the store's files share: pieces of batches and of rows.
#pragma once

#include "modules/accounts/store.h"

namespace jebi::accounts {

inline constexpr Millis keys_kept{std::chrono::hours(24)};

inline std::int64_t integer(std::uint64_t id) {
    return static_cast<std::int64_t>(id);
}

// From the columns id, username, display_name, bio, link, created_ms, avatar.
User user_of(const sql::Row& row, std::size_t first = 0);

// From the columns id, client_id, name, website, redirect_uris, scopes.
App app_of(const sql::Row& row, std::size_t first = 0);

Error user_gone();
// The batch goes on only while this is the account's password.
void add_password_guard(sql::Batch& batch, const Account& account);
void add_session(sql::Batch& batch, const NewSession& session);
void add_identity(sql::Batch& batch, const NewIdentity& identity, UserId user, WallMs at_ms);
void add_end_of_avatar(sql::Batch& batch, UserId user);
void add_end_of_identities(sql::Batch& batch, UserId user);
void add_end_of_codes(sql::Batch& batch, UserId user);
// What happened to a user; of older events what no longer says anything goes.
void add_created_event(sql::Batch& batch, UserId user, WallMs at_ms);
void add_changed_event(sql::Batch& batch, UserId user, WallMs at_ms);
void add_deleted_event(sql::Batch& batch, UserId user, WallMs at_ms);
// The key, when there is one, and a sweep of a few that are over. The batch ends with key_seen when the key
// is there already.
void add_key(sql::Batch& batch, const Key& key, UserId subject, WallMs now_ms);
void add_taken_back(sql::Batch& batch, const std::vector<Try>& tries);

}  // namespace jebi::accounts
