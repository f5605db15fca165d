#include "modules/accounts/identities.h"
#include "modules/accounts/names.h"
#include "modules/accounts/profile.h"
#include "modules/accounts/service_parts.h"

namespace jebi::accounts {

namespace {

// Both requests that bring one have these three.
template <typename Request>
Result<NewIdentity> accepted_identity(const Request& request) {
    TRY_VOID(check_identity(request.provider(), request.subject(), request.login()));
    return NewIdentity{
        .provider = request.provider(), .subject = request.subject(), .login = request.login()};
}

// What people are called elsewhere may be nothing to be called here.
std::string first_display_name(const std::string& given, const std::string& username) {
    auto name = accepted_display_name(given);
    return name ? std::move(*name) : username;
}

Result<NewUser> accepted_user(const SignInWithIdentityRequest& request, const NewIdentity& identity) {
    NewUser made;
    made.identity = identity;
    TRY(*made.user.mutable_username(),
        accepted_username(request.username().empty() ? username_for(identity.login) : request.username()));
    made.user.set_display_name(first_display_name(request.display_name(), made.user.username()));
    return made;
}

}  // namespace

Result<SessionReply> Service::sign_in_with_identity(const Call& call,
                                                    const SignInWithIdentityRequest& request) {
    TRY(const NewIdentity identity, accepted_identity(request));
    const Client client = kept(request.client());
    TRY(const auto account, store_.account_by_identity(call, identity));
    if (account) return open_session_for(call, *account, identity, client);
    TRY(NewUser user, accepted_user(request, identity));
    auto added = add_user_without_password(call, std::move(user), client);
    if (added || added.error().code != Code::conflict) return added;
    // The same person may have come twice at once, and the other time was first.
    TRY(const auto meanwhile, store_.account_by_identity(call, identity));
    return meanwhile ? open_session_for(call, *meanwhile, identity, client) : added;
}

Result<SessionReply> Service::add_user_without_password(const Call& call, NewUser user,
                                                        const Client& client) {
    TRY_VOID(begin_sign_up(call, client));
    TRY_VOID(store_.check_free(call, user.user.username(), user.email_key));
    return keep_user(call, std::move(user), client, {});
}

Result<SessionReply> Service::open_session_for(const Call& call, const Account& account,
                                               const NewIdentity& identity, const Client& client) {
    const std::string token = new_token();
    const NewSession session = new_session(call, UserId{account.user.id()}, client, token);
    TRY_VOID(store_.open_session_for_identity(call, identity, session));
    tell("sign_in", account.user.username(), client.address());
    return session_reply(account.user, session.session, token);
}

Result<OwnReply> Service::link_identity(const Call& call, const LinkIdentityRequest& request) {
    TRY(const UserId me, signed_in(call));
    TRY(const NewIdentity identity, accepted_identity(request));
    TRY_VOID(store_.link_identity(call, me, identity, clock_.wall_ms()));
    return own_after(call, "identity_link");
}

Result<OwnReply> Service::unlink_identity(const Call& call, const UnlinkIdentityRequest& request) {
    TRY(const UserId me, signed_in(call));
    TRY_VOID(check_provider(request.provider()));
    TRY_VOID(store_.unlink_identity(call, me, request.provider()));
    return own_after(call, "identity_unlink");
}

Result<OwnReply> Service::own_after(const Call& call, std::string_view event) {
    TRY(OwnReply reply, own(call, {}));
    tell(event, reply.user().username(), "");
    return reply;
}

}  // namespace jebi::accounts
