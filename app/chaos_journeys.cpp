#include "app/chaos_journeys.h"

#include <memory>

#include "kit/base/json.h"
#include "kit/http/client.h"

namespace jebi::app {

namespace {

constexpr std::string_view scheme = "http://";
constexpr Millis answer_max{10'000};
constexpr Millis reading_pause{20};
constexpr Millis writing_pause{100};

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

chaos::Journey reading(const Client& client, std::string name, std::string target, const std::string& token) {
    const auto read = [client, target = std::move(target), token](const chaos::Walk&) {
        return asked(*client, {.target = target, .fields = as(token)});
    };
    return {std::move(name), read, reading_pause};
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
    return {"write a tweet", write, writing_pause};
}

}  // namespace

Result<std::vector<chaos::Journey>> journeys_at(const std::string& url, const std::string& token) {
    const auto at = fiber::Address::from(url.starts_with(scheme) ? url.substr(scheme.size()) : url);
    if (!at) return fail(error(Code::invalid, "\"" + url + "\" is no http://HOST:PORT.").because("bad_url"));
    const auto client = std::make_shared<http::Client>(http::ClientOptions{.address = *at});
    std::vector<chaos::Journey> all{reading(client, "read the home", "/", ""),
                                    reading(client, "read tweets", "/api/v1/tweets", ""),
                                    reading(client, "search", "/search?q=jebi", "")};
    if (token.empty()) return all;
    all.push_back(reading(client, "read my home", "/api/v1/timelines/home", token));
    all.push_back(writing(client, token));
    return all;
}

}  // namespace jebi::app
