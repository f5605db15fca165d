#include "modules/accounts/service.h"

#include <algorithm>
#include <tuple>

#include "kit/base/crypto.h"
#include "kit/base/unicode.h"
#include "modules/accounts/names.h"
#include "modules/accounts/password_policy.h"
#include "modules/accounts/profile.h"
#include "modules/accounts/service_parts.h"

namespace jebi::accounts {

namespace {

constexpr Millis touch_interval{60'000};
constexpr Millis touch_wait_max{250};
constexpr std::size_t typed_name_bytes_max = 2 * email_bytes_max;

std::unexpected<Error> nobody_signed_in() {
    return fail(error(Code::unauthenticated, "Please sign in first.").because("sign_in_first"));
}
std::unexpected<Error> wrong_credentials() {
    return fail(
        error(Code::unauthenticated, "The name or the password is not right.").because("wrong_credentials"));
}

// What somebody typed to say who they are, as accounts are looked up by it. Empty: nobody can be called so.
struct TypedName {
    std::string key;
    bool is_email = false;
};

TypedName typed_name(std::string_view typed) {
    if (typed.size() > typed_name_bytes_max || !is_utf8(typed)) return {};
    if (typed.contains('\0')) return {};  // PostgreSQL takes none
    const auto name = trimmed(typed);
    if (name.contains('@')) return {.key = email_key(name), .is_email = true};
    return {.key = ascii_lower(name)};
}

Result<NewUser> accepted_user(const SignUpRequest& request) {
    NewUser made;
    TRY(*made.user.mutable_username(), accepted_username(request.username()));
    TRY(made.email, accepted_email(request.email()));
    made.email_key = email_key(made.email);
    const bool named = !request.display_name().empty();
    TRY(*made.user.mutable_display_name(),
        accepted_display_name(named ? request.display_name() : made.user.username()));
    return made;
}

}  // namespace

std::unexpected<Error> account_gone() {
    return fail(error(Code::not_found, "This account is gone.").because("user_gone"));
}
std::unexpected<Error> key_reused() {
    return fail(
        error(Code::conflict, "This idempotency key was used for another request.").because("key_reused"));
}

std::unexpected<Error> out_of_range(std::string message, std::string field) {
    return fail(error(Code::invalid, std::move(message)).because("out_of_range").at(std::move(field)));
}

Key key_of(const Call& call, std::string_view method, std::initializer_list<std::string_view> fields) {
    // With their sizes, so that fields that differ make digests that differ, wherever one ends.
    std::string all(method);
    for (const auto field : fields)
        all += '\n' + std::to_string(field.size()) + ':' + std::string(field);
    return {.user = call.user, .key = call.idempotency_key, .digest = hex(bytes_of(sha256(all)))};
}

SessionReply session_reply(const User& user, const Session& session, const std::string& token) {
    SessionReply reply;
    *reply.mutable_user() = user;
    *reply.mutable_session() = session;
    reply.set_token(token);
    return reply;
}

std::string hash_or_none(std::string_view token) {
    return token_hash(token).value_or("");
}

Service::Service(sql::Room& room, IdGenerator& ids, const Clock& clock, ServiceOptions options)
    : store_(room),
      ids_(ids),
      clock_(clock),
      options_(std::move(options)),
      passwords_(options_.password_cost, options_.password_threads, options_.password_queue_max),
      pictures_("pictures", 1, options_.picture_queue_max),
      delays_(store_, clock) {}

void Service::tell(std::string_view event, std::string_view username, std::string_view address) const {
    if (options_.observer) options_.observer(event, username, address);
}

std::vector<Try> Service::tries_at(std::string account_key, std::string_view address) const {
    std::vector<Try> tries{{.key = std::move(account_key), .limit = options_.delays.account, .clears = true}};
    if (!address.empty()) tries.push_back({.key = address_key(address), .limit = options_.delays.address});
    return tries;
}

std::vector<Try> Service::sign_up_tries(std::string_view address) const {
    if (address.empty()) return {};
    return {{.key = sign_up_key(address), .limit = options_.delays.sign_ups}};
}

Result<Passwords::Answer> Service::attempt(const Call& call, const Attempt& attempt) {
    const Account* account = attempt.account;
    const std::string username = account ? account->user.username() : "";
    const auto counted = delays_.begin(call, attempt.tries);
    if (has_reason(counted, "too_many_tries")) {
        tell(std::string(attempt.event) + "_delayed", username, attempt.address);
    }
    TRY_VOID(counted);
    const auto password = typed_password(attempt.password);
    const bool possible = password && account;
    auto answer = passwords_.check(call, password.value_or(""), possible ? account->password_hash : "");
    if (!answer) delays_.take_back(call, attempt.tries);
    if (answer && !answer->right) tell(std::string(attempt.event) + "_failed", username, attempt.address);
    return answer;
}

NewSession Service::new_session(const Call& call, UserId user, const Client& client,
                                const std::string& token) {
    const WallMs now = clock_.wall_ms();
    NewSession made{.user = user,
                    .token_hash = hash_or_none(token),
                    .idempotency_key = call.idempotency_key,
                    .idle_before_ms = now - options_.sessions.idle.count()};
    made.session.set_id(ids_.next());
    made.session.set_created_ms(now);
    made.session.set_last_used_ms(now);
    *made.session.mutable_client() = client;
    return made;
}

Result<SessionReply> Service::open_session(const Call& call, const Account& account, const Client& client,
                                           const std::string& rehashed, const std::vector<Try>& right) {
    const std::string token = new_token();
    const NewSession session = new_session(call, UserId{account.user.id()}, client, token);
    const auto opened = store_.open_session(call, session, account, rehashed, right);
    if (has_reason(opened, password_moved)) return wrong_credentials();
    TRY_VOID(opened);
    return session_reply(account.user, session.session, token);
}

Result<SessionReply> Service::sign_up(const Call& call, const SignUpRequest& request) {
    TRY(const NewUser user, accepted_user(request));
    TRY(const std::string password,
        accepted_password(request.password(), {.username = user.user.username(), .email = user.email},
                          "password"));
    const Key key = key_of(call, "SignUp", {user.user.username(), user.email_key, user.user.display_name()});
    TRY(const auto before, seen(call, key));
    if (before) return signed_up_before(call, request, *before);
    auto added = add_user(call, user, password, kept(request.client()), key);
    if (added || added.error().code != Code::conflict) return added;
    // The same call may have arrived twice at once, and the other one was first.
    TRY(const auto meanwhile, seen(call, key));
    return meanwhile ? signed_up_before(call, request, *meanwhile) : added;
}

Result<void> Service::begin_sign_up(const Call& call, const Client& client) {
    auto counted = delays_.begin(call, sign_up_tries(client.address()));
    if (has_reason(counted, "too_many_tries")) tell("sign_up_delayed", "", client.address());
    return counted;
}

Result<SessionReply> Service::add_user(const Call& call, NewUser user, const std::string& password,
                                       const Client& client, const Key& key) {
    TRY_VOID(begin_sign_up(call, client));
    TRY_VOID(store_.check_free(call, user.user.username(), user.email_key));
    auto hash = passwords_.hashed(call, password);
    if (!hash) delays_.take_back(call, sign_up_tries(client.address()));
    TRY(user.password_hash, std::move(hash));
    return keep_user(call, std::move(user), client, key);
}

Result<SessionReply> Service::keep_user(const Call& call, NewUser user, const Client& client,
                                        const Key& key) {
    user.user.set_id(ids_.next());
    user.user.set_created_ms(clock_.wall_ms());
    // Every key is somebody's alone; without '@' it is no e-mail's.
    if (user.email.empty()) user.email_key = "none of " + std::to_string(user.user.id());
    const std::string token = new_token();
    const NewSession session = new_session(call, UserId{user.user.id()}, client, token);
    TRY_VOID(store_.add_user(call, user, session, key));
    happened_.tell();
    tell("sign_up", user.user.username(), client.address());
    return session_reply(user.user, session.session, token);
}

Result<SessionReply> Service::signed_up_before(const Call& call, const SignUpRequest& request,
                                               const KeptKey& before) {
    TRY(const auto account, store_.account(call, before.subject));
    if (!account) return account_gone();
    const Client client = kept(request.client());
    const auto tries = tries_at(account_key(account->user.username()), client.address());
    TRY(const auto answer, attempt(call, {.event = "sign_in",
                                          .account = &*account,
                                          .password = request.password(),
                                          .tries = tries,
                                          .address = client.address()}));
    if (!answer.right) return key_reused();
    return open_session(call, *account, client, answer.rehashed, tries);
}

Result<SessionReply> Service::sign_in(const Call& call, const SignInRequest& request) {
    const Client client = kept(request.client());
    const TypedName name = typed_name(request.username_or_email());
    TRY(const auto account, name.is_email ? store_.account_by_email(call, name.key, client.address())
                                          : store_.account_by_name(call, name.key, client.address()));
    const bool at_home = account && account->at_home && !client.address().empty();
    const auto tries =
        tries_at(at_home ? account_key(name.key, client.address()) : account_key(name.key), client.address());
    TRY(const auto answer, attempt(call, {.event = "sign_in",
                                          .account = account ? &*account : nullptr,
                                          .password = request.password(),
                                          .tries = tries,
                                          .address = client.address()}));
    if (!answer.right) return wrong_credentials();
    auto opened = open_session(call, *account, client, answer.rehashed, tries);
    if (opened) tell("sign_in", account->user.username(), client.address());
    return opened;
}

Result<AuthenticateReply> Service::authenticate(const Call& call, const AuthenticateRequest& request) {
    const auto hash = token_hash(request.token());
    if (!hash) return nobody_signed_in();
    TRY(auto visit, store_.visit(call, *hash));
    const WallMs now = clock_.wall_ms();
    if (!visit) return nobody_signed_in();
    const bool is_of_app = visit->app.id() != 0;
    if (!is_of_app && !is_alive(visit->session, options_.sessions, now)) return nobody_signed_in();
    const SessionId session{visit->session.id()};
    if (now - visit->session.last_used_ms() >= touch_interval.count()) {
        Call touch = call;
        touch.until = std::min(call.until, in(touch_wait_max));
        // Who may read should be able to while the disk is full; the next use tries again.
        std::ignore = store_.touch(touch, session, now, now - touch_interval.count());
    }
    AuthenticateReply reply;
    *reply.mutable_user() = std::move(visit->user);
    reply.set_session_id(session.value);
    reply.set_scopes(visit->scopes);
    if (is_of_app) *reply.mutable_app() = std::move(visit->app);
    return reply;
}

Result<Empty> Service::sign_out(const Call& call, const SignOutRequest& request) {
    const auto hash = token_hash(request.token());
    if (hash) TRY_VOID(store_.end_session_of_token(call, *hash));
    return Empty{};
}

Result<SessionsReply> Service::sessions(const Call& call, const Empty&) {
    TRY(const UserId me, signed_in(call));
    const WallMs now = clock_.wall_ms();
    TRY(auto sessions, store_.sessions(call, me, now - options_.sessions.idle.count(),
                                       now - options_.sessions.absolute.count()));
    SessionsReply reply;
    for (Session& session : sessions)
        *reply.add_sessions() = std::move(session);
    return reply;
}

Result<Empty> Service::end_session(const Call& call, const EndSessionRequest& request) {
    TRY(const UserId me, signed_in(call));
    const Key key = key_of(call, "EndSession", {std::to_string(request.session_id())});
    const auto ended = store_.end_session(call, me, SessionId{request.session_id()}, key, clock_.wall_ms());
    if (has_reason(ended, key_seen)) return done_if(seen(call, key));
    return done_if(ended);
}

Result<Empty> Service::end_other_sessions(const Call& call, const EndOtherSessionsRequest& request) {
    TRY(const UserId me, signed_in(call));
    TRY_VOID(store_.end_other_sessions(call, me, hash_or_none(request.token())));
    return Empty{};
}

Result<std::optional<KeptKey>> Service::seen(const Call& call, const Key& key) {
    if (key.key.empty()) return std::optional<KeptKey>{};
    TRY(auto kept, store_.key(call, key.user, key.key, clock_.wall_ms()));
    if (kept && kept->digest != key.digest) return key_reused();
    return kept;
}

}  // namespace jebi::accounts
