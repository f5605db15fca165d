#include "kit/watch/health.h"

#include <doctest/doctest.h>

#include "kit/base/json.h"

using namespace jebi;
using namespace jebi::watch;

namespace {

struct Asked {
    int status;
    std::string body;
};

struct TestHealth {
    Health health;
    http::Router router;

    // "200 ready\n"
    std::string get(std::string_view path, std::string_view query = "") {
        http::Request request;
        request.path = path;
        request.query = query;
        request.until = in(Millis{60'000});
        const auto response = router.answer(request);
        return std::to_string(response.status) + " " + response.body;
    }
    Asked check(std::string_view body) {
        http::Request request;
        request.method = http::Method::post;
        request.path = "/grpc.health.v1.Health/Check";
        request.fields.add("Content-Type", "application/json");
        request.body = body;
        request.until = in(Millis{60'000});
        auto response = router.answer(request);
        return {response.status, response.body};
    }
};

Result<void> fine(const Call&) {
    return {};
}
Result<void> broken(const Call&) {
    return fail(Code::unavailable, "The disk is full.");
}

}  // namespace

TEST_CASE("a process whose checks pass is ready, and says so check by check") {
    TestHealth test;
    test.health.add("database", fine);
    test.health.add_dependency("log-analytics", fine);
    test.health.bind(test.router);
    CHECK(test.get("/readyz") == "200 ready\n");
    CHECK(test.get("/readyz", "verbose") == "200 ready\n[+]database ok\n[+]log-analytics ok\n");
}

TEST_CASE("a check of its own that fails makes a process not ready, but leaves it alive") {
    TestHealth test;
    test.health.add("database", broken);
    test.health.bind(test.router);
    CHECK(test.get("/readyz") == "503 not ready\n");
    CHECK(test.get("/readyz", "verbose=1") == "503 not ready\n[-]database: The disk is full.\n");
    CHECK(test.get("/livez") == "200 alive\n");
    CHECK(test.get("/healthz") == "200 alive\n");
}

TEST_CASE("a dependency that fails degrades a process, which stays ready") {
    TestHealth test;
    test.health.add("database", fine);
    test.health.add_dependency("log-analytics", broken);
    test.health.bind(test.router);
    CHECK(test.get("/readyz") == "200 degraded\n");
    CHECK(test.get("/readyz", "verbose") ==
          "200 degraded\n[+]database ok\n[!]log-analytics: The disk is full.\n");
}

TEST_CASE("a neighbour whose breaker is open degrades, with its reason") {
    TestHealth test;
    std::vector<NeighbourState> neighbours{{.name = "tweets", .breaker = "closed"},
                                           {.name = "follows", .breaker = "half-open"}};
    test.health.add_neighbours([&] { return neighbours; });
    test.health.bind(test.router);
    CHECK(test.get("/readyz", "verbose") == "200 ready\n[+]tweets ok\n[+]follows ok\n");
    neighbours[0] = {.name = "tweets", .breaker = "open", .reason = "20 of 30 calls failed", .is_cut = true};
    CHECK(test.get("/readyz", "verbose") ==
          "200 degraded\n[!]tweets: breaker open (20 of 30 calls failed)\n[+]follows ok\n");
}

TEST_CASE("its own failure counts more than a dependency's") {
    TestHealth test;
    test.health.add("database", broken);
    test.health.add_dependency("log-analytics", broken);
    test.health.bind(test.router);
    CHECK(test.get("/readyz") == "503 not ready\n");
}

TEST_CASE("a process that drains is not ready") {
    TestHealth test;
    test.health.bind(test.router);
    test.health.drain();
    CHECK(test.get("/readyz") == "503 not ready\n");
    CHECK(test.get("/livez") == "200 alive\n");
    CHECK(test.check("{}").body == R"({"status":"NOT_SERVING"})");
}

TEST_CASE("gRPC's health check tells of the process and of each contract that it serves") {
    TestHealth test;
    test.health.add_contract("jebi.tweets.v1.Tweets");
    test.health.add_dependency("log-analytics", broken);
    test.health.bind(test.router);
    CHECK(test.check(R"({"service":""})").body == R"({"status":"SERVING"})");
    CHECK(test.check("{}").status == 200);
    CHECK(test.check(R"({"service":"jebi.tweets.v1.Tweets"})").body == R"({"status":"SERVING"})");
    const Asked unknown = test.check(R"({"service":"jebi.follows.v1.Follows"})");
    CHECK(unknown.status == 404);
    CHECK(*json::parse(unknown.body)->find("code")->text() == "not_found");
}
