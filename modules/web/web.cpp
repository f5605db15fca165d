#include "modules/web/web.h"

#include "modules/web/binder.h"
#include "modules/web/contracts_page.h"
#include "modules/web/live_reload.h"
#include "modules/web/route_table.h"
#include "modules/web/show.h"

namespace jebi::web {

namespace {

void bind_pages(Binder& bind) {
    bind.page("/", home);
    bind.page("/tweets", everybody);
    bind.form("/tweets", write_tweet);
    bind.page("/tweets/new", compose);
    bind.page("/tweets/hashtag/{tag}", hashtag);
    bind.page("/tweets/{id}", tweet);
    bind.act("/tweets/{id}", change_tweet);
    bind.page("/tweets/{id}/edit", edit);
    bind.page("/tweets/{id}/delete", ask_delete);
    bind.form("/tweets/{id}/delete", delete_tweet);
    bind.page("/tweets/{id}/comments", comments);
    bind.act("/tweets/{id}/comments", reply);
    bind.page("/tweets/{id}/favorites", who_likes);
    bind.act("/tweets/{id}/favorites", like);
    bind.page("/tweets/{id}/reposts", who_reposted);
    bind.act("/tweets/{id}/reposts", repost);
    bind.act("/tweets/{id}/pin", pin);
    bind.page("/userslist", people);
    bind.page("/users/{name}", profile);
    bind.page("/users/{name}/replies", profile_replies);
    bind.page("/users/{name}/favorites", profile_likes);
    bind.page("/users/{name}/followers", followers);
    bind.page("/users/{name}/following", following);
    bind.act("/users/{name}/follow", follow);
    bind.act("/users/{name}/block", block);
    bind.act("/users/{name}/mute", mute);
    bind.page("/messages", conversations);
    bind.page("/messages/{name}", conversation);
    bind.form("/messages/{name}", send_message);
    bind.form("/messages/{name}/read", read_messages);
    bind.form("/messages/{name}/delete", delete_messages);
    bind.page("/notifications", notifications_list);
    bind.form("/notifications/read", read_notifications);
    bind.form("/notifications/clear", clear_notifications);
    bind.page("/search", search);
    bind.page("/events", live);
    bind.page("/avatars/{id}", bird);
    bind.page("/avatars/{id}/{version}", avatar);
    bind.page("/analytics", analytics);
    bind.form("/users", sign_up);
    bind.page("/signup", signup);
    bind.page("/login", login);
    bind.form("/users/sessions", sign_in);
    bind.page("/logout", ask_sign_out);
    bind.form("/logout", sign_out);
    bind.page("/settings", settings);
    bind.form("/settings/profile", save_profile);
    bind.form("/settings/password", change_password);
    bind.form("/settings/look", save_look);
    bind.upload("/settings/avatar", avatar_bytes_max, set_avatar);
    bind.form("/settings/avatar/remove", remove_avatar);
    bind.page("/settings/blocked", blocked_people);
    bind.page("/settings/muted", muted_people);
    bind.form("/settings/sessions/{id}/end", end_session);
    bind.form("/settings/sessions/end-others", end_other_sessions);
    bind.page("/settings/delete", ask_delete_account);
    bind.form("/settings/delete", delete_account);
}

void bind_old_addresses(Binder& bind) {
    bind.page("/activities", activities);
    bind.page("/chat", chat);
    bind.page("/chat/{name}", chat_with);
    bind.page("/chat/get/{name}", chat_inbox);
    bind.form("/chats", send_chat);
    bind.form("/users/{name}/delete", delete_user);
}

}  // namespace

http::Fields<std::string> security_fields(const SiteOptions& options) {
    http::Fields<std::string> fields;
    fields.add(
        "Content-Security-Policy",
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'");
    fields.add("X-Content-Type-Options", "nosniff");
    fields.add("Referrer-Policy", "same-origin");
    fields.add("Cross-Origin-Opener-Policy", "same-origin");
    if (const std::chrono::seconds remembered = options.https_only; remembered.count() > 0)
        fields.add("Strict-Transport-Security", "max-age=" + std::to_string(remembered.count()));
    return fields;
}

void bind(http::Router& router, const Site& site, Failed failed) {
    Binder binder{router, site, std::move(failed)};
    bind_pages(binder);
    bind_old_addresses(binder);
    bind_contracts(binder);
    binder.otherwise();
    binder.wrong_method();
    binder.failure();
    router.on(http::Method::get, "/assets/{hash}/{name}",
              [&site](const http::Request& request) { return site.assets.serve(request); });
    if (!site.options.dev) return;
    bind_live_reload(router);
    bind_route_table(router);
}

}  // namespace jebi::web
