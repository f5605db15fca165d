// Programs and their tokens: OAuth 2.0 (RFC 6749) with PKCE (RFC 7636), revocation (RFC 7009), and the
// description of all that (RFC 8414). The page on which people say yes is authorize_page.cpp.
#include <array>

#include "kit/base/crypto.h"
#include "kit/base/unicode.h"
#include "modules/web/mastodon/operations.h"
#include "modules/web/mastodon/scopes.h"
#include "modules/web/visit.h"

namespace jebi::web::mastodon {

namespace {

using enum http::Method;
constexpr std::string_view basic = "Basic ";

http::Response unkept(http::Response response) {
    response.fields.add("Cache-Control", "no-store");
    return response;
}

// ---- Programs ----

// A list, or one text with an address a line.
Result<std::vector<std::string>> redirect_uris_of(const Asked& asked) {
    TRY(auto given, asked.given.list("redirect_uris"));
    if (given.empty()) {
        TRY(given.emplace_back(), asked.given.text("redirect_uris"));
    }
    std::vector<std::string> uris;
    for (const std::string_view text : given) {
        for (std::size_t at = 0; at < text.size();) {
            const auto end = std::min(text.find_first_of(" \r\n", at), text.size());
            if (end > at) uris.emplace_back(text.substr(at, end - at));
            at = end + 1;
        }
    }
    return uris;
}

void write_app(json::Writer& out, const accounts::App& app) {
    out.key("id").id(app.id()).key("name").string(app.name()).key("website");
    if (app.website().empty()) {
        out.null();
    } else {
        out.string(app.website());
    }
    out.key("scopes").begin_array();
    for (const std::string_view scope : words_of_scopes(app.scopes()))
        out.string(scope);
    out.end_array().key("redirect_uris").begin_array();
    std::string lines;
    for (const std::string& uri : app.redirect_uris()) {
        out.string(uri);
        lines += (lines.empty() ? "" : "\n") + uri;
    }
    out.end_array().key("redirect_uri").string(lines).key("vapid_key").string("");
}

Answer register_app(const Asked& asked) {
    accounts::CreateAppRequest request;
    TRY(*request.mutable_name(), asked.given.text("client_name"));
    TRY(const auto uris, redirect_uris_of(asked));
    request.mutable_redirect_uris()->Assign(uris.begin(), uris.end());
    TRY(*request.mutable_scopes(), asked.given.text("scopes"));
    TRY(*request.mutable_website(), asked.given.text("website"));
    *request.mutable_client() = client_of(asked.site, asked.request);
    TRY(const auto app, asked.site.accounts.create_app(asked.call, request));
    json::Writer out;
    out.begin_object();
    write_app(out, app);
    out.key("client_id").string(app.client_id()).key("client_secret").string(app.client_secret());
    out.end_object();
    return unkept(http::Response::json(200, out.take()));
}

Answer app_of_the_token(const Asked& asked) {
    if (asked.app.id() == 0) return fail(Code::unauthenticated, "This is no program's token.");
    json::Writer out;
    out.begin_object();
    write_app(out, asked.app);
    out.end_object();
    return http::Response::json(200, out.take());
}

// ---- Tokens ----

struct Credentials {
    std::string id;
    std::string secret;
};

// In the body, or as RFC 6749, 2.3.1 has it: "Authorization: Basic", each part encoded as in a form.
Result<Credentials> credentials_of(const Asked& asked) {
    Credentials given;
    TRY(given.id, asked.given.text("client_id"));
    TRY(given.secret, asked.given.text("client_secret"));
    const std::string_view field = asked.request.fields.get("Authorization").value_or("");
    if (!http::equal_without_case(field.substr(0, basic.size()), basic)) return given;
    const auto pair = from_base64(trimmed(field.substr(basic.size())));
    const auto colon = pair ? pair->find(':') : std::string::npos;
    if (colon == std::string::npos) return given;
    const auto id = http::percent_decoded(std::string_view(*pair).substr(0, colon));
    const auto secret = http::percent_decoded(std::string_view(*pair).substr(colon + 1));
    if (id && secret && is_utf8(*id) && is_utf8(*secret)) given = {*id, *secret};
    return given;
}

http::Response token_answer(std::string_view token, std::string_view scopes, WallMs created_ms) {
    json::Writer out;
    out.begin_object().key("access_token").string(token).key("token_type").string("Bearer");
    out.key("scope").string(scopes).key("created_at").integer(created_ms / 1000).end_object();
    return unkept(http::Response::json(200, out.take()));
}

Answer token_answer(const accounts::TokenReply& reply) {
    return token_answer(reply.token(), reply.scopes(), reply.created_ms());
}

Answer token_for_code(const Asked& asked, const Credentials& program) {
    accounts::ExchangeCodeRequest request;
    request.set_client_id(program.id);
    request.set_client_secret(program.secret);
    TRY(*request.mutable_code(), asked.given.text("code"));
    TRY(*request.mutable_redirect_uri(), asked.given.text("redirect_uri"));
    TRY(*request.mutable_code_verifier(), asked.given.text("code_verifier"));
    *request.mutable_client() = client_of(asked.site, asked.request);
    TRY(const auto reply, asked.site.accounts.exchange_code(asked.call, request));
    return token_answer(reply);
}

Answer token_of_the_program(const Asked& asked, const Credentials& program) {
    accounts::ClientTokenRequest request;
    request.set_client_id(program.id);
    request.set_client_secret(program.secret);
    TRY(*request.mutable_scopes(), asked.given.text("scope"));
    TRY(const auto reply, asked.site.accounts.client_token(asked.call, request));
    return token_answer(reply);
}

// A name and a password for a session, which ends as soon as it has given the program a code.
class Session {
public:
    static Result<Session> open(const Asked& asked) {
        accounts::SignInRequest request;
        TRY(*request.mutable_username_or_email(), asked.given.text("username"));
        TRY(*request.mutable_password(), asked.given.text("password"));
        *request.mutable_client() = client_of(asked.site, asked.request);
        auto reply = asked.site.accounts.sign_in(asked.call, request);
        if (!reply && reply.error().code == Code::unauthenticated)
            return fail(error(Code::invalid, reply.error().message).because("invalid_grant"));
        TRY(auto opened, std::move(reply));
        return Session{asked, std::move(opened)};
    }
    ~Session() {
        if (reply_.token().empty()) return;
        accounts::SignOutRequest request;
        request.set_token(reply_.token());
        static_cast<void>(
            asked_.site.accounts.sign_out(asked_.call, request));  // it ends by its age if this fails
    }
    Session(Session&& other) noexcept : asked_(other.asked_) { reply_.Swap(&other.reply_); }

