// People: signing up, profiles, lists.
#include "modules/web/api/rest.h"
#include "modules/web/api/rest_json.h"
#include "modules/web/visit.h"

namespace jebi::web::api {

namespace {

using enum http::Method;
constexpr std::uint32_t page_max = 1'000'000;
constexpr std::uint32_t page_size = 15;
constexpr std::uint32_t page_size_max = 100;

Answer sign_up(const Asked& asked) {
    accounts::SignUpRequest request;
    TRY(*request.mutable_username(), asked.given.text("username"));
    TRY(*request.mutable_email(), asked.given.text("email"));
    TRY(*request.mutable_password(), asked.given.text("password"));
    TRY(*request.mutable_display_name(), asked.given.text("display_name"));
    *request.mutable_client() = client_of(asked.site, asked.request);
    TRY(const auto reply, asked.site.accounts.sign_up(asked.call, request));
    json::Writer out;
    const accounts::User& user = reply.user();
    out.begin_object().key("id").id(user.id()).key("username").string(user.username());
    out.key("display_name").string(user.display_name()).key("created_at");
    write_time(out, user.created_ms());
    out.key("token").string(reply.token()).end_object();
    http::Response response = created(out.take(), "/api/v1/users/" + user.username());
    response.fields.add("Cache-Control", "no-store");
    return response;
}

Answer users(const Asked& asked) {
    TRY(const std::uint32_t page, asked.given.number("page", 1, page_max));
    TRY(const std::uint32_t limit, asked.given.number("limit", page_size, page_size_max));
    accounts::UsersRequest request;
    request.set_page(page);
    request.set_size(limit);
    TRY(const auto reply, asked.site.accounts.users(asked.call, request));
    json::Writer out;
    out.begin_object().key("users").begin_array();
    for (const accounts::User& user : reply.users())
        write_user(out, user);
    out.end_array().key("page").integer(page);
    out.key("total").integer(static_cast<std::int64_t>(reply.total())).end_object();
    return http::Response::json(200, out.take());
}

Answer user_answer(const accounts::User& user) {
    json::Writer out;
    write_user(out, user);
    return http::Response::json(200, out.take());
}

Answer user(const Asked& asked) {
    TRY(const auto user, asked.person_in_path());
    return user_answer(user);
}

Answer change_profile(const Asked& asked) {
    accounts::ChangeProfileRequest request;
    TRY(*request.mutable_display_name(), asked.given.text("display_name"));
    TRY(*request.mutable_bio(), asked.given.text("bio"));
    TRY(*request.mutable_link(), asked.given.text("link"));
    TRY(const auto user, asked.site.accounts.change_profile(asked.call, request));
    return user_answer(user);
}

Answer followers(const Asked& asked) {
    TRY(const auto user, asked.person_in_path());
    TRY(const Cursor cursor, cursor_of(asked));
    follows::ListRequest request;
    request.set_user_id(user.id());
    request.set_before(cursor.before);
    request.set_limit(cursor.limit);
    TRY(const auto page, asked.site.follows.followers(asked.call, request));
    return users_answer(asked, ids_of(page.user_ids()), page.next());
}

Answer following(const Asked& asked) {
    TRY(const auto user, asked.person_in_path());
    TRY(const Cursor cursor, cursor_of(asked));
    follows::ListRequest request;
    request.set_user_id(user.id());
    request.set_before(cursor.before);
    request.set_limit(cursor.limit);
    TRY(const auto page, asked.site.follows.following(asked.call, request));
    return users_answer(asked, ids_of(page.user_ids()), page.next());
}

}  // namespace

std::vector<Operation> user_operations() {
    const std::vector<Parameter> paged{{"cursor", "`next` of the page before.", Parameter::Kind::id},
                                       {"limit", "1 to 100; 15 when absent.", Parameter::Kind::number}};
    return {
        {.method = post,
         .pattern = "/api/v1/users",
         .id = "signUp",
         .summary = "Make an account; the answer has a token.",
         .tag = "users",
         .function = sign_up,
         .access = Access::anybody,
         .parameters = {{"username", "1 to 30 of a-z, 0-9 and _.", Parameter::Kind::text, true},
                        {"email", "An e-mail address.", Parameter::Kind::text, true},
                        {"password", "At least 8 characters.", Parameter::Kind::text, true},
                        {"display_name", "1 to 50 characters of any script; the user name when absent."}},
         .reply = "NewUser",
         .status = 201},
        {.method = get,
         .pattern = "/api/v1/users",
         .id = "listUsers",
         .summary = "Everybody, the newest first.",
         .tag = "users",
         .function = users,
         .access = Access::anybody,
         .parameters = {{"page", "From 1.", Parameter::Kind::number},
                        {"limit", "1 to 100; 15 when absent.", Parameter::Kind::number}},
         .reply = "UsersByPage"},
        {.method = get,
         .pattern = "/api/v1/users/{name}",
         .id = "getUser",
         .summary = "One person.",
         .tag = "users",
         .function = user,
         .access = Access::anybody,
         .reply = "User"},
        {.method = put,
         .pattern = "/api/v1/profile",
         .id = "changeProfile",
         .summary = "Replace one's own display name, bio and link, all three.",
         .tag = "users",
         .function = change_profile,
         .scope = "write:accounts",
         .parameters = {{"display_name", "1 to 50 characters.", Parameter::Kind::text, true},
                        {"bio", "At most 160 characters."},
                        {"link", "An http or https address, or nothing."}},
         .reply = "User"},
        {.method = get,
         .pattern = "/api/v1/users/{name}/followers",
         .id = "listFollowers",
         .summary = "Who follows somebody, the newest first.",
         .tag = "users",
         .function = followers,
         .access = Access::anybody,
         .parameters = paged,
         .reply = "Users"},
        {.method = get,
         .pattern = "/api/v1/users/{name}/following",
         .id = "listFollowing",
         .summary = "Whom somebody follows, the newest first.",
         .tag = "users",
         .function = following,
         .access = Access::anybody,
         .parameters = paged,
         .reply = "Users"},
    };
}

}  // namespace jebi::web::api
