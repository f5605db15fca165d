#include "modules/web/api/api.h"

#include <memory>

#include "modules/web/api/openapi.h"
#include "modules/web/api/refusals.h"
#include "modules/web/api/rest.h"
#include "modules/web/api/web_schemas.h"
#include "modules/web/door.h"

namespace jebi::web::api {

namespace {

using Failed = std::function<void(const http::Request&, const Error&)>;

Result<void> may(const Operation& operation, const Asked& asked) {
    if (operation.access == Access::person && !asked.user)
        return fail(
            error(Code::unauthenticated, "Sign in first: send a bearer token.").because("sign_in_first"));
    if (operation.access == Access::program && asked.token.empty())
        return fail(error(Code::unauthenticated, "A program must send its token.").because("sign_in_first"));
    if (!asked.token.empty() && !holds(asked.scopes, operation.scope)) {
        return fail(error(Code::forbidden, "This token may not do this: it lacks the scope " +
                                               std::string(operation.scope) + ".")
                        .because("scope_missing"));
    }
    return {};
}

Answer answer_of(const Operation& operation, const Asked& asked) {
    TRY_VOID(may(operation, asked));
    return operation.function(asked);
}

bool is_worth_telling(const Error& error) {
    return error.code == Code::internal || error.code == Code::unavailable;
}

Door::Function handler(const Site& site, const Operation& operation, const Failed& failed) {
    return [&site, operation, failed](const http::Request& request) -> Answered {
        auto asked = asked_of(site, request);
        if (!asked) return {.response = refusal(operation.errors, asked.error())};
        auto answer = answer_of(operation, *asked);
        if (!answer && is_worth_telling(answer.error())) failed(request, answer.error());
        return {.response = answer ? std::move(*answer) : refusal(operation.errors, answer.error()),
                .user = asked->call.user,
                .username = asked->user ? asked->user->username() : ""};
    };
}

// The members of all files as one object.
std::string schemas() {
    std::string all;
    for (const Embedded& file : schema_files()) {
        const auto begin = file.content.find('{') + 1;
        all += (all.empty() ? "{" : ",");
        all += file.content.substr(begin, file.content.rfind('}') - begin);
    }
    return all + "}";
}

}  // namespace

std::vector<Operation> operations() {
    std::vector<Operation> all;
    for (const auto& some : {session_operations(), user_operations(), follow_operations(), tweet_operations(),
                             message_operations(), search_operations(), original_operations()})
        all.insert(all.end(), some.begin(), some.end());
    return all;
}

void bind(http::Router& router, const Site& site, std::vector<Operation> operations, Failed failed) {
    const Door door{router, site};
    for (const Operation& operation : operations)
        door.on(operation.method, std::string(operation.pattern), handler(site, operation, failed));
    door.on(http::Method::get, "/openapi.json",
            [document = openapi(operations, schemas())](const http::Request&) -> Answered {
                return {.response = http::Response::json(200, document)};
            });
}

}  // namespace jebi::web::api
