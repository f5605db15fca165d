#include "modules/accounts/store_parts.h"

namespace jebi::accounts {

namespace {

using sql::Batch;
using sql::Expect;
using sql::value;

// The user is the answer of the batch's first statement.
void add_version(Batch& batch, UserId user, const std::string& version) {
    batch.add(
        {"UPDATE accounts_users SET avatar = $2 WHERE id = $1 "
         "RETURNING id, username, display_name, bio, link, created_ms, avatar",
         {value(user), version},
         Expect::a_row,
         user_gone()});
}

}  // namespace

void add_end_of_avatar(Batch& batch, UserId user) {
    batch.add({"DELETE FROM accounts_avatars WHERE user_id = $1", {value(user)}});
}

Result<User> Store::set_avatar(const Call& call, UserId user, const Avatar& avatar, WallMs at_ms) {
    Batch batch;
    add_version(batch, user, avatar.version);
    batch.add(
        {"INSERT INTO accounts_avatars (user_id, version, content_type, picture) VALUES ($1, $2, $3, $4) "
         "ON CONFLICT (user_id) DO UPDATE SET version = excluded.version, "
         "content_type = excluded.content_type, picture = excluded.picture",
         {value(user), avatar.version, avatar.content_type,
          sql::Blob(avatar.picture.begin(), avatar.picture.end())}});
    add_changed_event(batch, user, at_ms);
    TRY(const auto done, room_.write(call, std::move(batch)));
    return user_of(done.statements[0].rows[0]);
}

Result<User> Store::remove_avatar(const Call& call, UserId user, WallMs at_ms) {
    Batch batch;
    add_version(batch, user, "");
    add_end_of_avatar(batch, user);
    add_changed_event(batch, user, at_ms);
    TRY(const auto done, room_.write(call, std::move(batch)));
    return user_of(done.statements[0].rows[0]);
}

Result<std::optional<Store::Avatar>> Store::avatar(const Call& call, UserId user,
                                                   const std::string& version) {
    TRY(const auto rows, room_.read(call,
                                    "SELECT content_type, picture FROM accounts_avatars "
                                    "WHERE user_id = $1 AND version = $2",
                                    {value(user), version}));
    if (rows.empty()) return std::optional<Avatar>{};
    const sql::Blob& bytes = rows[0].blob(1);
    return Avatar{
        .version = version, .content_type = rows[0].text(0), .picture = {bytes.begin(), bytes.end()}};
}

}  // namespace jebi::accounts
