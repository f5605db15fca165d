// What accounts need kept: all of the module's SQL (store_*.cpp), and no rules.
//
// Every change is one batch: what belongs together (an account and its first session, a deletion and its
// event, a right password and the forgotten tries) happens together.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kit/base/call.h"
#include "kit/sql/database.h"
#include "modules/accounts/accounts.jebi.h"

namespace jebi::accounts {

struct Account {
    User user;
    std::string email;
    std::string password_hash;          // empty: none
    std::int64_t password_version = 0;  // one more with each change of the password
    bool at_home = false;               // has a session from the address that was asked about
};

// Who somebody is elsewhere (identities.h).
struct NewIdentity {
    std::string provider;
    std::string subject;
    std::string login;
};

struct NewUser {
    User user;
    std::string email;  // may be empty
    std::string email_key;
    std::string password_hash;              // empty: none
    std::optional<NewIdentity> identity{};  // with which they came
};

using AppId = Id<struct AppKind>;

struct NewSession {
    UserId user;  // 0: a program's own
    Session session;
    std::string token_hash;
    std::string idempotency_key;  // not empty: it replaces the session that the same key made before
    WallMs idle_before_ms = 0;    // sessions not used since then are over, and are swept away in passing
    // Of a program's: what it may do, and the code it was opened for (empty: none).
    AppId app{};
    std::string scopes{};
    std::string code_hash{};
};

// An open session and whose it is.
struct Visit {
    Session session;
    User user;           // id 0: a program's own
    App app;             // id 0: a browser
    std::string scopes;  // of a program
};

struct KeptApp {
    App app;  // without its secret
    std::string secret_hash;
};

// That a program may act for a user, for whoever brings the code.
struct Grant {
    std::string code_hash;
    AppId app;
    UserId user;
    std::string redirect_uri;
    std::string scopes;
    std::string challenge;  // empty: none
    WallMs expires_ms = 0;
};

// An idempotency key of that user, and a digest of the request it came with. An empty key is none.
struct Key {
    UserId user;
    std::string key;
    std::string digest;
};

struct KeptKey {
    std::string digest;
    UserId subject;
};

// How tries of one kind are delayed: after `free` failures within `memory` the next has to wait
// `delay_first`, each further one twice as long, `delay_max` at most. `memory` after the last delay's end all
// is forgotten.
struct TryLimit {
    std::int64_t free = 5;  // at least 2
    Millis delay_first{1'000};
    Millis delay_max{std::chrono::minutes(15)};
    Millis memory{std::chrono::minutes(15)};
};

struct Try {
    std::string key;
    TryLimit limit;
    bool clears = false;  // taking it back forgets all failures of this key, not only this one
};

// Reasons of errors that the service handles itself.
inline constexpr std::string_view key_seen = "key_seen";              // the idempotency key was used
inline constexpr std::string_view try_delayed = "try_delayed";        // a try has to wait
inline constexpr std::string_view password_moved = "password_moved";  // it was changed in between
inline constexpr std::string_view identity_of_another = "identity_taken";
inline constexpr std::string_view code_used = "code_used";  // somebody has brought the code already

// Thread-safe. Errors as kit/sql/database.h has them, and those named here.
class Store {
public:
    explicit Store(sql::Room& room) : room_(room) {}

    // Users (store_users.cpp).

    // `conflict` with username_taken or email_taken. An empty e-mail is always free.
    Result<void> check_free(const Call& call, const std::string& username, const std::string& email_key);
    // As check_free, identity_of_another, and key_seen. Opens the session as well.
    Result<void> add_user(const Call& call, const NewUser& user, const NewSession& session, const Key& key);
    Result<std::optional<Account>> account(const Call& call, UserId user);
    Result<std::optional<Account>> account_by_name(const Call& call, const std::string& username,
                                                   const std::string& address);
    Result<std::optional<Account>> account_by_email(const Call& call, const std::string& email_key,
                                                    const std::string& address);
    // Ends all sessions but that of the token. password_moved, key_seen.
    struct PasswordChange {
        std::string hash;
        std::string kept_token_hash;
        WallMs at_ms = 0;
    };
    Result<void> change_password(const Call& call, const Account& account, const PasswordChange& change,
                                 const Key& key, const std::vector<Try>& right);
    Result<User> change_profile(const Call& call, const User& profile, WallMs at_ms);  // `not_found`
    // Leaves the name as taken, and the event. password_moved.
    Result<void> remove_user(const Call& call, const Account& account, WallMs at_ms,
                             const std::vector<Try>& right);

    Result<std::vector<User>> users_by_ids(const Call& call, const std::vector<std::uint64_t>& ids);
    Result<std::vector<User>> users_by_names(const Call& call, const std::vector<std::string>& names);
    Result<std::optional<User>> user_by_name(const Call& call, const std::string& username);
    // Newest first.
    Result<std::vector<User>> users(const Call& call, std::uint64_t offset, std::uint32_t limit);
    Result<std::uint64_t> user_count(const Call& call);
    // Of all that came from an IdGenerator; 0 when there is none. For IdGenerator's `after`.
    Result<std::uint64_t> highest_id(const Call& call);

