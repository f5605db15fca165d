// Accounts: oneself and others, their statuses, followers and whom they follow.
#include "modules/web/mastodon/accounts.h"

#include "kit/base/unicode.h"
#include "modules/web/mastodon/paging.h"
#include "modules/web/visit.h"

namespace jebi::web::mastodon {

namespace {

using enum http::Method;
using follows::Follows;
using List = Result<follows::UserPage> (Follows::*)(const Call&, const follows::ListRequest&);

Answer own_answer(const Asked& asked, const accounts::User& user) {
    Entities entities = entities_for(asked);
    entities.need(user);
    entities.load();
    json::Writer out;
    entities.write_own(out, user);
    return http::Response::json(200, out.take());
}

Answer myself(const Asked& asked) {
    return own_answer(asked, asked.me());
}

Answer one(const Asked& asked) {
    TRY(const auto user, account_in_path(asked));
    return account_answer(asked, user);
}

Answer by_name(const Asked& asked) {
    TRY(const std::string account, asked.given.text("acct"));
    const auto username = username_of(asked, account);
    if (!username) return fail(Code::not_found, "There is nobody from elsewhere here.");
    TRY(const auto user, api::user_named(asked.site, asked.call, *username));
    TRY_VOID(check_seen(asked, user));
    return account_answer(asked, user);
}

Result<PostPage> page_of(const Asked& asked, std::vector<tweets::Tweet> tweets, std::uint64_t next) {
    TRY(Posts posts, posts_of(asked.site, asked.call, std::move(tweets),
                              {.muted = Reading::Muted::shown, .with_beside = true}));
    return PostPage{.posts = std::move(posts), .next = next};
}

Answer pinned(const Asked& asked, const accounts::User& user) {
    return statuses_answer(
        asked,
        [&](const Window&) -> Result<PostPage> {
            tweets::PinnedRequest request;
            request.set_author_id(user.id());
            TRY(auto list, asked.site.tweets.pinned(asked.call, request));
            return page_of(asked, taken(std::move(list)), 0);
        },
        Ids::of_the_list);
}

Answer statuses(const Asked& asked) {
    TRY(const auto user, account_in_path(asked));
    TRY(const bool only_pinned, asked.given.flag("pinned"));
    TRY(const bool only_media, asked.given.flag("only_media"));
    if (only_pinned) return pinned(asked, user);
    if (only_media) return http::Response::json(200, "[]");
    tweets::ByAuthorRequest request;
    request.set_author_id(user.id());
    TRY(const bool without_replies, asked.given.flag("exclude_replies"));
    TRY(const bool without_reposts, asked.given.flag("exclude_reblogs"));
    request.set_without_replies(without_replies);
    request.set_without_reposts(without_reposts);
    return statuses_answer(asked, [&](const Window& window) -> Result<PostPage> {
        *request.mutable_position() = window.position();
        TRY(auto page, asked.site.tweets.by_author(asked.call, request));
        const std::uint64_t next = page.next_cursor();
        return page_of(asked, taken(std::move(page)), next);
    });
}

template <List list>
Answer people(const Asked& asked) {
    TRY(const auto user, account_in_path(asked));
    TRY(const Window window, window_of(asked, limits_of_accounts));
    follows::ListRequest request;
    request.set_user_id(user.id());
    request.set_before(window.max_id);
    request.set_limit(window.limit);
    TRY(const auto page, (asked.site.follows.*list)(asked.call, request));
    return accounts_answer(asked, ids_in(page.user_ids()), page.next());
}

// ---- One's own profile ----

// Mastodon has several fields with names where jebi has one link: the first that is given counts.
Result<std::string> link_given(const Asked& asked) {
    if (!asked.given.has("fields_attributes[0][value]")) return asked.me().link();
    return asked.given.text("fields_attributes[0][value]");
}

Result<accounts::User> changed_profile(const Asked& asked) {
    const accounts::User& me = asked.me();
    accounts::ChangeProfileRequest request;
    request.set_display_name(me.display_name());
    request.set_bio(me.bio());
    if (asked.given.has("display_name")) {
        TRY(*request.mutable_display_name(), asked.given.text("display_name"));
        if (request.display_name().empty()) request.set_display_name(me.username());
    }
    if (asked.given.has("note")) {
        TRY(*request.mutable_bio(), asked.given.text("note"));
    }
    TRY(*request.mutable_link(), link_given(asked));
    const bool is_same = request.display_name() == me.display_name() && request.bio() == me.bio() &&
                         request.link() == me.link();
    if (is_same) return me;
    return asked.site.accounts.change_profile(asked.call, request);
}

// The picture first: it is what may be refused most.
Answer change_myself(const Asked& asked) {
    if (asked.given.file("header") != nullptr)
        return fail(error(Code::invalid, "Profiles have no header picture here.").at("header"));
    if (const http::Part* const picture = asked.given.file("avatar")) {
        accounts::SetAvatarRequest request;
        request.set_picture(std::string(picture->bytes));
        TRY_VOID(asked.site.accounts.set_avatar(asked.call, request));
    }
    TRY_VOID(changed_profile(asked));
    TRY(const auto user, api::user_with_id(asked.site, asked.call, asked.me().id()));
    return own_answer(asked, user);
}

Answer remove_avatar(const Asked& asked) {
    TRY(const auto user, asked.site.accounts.remove_avatar(asked.call, {}));
    return own_answer(asked, user);
}

std::vector<Parameter> of_a_profile() {
    return {{"display_name", "1 to 50 characters; the user name when empty."},
            {"note", "At most 160 characters."},
            {"avatar", "A picture: PNG, JPEG or WebP.", Kind::file},
            {"fields_attributes[0][value]", "The profile's link: an http or https address, or nothing."}};
}

}  // namespace

Result<void> check_seen(const Asked& asked, const accounts::User& user) {
    if (!asked.user || asked.user->id() == user.id()) return {};
    follows::UserIdsRequest request;
    request.add_user_ids(user.id());
    TRY(const auto reply, asked.site.follows.relationships(asked.call, request));
    if (reply.relationships_size() == 0 || !reply.relationships(0).blocked_by()) return {};
    return fail(error(Code::not_found, "There is no such user.").because("no_such_user"));
}

Result<accounts::User> account_in_path(const Asked& asked) {
    TRY(const std::uint64_t id, asked.id_in_path());
    TRY(auto user, api::user_with_id(asked.site, asked.call, id));
    TRY_VOID(check_seen(asked, user));
    return user;
}

std::optional<std::string> username_of(const Asked& asked, std::string_view account) {
    account = trimmed(account);
    if (account.starts_with('@')) account.remove_prefix(1);
    const auto at = account.find('@');
    const std::string_view name = account.substr(0, at);
    if (at == std::string_view::npos) return std::string(name);
    const bool is_here = asked.origin().ends_with("://" + lower(account.substr(at + 1)));
    return is_here ? std::optional(std::string(name)) : std::nullopt;
}

Answer account_answer(const Asked& asked, const accounts::User& user) {
    Entities entities = entities_for(asked);
    entities.need(user);
    entities.load();
    json::Writer out;
    entities.write(out, user);
    return http::Response::json(200, out.take());
}

std::vector<Operation> account_operations() {
    return {
        own("accounts", {"/api/v1/accounts/verify_credentials", "verifyCredentials", "Oneself.", myself,
                         "read:accounts", "Account"}),
        acting(patch, "accounts",
               {"/api/v1/accounts/update_credentials", "updateCredentials",
                "Change one's own profile; what is not given stays.", change_myself, "write:accounts",
                "Account", of_a_profile()}),
        acting(del, "accounts",
               {"/api/v1/profile/avatar", "removeAvatar", "Take one's own picture off.", remove_avatar,
                "write:accounts", "Account"}),
        reading("accounts", {"/api/v1/accounts/lookup",
                             "lookupAccount",
                             "Somebody by name.",
                             by_name,
                             "read:accounts",
                             "Account",
                             {{"acct", "The user name, with or without this host.", Kind::text, true}}}),
        reading("accounts",
                {"/api/v1/accounts/{id}", "getAccount", "Somebody.", one, "read:accounts", "Account"}),
        reading("accounts", {"/api/v1/accounts/{id}/statuses", "listAccountStatuses",
                             "What somebody wrote and reposted.", statuses, "read:statuses", "[Status]",
                             paged({{"pinned", "Only what they pinned.", Kind::flag},
                                    {"only_media", "Only with pictures: nothing has any.", Kind::flag},
                                    {"exclude_replies", "Without replies.", Kind::flag},
                                    {"exclude_reblogs", "Without reposts.", Kind::flag}})}),
        reading("accounts",
                {"/api/v1/accounts/{id}/followers", "listAccountFollowers", "Who follows somebody.",
                 people<&Follows::followers>, "read:accounts", "[Account]", paged()}),
        reading("accounts",
                {"/api/v1/accounts/{id}/following", "listAccountFollowing", "Whom somebody follows.",
                 people<&Follows::following>, "read:accounts", "[Account]", paged()}),
    };
}

}  // namespace jebi::web::mastodon
