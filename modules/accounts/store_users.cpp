#include <algorithm>
#include <array>
#include <unordered_map>

#include "modules/accounts/store_parts.h"

namespace jebi::accounts {

namespace {

using sql::Batch;
using sql::Expect;
using sql::value;
using sql::Value;

Error username_taken() {
    return error(Code::conflict, "This user name is taken.").because("username_taken").at("username");
}
Error email_taken() {
    return error(Code::conflict, "There is an account with this e-mail already.")
        .because("email_taken")
        .at("email");
}

constexpr std::string_view username_is_free =
    "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM accounts_users WHERE username = $1) "
    "AND NOT EXISTS (SELECT 1 FROM accounts_former_names WHERE username = $1)";
constexpr std::string_view email_is_free =
    "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM accounts_users WHERE email_key = $1)";

void add_user_count(Batch& batch, std::int64_t difference) {
    batch.add({"UPDATE accounts_counts SET amount = amount + $1 WHERE kind = 'users'", {difference}});
}

// A statement text for each of a few list lengths; a shorter list repeats its last value.
constexpr std::array<std::size_t, 3> list_sizes = {1, 20, 100};
using ListTexts = std::array<std::string, list_sizes.size()>;

std::string text_for_list(const std::string& column, std::size_t size) {
    std::string text =
        "SELECT id, username, display_name, bio, link, created_ms, avatar FROM accounts_users WHERE " +
        column + " IN ($1";
    for (std::size_t i = 2; i <= size; ++i)
        text += ", $" + std::to_string(i);
    return text + ")";
}

ListTexts texts_for_lists(const std::string& column) {
    ListTexts texts;
    std::ranges::transform(list_sizes, texts.begin(),
                           [&](std::size_t size) { return text_for_list(column, size); });
    return texts;
}

// The text for that many values or a few more, and the values brought to its length.
std::string_view text_for(const ListTexts& texts, std::vector<Value>& values) {
    const auto size = std::ranges::lower_bound(list_sizes, values.size());
    values.resize(*size, Value{values.back()});
    return texts[static_cast<std::size_t>(size - list_sizes.begin())];
}

// Those found, in the order of `keys`, once each.
template <typename Keys, typename KeyOf>
std::vector<User> in_order(const Keys& keys, std::vector<User> found, KeyOf key_of) {
    std::unordered_map<typename Keys::value_type, User*> by_key;
    for (User& user : found)
        by_key.emplace(key_of(user), &user);
    std::vector<User> ordered;
    ordered.reserve(found.size());
    for (const auto& key : keys) {
        if (auto one = by_key.extract(key)) ordered.push_back(std::move(*one.mapped()));
    }
    return ordered;
}

}  // namespace

User user_of(const sql::Row& row, std::size_t first) {
    User user;
    user.set_id(row.id(first));
    user.set_username(row.text(first + 1));
    user.set_display_name(row.text(first + 2));
    user.set_bio(row.text(first + 3));
    user.set_link(row.text(first + 4));
    user.set_created_ms(row.integer(first + 5));
    user.set_avatar(row.text(first + 6));
    return user;
}

Error user_gone() {
    return error(Code::not_found, "This account is gone.").because("user_gone");
}

void add_password_guard(Batch& batch, const Account& account) {
    batch.add({"SELECT 1 FROM accounts_users WHERE id = $1 AND password_version = $2",
               {integer(account.user.id()), account.password_version},
               Expect::a_row,
               error(Code::conflict, "The password has been changed in between.")
                   .because(std::string(password_moved))});
}

Result<void> Store::check_free(const Call& call, const std::string& username, const std::string& email_key) {
    TRY(const auto name, room_.read(call, username_is_free, {username}));
    if (name.empty()) return fail(username_taken());
    if (email_key.empty()) return {};
    TRY(const auto email, room_.read(call, email_is_free, {email_key}));
    if (email.empty()) return fail(email_taken());
    return {};
}

Result<void> Store::add_user(const Call& call, const NewUser& added, const NewSession& session,
                             const Key& key) {
    const User& user = added.user;
    Batch batch;
    add_key(batch, key, UserId{user.id()}, user.created_ms());
    if (added.identity) add_identity(batch, *added.identity, UserId{user.id()}, user.created_ms());
    batch.add({username_is_free, {user.username()}, Expect::a_row, username_taken()});
    batch.add({email_is_free, {added.email_key}, Expect::a_row, email_taken()});
    batch.add(
        {"INSERT INTO accounts_users (id, username, email, email_key, password_hash, password_version, "
         "display_name, bio, link, created_ms) VALUES ($1, $2, $3, $4, $5, 1, $6, '', '', $7)",
         {integer(user.id()), user.username(), added.email, added.email_key, added.password_hash,
          user.display_name(), user.created_ms()}});
    add_user_count(batch, 1);
    add_created_event(batch, UserId{user.id()}, user.created_ms());
    add_session(batch, session);
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<std::optional<Account>> Store::account(const Call& call, std::string_view sql,
                                              std::vector<Value> parameters) {
    TRY(const auto rows, room_.read(call, sql, std::move(parameters)));
    if (rows.empty()) return std::optional<Account>{};
    const sql::Row row = rows[0];
    return Account{.user = user_of(row),
                   .email = row.text(7),
                   .password_hash = row.text(8),
                   .password_version = row.integer(9),
                   .at_home = row.flag(10)};
}

Result<std::optional<Account>> Store::account(const Call& call, UserId user) {
    return account(call,
                   "SELECT id, username, display_name, bio, link, created_ms, avatar, email, password_hash, "
                   "password_version, 0 "
                   "FROM accounts_users WHERE id = $1",
                   {value(user)});
}

Result<std::optional<Account>> Store::account_by_name(const Call& call, const std::string& username,
                                                      const std::string& address) {
    return account(
        call,
        "SELECT id, username, display_name, bio, link, created_ms, avatar, email, password_hash, "
        "password_version, "
        "CASE WHEN EXISTS (SELECT 1 FROM accounts_sessions s WHERE s.user_id = u.id AND s.address = $2 AND "
        "s.app_id = 0) "
        "THEN 1 ELSE 0 END FROM accounts_users u WHERE u.username = $1",
        {username, address});
}

Result<std::optional<Account>> Store::account_by_email(const Call& call, const std::string& email_key,
                                                       const std::string& address) {
    return account(
        call,
        "SELECT id, username, display_name, bio, link, created_ms, avatar, email, password_hash, "
        "password_version, "
        "CASE WHEN EXISTS (SELECT 1 FROM accounts_sessions s WHERE s.user_id = u.id AND s.address = $2 AND "
        "s.app_id = 0) "
        "THEN 1 ELSE 0 END FROM accounts_users u WHERE u.email_key = $1",
        {email_key, address});
}

Result<void> Store::change_password(const Call& call, const Account& account, const PasswordChange& change,
                                    const Key& key, const std::vector<Try>& right) {
    const std::int64_t user = integer(account.user.id());
    Batch batch;
    add_key(batch, key, UserId{account.user.id()}, change.at_ms);
    add_password_guard(batch, account);
    batch.add(
        {"UPDATE accounts_users SET password_hash = $2, password_version = password_version + 1 WHERE id = "
         "$1",
         {user, change.hash}});
    batch.add({"DELETE FROM accounts_sessions WHERE user_id = $1 AND token_hash <> $2",
               {user, change.kept_token_hash}});
    add_end_of_codes(batch, UserId{account.user.id()});
    add_taken_back(batch, right);
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<User> Store::change_profile(const Call& call, const User& profile, WallMs at_ms) {
    Batch batch;
    batch.add(
        {"UPDATE accounts_users SET display_name = $2, bio = $3, link = $4 WHERE id = $1 "
         "RETURNING id, username, display_name, bio, link, created_ms, avatar",
         {integer(profile.id()), profile.display_name(), profile.bio(), profile.link()},
         Expect::a_row,
         user_gone()});
    add_changed_event(batch, UserId{profile.id()}, at_ms);
    TRY(const auto done, room_.write(call, std::move(batch)));
    return user_of(done.statements[0].rows[0]);
}

Result<void> Store::remove_user(const Call& call, const Account& account, WallMs at_ms,
                                const std::vector<Try>& right) {
    const std::int64_t user = integer(account.user.id());
    Batch batch;
    add_password_guard(batch, account);
    batch.add({"INSERT INTO accounts_former_names (username, deleted_ms) VALUES ($1, $2)",
               {account.user.username(), at_ms}});
    batch.add({"DELETE FROM accounts_sessions WHERE user_id = $1", {user}});
    add_end_of_codes(batch, UserId{account.user.id()});
    add_end_of_identities(batch, UserId{account.user.id()});
    add_end_of_avatar(batch, UserId{account.user.id()});
    batch.add({"DELETE FROM accounts_keys WHERE user_id = $1 OR subject_id = $1", {user}});
    batch.add({"DELETE FROM accounts_users WHERE id = $1", {user}});
    add_user_count(batch, -1);
    add_deleted_event(batch, UserId{account.user.id()}, at_ms);
    add_taken_back(batch, right);
    TRY(const auto done, room_.write(call, std::move(batch)));
    return {};
}

Result<std::vector<User>> Store::list(const Call& call, std::string_view sql, std::vector<Value> parameters) {
    TRY(const auto rows, room_.read(call, sql, std::move(parameters)));
    std::vector<User> users;
    users.reserve(rows.size());
    for (const sql::Row row : rows)
        users.push_back(user_of(row));
    return users;
}

Result<std::vector<User>> Store::users_by_ids(const Call& call, const std::vector<std::uint64_t>& ids) {
    static const ListTexts texts = texts_for_lists("id");
    if (ids.empty()) return std::vector<User>{};
    std::vector<Value> parameters;
    for (const std::uint64_t id : ids)
        parameters.emplace_back(integer(id));
    const auto text = text_for(texts, parameters);
    TRY(auto found, list(call, text, std::move(parameters)));
    return in_order(ids, std::move(found), [](const User& user) { return user.id(); });
}

Result<std::vector<User>> Store::users_by_names(const Call& call, const std::vector<std::string>& names) {
    static const ListTexts texts = texts_for_lists("username");
    if (names.empty()) return std::vector<User>{};
    std::vector<Value> parameters(names.begin(), names.end());
    const auto text = text_for(texts, parameters);
    TRY(auto found, list(call, text, std::move(parameters)));
    return in_order(names, std::move(found), [](const User& user) { return user.username(); });
}

Result<std::optional<User>> Store::user_by_name(const Call& call, const std::string& username) {
    TRY(auto users,
        list(call,
             "SELECT id, username, display_name, bio, link, created_ms, avatar FROM accounts_users "
             "WHERE username = $1",
             {username}));
    if (users.empty()) return std::optional<User>{};
    return std::move(users[0]);
}

Result<std::vector<User>> Store::users(const Call& call, std::uint64_t offset, std::uint32_t limit) {
    return list(call,
                "SELECT id, username, display_name, bio, link, created_ms, avatar FROM accounts_users "
                "ORDER BY id DESC LIMIT $1 OFFSET $2",
                {std::int64_t{limit}, integer(offset)});
}

Result<std::uint64_t> Store::user_count(const Call& call) {
    TRY(const auto rows, room_.read(call, "SELECT amount FROM accounts_counts WHERE kind = 'users'", {}));
    return rows[0].id(0);
}

Result<std::uint64_t> Store::highest_id(const Call& call) {
    TRY(const auto rows,
        room_.read(call,
                   "SELECT COALESCE(MAX(id), 0) FROM (SELECT MAX(id) AS id FROM accounts_users "
                   "UNION ALL SELECT MAX(id) FROM accounts_sessions "
                   "UNION ALL SELECT MAX(id) FROM accounts_apps "
                   "UNION ALL SELECT MAX(user_id) FROM accounts_events) AS ids",
                   {}));
    return rows[0].id(0);
}

}  // namespace jebi::accounts
