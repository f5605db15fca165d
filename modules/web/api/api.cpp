#include "modules/web/api/api.h"

#include <algorithm>
#include <memory>

#include "modules/web/api/openapi.h"
#include "modules/web/api/rates.h"
#include "modules/web/api/refusals.h"
#include "modules/web/api/rest.h"
#include "modules/web/api/web_schemas.h"
#include "modules/web/door.h"

namespace jebi::web::api {

namespace {

constexpr std::size_t upload_bytes_max = 3 * 1024 * 1024;  // a picture, and what stands around it

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

bool is_worth_telling(const Error& error) {
    return error.code == Code::internal || error.code == Code::unavailable;
}

// One operation as a route.
struct Route {
    const Site& site;
    Operation operation;
    std::shared_ptr<Rates> rates;
    Failed failed;

    Answered answer(const http::Request& request) const {
        const auto asked = asked_of(site, request);
        const http::RateState rate = rates->take(request, asked);
        auto answer = answer_of(asked, rate);
        if (!answer && is_worth_telling(answer.error())) failed(request, answer.error());
        Answered answered{.response = answer ? std::move(*answer)
                                             : refusal(operation.errors, answer.error(), request.trace)};
        add_rate_fields(answered.response, rate);
        if (asked && asked->user) {
            answered.user = asked->call.user;
            answered.username = asked->user->username();
        }
        return answered;
    }

    Answer answer_of(const Result<Asked>& asked, const http::RateState& rate) const {
        TRY_VOID(check(rate));
        if (!asked) return std::unexpected(asked.error());
        TRY_VOID(may(operation, *asked));
        return operation.function(*asked);
    }
};

bool takes_a_file(const Operation& operation) {
    return std::ranges::any_of(operation.parameters, [](const Parameter& parameter) {
        return parameter.kind == Parameter::Kind::file;
    });
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

void bind(http::Router& router, const Site& site, std::vector<Operation> operations, const Failed& failed) {
    const Door door{router, site};
    const auto rates = std::make_shared<Rates>(site);
    for (const Operation& operation : operations) {
        door.on(
            operation.method, std::string(operation.pattern),
            [route = Route{site, operation, rates, failed}](const http::Request& request) {
                return route.answer(request);
            },
            [shape = operation.errors](const http::Request& request, const Error& error) {
                return refusal(shape, error, request.trace);
            });
        if (takes_a_file(operation))
            router.set_body_bytes_max(operation.method, operation.pattern, upload_bytes_max);
    }
    router.open_to_other_sites({.prefixes = {"/api/", "/apiv1/", "/oauth/token", "/oauth/revoke",
                                             "/nodeinfo/", "/.well-known/", "/openapi.json"}});
    door.on(http::Method::get, "/openapi.json",
            [document = openapi(operations, schemas())](const http::Request&) -> Answered {
                return {.response = http::Response::json(200, document)};
            });
}

}  // namespace jebi::web::api
