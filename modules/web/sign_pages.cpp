// Signing up, in and out.
#include "modules/web/pages.h"
#include "modules/web/signing.h"

namespace jebi::web {

namespace {

http::Response login_form(const Site& site, Visit& visit, int status, const Form& form, const Error* error) {
    Page page;
    page.show("AT_LOGIN");
    if (site.options.github) page.show("GITHUB");
    show_stats(site, visit, page);
    const std::string next = value(form, "next");
    page.set("NEXT", next);
    visit.opens_at = next.empty() ? "/login" : "/login?next=" + http::percent_encoded(next);
    page.set("USERNAME_OR_EMAIL", value(form, "username_or_email"));
    if (error != nullptr) show_error(site, visit, page, *error);
    return shown(site, visit, status, "login", page);
}

http::Response signup_form(const Site& site, Visit& visit, int status, const Form& form, const Error* error) {
    Page page;
    page.show("AT_SIGNUP");
    visit.opens_at = "/signup";
    // What may have been done is not done twice, and what was mended is another request.
    page.set("KEY", error != nullptr && is_away(*error) ? value(form, "key") : new_key());
    for (const auto& [slot, field] :
         {std::pair{"USERNAME", "username"}, {"DISPLAY_NAME", "display_name"}, {"EMAIL", "email"}}) {
        page.set(slot, value(form, field));
    }
    if (error != nullptr) show_error(site, visit, page, *error);
    return shown(site, visit, status, "signup", page);
}

}  // namespace

Shown login(const Site& site, Visit& visit) {
    if (visit.user) return redirected(site, visit, "/");
    Form form;
    form.add("next", visit.query("next"));
    return login_form(site, visit, 200, form, nullptr);
}

Shown sign_in(const Site& site, Visit& visit, const Form& form) {
    accounts::SignInRequest request;
    // The original's form calls the field "email".
    request.set_username_or_email(value(form, form.get("username_or_email") ? "username_or_email" : "email"));
    request.set_password(value(form, "password"));
    *request.mutable_client() = visit.client();
    const auto reply = site.accounts.sign_in(visit.call, request);
    if (!reply && is_for_the_form(reply.error())) {
        return login_form(site, visit, form_status(reply.error()), form, &reply.error());
    }
    TRY_VOID(reply);
    return signed_in_as(site, visit, *reply, safe_next(value(form, "next")), "");
}

Shown signup(const Site& site, Visit& visit) {
    if (visit.user) return redirected(site, visit, "/");
    return signup_form(site, visit, 200, {}, nullptr);
}

Shown sign_up(const Site& site, Visit& visit, const Form& form) {
    accounts::SignUpRequest request;
    request.set_username(value(form, "username"));
    request.set_email(value(form, "email"));
    request.set_password(value(form, "password"));
    request.set_display_name(value(form, "display_name"));
    *request.mutable_client() = visit.client();
    Call call = visit.call;
    call.idempotency_key = value(form, "key");
    const auto reply = site.accounts.sign_up(call, request);
    if (!reply && is_for_the_form(reply.error())) {
        return signup_form(site, visit, form_status(reply.error()), form, &reply.error());
    }
    TRY_VOID(reply);
    return signed_in_as(site, visit, *reply, "/", "welcome");
}

Shown ask_sign_out(const Site& site, Visit& visit) {
    if (visit.unknown) return std::unexpected(*visit.unknown);
    if (!visit.user) return redirected(site, visit, "/login");
    Page page;
    return shown(site, visit, 200, "logout", page);
}

Shown sign_out(const Site& site, Visit& visit, const Form&) {
    if (visit.unknown) return std::unexpected(*visit.unknown);  // the session would go on without its cookie
    if (visit.user) {
        accounts::SignOutRequest request;
        request.set_token(visit.secret);
        TRY_VOID(site.accounts.sign_out(visit.call, request));
    }
    visit.cookies.push_back(ended_session_cookie(site));
    return redirected(site, visit, "/login", "signed_out");
}

}  // namespace jebi::web
