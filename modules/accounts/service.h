// The rules of accounts, in this process; accounts.proto is what they promise.
//
// Decisions that the contract leaves open:
// - A password that is typed counts as a failed try before it is looked at (delays.h).
// - A repeated sign-up has to bring the right password as well, since a key alone may have been seen on its
//   way. It gets a new session in the place of the first, whose token is kept nowhere.
// - Keys are kept with a digest of the request without its passwords: a quick hash of a password would undo
//   the slow one. A repeated change of the password is recognised by the new password instead.
// - A name and an e-mail have counters of their own, so that delays do not tell which belong together; nor
//   whether there is such an account, since unknown names are counted as well.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kit/base/ids.h"
#include "kit/fiber/fiber.h"
#include "kit/rpc/event_source.h"
#include "modules/accounts/accounts.jebi.h"
#include "modules/accounts/delays.h"
#include "modules/accounts/passwords.h"
#include "modules/accounts/sessions.h"
#include "modules/accounts/store.h"

namespace jebi::accounts {

// For the operator's log (ASVS 16.3.1): what happened, to which user (empty: nobody of that name), from which
// address. Never a password, a token, or a name that may be a password typed into the wrong field. Events:
// sign_up, sign_in, password_change, account_deletion, each also with _failed (wrong password; not for
// sign_up) and _delayed (too many tries) behind it; identity_link and identity_unlink; app_token (a program
// may act for the user from now on), app_code_reuse (a code was brought twice, so somebody else may have it)
// and app_registration_delayed.
using AccountsObserver =
    std::function<void(std::string_view event, std::string_view username, std::string_view address)>;

struct ServiceOptions {
    PasswordCost password_cost;
    unsigned password_threads = 2;         // each takes password_cost.memory_bytes while it works
    std::size_t password_queue_max = 100;  // beyond: `exhausted`, reason busy
    // Pictures are decoded one after the other, since each may take 200 MiB and some tenths of a second.
    std::size_t picture_queue_max = 16;  // of 2 MiB; beyond: `exhausted`, reason busy
    SessionLimits sessions;
    DelayOptions delays;
    AccountsObserver observer;  // thread-safe, must not wait; may be empty
};

// Thread-safe. The room's schema is up to date: room.migrate(schema_files()).
class Service final : public AccountsAbsent {
public:
    Service(sql::Room& room, IdGenerator& ids, const Clock& clock, ServiceOptions options);

    Result<SessionReply> sign_up(const Call& call, const SignUpRequest& request) override;
    Result<SessionReply> sign_in(const Call& call, const SignInRequest& request) override;
    Result<AuthenticateReply> authenticate(const Call& call, const AuthenticateRequest& request) override;
    Result<Empty> sign_out(const Call& call, const SignOutRequest& request) override;
    Result<SessionsReply> sessions(const Call& call, const Empty& request) override;
    Result<Empty> end_session(const Call& call, const EndSessionRequest& request) override;
    Result<Empty> end_other_sessions(const Call& call, const EndOtherSessionsRequest& request) override;
    Result<Empty> change_password(const Call& call, const ChangePasswordRequest& request) override;
    Result<User> change_profile(const Call& call, const ChangeProfileRequest& request) override;
    Result<Empty> delete_account(const Call& call, const DeleteAccountRequest& request) override;
    Result<UsersReply> users_by_ids(const Call& call, const UsersByIdsRequest& request) override;
    Result<User> user_by_name(const Call& call, const UserByNameRequest& request) override;
    Result<UsersPage> users(const Call& call, const UsersRequest& request) override;
    Result<UsersReply> users_by_names(const Call& call, const UsersByNamesRequest& request) override;
    Result<OwnReply> own(const Call& call, const Empty& request) override;
    Result<SessionReply> sign_in_with_identity(const Call& call,
                                               const SignInWithIdentityRequest& request) override;
    Result<OwnReply> link_identity(const Call& call, const LinkIdentityRequest& request) override;
    Result<OwnReply> unlink_identity(const Call& call, const UnlinkIdentityRequest& request) override;
    Result<App> create_app(const Call& call, const CreateAppRequest& request) override;
    Result<App> app_by_client_id(const Call& call, const AppByClientIdRequest& request) override;
    Result<GrantCodeReply> grant_code(const Call& call, const GrantCodeRequest& request) override;
    Result<TokenReply> exchange_code(const Call& call, const ExchangeCodeRequest& request) override;
    Result<TokenReply> client_token(const Call& call, const ClientTokenRequest& request) override;
    Result<Empty> revoke_token(const Call& call, const RevokeTokenRequest& request) override;
    Result<User> set_avatar(const Call& call, const SetAvatarRequest& request) override;
    Result<User> remove_avatar(const Call& call, const Empty& request) override;
    Result<AvatarReply> avatar(const Call& call, const AvatarRequest& request) override;
    Result<EventsReply> events(const Call& call, const EventsRequest& request) override;
    Result<LastEventReply> last_event(const Call& call, const Empty& request) override;

