#include "kit/http/cors.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "kit/http/router.h"

using namespace jebi;
using namespace jebi::http;

namespace {

struct Api {
    Api() {
        const auto hello = [](const Request&) { return Response::text(200, "hello"); };
        router.on(Method::get, "/api/v1/statuses/{id}", hello);
        router.on(Method::del, "/api/v1/statuses/{id}", hello);
        router.on(Method::post, "/api/broken",
                  [](const Request&) -> Response { throw std::runtime_error("broken"); });
        router.on(Method::get, "/home", hello);
        router.open_to_other_sites({.prefixes = {"/api/", "/oauth/"}});
    }
    Response ask(Method method, std::string_view path) const {
        Request request{.method = method, .path = path};
        request.fields.add("Origin", "https://phanpy.example");
        return router.answer(request);
    }
    Response preflight(std::string_view path) const {
        Request request{.method = Method::options, .path = path};
        request.fields.add("Origin", "https://phanpy.example");
        request.fields.add("Access-Control-Request-Method", "DELETE");
        request.fields.add("Access-Control-Request-Headers", "authorization");
        return router.answer(request);
    }

    Router router;
};

std::string_view field(const Response& response, std::string_view name) {
    return response.fields.get(name).value_or("-");
}

}  // namespace

TEST_CASE("a preflight is answered from the router's table") {
    const Api api;
    const Response response = api.preflight("/api/v1/statuses/1");
    CHECK(response.status == 204);
    CHECK(field(response, "Access-Control-Allow-Origin") == "*");
    CHECK(field(response, "Access-Control-Allow-Methods") == "GET, HEAD, DELETE, OPTIONS");
    CHECK(field(response, "Access-Control-Allow-Headers") == "Authorization, Content-Type, Idempotency-Key");
    CHECK(field(response, "Access-Control-Max-Age") == "86400");
}

TEST_CASE("a preflight for what is not there, or cannot be read, is answered as well") {
    const Api api;
    for (const char* path : {"/api/v9/none", "/oauth/token", "/api/%zz"}) {
        const Response response = api.preflight(path);
        CHECK(response.status == 204);
        CHECK(field(response, "Access-Control-Allow-Methods").starts_with("GET, HEAD, POST, PUT"));
        CHECK(field(response, "Access-Control-Allow-Origin") == "*");
    }
}

TEST_CASE("every answer under a prefix may be read, errors too") {
    const Api api;
    for (const auto& [method, path, status] :
         {std::tuple{Method::get, "/api/v1/statuses/1", 200},
          {Method::post, "/api/v1/statuses/1", 405},
          {Method::get, "/api/none", 404},
          {Method::get, "/api/%zz", 400},
          {Method::post, "/api/broken", 500},
          {Method::options, "/api/v1/statuses/1", 204}}) {  // without a question: no preflight
        const Response response = api.ask(method, path);
        CHECK(response.status == status);
        CHECK(field(response, "Access-Control-Allow-Origin") == "*");
        CHECK(field(response, "Access-Control-Expose-Headers").starts_with("Link, "));
        CHECK(field(response, "Access-Control-Expose-Headers").contains("X-RateLimit-Reset"));
    }
}

TEST_CASE("credentials are never allowed") {
    const Api api;
    CHECK(field(api.preflight("/api/v1/statuses/1"), "Access-Control-Allow-Credentials") == "-");
    CHECK(field(api.ask(Method::get, "/api/v1/statuses/1"), "Access-Control-Allow-Credentials") == "-");
}

TEST_CASE("other paths stay closed to other sites") {
    const Api api;
    for (const Response& response : {api.ask(Method::get, "/home"), api.preflight("/home"),
                                     api.ask(Method::get, "/apiary"), api.preflight("/")}) {
        CHECK(field(response, "Access-Control-Allow-Origin") == "-");
        CHECK(field(response, "Access-Control-Allow-Methods") == "-");
    }
}
