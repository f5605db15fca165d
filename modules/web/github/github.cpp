#include "modules/web/github/github.h"

#include <algorithm>

#include "kit/base/crypto.h"
#include "kit/base/ids.h"
#include "modules/web/github/sealed.h"
#include "modules/web/signing.h"

namespace jebi::web::github {

namespace {

constexpr std::string_view provider_name = "github";
constexpr std::string_view start_cookie = "jebi_github";
constexpr std::string_view who_cookie = "jebi_github_who";
constexpr std::string_view start_purpose = "start";
constexpr std::string_view who_purpose = "who";
constexpr const char* name_address = "/auth/github/name";
constexpr std::size_t state_bytes = 24;
constexpr std::size_t verifier_bytes = 32;  // 43 characters of base64url: RFC 7636, 4.1

std::string cookie_of(const Site& site, const Visit& visit, std::string_view name) {
    return std::string(http::cookie(visit.request, hosted(site, name)).value_or(""));
}

void set_cookie(const Site& site, Visit& visit, std::string_view name, std::string_view value) {
    visit.cookies.push_back(plain_cookie(site, hosted(site, name), value, value.empty() ? 0 : sealed_s));
}

std::string redirect_uri(const Site& site, const Visit& visit) {
    return origin_of(site, visit.request) + "/auth/github/callback";
}

std::unexpected<Error> begin_anew(std::string why) {
    return fail(error(Code::invalid, "This sign-in was not begun here, or too long ago. Please begin anew.")
                    .because("github_begin_anew")
                    .detailed(std::move(why)));
}

// What the browser took along when it left for GitHub.
struct Start {
    std::string state;
    std::string verifier;
    std::string next;
    std::uint64_t user = 0;  // who was signed in, and so wants to link; 0: nobody
};

std::string sealed_start(const Site& site, const Provider& provider, const Start& start) {
    return sealed(provider.secret(), start_purpose, site.clock.wall_ms(),
                  {{"state", start.state},
                   {"verifier", start.verifier},
                   {"next", start.next},
                   {"user", std::to_string(start.user)}});
}

Result<Start> start_of(const Site& site, const Provider& provider, const Visit& visit) {
    const auto fields = unsealed(provider.secret(), start_purpose, site.clock.wall_ms(),
                                 cookie_of(site, visit, start_cookie));
    if (!fields) return begin_anew("no cookie of ours, or one too old");
    Start start{.state = value(*fields, "state"),
                .verifier = value(*fields, "verifier"),
                .next = value(*fields, "next"),
                .user = id_from(value(*fields, "user")).value_or(0)};
    if (!equal_in_constant_time(start.state, visit.query("state"))) return begin_anew("another state");
    return start;
}

// 303 to another site. (redirected() goes to pages of ours.)
http::Response sent_to(Visit& visit, std::string address) {
    http::Response response = http::Response::see_other(std::move(address));
    for (const std::string& cookie : visit.cookies)
        response.fields.add("Set-Cookie", cookie);
    return response;
}

Shown begin(const Site& site, const Provider& provider, Visit& visit) {
    const Start start{.state = base64url(random_bytes(state_bytes)),
                      .verifier = base64url(random_bytes(verifier_bytes)),
                      .next = safe_next(visit.query("next")),
                      .user = visit.call.user.value};
    set_cookie(site, visit, start_cookie, sealed_start(site, provider, start));
    const std::string challenge = base64url(bytes_of(sha256(start.verifier)));
    return sent_to(visit, provider.address_to_ask(redirect_uri(site, visit), start.state, challenge));
}

Shown link(const Site& site, Visit& visit, const Start& start, const Person& person) {
    if (start.user != visit.call.user.value) return begin_anew("somebody else is signed in by now");
    accounts::LinkIdentityRequest request;
    request.set_provider(std::string(provider_name));
    request.set_subject(person.id);
    request.set_login(person.login);
    TRY_VOID(site.accounts.link_identity(visit.call, request));
    return redirected(site, visit, "/settings", "github_linked");
}

accounts::SignInWithIdentityRequest sign_in_request(const Visit& visit, const Person& person,
                                                    const std::string& username) {
    accounts::SignInWithIdentityRequest request;
    request.set_provider(std::string(provider_name));
    request.set_subject(person.id);
    request.set_login(person.login);
    request.set_display_name(person.name.empty() ? person.login : person.name);
    request.set_username(username);
    *request.mutable_client() = visit.client();
    return request;
}

bool wants_another_name(const Error& error) {
    return error.field == "username" && (error.code == Code::conflict || error.code == Code::invalid);
}

void keep_for_the_name(const Site& site, const Provider& provider, Visit& visit, const Person& person,
                       const std::string& next) {
    const std::string kept = sealed(
        provider.secret(), who_purpose, site.clock.wall_ms(),
        {{"id", person.id}, {"login", person.login}, {"name", person.name.substr(0, 200)}, {"next", next}});
    set_cookie(site, visit, who_cookie, kept);
}

Shown sign_in_as(const Site& site, const Provider& provider, Visit& visit, const Start& start,
                 const Person& person) {
    const auto reply = site.accounts.sign_in_with_identity(visit.call, sign_in_request(visit, person, ""));
    if (!reply && wants_another_name(reply.error())) {
        keep_for_the_name(site, provider, visit, person, start.next);
        return redirected(site, visit, name_address);
    }
    TRY_VOID(reply);
    return signed_in_as(site, visit, *reply, start.next, "");
}

Shown come_back(const Site& site, const Provider& provider, Visit& visit) {
    const auto start = start_of(site, provider, visit);
    set_cookie(site, visit, start_cookie, "");  // good once
    TRY_VOID(start);
    if (!visit.query("error").empty()) return redirected(site, visit, "/login", "github_denied");
    const std::string code = visit.query("code");
    if (code.empty()) return begin_anew("no code");
    const Deadline until = std::min(visit.request.until, in(provider_max));
    TRY(const Person person, provider.person_of(code, start->verifier, redirect_uri(site, visit), until));
    visit.call.until = std::min(visit.request.until, in(request_max));
    if (start->user != 0) return link(site, visit, *start, person);
    return sign_in_as(site, provider, visit, *start, person);
}

// Whom GitHub has vouched for, and where they wanted to go.
struct Kept {
    Person person;
    std::string next;
};

Result<Kept> kept_of(const Site& site, const Provider& provider, const Visit& visit) {
    const auto fields =
        unsealed(provider.secret(), who_purpose, site.clock.wall_ms(), cookie_of(site, visit, who_cookie));
    if (!fields) return begin_anew("nobody GitHub has vouched for");
    return Kept{.person = {.id = value(*fields, "id"),
                           .login = value(*fields, "login"),
                           .name = value(*fields, "name")},
                .next = value(*fields, "next")};
}

http::Response name_form(const Site& site, Visit& visit, int status, const Kept& kept,
                         const std::string& typed, const Error* error) {
    Page page;
    page.set("LOGIN", kept.person.login).set("USERNAME", typed);
    if (error != nullptr) show_error(site, visit, page, *error);
    return shown(site, visit, status, "github_name", page);
}

Shown ask_name(const Site& site, const Provider& provider, Visit& visit) {
    TRY(const Kept kept, kept_of(site, provider, visit));
    return name_form(site, visit, 200, kept, "", nullptr);
}

Shown choose_name(const Site& site, const Provider& provider, Visit& visit, const Form& form) {
    TRY(const Kept kept, kept_of(site, provider, visit));
    const std::string typed = value(form, "username");
    // Without a name accounts would take GitHub's, which is what did not do.
    const std::string username = typed.empty() ? "?" : typed;
    const auto reply =
        site.accounts.sign_in_with_identity(visit.call, sign_in_request(visit, kept.person, username));
    if (!reply && is_for_the_form(reply.error()))
        return name_form(site, visit, form_status(reply.error()), kept, typed, &reply.error());
    TRY_VOID(reply);
    set_cookie(site, visit, who_cookie, "");
    return signed_in_as(site, visit, *reply, safe_next(kept.next), "welcome");
}

Shown unlink(const Site& site, Visit& visit, const Form&) {
    accounts::UnlinkIdentityRequest request;
    request.set_provider(std::string(provider_name));
    TRY_VOID(site.accounts.unlink_identity(visit.call, request));
    return redirected(site, visit, "/settings", "github_unlinked");
}

}  // namespace

void bind(http::Router& router, const Site& site, const Provider& provider, Failed failed) {
    Binder bind{router, site, std::move(failed)};
    const auto with = [&provider](auto function) {
        return [&provider, function](const Site& at, Visit& visit) { return function(at, provider, visit); };
    };
    bind.page("/auth/github", with(begin));
    bind.page("/auth/github/callback", with(come_back));
    bind.page(name_address, with(ask_name));
    bind.form(name_address, [&provider](const Site& at, Visit& visit, const Form& form) {
        return choose_name(at, provider, visit, form);
    });
    bind.form("/settings/github/unlink", unlink);
}

}  // namespace jebi::web::github
