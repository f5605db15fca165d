// What holds for every operation of the API: it is described, it is counted, pages of other sites may use it.
#include <algorithm>
#include <set>

#include "kit/base/json.h"
#include "tests/pages/twitter_under_test.h"

using namespace jebi;
using namespace jebi::test;

namespace {

bool is_of_the_api(std::string_view pattern) {
    return pattern.starts_with("/api/") || pattern.starts_with("/apiv1/");
}

std::set<std::string> routes_of(const http::Router& router) {
    std::set<std::string> all;
    for (const auto& [method, pattern] : router.routes()) {
        if (!is_of_the_api(pattern)) continue;
        // What ends in a slash is the same as without, and described once.
        const auto path = pattern.substr(0, pattern.size() - (pattern.ends_with('/') ? 1 : 0));
        all.insert(std::string(http::name(method)) + " " + path);
    }
    return all;
}

std::string upper(std::string text) {
    for (char& c : text)
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return text;
}

std::set<std::string> described_in(const json::Value& document) {
    std::set<std::string> all;
    for (const auto& [path, operations] : *document.find("paths")->object()) {
        for (const auto& [method, operation] : *operations.object()) {
            if (is_of_the_api(path)) all.insert(upper(method) + " " + path);
        }
    }
    return all;
}

void collect_references(const json::Value& value, std::set<std::string>& into) {
    if (const auto* object = value.object()) {
        for (const auto& [name, member] : *object) {
            if (name == "$ref") into.insert(*member.text());
            collect_references(member, into);
        }
    }
    if (const auto* array = value.array()) {
        for (const json::Value& one : *array)
            collect_references(one, into);
    }
}

// Signs up by the API, and sends the token from then on.
void sign_up(Browser& program, const std::string& name) {
    const Answer made =
        program.send(http::Method::post, "/api/v1/users",
                     R"({"username":")" + name + R"(","email":")" + name +
                         R"(@example.org","password":"a long enough one","display_name":"A person"})");
    REQUIRE(made.status == 201);
    const auto user = json::parse(made.body).value();
    program.fields = {{"Authorization", "Bearer " + *user.find("token")->text()}};
}

std::string field(const Answer& answer, std::string_view name) {
    return std::string(answer.fields.get(name).value_or(""));
}

}  // namespace

TEST_CASE("openapi.json describes every route of the API, and none that is not there") {
    Twitter twitter;
    const auto answer = Browser{twitter}.get("/openapi.json");
    CHECK(answer.status == 200);
    const auto document = json::parse(answer.body).value();
    CHECK(*document.find("openapi")->text() == "3.1.0");
    const auto routes = routes_of(twitter.router);
    CHECK(routes.size() > 30);
    CHECK(routes == described_in(document));
}

TEST_CASE("openapi.json refers to schemas that it has") {
    Twitter twitter;
    const auto document = json::parse(Browser{twitter}.get("/openapi.json").body).value();
    std::set<std::string> used;
    std::set<std::string> there;
    collect_references(document, used);
    for (const auto& [name, schema] : *document.find("components")->find("schemas")->object())
        there.insert("#/components/schemas/" + name);
    CHECK(std::ranges::includes(there, used));
}

TEST_CASE("an address that asks too often is refused, and told when to come back") {
    Twitter twitter{{.api_rates = {.requests_max = 3}}};
    Browser visitor{twitter};
    for (const char* left : {"2", "1", "0"}) {
        const auto answer = visitor.get("/api/v1/users");
        CHECK(answer.status == 200);
        CHECK(field(answer, "X-RateLimit-Limit") == "3");
        CHECK(field(answer, "X-RateLimit-Remaining") == left);
    }
    const auto refused = visitor.get("/api/v1/tweets");
    CHECK(refused.status == 429);
    CHECK(refused.body.find("too_many_requests") != std::string::npos);
    CHECK(std::stoi(field(refused, "Retry-After")) > 0);
    CHECK(visitor.get("/").status == 200);
}

