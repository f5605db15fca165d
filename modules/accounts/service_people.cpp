#include <algorithm>

#include "modules/accounts/names.h"
#include "modules/accounts/password_policy.h"
#include "modules/accounts/profile.h"
#include "modules/accounts/service_parts.h"

namespace jebi::accounts {

namespace {

constexpr std::uint32_t page_size_max = 100;
constexpr int list_max = 100;
constexpr Millis lately{std::chrono::minutes(10)};

std::unexpected<Error> wrong_password(std::string field) {
    return fail(
        error(Code::invalid, "The password is not right.").because("password_wrong").at(std::move(field)));
}
UsersReply reply_of(std::vector<User> users) {
    UsersReply reply;
    for (User& user : users)
        *reply.add_users() = std::move(user);
    return reply;
}

}  // namespace

Result<Account> Service::own_account(const Call& call) {
    TRY(const UserId me, signed_in(call));
    TRY(auto account, store_.account(call, me));
    if (!account) return account_gone();
    return std::move(*account);
}

Result<Empty> Service::change_password(const Call& call, const ChangePasswordRequest& request) {
    TRY(const UserId me, signed_in(call));
    const Key key = key_of(call, "ChangePassword", {});
    TRY(const auto before, seen(call, key));
    if (before) return password_changed_before(call, request);
    TRY(const Account account, own_account(call));
    if (account.password_hash.empty()) return set_first_password(call, account, request, key);
    TRY(std::string password,
        accepted_password(request.new_password(),
                          {.username = account.user.username(), .email = account.email}, "new_password"));
    const Client client = kept(request.client());
    const auto tries = tries_at(own_password_key(me), client.address());
    TRY(const auto answer, attempt(call, {.event = "password_change",
                                          .account = &account,
                                          .password = request.current_password(),
                                          .tries = tries,
                                          .address = client.address()}));
    if (!answer.right) return wrong_password("current_password");
    auto hash = passwords_.hashed(call, std::move(password));
    if (!hash) delays_.take_back(call, tries);
    Store::PasswordChange change{.kept_token_hash = hash_or_none(request.token()), .at_ms = clock_.wall_ms()};
    TRY(change.hash, std::move(hash));
    const auto changed = store_.change_password(call, account, change, key, tries);
    // The same call arrived twice at once, and the other one was first.
    if (has_reason(changed, key_seen)) return password_changed_before(call, request);
    if (has_reason(changed, password_moved)) return wrong_password("current_password");
    if (changed) tell("password_change", account.user.username(), client.address());
    return done_if(changed);
}

Result<Empty> Service::set_first_password(const Call& call, const Account& account,
                                          const ChangePasswordRequest& request, const Key& key) {
    TRY_VOID(check_signed_in_lately(call, UserId{account.user.id()}, request.token()));
    TRY(std::string password,
        accepted_password(request.new_password(), {.username = account.user.username()}, "new_password"));
    Store::PasswordChange change{.kept_token_hash = hash_or_none(request.token()), .at_ms = clock_.wall_ms()};
    TRY(change.hash, passwords_.hashed(call, std::move(password)));
    const auto changed = store_.change_password(call, account, change, key, {});
    if (has_reason(changed, key_seen)) return password_changed_before(call, request);
    if (has_reason(changed, password_moved)) return wrong_password("current_password");
    if (changed) tell("password_change", account.user.username(), kept(request.client()).address());
    return done_if(changed);
}

Result<void> Service::check_signed_in_lately(const Call& call, UserId me, const std::string& token) {
    TRY(const auto visit, store_.visit(call, hash_or_none(token)));
    const bool is_theirs = visit && visit->user.id() == me.value && visit->app.id() == 0;
    if (is_theirs && clock_.wall_ms() - visit->session.created_ms() <= lately.count()) return {};
    return fail(
        error(Code::unauthenticated, "Please sign in again before you do this.").because("sign_in_again"));
}

Result<Empty> Service::password_changed_before(const Call& call, const ChangePasswordRequest& request) {
    TRY(const Account account, own_account(call));
    const Client client = kept(request.client());
    const auto tries = tries_at(own_password_key(UserId{account.user.id()}), client.address());
    TRY(const auto answer, attempt(call, {.event = "password_change",
                                          .account = &account,
                                          .password = request.new_password(),
                                          .tries = tries,
                                          .address = client.address()}));
    if (!answer.right) return key_reused();
    delays_.take_back(call, tries);
    return Empty{};
}

Result<User> Service::change_profile(const Call& call, const ChangeProfileRequest& request) {
    TRY(const UserId me, signed_in(call));
    User profile;
    profile.set_id(me.value);
    TRY(*profile.mutable_display_name(), accepted_display_name(request.display_name()));
    TRY(*profile.mutable_bio(), accepted_bio(request.bio()));
    TRY(*profile.mutable_link(), accepted_link(request.link()));
    auto changed = store_.change_profile(call, profile, clock_.wall_ms());
    if (changed) happened_.tell();
    return changed;
}

Result<Empty> Service::delete_account(const Call& call, const DeleteAccountRequest& request) {
    TRY(const UserId me, signed_in(call));
    TRY(const auto account, store_.account(call, me));
    if (!account) return Empty{};
    const Client client = kept(request.client());
    if (account->password_hash.empty()) {
        TRY_VOID(check_signed_in_lately(call, me, request.token()));
        return remove_account(call, *account, client, {});
    }
    const auto tries = tries_at(own_password_key(me), client.address());
    TRY(const auto answer, attempt(call, {.event = "account_deletion",
                                          .account = &*account,
                                          .password = request.password(),
                                          .tries = tries,
                                          .address = client.address()}));
    if (!answer.right) return wrong_password("password");
    return remove_account(call, *account, client, tries);
}

Result<Empty> Service::remove_account(const Call& call, const Account& account, const Client& client,
                                      const std::vector<Try>& right) {
    const auto removed = store_.remove_user(call, account, clock_.wall_ms(), right);
    if (has_reason(removed, password_moved)) return wrong_password("password");
    if (removed) {
        tell("account_deletion", account.user.username(), client.address());
        happened_.tell();
    }
    return done_if(removed);
}

Result<UsersReply> Service::users_by_ids(const Call& call, const UsersByIdsRequest& request) {
    if (request.ids_size() > list_max)
        return out_of_range("At most 100 users can be asked for at once.", "ids");
    UsersByNamesRequest named;
    named.mutable_usernames()->Assign(request.usernames().begin(), request.usernames().end());
    TRY(const UsersReply others, users_by_names(call, named));
    TRY(auto users, store_.users_by_ids(call, {request.ids().begin(), request.ids().end()}));
    UsersReply reply = reply_of(std::move(users));
    reply.MergeFrom(others);
    return reply;
}

Result<User> Service::user_by_name(const Call& call, const UserByNameRequest& request) {
    const auto nobody = [] { return fail(Code::not_found, "There is no user of that name."); };
    if (request.username().size() > username_bytes_max) return nobody();
    const std::string name = ascii_lower(request.username());
    if (!is_username(name)) return nobody();
    TRY(auto user, store_.user_by_name(call, name));
    if (!user) return nobody();
    return std::move(*user);
}

Result<UsersPage> Service::users(const Call& call, const UsersRequest& request) {
    if (request.page() == 0) return out_of_range("Pages are counted from 1.", "page");
    if (request.size() == 0 || request.size() > page_size_max) {
        return out_of_range("A page has 1 to 100 users.", "size");
    }
    UsersPage page;
    TRY(const std::uint64_t total, store_.user_count(call));
    page.set_total(total);
    const std::uint64_t offset = std::uint64_t{request.page() - 1} * request.size();
    if (offset >= total) return page;
    TRY(auto users, store_.users(call, offset, request.size()));
    for (User& user : users)
        *page.add_users() = std::move(user);
    return page;
}

Result<UsersReply> Service::users_by_names(const Call& call, const UsersByNamesRequest& request) {
    if (request.usernames_size() > list_max)
        return out_of_range("At most 100 users can be asked for at once.", "usernames");
    std::vector<std::string> names;
    for (const std::string& given : request.usernames()) {
        if (given.size() > username_bytes_max) continue;
        std::string name = ascii_lower(given);
        if (is_username(name)) names.push_back(std::move(name));
    }
    TRY(auto users, store_.users_by_names(call, names));
    return reply_of(std::move(users));
}

Result<OwnReply> Service::own(const Call& call, const Empty&) {
    TRY(const Account account, own_account(call));
    OwnReply reply;
    *reply.mutable_user() = account.user;
    reply.set_email(account.email);
    reply.set_has_password(!account.password_hash.empty());
    TRY(auto identities, store_.identities(call, UserId{account.user.id()}));
    for (Identity& identity : identities)
        *reply.add_identities() = std::move(identity);
    return reply;
}

}  // namespace jebi::accounts
