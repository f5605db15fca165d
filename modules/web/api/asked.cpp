#include "modules/web/api/asked.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "kit/base/unicode.h"
#include "modules/web/visit.h"

namespace jebi::web::api {

namespace {

constexpr std::string_view bearer = "Bearer ";

std::string token_of(const http::Request& request) {
    const std::string_view field = request.fields.get("Authorization").value_or("");
    if (field.size() <= bearer.size() || !http::equal_without_case(field.substr(0, bearer.size()), bearer))
        return "";
    return std::string(trimmed(field.substr(bearer.size())));
}

Result<void> find_who(Asked& asked) {
    const Deadline now = std::chrono::steady_clock::now();
    accounts::AuthenticateRequest request;
    request.set_token(asked.token);
    TRY(auto reply, asked.site.accounts.authenticate(asked.call, request));
    asked.scopes = std::move(*reply.mutable_scopes());
    asked.app = std::move(*reply.mutable_app());
    if (reply.user().id() == 0) return {};
    asked.call.user = UserId{reply.user().id()};
    asked.user = std::move(*reply.mutable_user());
    asked.site.recall->keep(*asked.user, now);
    return {};
}

bool is_of_follow(std::string_view needed) {
    static constexpr std::array<std::string_view, 6> held{"read:blocks",   "write:blocks", "read:follows",
                                                          "write:follows", "read:mutes",   "write:mutes"};
    return std::ranges::find(held, needed) != held.end();
}

bool word_holds(std::string_view word, std::string_view needed) {
    if (word == needed || (word == "follow" && is_of_follow(needed))) return true;
    return needed.size() > word.size() && needed.starts_with(word) && needed[word.size()] == ':';
}

Error no_such_user() {
    return error(Code::not_found, "There is no such user.").because("no_such_user");
}

}  // namespace

Result<Asked> asked_of(const Site& site, const http::Request& request) {
    TRY(auto given, Parameters::of(request));
    Asked asked{.site = site,
                .request = request,
                .given = std::move(given),
                .call = call_of(request),
                .token = token_of(request),
                .user = {},
                .scopes = {},
                .app = {}};
    asked.call.idempotency_key = request.fields.get("Idempotency-Key").value_or("");
    if (!asked.token.empty()) TRY_VOID(find_who(asked));
    return asked;
}

bool holds(std::string_view scopes, std::string_view needed) {
    if (scopes.empty() || needed.empty()) return true;
    while (!scopes.empty()) {
        const auto word = scopes.substr(0, scopes.find(' '));
        if (!word.empty() && word_holds(word, needed)) return true;
        scopes.remove_prefix(std::min(scopes.size(), word.size() + 1));
    }
    return false;
}

const accounts::User& Asked::me() const {
    assert(user.has_value());
    return *user;
}

Result<std::uint64_t> Asked::id_in_path() const {
    const auto id = id_from(request.captured_as("id"));
    if (!id) return fail(error(Code::not_found, "There is nothing with this id.").because("not_found"));
    return *id;
}

Result<accounts::User> Asked::user_in_path() const {
    return user_named(site, call, request.captured_as("name"));
}

Result<accounts::User> Asked::person_in_path() const {
    TRY(auto found, user_in_path());
    if (!user || user->id() == found.id()) return found;
    follows::UserIdsRequest wanted;
    wanted.add_user_ids(found.id());
    TRY(const auto reply, site.follows.relationships(call, wanted));
    for (const follows::Relationship& is : reply.relationships()) {
        if (is.blocked_by() && !is.blocking()) return fail(no_such_user());
    }
    return found;
}

std::string Asked::origin() const {
    return origin_of(site, request);
}

Result<accounts::User> user_named(const Site& site, const Call& call, std::string_view name) {
    if (!is_utf8(name)) return fail(no_such_user());
    accounts::UserByNameRequest wanted;
    wanted.set_username(std::string(name));
    return site.accounts.user_by_name(call, wanted);
}

Result<accounts::User> user_with_id(const Site& site, const Call& call, std::uint64_t id) {
    accounts::UsersByIdsRequest wanted;
    wanted.add_ids(id);
    TRY(auto reply, site.accounts.users_by_ids(call, wanted));
    if (reply.users_size() == 0) return fail(no_such_user());
    return std::move(*reply.mutable_users(0));
}

}  // namespace jebi::web::api