TEST_CASE("an account has a count of its own, wherever it asks from") {
    Twitter twitter{{.api_rates = {.requests_max = 2}}};
    Browser mira{twitter};
    const auto signed_up = mira.send(
        http::Method::post, "/api/v1/users",
        R"({"username":"mira","email":"mira@example.org","password":"a long enough one","display_name":"Mira"})");
    CHECK(signed_up.status == 201);
    const auto session = mira.send(http::Method::post, "/api/v1/sessions",
                                   R"({"username":"mira","password":"a long enough one"})");
    REQUIRE(session.status == 201);
    CHECK(mira.get("/api/v1/users").status == 429);
    mira.fields.emplace_back("Authorization",
                             "Bearer " + *json::parse(session.body).value().find("token")->text());
    CHECK(mira.get("/api/v1/users").status == 200);
    CHECK(mira.get("/api/v1/users").status == 200);
    CHECK(mira.get("/api/v1/users").status == 429);
}

TEST_CASE("pages of other sites may read the API, and never with cookies") {
    Twitter twitter;
    Browser visitor{twitter};
    visitor.fields.emplace_back("Origin", "https://elsewhere.example");
    for (const char* path : {"/api/v1/users", "/api/v1/users/nobody", "/openapi.json"}) {
        const auto answer = visitor.get(path);
        CHECK(field(answer, "Access-Control-Allow-Origin") == "*");
        CHECK(field(answer, "Access-Control-Allow-Credentials") == "");
        CHECK(field(answer, "Access-Control-Expose-Headers").find("X-RateLimit-Remaining") !=
              std::string::npos);
    }
    CHECK(field(visitor.get("/"), "Access-Control-Allow-Origin") == "");
}

TEST_CASE("a browser's question before it sends a token from another site is answered") {
    Twitter twitter;
    Browser visitor{twitter};
    visitor.fields = {{"Origin", "https://elsewhere.example"},
                      {"Access-Control-Request-Method", "DELETE"},
                      {"Access-Control-Request-Headers", "authorization"}};
    const auto answer = visitor.send(http::Method::options, "/api/v1/tweets/1", "");
    CHECK(answer.status == 204);
    CHECK(field(answer, "Access-Control-Allow-Methods").find("DELETE") != std::string::npos);
    CHECK(field(answer, "Access-Control-Allow-Headers").find("Authorization") != std::string::npos);
}

TEST_CASE("no list of people has somebody who blocks the reader, or whom the reader blocks") {
    Twitter twitter;
    Browser minji{twitter};
    Browser daniel{twitter};
    Browser visitor{twitter};
    sign_up(minji, "minji");
    sign_up(daniel, "daniel");
    REQUIRE(minji.send(http::Method::put, "/api/v1/users/daniel/block", "").status == 200);
    twitter.settle();
    for (const char* list : {"/api/v1/users", "/apiv1/users", "/api/v1/search?q=person&type=users"}) {
        CAPTURE(std::string(list));
        CHECK_FALSE(has(daniel.get(list).body, "\"minji\""));
        CHECK(has(daniel.get(list).body, "\"daniel\""));
        CHECK_FALSE(has(minji.get(list).body, "\"daniel\""));
        CHECK(has(visitor.get(list).body, "\"minji\""));
    }
}

TEST_CASE("programs are told in JSON that a method is not allowed, people in words") {
    Twitter twitter;
    Browser browser{twitter};
    for (const char* path : {"/api/v1/tweets", "/apiv1/users", "/oauth/token"}) {
        const Answer answer = browser.send(http::Method::patch, path, "");
        CHECK(answer.status == 405);
        CHECK(answer.body == R"({"error":"The method is not allowed here."})");
        CHECK(has(field(answer, "Allow"), "OPTIONS"));
    }
    const Answer page = browser.send(http::Method::patch, "/login", "");
    CHECK(page.status == 405);
    CHECK(has(field(page, "Content-Type"), "text/plain"));
}