    // Lets everybody who waits for events go, now and from now on. Before the process ends.
    void end_waits();

    // How many times a password has been hashed or compared since the start.
    std::uint64_t password_runs() const { return passwords_.runs(); }

private:
    // Somebody brings a password.
    struct Attempt {
        std::string_view event;     // for the observer
        const Account* account;     // null: there is none of that name
        std::string_view password;  // as typed
        std::vector<Try> tries;
        std::string_view address;
    };
    // Counts the tries, and takes them back when nothing was learnt from them. When the password is right
    // it is the caller who takes them back, together with what the password was needed for.
    Result<Passwords::Answer> attempt(const Call& call, const Attempt& attempt);
    std::vector<Try> tries_at(std::string account_key, std::string_view address) const;
    std::vector<Try> sign_up_tries(std::string_view address) const;
    // Counts an account that is made from there.
    Result<void> begin_sign_up(const Call& call, const Client& client);

    Result<SessionReply> signed_up_before(const Call& call, const SignUpRequest& request,
                                          const KeptKey& before);
    Result<SessionReply> add_user(const Call& call, NewUser user, const std::string& password,
                                  const Client& client, const Key& key);
    // Gives the user an id, an account and a session.
    Result<SessionReply> keep_user(const Call& call, NewUser user, const Client& client, const Key& key);
    NewSession new_session(const Call& call, UserId user, const Client& client, const std::string& token);
    Result<SessionReply> open_session(const Call& call, const Account& account, const Client& client,
                                      const std::string& rehashed, const std::vector<Try>& right);

    Result<SessionReply> add_user_without_password(const Call& call, NewUser user, const Client& client);
    Result<SessionReply> open_session_for(const Call& call, const Account& account,
                                          const NewIdentity& identity, const Client& client);
    Result<OwnReply> own_after(const Call& call, std::string_view event);

    Result<std::optional<KeptApp>> app_called(const Call& call, const std::string& client_id);
    // The program whose id and secret these are; `unauthenticated` (invalid_client).
    Result<App> proven_app(const Call& call, const std::string& client_id, const std::string& secret);
    // The call's key, with what the code was brought with; empty when the call has none.
    std::string key_with_digest(const Call& call, const ExchangeCodeRequest& request) const;
    // A code that is not there any more: the same call once more gets its answer, any other ends the token.
    Result<TokenReply> code_again(const Call& call, const App& app, const ExchangeCodeRequest& request);
    Result<TokenReply> token_again(const Call& call, const std::string& token);

    Result<Account> own_account(const Call& call);
    // Was this very request answered before? `conflict` (key_reused) when another one had its key.
    Result<std::optional<KeptKey>> seen(const Call& call, const Key& key);
    Result<Empty> set_first_password(const Call& call, const Account& account,
                                     const ChangePasswordRequest& request, const Key& key);
    Result<Empty> remove_account(const Call& call, const Account& account, const Client& client,
                                 const std::vector<Try>& right);
    // For those without a password: is that a session of theirs, in a browser, begun lately?
    // `unauthenticated` (sign_in_again).
    Result<void> check_signed_in_lately(const Call& call, UserId me, const std::string& token);
    Result<Empty> password_changed_before(const Call& call, const ChangePasswordRequest& request);
    void tell(std::string_view event, std::string_view username, std::string_view address) const;

    Store store_;
    IdGenerator& ids_;
    const Clock& clock_;
    ServiceOptions options_;
    Passwords passwords_;
    fiber::Pool pictures_;
    Delays delays_;
    rpc::EventSource happened_;
};

}  // namespace jebi::accounts
