#include "modules/web/mastodon/authorize_page.h"

#include <algorithm>

#include "modules/web/api/asked.h"
#include "modules/web/mastodon/scopes.h"

namespace jebi::web::mastodon {

namespace {

constexpr std::string_view out_of_band = "urn:ietf:wg:oauth:2.0:oob";  // the code is shown, to be copied

// What the program asks for: a query when the page opens, a form's fields when it is sent.
struct Question {
    std::string response_type;
    std::string client_id;
    std::string redirect_uri;
    std::string scope;
    std::string state;
    std::string code_challenge;
    std::string code_challenge_method;
    accounts::App app;

    bool is_out_of_band() const { return redirect_uri == out_of_band; }
};

Question question_in(const Form& fields) {
    return {.response_type = value(fields, "response_type"),
            .client_id = value(fields, "client_id"),
            .redirect_uri = value(fields, "redirect_uri"),
            .scope = value(fields, "scope"),
            .state = value(fields, "state"),
            .code_challenge = value(fields, "code_challenge"),
            .code_challenge_method = value(fields, "code_challenge_method"),
            .app = {}};
}

// Finds the program, and makes sure that the address is one of its own. Nothing goes to it before.
Result<void> find_program(const Site& site, const Visit& visit, Question& question) {
    accounts::AppByClientIdRequest request;
    request.set_client_id(question.client_id);
    auto app = site.accounts.app_by_client_id(visit.call, request);
    if (!app && app.error().code == Code::not_found)
        return fail(error(Code::invalid, "This program is not registered here.").because("no_such_app"));
    TRY(question.app, std::move(app));
    if (question.redirect_uri.empty() && question.app.redirect_uris_size() == 1)
        question.redirect_uri = question.app.redirect_uris(0);
    if (std::ranges::find(question.app.redirect_uris(), question.redirect_uri) !=
        question.app.redirect_uris().end())
        return {};
    return fail(
        error(Code::invalid, "This program may not have answers sent there.").because("redirect_invalid"));
}

std::unexpected<Error> wrong(std::string message, std::string reason) {
    return fail(error(Code::invalid, std::move(message)).because(std::move(reason)));
}

Result<void> check(const Question& question) {
    if (question.response_type != "code")
        return wrong("\"response_type\" must be \"code\".", "unsupported_response_type");
    if (!question.code_challenge.empty() && question.code_challenge_method != "S256")
        return wrong("\"code_challenge_method\" must be \"S256\".", "invalid_request");
    for (const std::string_view scope : words_of_scopes(question.scope)) {
        if (!api::holds(question.app.scopes(), scope))
            return wrong("The program did not register for the scope " + std::string(scope) + ".",
                         "invalid_scope");
    }
    return {};
}

// Back to the program, with what came of it in the query.
http::Response back_to(const Site& site, Visit& visit, const Question& question,
                       const std::vector<std::pair<std::string_view, std::string>>& answer) {
    std::string address = question.redirect_uri;
    char sign = address.contains('?') ? '&' : '?';
    const auto add = [&](std::string_view name, std::string_view text) {
        address.append(1, sign).append(name).append("=").append(http::percent_encoded(text));
        sign = '&';
    };
    for (const auto& [name, text] : answer)
        add(name, text);
    if (!question.state.empty()) add("state", question.state);
    return redirected(site, visit, address);
}

// RFC 6749, 4.1.2.1.
std::string_view oauth_word(const Error& error) {
    if (error.reason == "unsupported_response_type" || error.reason == "invalid_scope") return error.reason;
    if (error.reason == "scope_invalid") return "invalid_scope";
    if (error.code == Code::invalid) return "invalid_request";
    return error.code == Code::internal ? "server_error" : "temporarily_unavailable";
}

Shown refused_to(const Site& site, Visit& visit, const Question& question, const Error& error) {
    if (question.is_out_of_band()) return std::unexpected(error);
    return back_to(site, visit, question,
                   {{"error", std::string(oauth_word(error))}, {"error_description", error.message}});
}

// "https://phanpy.example", or "tusky:" for an app's own scheme: where the form's answer may lead. Empty for
// a host with signs that would mean something else in the field.
std::string form_target(std::string_view uri) {
    const auto colon = uri.find(':');
    const std::string_view scheme = uri.substr(0, colon);
    if (scheme != "http" && scheme != "https") return std::string(scheme) + ":";
    const std::string_view target = uri.substr(0, uri.find_first_of("/?#", colon + 3));
    const bool fits = std::ranges::all_of(target.substr(colon + 3), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || std::string_view(".-:[]").contains(c);
    });
    return fits ? std::string(target) : "";
}

void let_form_lead_to(http::Response& response, std::string_view uri) {
    response.fields.set("Content-Security-Policy",
                        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
                        "form-action 'self' " +
                            form_target(uri) + "; frame-ancestors 'none'");
}

void show_scopes(const Site& site, const Visit& visit, Section page, const Question& question) {
    const std::string& scopes = question.scope.empty() ? question.app.scopes() : question.scope;
    for (const std::string_view scope : words_of_scopes(scopes)) {
        const std::string wide{scope.substr(0, scope.find(':'))};
        page.section("SCOPE")
            .set("NAME", scope)
            .set("TEXT", site.templates.text(visit.language, "scope_" + wide));
    }
}

void show_question(Section page, const Question& question) {
    page.set("APP", question.app.name()).set("RESPONSE_TYPE", question.response_type);
    page.set("CLIENT_ID", question.client_id).set("REDIRECT_URI", question.redirect_uri);
    page.set("SCOPES", question.scope).set("STATE", question.state);
    page.set("CODE_CHALLENGE", question.code_challenge);
    page.set("CODE_CHALLENGE_METHOD", question.code_challenge_method);
    if (!question.app.website().empty()) page.show("WEBSITE", question.app.website());
    if (!question.is_out_of_band()) page.show("TARGET", form_target(question.redirect_uri));
}

Shown ask(const Site& site, Visit& visit) {
    TRY(const Form query, http::form_from(visit.request.query));
    Question question = question_in(query);
    TRY_VOID(find_program(site, visit, question));
    if (const auto fits = check(question); !fits) return refused_to(site, visit, question, fits.error());
    if (visit.unknown) return std::unexpected(*visit.unknown);
    if (!visit.user) {
        const std::string here = "/oauth/authorize?" + std::string(visit.request.query);
        return redirected(site, visit, "/login?next=" + http::percent_encoded(here));
    }
    Page page;
    show_question(page, question);
    show_scopes(site, visit, page, question);
    http::Response response = shown(site, visit, 200, "authorize", page);
    if (!question.is_out_of_band()) let_form_lead_to(response, question.redirect_uri);
    return response;
}

Result<std::string> granted_code(const Site& site, const Visit& visit, const Question& question) {
    accounts::GrantCodeRequest request;
    request.set_client_id(question.client_id);
    request.set_redirect_uri(question.redirect_uri);
    request.set_scopes(question.scope);
    request.set_code_challenge(question.code_challenge);
    TRY(const auto reply, site.accounts.grant_code(visit.call, request));
    return reply.code();
}

http::Response code_page(const Site& site, Visit& visit, const Question& question, const std::string& code) {
    Page page;
    page.set("APP", question.app.name()).set("CODE", code);
    return shown(site, visit, 200, "authorized", page);
}

Shown answer(const Site& site, Visit& visit, const Form& form) {
    Question question = question_in(form);
    TRY_VOID(find_program(site, visit, question));
    TRY_VOID(signed_in(visit));
    if (const auto fits = check(question); !fits) return refused_to(site, visit, question, fits.error());
    if (value(form, "answer") != "allow") {
        if (question.is_out_of_band()) return redirected(site, visit, "/");
        return back_to(site, visit, question,
                       {{"error", "access_denied"}, {"error_description", "They said no."}});
    }
    const auto code = granted_code(site, visit, question);
    if (!code) return refused_to(site, visit, question, code.error());
    if (question.is_out_of_band()) return code_page(site, visit, question, *code);
    return back_to(site, visit, question, {{"code", *code}});
}

}  // namespace

void bind_authorize_page(Binder& binder) {
    for (const char* pattern : {"/oauth/authorize", "/oauth/authorize/"})
        binder.page(pattern, ask);
    binder.form("/oauth/authorize", answer);
}

}  // namespace jebi::web::mastodon
