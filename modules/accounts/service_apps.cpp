#include <algorithm>

#include "kit/base/crypto.h"
#include "modules/accounts/oauth/pkce.h"
#include "modules/accounts/oauth/redirect_uris.h"
#include "modules/accounts/oauth/scopes.h"
#include "modules/accounts/profile.h"
#include "modules/accounts/service_parts.h"

namespace jebi::accounts {

namespace {

std::unexpected<Error> invalid_client() {
    return fail(
        error(Code::unauthenticated, "The program's id or secret is not right.").because("invalid_client"));
}
std::unexpected<Error> invalid_grant() {
    return fail(error(Code::invalid, "This code is not good, or not any more. Please sign in again.")
                    .because("invalid_grant"));
}
std::unexpected<Error> beyond_scopes() {
    return fail(error(Code::invalid, "The program has not asked for these scopes.")
                    .because("scope_invalid")
                    .at("scopes"));
}

Result<App> accepted_app(const CreateAppRequest& request) {
    App app;
    TRY(*app.mutable_name(), accepted_app_name(request.name()));
    TRY(*app.mutable_website(), accepted_website(request.website()));
    const std::vector<std::string> uris(request.redirect_uris().begin(), request.redirect_uris().end());
    TRY_VOID(check_redirect_uris(uris));
    *app.mutable_redirect_uris() = request.redirect_uris();
    TRY(*app.mutable_scopes(), accepted_scopes(request.scopes().empty() ? scopes_default : request.scopes()));
    return app;
}

// Empty: the program's.
Result<std::string> scopes_for(const App& app, const std::string& wanted) {
    if (wanted.empty()) return app.scopes();
    TRY(std::string scopes, accepted_scopes(wanted));
    if (!are_within(scopes, app.scopes())) return beyond_scopes();
    return scopes;
}

// Of a code that is brought: is it this program's, and does all fit that it was asked for with?
bool fits(const Grant& grant, const App& app, const ExchangeCodeRequest& request, WallMs now_ms) {
    return grant.app.value == app.id() && grant.expires_ms > now_ms &&
           grant.redirect_uri == request.redirect_uri() &&
           verifier_fits(grant.challenge, request.code_verifier());
}

TokenReply token_reply(const NewSession& session, const User& user, const std::string& token) {
    TokenReply reply;
    reply.set_token(token);
    reply.set_scopes(session.scopes);
    reply.set_created_ms(session.session.created_ms());
    *reply.mutable_user() = user;
    return reply;
}

}  // namespace

Result<App> Service::create_app(const Call& call, const CreateAppRequest& request) {
    TRY(App app, accepted_app(request));
    const Client client = kept(request.client());
    std::vector<Try> tries;
    if (!client.address().empty())
        tries.push_back({.key = app_key(client.address()), .limit = options_.delays.apps});
    const auto counted = delays_.begin(call, tries);
    if (has_reason(counted, "too_many_tries")) tell("app_registration_delayed", "", client.address());
    TRY_VOID(counted);
    const std::string secret = new_token();
    app.set_id(ids_.next());
    app.set_client_id(new_token());
    TRY_VOID(store_.add_app(call, {.app = app, .secret_hash = hash_or_none(secret)}, clock_.wall_ms()));
    app.set_client_secret(secret);
    return app;
}

Result<App> Service::app_by_client_id(const Call& call, const AppByClientIdRequest& request) {
    TRY(auto found, app_called(call, request.client_id()));
    if (!found) return fail(error(Code::not_found, "There is no such program.").because("no_such_app"));
    return std::move(found->app);
}

Result<std::optional<KeptApp>> Service::app_called(const Call& call, const std::string& client_id) {
    if (!may_be_token(client_id)) return std::optional<KeptApp>{};
    return store_.app(call, client_id);
}

Result<App> Service::proven_app(const Call& call, const std::string& client_id, const std::string& secret) {
    TRY(auto found, app_called(call, client_id));
    const bool right = found && equal_in_constant_time(hash_or_none(secret), found->secret_hash);
    if (!right) return invalid_client();
    return std::move(found->app);
}

Result<GrantCodeReply> Service::grant_code(const Call& call, const GrantCodeRequest& request) {
    TRY(const UserId me, signed_in(call));
    AppByClientIdRequest client;
    client.set_client_id(request.client_id());
    TRY(const App app, app_by_client_id(call, client));
    if (std::ranges::find(app.redirect_uris(), request.redirect_uri()) == app.redirect_uris().end()) {
        return fail(error(Code::invalid, "This redirect address is none of the program's.")
                        .because("redirect_invalid")
                        .at("redirect_uri"));
    }
    if (!request.code_challenge().empty() && !is_challenge(request.code_challenge())) {
        return fail(error(Code::invalid, "A code challenge is the SHA-256 of the verifier, as base64url.")
                        .because("challenge_invalid")
                        .at("code_challenge"));
    }
    const std::string code = new_token();
    const WallMs now = clock_.wall_ms();
    Grant grant{.code_hash = hash_or_none(code),
                .app = AppId{app.id()},
                .user = me,
                .redirect_uri = request.redirect_uri(),
                .challenge = request.code_challenge(),
                .expires_ms = now + code_life.count()};
    TRY(grant.scopes, scopes_for(app, request.scopes()));
    TRY_VOID(store_.add_grant(call, grant, now));
    GrantCodeReply reply;
    reply.set_code(code);
    return reply;
}

Result<TokenReply> Service::exchange_code(const Call& call, const ExchangeCodeRequest& request) {
    TRY(const App app, proven_app(call, request.client_id(), request.client_secret()));
    const auto code_hash = token_hash(request.code());
    if (!code_hash) return invalid_grant();
    TRY(const auto grant, store_.grant(call, *code_hash));
    if (!grant) return code_again(call, app, request);
    if (!fits(*grant, app, request, clock_.wall_ms())) return invalid_grant();
    TRY(const auto account, store_.account(call, grant->user));
    if (!account) return invalid_grant();
    const std::string token = new_token();
    NewSession session = new_session(call, grant->user, kept(request.client()), token);
    session.idempotency_key = key_with_digest(call, request);
    session.app = grant->app;
    session.scopes = grant->scopes;
    session.code_hash = *code_hash;
    const auto opened = store_.open_session_for_grant(call, *grant, session);
    // Somebody else brought it at the same moment.
    if (has_reason(opened, code_used)) return code_again(call, app, request);
    TRY_VOID(opened);
    tell("app_token", account->user.username(), session.session.client().address());
    return token_reply(session, account->user, token);
}

std::string Service::key_with_digest(const Call& call, const ExchangeCodeRequest& request) const {
    if (call.idempotency_key.empty()) return {};
    const Key key =
        key_of(call, "ExchangeCode",
               {request.client_id(), request.code(), request.redirect_uri(), request.code_verifier()});
    return key.key + ' ' + key.digest;
}

Result<TokenReply> Service::code_again(const Call& call, const App& app, const ExchangeCodeRequest& request) {
    const AppId id{app.id()};
    const std::string code_hash = hash_or_none(request.code());
    const std::string token = new_token();
    if (const std::string key = key_with_digest(call, request); !key.empty()) {
        TRY(const bool replaced,
            store_.replace_token_of_grant(call, id, code_hash, key, hash_or_none(token)));
        if (replaced) return token_again(call, token);
    }
    TRY(const bool ended, store_.end_session_of_grant(call, id, code_hash));
    if (ended) tell("app_code_reuse", "", kept(request.client()).address());
    return invalid_grant();
}

Result<TokenReply> Service::token_again(const Call& call, const std::string& token) {
    TRY(const auto visit, store_.visit(call, hash_or_none(token)));
    if (!visit) return invalid_grant();
    NewSession session;
    session.session = visit->session;
    session.scopes = visit->scopes;
    return token_reply(session, visit->user, token);
}

Result<TokenReply> Service::client_token(const Call& call, const ClientTokenRequest& request) {
    TRY(const App app, proven_app(call, request.client_id(), request.client_secret()));
    const std::string token = new_token();
    NewSession session = new_session(call, UserId{}, {}, token);
    session.app = AppId{app.id()};
    TRY(session.scopes, scopes_for(app, request.scopes()));
    TRY_VOID(store_.open_session_of_app(call, session));
    return token_reply(session, {}, token);
}

Result<Empty> Service::revoke_token(const Call& call, const RevokeTokenRequest& request) {
    TRY(const App app, proven_app(call, request.client_id(), request.client_secret()));
    const auto hash = token_hash(request.token());
    if (hash) TRY_VOID(store_.end_session_of_app(call, AppId{app.id()}, *hash));
    return Empty{};
}

}  // namespace jebi::accounts
