// Signing in and out: POST /api/v1/sessions and what belongs to it.
#include "modules/web/api/rest.h"
#include "modules/web/api/rest_json.h"
#include "modules/web/visit.h"

namespace jebi::web::api {

namespace {

using enum http::Method;

http::Response unkept(http::Response response) {
    response.fields.add("Cache-Control", "no-store");
    return response;
}

Answer sign_in(const Asked& asked) {
    accounts::SignInRequest request;
    TRY(std::string who, asked.given.text("username"));
    if (who.empty()) {
        TRY(who, asked.given.text("email"));
    }
    request.set_username_or_email(std::move(who));
    TRY(*request.mutable_password(), asked.given.text("password"));
    *request.mutable_client() = client_of(asked.site, asked.request);
    TRY(const auto reply, asked.site.accounts.sign_in(asked.call, request));
    json::Writer out;
    out.begin_object().key("token").string(reply.token()).key("user");
    write_user(out, reply.user());
    out.end_object();
    return unkept(http::Response::json(201, out.take()));
}

Answer sign_out(const Asked& asked) {
    accounts::SignOutRequest request;
    request.set_token(asked.token);
    TRY_VOID(asked.site.accounts.sign_out(asked.call, request));
    return no_content();
}

void write_session(json::Writer& out, const accounts::Session& session) {
    out.begin_object().key("id").id(session.id()).key("created_at");
    write_time(out, session.created_ms());
    out.key("last_used_at");
    write_time(out, session.last_used_ms());
    out.key("address").string(session.client().address());
    out.key("user_agent").string(session.client().user_agent());
    out.key("app").string(session.app_name()).end_object();
}

Answer sessions(const Asked& asked) {
    TRY(const auto reply, asked.site.accounts.sessions(asked.call, {}));
    json::Writer out;
    out.begin_object().key("sessions").begin_array();
    for (const accounts::Session& session : reply.sessions())
        write_session(out, session);
    out.end_array().end_object();
    return unkept(http::Response::json(200, out.take()));
}

Answer end_session(const Asked& asked) {
    accounts::EndSessionRequest request;
    TRY(const std::uint64_t id, asked.id_in_path());
    request.set_session_id(id);
    TRY_VOID(asked.site.accounts.end_session(asked.call, request));
    return no_content();
}

}  // namespace

std::vector<Operation> session_operations() {
    return {
        {.method = post,
         .pattern = "/api/v1/sessions",
         .id = "signIn",
         .summary = "Sign in with a user name or an e-mail and a password; the answer has a token.",
         .tag = "sessions",
         .function = sign_in,
         .access = Access::anybody,
         .parameters = {{"username", "The user name."},
                        {"email", "The e-mail, where no user name is given."},
                        {"password", "The password.", Parameter::Kind::text, true}},
         .reply = "Session",
         .status = 201},
        {.method = del,
         .pattern = "/api/v1/sessions/current",
         .id = "signOut",
         .summary = "End the session of the token that is sent.",
         .tag = "sessions",
         .function = sign_out,
         .status = 204},
        {.method = get,
         .pattern = "/api/v1/sessions",
         .id = "listSessions",
         .summary = "One's own sessions, the last used first.",
         .tag = "sessions",
         .function = sessions,
         .scope = "read:accounts",
         .reply = "Sessions"},
        {.method = del,
         .pattern = "/api/v1/sessions/{id}",
         .id = "endSession",
         .summary = "End one of one's own sessions.",
         .tag = "sessions",
         .function = end_session,
         .scope = "write:accounts",
         .status = 204},
    };
}

}  // namespace jebi::web::api
