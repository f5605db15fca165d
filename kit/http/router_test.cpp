#include "kit/http/router.h"

#include <doctest/doctest.h>

#include <stdexcept>

using namespace jebi;
using namespace jebi::http;

namespace {

// Answers which route was taken, with what.
Response echo(const Request& request) {
    std::string text(request.route);
    for (const auto& [name, value] : request.captured)
        text += " " + std::string(name) + "=" + value;
    return Response::text(200, text);
}

struct Fixture {
    Router router;

    Fixture() {
        router.on(Method::get, "/", echo);
        router.on(Method::get, "/users", echo);
        router.on(Method::get, "/users/{name}", echo);
        router.on(Method::get, "/users/new", echo);
        router.on(Method::post, "/users/new", echo);
        router.on(Method::get, "/users/{user}/tweets/{id}", echo);
        router.on(Method::get, "/users/new/tweets", echo);
        router.on(Method::del, "/users/{name}", echo);
    }
    Response answer(Method method, std::string_view path) const {
        Request request{.method = method, .path = path};
        return router.answer(request);
    }
    std::string get(std::string_view path) const {
        const Response response = answer(Method::get, path);
        return response.status == 200 ? response.body : std::to_string(response.status);
    }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "paths lead to their patterns, literal segments first") {
    CHECK(get("/") == "/");
    CHECK(get("/users") == "/users");
    CHECK(get("/users/sehyun") == "/users/{name} name=sehyun");
    CHECK(get("/users/new") == "/users/new");
    CHECK(get("/users/a/tweets/7") == "/users/{user}/tweets/{id} user=a id=7");
    CHECK(get("/users/new/tweets") == "/users/new/tweets");
    // The literal way ends, the other goes on.
    CHECK(get("/users/new/tweets/7") == "/users/{user}/tweets/{id} user=new id=7");
}

TEST_CASE("what a way that led nowhere had matched is forgotten") {
    Router router;
    router.on(Method::get, "/a/{x}/b", echo);
    router.on(Method::get, "/{y}/c/d", echo);
    Request request{.path = "/a/c/d"};
    CHECK(router.answer(request).body == "/{y}/c/d y=a");
}

TEST_CASE_FIXTURE(Fixture, "a path that no pattern matches is 404, or what the fallback says") {
    for (const char* path : {"/nothing", "/users/", "/users//", "//users", "/users/a/", "/users/a/tweets",
                             "/users/a/tweets/", "/Users", "/users/a/tweets/1/2", "/{name}x"}) {
        CAPTURE(path);
        CHECK(get(path) == "404");
    }
    CHECK(get("/" + std::string(5000, '/')) == "404");
    router.otherwise(
        [](const Request& request) { return Response::text(404, "no " + std::string(request.path)); });
    CHECK(answer(Method::get, "/nothing").body == "no /nothing");
}

TEST_CASE_FIXTURE(Fixture, "segments are compared and captured after percent-decoding") {
    CHECK(get("/users/%EC%A0%9C%EB%B9%84") == "/users/{name} name=제비");
    CHECK(get("/users/a%2Fb") == "/users/{name} name=a/b");
    CHECK(get("/us%65rs/n%65w") == "/users/new");
    CHECK(get("/users/a+b") == "/users/{name} name=a+b");
}

TEST_CASE_FIXTURE(Fixture, "a broken escape and what is no UTF-8 are 400") {
    for (const char* path :
         {"/users/%", "/users/%4", "/users/%zz", "/users/%FF", "/users/\xff", "/%C0%AF", "/nothing/%"}) {
        CAPTURE(path);
        CHECK(get(path) == "400");
    }
}

TEST_CASE_FIXTURE(Fixture, "HEAD is served by GET, and the request still says HEAD") {
    router.on(Method::get, "/method",
              [](const Request& request) { return Response::text(200, std::string(name(request.method))); });
    CHECK(answer(Method::head, "/method").body == "HEAD");
    CHECK(answer(Method::head, "/nothing").status == 404);
}

TEST_CASE_FIXTURE(Fixture, "OPTIONS and 405 tell what is allowed") {
    const auto allow = [&](Method method, std::string_view path, int status) {
        const Response response = answer(method, path);
        CHECK(response.status == status);
        return std::string(response.fields.get("Allow").value_or(""));
    };
    CHECK(allow(Method::options, "/users/new", 204) == "GET, HEAD, POST, OPTIONS");
    CHECK(allow(Method::put, "/users/new", 405) == "GET, HEAD, POST, OPTIONS");
    CHECK(allow(Method::post, "/users/x", 405) == "GET, HEAD, DELETE, OPTIONS");
    CHECK(allow(Method::options, "*", 204) == "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
    CHECK(answer(Method::options, "/nothing").status == 404);
    router.on(Method::post, "/only", echo);
    CHECK(allow(Method::head, "/only", 405) == "POST, OPTIONS");
    router.on(Method::options, "/own", [](const Request&) { return Response::text(200, "own"); });
    CHECK(answer(Method::options, "/own").body == "own");
}

TEST_CASE_FIXTURE(Fixture,
                  "the answer to a wrong method may be another, and tells what is allowed all the same") {
    router.on_wrong_method([](const Request& request) {
        return Response::json(405, "\"no " + std::string(name(request.method)) + "\"");
    });
    const Response response = answer(Method::put, "/users/new");
    CHECK(response.status == 405);
    CHECK(response.body == "\"no PUT\"");
    CHECK(response.fields.get("Allow") == "GET, HEAD, POST, OPTIONS");
    CHECK(answer(Method::options, "/users/new").status == 204);
}

TEST_CASE_FIXTURE(Fixture, "what a handler throws becomes a 500 that tells the trace and nothing else") {
    router.on(Method::get, "/throws", [](const Request&) -> Response { throw std::runtime_error("secret"); });
    router.on(Method::get, "/odd", [](const Request&) -> Response { throw 42; });
    Request request{.path = "/throws", .trace = Trace::start()};
    const Response response = router.answer(request);
    CHECK(response.status == 500);
    CHECK(response.body.find(request.trace.id_hex()) != std::string::npos);
    CHECK(response.body.find("secret") == std::string::npos);
    CHECK(get("/odd") == "500");
}

TEST_CASE_FIXTURE(Fixture, "the page for failures is told what was thrown, and may itself fail") {
    router.on(Method::get, "/throws", [](const Request&) -> Response { throw std::runtime_error("secret"); });
    std::string detail;
    router.on_failure([&](const Request& request, const Error& error) {
        CHECK(request.route == "/throws");
        CHECK(error.code == Code::internal);
        detail = error.detail;
        return Response::html(500, "sorry");
    });
    CHECK(answer(Method::get, "/throws").body == "sorry");
    CHECK(detail == "secret");
    router.on_failure([](const Request&, const Error&) -> Response { throw 1; });
    CHECK(get("/throws") == "500");
    router.otherwise([](const Request&) -> Response { throw 1; });
    CHECK(get("/nothing") == "500");
}

TEST_CASE_FIXTURE(Fixture, "the routes can be listed") {
    REQUIRE(router.routes().size() == 8);
    CHECK(router.routes().front().pattern == "/");
    CHECK(router.routes().back().method == Method::del);
    CHECK(router.routes().back().pattern == "/users/{name}");
}
