#include "modules/web/web.h"

#include "kit/base/json.h"
#include "modules/web/door.h"
#include "modules/web/live_reload.h"
#include "modules/web/pages.h"

namespace jebi::web {

namespace {

using Failed = std::function<void(const http::Request&, const Error&)>;
using PageFunction = Shown (*)(const Site&, Visit&);
using FormFunction = Shown (*)(const Site&, Visit&, const Form&);

// Without the pages' help, for when even the visit cannot be opened.
http::Response plain_refusal(const http::Request& request, const Error& error) {
    http::Response response = http::Response::text(
        http::status_of(error.code), error.message + "\nTrace id: " + request.trace.id_hex() + "\n");
    if (error.retry_after_s > 0) response.fields.add("Retry-After", std::to_string(error.retry_after_s));
    return response;
}

bool is_worth_telling(const Error& error) {
    return error.code == Code::internal || error.code == Code::unavailable;
}

bool is_for_programs(const http::Request& request) {
    return request.path.starts_with("/api/") || request.path.starts_with("/oauth/") ||
           request.path.starts_with("/apiv1/");
}

// What no program may take for a page, in the words that Mastodon's clients look for.
http::Response not_found_for_programs() {
    return http::Response::json(404, R"({"error":"Record not found"})");
}

http::Response failure_for_programs(const Error& error) {
    json::Writer out;
    out.begin_object().key("error").begin_object().key("code").string(name(error.code));
    out.key("message").string(error.message).end_object().end_object();
    return http::Response::json(http::status_of(error.code), out.take());
}

class Binder {
public:
    Binder(http::Router& router, const Site& site, Failed failed)
        : door_(router, site), site_(site), failed_(std::move(failed)) {}

    void page(std::string pattern, PageFunction function) {
        door_.on(http::Method::get, std::move(pattern), [*this, function](const http::Request& request) {
            return visited(request, [&](Visit& visit) { return function(site_, visit); });
        });
    }

    void form(std::string pattern, FormFunction function) {
        door_.on(http::Method::post, std::move(pattern), [*this, function](const http::Request& request) {
            return visited(request, [&](Visit& visit) -> Shown {
                TRY(const Form form, http::form_from(request.body));
                TRY_VOID(check_csrf(site_.options, visit, value(form, "csrf")));
                return function(site_, visit, form);
            });
        });
    }

    void otherwise() {
        door_.otherwise([*this](const http::Request& request) {
            const Error nothing = error(Code::not_found, "There is nothing at this address.");
            if (is_for_programs(request)) return Answered{not_found_for_programs()};
            return visited(request, [&](Visit&) -> Shown { return fail(nothing); });
        });
    }

    void failure() {
        door_.on_failure([*this](const http::Request& request, const Error& error) {
            failed_(request, error);
            if (is_for_programs(request)) return Answered{failure_for_programs(error)};
            return visited(request, [&](Visit&) -> Shown { return fail(error); });
        });
    }

private:
    template <typename Function>
    Answered visited(const http::Request& request, Function function) const {
        auto visit = open_visit(site_, request);
        if (!visit) {
            failed_(request, visit.error());
            return Answered{plain_refusal(request, visit.error())};
        }
        auto answer = function(*visit);
        if (!answer && is_worth_telling(answer.error())) failed_(request, answer.error());
        return {.response = answer ? std::move(*answer) : refused(site_, *visit, answer.error()),
                .user = visit->call.user,
                .username = visit->user ? visit->user->username() : ""};
    }

    Door door_;
    const Site& site_;
    Failed failed_;
};

Shown tweets_home(const Site& site, Visit& visit) {
    return home_as(site, visit, "/tweets");
}

void bind_pages(Binder& bind) {
    bind.page("/", home);
    bind.page("/tweets", tweets_home);
    bind.form("/tweets", write_tweet);
    bind.page("/tweets/new", compose);
    bind.page("/tweets/hashtag/{tag}", hashtag);
    bind.page("/tweets/{id}", tweet);
    bind.form("/tweets/{id}", change_tweet);
    bind.page("/tweets/{id}/edit", edit);
    bind.page("/tweets/{id}/delete", ask_delete);
    bind.form("/tweets/{id}/delete", delete_tweet);
    bind.page("/userslist", people);
    bind.page("/users/{name}", profile);
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
    bind.form("/settings/sessions/{id}/end", end_session);
    bind.form("/settings/sessions/end-others", end_other_sessions);
    bind.page("/settings/delete", ask_delete_account);
    bind.form("/settings/delete", delete_account);
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
    binder.otherwise();
    binder.failure();
    router.on(http::Method::get, "/assets/{hash}/{name}",
              [&site](const http::Request& request) { return site.assets.serve(request); });
    if (site.options.dev) bind_live_reload(router);
}

}  // namespace jebi::web
