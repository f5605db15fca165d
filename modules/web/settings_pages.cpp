// One's own settings: profile, look, password, sessions, and leaving.
#include <array>

#include "modules/web/pages.h"
#include "modules/web/templates/languages.h"

namespace jebi::web {

namespace {

constexpr std::int64_t choice_cookie_s = 365LL * 24 * 3600;

// "Mozilla/5.0 (X11; Linux x86_64) ... Firefox/128.0" -> "Firefox, Linux": enough to know one's own device
// again.
std::string device_of(std::string_view agent) {
    constexpr std::array browsers{std::pair{"Edg/", "Edge"},
                                  std::pair{"OPR/", "Opera"},
                                  std::pair{"SamsungBrowser", "Samsung Internet"},
                                  std::pair{"Firefox/", "Firefox"},
                                  std::pair{"Chrome/", "Chrome"},
                                  std::pair{"Safari/", "Safari"},
                                  std::pair{"curl/", "curl"}};
    constexpr std::array systems{std::pair{"Android", "Android"}, std::pair{"iPhone", "iPhone"},
                                 std::pair{"iPad", "iPad"},       std::pair{"Windows", "Windows"},
                                 std::pair{"Mac OS X", "macOS"},  std::pair{"Linux", "Linux"}};
    const auto named = [&](const auto& table) -> std::string {
        for (const auto& [mark, name] : table) {
            if (agent.find(mark) != std::string_view::npos) return name;
        }
        return "";
    };
    const std::string browser = named(browsers), system = named(systems);
    if (browser.empty()) return agent.empty() ? "?" : std::string(agent.substr(0, agent.find_first_of(" (")));
    return system.empty() ? browser : browser + ", " + system;
}

Result<void> show_sessions(const Site& site, const Visit& visit, Section page) {
    TRY(const auto reply, site.accounts.sessions(visit.call, accounts::Empty{}));
    for (const accounts::Session& session : reply.sessions()) {
        Section section = page.section("SESSION");
        section.set("ID", session.id());
        if (session.app_name().empty()) {
            section.set("DEVICE", device_of(session.client().user_agent()));
        } else {
            section.set("DEVICE", session.app_name()).show("APP");
        }
        section.set("ADDRESS", session.client().address()).set("ISO", iso8601(session.last_used_ms()));
        section.set("WHEN",
                    ago(site.templates, visit.language, session.last_used_ms(), site.clock.wall_ms()));
        section.show(session.id() == visit.session_id ? "CURRENT" : "OTHER");
    }
    if (reply.sessions_size() > 1) page.show("HAS_OTHERS");
    return {};
}

// What can be told of it; the page goes on without.
void show_own(const Site& site, const Visit& visit, Section page) {
    const auto own = site.accounts.own(extras(visit.call), accounts::Empty{});
    if (own && !own->email().empty()) page.show("EMAIL", own->email());
    if (!own || own->has_password()) page.show("HAS_PASSWORD");
    if (!own || !site.options.github) return;
    Section github = page.section("GITHUB");
    for (const auto& identity : own->identities()) {
        if (identity.provider() == "github") github.section("LINKED").set("LOGIN", identity.login());
    }
    if (own->identities().empty()) github.show("UNLINKED");
}

// The settings with what was typed into the profile, and with what was refused.
Shown settings_form(const Site& site, Visit& visit, int status, const accounts::User& typed,
                    const Error* error) {
    Page page;
    page.show("AT_SETTINGS");
    visit.opens_at = "/settings";
    page.set("DISPLAY_NAME", typed.display_name()).set("BIO", typed.bio()).set("LINK", typed.link());
    page.show(visit.language == Language::korean ? "IS_KO" : "IS_EN");
    page.show(visit.theme == "light" ? "IS_LIGHT" : visit.theme == "dark" ? "IS_DARK" : "IS_AUTO");
    if (!visit.user->avatar().empty()) page.show("HAS_PICTURE");
    show_own(site, visit, page);
    TRY(const int sessions, show_away(visit, page, show_sessions(site, visit, page)));
    if (status == 200) status = sessions;
    if (error != nullptr) show_error(site, visit, page, *error);
    return shown(site, visit, status, "settings", page);
}

}  // namespace

Shown settings_again(const Site& site, Visit& visit, const Error& error) {
    return settings_form(site, visit, form_status(error), *visit.user, &error);
}

Shown settings(const Site& site, Visit& visit) {
    TRY_VOID(signed_in(visit));
    return settings_form(site, visit, 200, *visit.user, nullptr);
}

Shown save_profile(const Site& site, Visit& visit, const Form& form) {
    TRY_VOID(signed_in(visit));
    accounts::ChangeProfileRequest request;
    request.set_display_name(value(form, "display_name"));
    std::string bio = value(form, "bio");
    std::erase(bio, '\r');
    request.set_bio(bio);
    request.set_link(value(form, "link"));
    const auto saved = site.accounts.change_profile(visit.call, request);
    if (!saved && is_for_the_form(saved.error())) {
        accounts::User typed = *visit.user;
        typed.set_display_name(request.display_name());
        typed.set_bio(request.bio());
        typed.set_link(request.link());
        return settings_form(site, visit, form_status(saved.error()), typed, &saved.error());
    }
    TRY_VOID(saved);
    return redirected(site, visit, "/settings", "profile");
}

Shown change_password(const Site& site, Visit& visit, const Form& form) {
    TRY_VOID(signed_in(visit));
    accounts::ChangePasswordRequest request;
    request.set_current_password(value(form, "current_password"));
    request.set_new_password(value(form, "new_password"));
    request.set_token(visit.secret);
    *request.mutable_client() = visit.client();
    const auto changed = site.accounts.change_password(visit.call, request);
    if (!changed && is_for_the_form(changed.error())) {
        return settings_again(site, visit, changed.error());
    }
    TRY_VOID(changed);
    return redirected(site, visit, "/settings", "password");
}

Shown end_session(const Site& site, Visit& visit, const Form&) {
    accounts::EndSessionRequest request;
    TRY(const std::uint64_t id, id_in_path(visit));
    request.set_session_id(id);
    TRY_VOID(site.accounts.end_session(visit.call, request));
    return redirected(site, visit, "/settings", "session_ended");
}

Shown end_other_sessions(const Site& site, Visit& visit, const Form&) {
    TRY_VOID(signed_in(visit));
    accounts::EndOtherSessionsRequest request;
    request.set_token(visit.secret);
    TRY_VOID(site.accounts.end_other_sessions(visit.call, request));
    return redirected(site, visit, "/settings", "sessions_ended");
}

Shown save_look(const Site& site, Visit& visit, const Form& form) {
    if (const auto language = language_from(value(form, "language"))) {
        visit.cookies.push_back(plain_cookie(site, "jebi_lang", code(*language), choice_cookie_s));
    }
    const std::string theme = value(form, "theme");
    if (theme == "auto" || theme == "light" || theme == "dark") {
        visit.cookies.push_back(plain_cookie(site, "jebi_theme", theme, choice_cookie_s));
    }
    return redirected(site, visit, "/settings", "look");
}

namespace {

http::Response delete_form(const Site& site, Visit& visit, int status, const Error* error) {
    Page page;
    visit.opens_at = "/settings/delete";
    show_own(site, visit, page);
    if (error != nullptr) show_error(site, visit, page, *error);
    return shown(site, visit, status, "settings_delete", page);
}

}  // namespace

Shown ask_delete_account(const Site& site, Visit& visit) {
    TRY_VOID(signed_in(visit));
    return delete_form(site, visit, 200, nullptr);
}

Shown delete_account(const Site& site, Visit& visit, const Form& form) {
    TRY_VOID(signed_in(visit));
    accounts::DeleteAccountRequest request;
    request.set_password(value(form, "password"));
    request.set_token(visit.secret);
    *request.mutable_client() = visit.client();
    const auto deleted = site.accounts.delete_account(visit.call, request);
    if (!deleted && is_for_the_form(deleted.error())) {
        return delete_form(site, visit, form_status(deleted.error()), &deleted.error());
    }
    TRY_VOID(deleted);
    site.recall->forget(visit.call.user.value);
    visit.cookies.push_back(ended_session_cookie(site));
    return redirected(site, visit, "/", "account_deleted");
}

}  // namespace jebi::web
