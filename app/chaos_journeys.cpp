#include "app/chaos_journeys.h"

#include <memory>

#include "kit/base/json.h"
#include "kit/http/client.h"

namespace jebi::app {

namespace {

constexpr std::string_view scheme = "http://";
constexpr Millis answer_max{10'000};
constexpr Millis page_pause{50};
constexpr Millis api_pause{2'500};  // two of them stay below web.api_requests_max, as it stands unless said

// One client for all: its pool is one for the plain threads.
using Client = std::shared_ptr<http::Client>;

Result<void> asked(http::Client& client, const http::ClientRequest& request) {
    TRY(const auto answer, client.send(request, in(answer_max)));
    if (answer.status >= 200 && answer.status < 300) return {};
    return fail(Code::unavailable, request.target + " answered " + std::to_string(answer.status) + ".");
}

http::Fields<std::string> as(const std::string& token) {
    http::Fields<std::string> fields;
    if (!token.empty()) fields.add("Authorization", "Bearer " + token);
    return fields;
}

chaos::Journey reading(const Client& client, std::string name, std::string target, const std::string& token,
                       Millis pause) {
    const auto read = [client, target = std::move(target), token](const chaos::Walk&) {
        return asked(*client, {.target = target, .fields = as(token)});
    };
    return {std::move(name), read, pause};
}

chaos::Journey writing(const Client& client, const std::string& token) {
    const auto write = [client, token](const chaos::Walk& walk) {
        json::Writer body;
        body.begin_object().key("text").string("chaos " + walk.key).end_object();
        auto fields = as(token);
        fields.add("Content-Type", "application/json");
        fields.add("Idempotency-Key", walk.key);
        return asked(*client, {.method = http::Method::post,
                               .target = "/api/v1/tweets",
                               .fields = std::move(fields),
                               .body = body.take()});
    };
    return {"write a tweet", write, api_pause};
}

}  // namespace

Result<std::vector<chaos::Journey>> journeys_at(const std::string& url, const std::string& token) {
    const auto at = fiber::Address::from(url.starts_with(scheme) ? url.substr(scheme.size()) : url);
    if (!at) return fail(error(Code::invalid, "\"" + url + "\" is no http://HOST:PORT.").because("bad_url"));
    const auto client = std::make_shared<http::Client>(http::ClientOptions{.address = *at});
    std::vector<chaos::Journey> all{reading(client, "read tweets", "/", "", page_pause),
                                    reading(client, "look at people", "/userslist", "", page_pause),
                                    reading(client, "search", "/search?q=jebi", "", page_pause)};
    if (token.empty()) return all;
    all.push_back(reading(client, "read one's home", "/api/v1/timelines/home", token, api_pause));
    all.push_back(writing(client, token));
    return all;
}

}  // namespace jebi::app