    // Events (store_events.cpp).

    Result<std::vector<Event>> events(const Call& call, std::uint64_t after, std::uint32_t limit);
    Result<std::uint64_t> last_event(const Call& call);  // 0: there was none

    // Sessions (store_sessions.cpp).

    // Keeps the new hash where there is one, and takes the tries back. password_moved.
    Result<void> open_session(const Call& call, const NewSession& session, const Account& account,
                              const std::string& rehashed, const std::vector<Try>& right);
    Result<std::optional<Visit>> visit(const Call& call, const std::string& token_hash);
    // Notes a use, unless one was noted after `unless_after_ms`.
    Result<void> touch(const Call& call, SessionId session, WallMs now_ms, WallMs unless_after_ms);
    // Last used first; browsers' used and made after these times, and programs'.
    Result<std::vector<Session>> sessions(const Call& call, UserId user, WallMs used_after_ms,
                                          WallMs made_after_ms);
    Result<void> end_session_of_token(const Call& call, const std::string& token_hash);
    // `not_found`, key_seen.
    Result<void> end_session(const Call& call, UserId user, SessionId session, const Key& key, WallMs now_ms);
    // And the codes that nobody has brought yet.
    Result<void> end_other_sessions(const Call& call, UserId user, const std::string& kept_token_hash);

    // Who somebody is elsewhere (store_identities.cpp).

    Result<std::optional<Account>> account_by_identity(const Call& call, const NewIdentity& identity);
    // Keeps the login. `conflict` (identity_moved) when it is not that user's any more.
    Result<void> open_session_for_identity(const Call& call, const NewIdentity& identity,
                                           const NewSession& session);
    Result<std::vector<Identity>> identities(const Call& call, UserId user);
    // `not_found` (user_gone), `conflict` (identity_of_another, provider_taken).
    Result<void> link_identity(const Call& call, UserId user, const NewIdentity& identity, WallMs at_ms);
    // `not_found` (user_gone), `invalid` (last_way_in).
    Result<void> unlink_identity(const Call& call, UserId user, const std::string& provider);

    // Programs, and what people grant them (store_apps.cpp).

    // Forgets two that are older than unused_app_life and have no session.
    Result<void> add_app(const Call& call, const KeptApp& app, WallMs now_ms);
    Result<std::optional<KeptApp>> app(const Call& call, const std::string& client_id);
    // `not_found` (user_gone). Makes room for the new one, and sweeps away a few that are over.
    Result<void> add_grant(const Call& call, const Grant& grant, WallMs now_ms);
    Result<std::optional<Grant>> grant(const Call& call, const std::string& code_hash);
    // Uses the grant up. code_used.
    Result<void> open_session_for_grant(const Call& call, const Grant& grant, const NewSession& session);
    Result<void> open_session_of_app(const Call& call, const NewSession& session);
    // Of the session that was opened for that code and with that key; false: there is none.
    Result<bool> replace_token_of_grant(const Call& call, AppId app, const std::string& code_hash,
                                        const std::string& idempotency_key, const std::string& token_hash);
    Result<bool> end_session_of_grant(const Call& call, AppId app, const std::string& code_hash);
    Result<void> end_session_of_app(const Call& call, AppId app, const std::string& token_hash);

    // Pictures (store_avatars.cpp).

    struct Avatar {
        std::string version;
        std::string content_type;
        std::string picture;
    };
    // The user with it; `not_found` (user_gone).
    Result<User> set_avatar(const Call& call, UserId user, const Avatar& avatar, WallMs at_ms);
    Result<User> remove_avatar(const Call& call, UserId user, WallMs at_ms);
    Result<std::optional<Avatar>> avatar(const Call& call, UserId user, const std::string& version);

    // Keys and tries (store_tries.cpp).

    Result<std::optional<KeptKey>> key(const Call& call, UserId user, const std::string& key, WallMs now_ms);
    // The longest that any of these has to wait now; zero: none does.
    Result<Millis> delay(const Call& call, const std::vector<Try>& tries, WallMs now_ms);
    // One more failure for each, or for none: try_delayed.
    Result<void> count_tries(const Call& call, const std::vector<Try>& tries, WallMs now_ms);
    Result<void> take_back_tries(const Call& call, const std::vector<Try>& tries);

private:
    Result<std::optional<Account>> account(const Call& call, std::string_view sql,
                                           std::vector<sql::Value> parameters);
    Result<std::vector<User>> list(const Call& call, std::string_view sql,
                                   std::vector<sql::Value> parameters);

    sql::Room& room_;
};

}  // namespace jebi::accounts