    Call call() const {
        Call call = asked_.call;
        call.user = UserId{reply_.user().id()};
        return call;
    }

private:
    Session(const Asked& asked, accounts::SessionReply reply) : asked_(asked), reply_(std::move(reply)) {}
    const Asked& asked_;
    accounts::SessionReply reply_;
};

std::unexpected<Error> unsupported_grant() {
    return fail(error(Code::invalid, "\"grant_type\" must be authorization_code or client_credentials.")
                    .because("unsupported_grant_type")
                    .at("grant_type"));
}

// The password grant of RFC 6749, 4.3, which OAuth 2.1 has left out: people give their password to a program.
// Off unless the operator wants it for those who learn.
Answer token_for_password(const Asked& asked, const Credentials& program) {
    if (!asked.site.options.password_grant) return unsupported_grant();
    accounts::AppByClientIdRequest by_id;
    by_id.set_client_id(program.id);
    const auto app = asked.site.accounts.app_by_client_id(asked.call, by_id);
    if (!app || app->redirect_uris_size() == 0)
        return fail(error(Code::unauthenticated, "There is no such program.").because("invalid_client"));
    TRY(const Session session, Session::open(asked));
    accounts::GrantCodeRequest grant;
    grant.set_client_id(program.id);
    grant.set_redirect_uri(app->redirect_uris(0));
    TRY(*grant.mutable_scopes(), asked.given.text("scope"));
    TRY(const auto code, asked.site.accounts.grant_code(session.call(), grant));
    accounts::ExchangeCodeRequest exchange;
    exchange.set_client_id(program.id);
    exchange.set_client_secret(program.secret);
    exchange.set_code(code.code());
    exchange.set_redirect_uri(app->redirect_uris(0));
    *exchange.mutable_client() = client_of(asked.site, asked.request);
    TRY(const auto reply, asked.site.accounts.exchange_code(asked.call, exchange));
    return token_answer(reply);
}

Answer give_token(const Asked& asked) {
    TRY(const std::string grant, asked.given.text("grant_type"));
    TRY(const Credentials program, credentials_of(asked));
    if (grant == "authorization_code") return token_for_code(asked, program);
    if (grant == "client_credentials") return token_of_the_program(asked, program);
    if (grant == "password") return token_for_password(asked, program);
    return unsupported_grant();
}

Answer revoke(const Asked& asked) {
    TRY(const Credentials program, credentials_of(asked));
    accounts::RevokeTokenRequest request;
    request.set_client_id(program.id);
    request.set_client_secret(program.secret);
    TRY(*request.mutable_token(), asked.given.text("token"));
    TRY_VOID(asked.site.accounts.revoke_token(asked.call, request));
    return http::Response::json(200, "{}");
}

// Signing up by a program, which knows the password then: the token is a session, which may do everything.
Answer sign_up(const Asked& asked) {
    if (asked.app.id() == 0) return fail(Code::forbidden, "A program must ask for this, with its own token.");
    TRY(const bool agreed, asked.given.flag("agreement"));
    if (!agreed) return fail(error(Code::invalid, "The agreement must be accepted.").at("agreement"));
    accounts::SignUpRequest request;
    TRY(*request.mutable_username(), asked.given.text("username"));
    TRY(*request.mutable_email(), asked.given.text("email"));
    TRY(*request.mutable_password(), asked.given.text("password"));
    *request.mutable_client() = client_of(asked.site, asked.request);
    TRY(const auto reply, asked.site.accounts.sign_up(asked.call, request));
    return token_answer(reply.token(), asked.scopes, reply.session().created_ms());
}

void write_texts(json::Writer& out, std::string_view name, std::span<const std::string_view> texts) {
    out.key(name).begin_array();
    for (const std::string_view text : texts)
        out.string(text);
    out.end_array();
}

Answer metadata(const Asked& asked) {
    static constexpr std::array<std::string_view, 1> response_types{"code"};
    static constexpr std::array<std::string_view, 1> response_modes{"query"};
    static constexpr std::array<std::string_view, 2> grants{"authorization_code", "client_credentials"};
    static constexpr std::array<std::string_view, 2> methods{"client_secret_basic", "client_secret_post"};
    static constexpr std::array<std::string_view, 1> challenges{"S256"};
    const std::string origin = asked.origin();
    json::Writer out;
    out.begin_object().key("issuer").string(origin + "/");
    out.key("authorization_endpoint").string(origin + "/oauth/authorize");
    out.key("token_endpoint").string(origin + "/oauth/token");
    out.key("revocation_endpoint").string(origin + "/oauth/revoke");
    out.key("app_registration_endpoint").string(origin + "/api/v1/apps");
    write_texts(out, "scopes_supported", wide_scopes);
    write_texts(out, "response_types_supported", response_types);
    write_texts(out, "response_modes_supported", response_modes);
    write_texts(out, "grant_types_supported", grants);
    write_texts(out, "token_endpoint_auth_methods_supported", methods);
    write_texts(out, "code_challenge_methods_supported", challenges);
    out.end_object();
    return http::Response::json(200, out.take());
}

Operation open_to_programs(Operation operation, api::Errors errors) {
    operation.access = Access::anybody;
    operation.errors = errors;
    return operation;
}

Operation for_programs(Operation operation) {
    operation.access = Access::program;
    return operation;
}

}  // namespace

std::vector<Operation> token_operations() {
    const std::vector<Parameter> program{{"client_id", "The program."}, {"client_secret", "Its secret."}};
    const auto with_program = [&](std::vector<Parameter> more) {
        more.insert(more.end(), program.begin(), program.end());
        return more;
    };
    return {
        open_to_programs(acting(post, "apps",
                                {"/api/v1/apps",
                                 "registerApp",
                                 "Register a program; the answer has its secret.",
                                 register_app,
                                 "",
                                 "Application",
                                 {{"client_name", "1 to 100 characters.", Kind::text, true},
                                  {"redirect_uris", "Where codes may be sent, one a line.", Kind::text, true},
                                  {"scopes", "What it may ask for; read when absent."},
                                  {"website", "An http or https address."}}}),
                         api::Errors::mastodon),
        for_programs(
            reading("apps", {"/api/v1/apps/verify_credentials", "verifyApp",
                             "The program whose token this is.", app_of_the_token, "", "Application"})),
        open_to_programs(
            acting(
                post, "apps",
                {"/oauth/token", "giveToken", "A token for a code, or for the program itself.", give_token,
                 "", "Token",
                 with_program({{"grant_type", "authorization_code or client_credentials.", Kind::text, true},
                               {"code", "The code."},
                               {"redirect_uri", "The one that the code was asked for with."},
                               {"code_verifier", "Whose SHA-256 the code was asked for with."},
                               {"scope", "What the program's own token may do."}})}),
            api::Errors::oauth),
        open_to_programs(acting(post, "apps",
                                {"/oauth/revoke", "revokeToken", "End a token of this program.", revoke, "",
                                 "Nothing", with_program({{"token", "The token.", Kind::text, true}})}),
                         api::Errors::oauth),
        for_programs(acting(post, "accounts",
                            {"/api/v1/accounts",
                             "registerAccount",
                             "Make an account; the answer is a token.",
                             sign_up,
                             "write:accounts",
                             "Token",
                             {{"username", "1 to 30 of a-z, 0-9 and _.", Kind::text, true},
                              {"email", "An e-mail address.", Kind::text, true},
                              {"password", "At least 8 characters.", Kind::text, true},
                              {"agreement", "True.", Kind::flag, true},
                              {"locale", "The language; it is that of the browser here."}}})),
        reading("apps", {"/.well-known/oauth-authorization-server", "describeOauth",
                         "How programs get tokens here.", metadata, "", "Anything"}),
    };
}

}  // namespace jebi::web::mastodon
