#include "kit/watch/status.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include "kit/base/json.h"

using namespace jebi;
using namespace jebi::watch;

namespace {

struct TestStatus {
    explicit TestStatus(const std::vector<NeighbourState>& guarded = {})
        : status({.name = "tweets", .version = "1.2.3", .database_bytes = [] { return std::uint64_t{4096}; }},
                 requests, health, lag) {
        status.add_module("tweets", false);
        status.add_module("search", false);
        status.add_neighbours([guarded] { return guarded; });
    }

    void call(std::string caller, rpc::Side side, std::string_view service, const Error* error = nullptr) {
        requests.calls(std::move(caller))({service, "Get", side, Call{}, 0, error, Millis{8}});
    }
    void serve(std::string_view route, int code) {
        http::Request request;
        request.route = route;
        requests.http()({request, code, 0, Millis{8}, false});
    }
    json::Value asked() const { return json::parse(status.json(Call{})).value(); }

    Metrics metrics;
    Log log{Level::error, Format::text, [](std::string_view) {}};
    Requests requests{metrics, log};
    Health health;
    fiber::Loops loops{1};
    LoopLag lag{loops};
    Status status;
};

const Error gone{.code = Code::unavailable, .message = "Gone."};
constexpr std::string_view tweets = "jebi.tweets.v1.Tweets", follows = "jebi.follows.v1.Follows";

double number(const json::Value& value, std::string_view name) {
    const auto* found = value.find(name);
    if (found == nullptr) return -1;
    if (const auto integer = found->integer()) return static_cast<double>(*integer);
    return std::get<double>(found->data);
}

}  // namespace

TEST_CASE("a status says what runs here and what it uses") {
    const TestStatus test;
    const auto status = test.asked();
    CHECK(*status.find("name")->text() == "tweets");
    CHECK(*status.find("version")->text() == "1.2.3");
    CHECK(number(status, "pid") == ::getpid());
    REQUIRE(status.find("modules")->array()->size() == 2);
    CHECK(*status.find("modules")->array()->at(1).find("name")->text() == "search");
    CHECK(*status.find("health")->text() == "ready");
    CHECK(number(status, "memory_bytes") > 0);
    CHECK(number(status, "threads") >= 2);
    CHECK(number(status, "open_files") > 0);
    CHECK(number(status, "database_bytes") == 4096);
    CHECK(number(status, "uptime_s") >= 0);
}

TEST_CASE("work is what others ask for: requests, and calls of other processes, each once") {
    TestStatus test;
    test.serve("/users", 200);
    test.serve("/users", 500);
    test.serve("/jebi.tweets.v1.Tweets/Get", 200);
    test.call("", rpc::Side::server, tweets);
    test.call("search", rpc::Side::local, tweets);
    test.call("search", rpc::Side::client, follows);
    const auto status = test.asked();
    const auto& work = *status.find("work");
    CHECK(number(work, "errors_per_second") * 3 == doctest::Approx(number(work, "per_second")));
    CHECK(number(work, "p50_ms") == doctest::Approx(8).epsilon(0.13));
    CHECK(status.find("routes")->array()->size() == 2);
}

TEST_CASE("a module's work is the calls that it serves, and of the one that answers requests those") {
    TestStatus test;
    Status of_all{{}, test.requests, test.health, test.lag};
    for (const char* module : {"web", "tweets", "follows"})
        of_all.add_module(module, std::string_view(module) == "web");
    test.serve("/users", 200);
    test.serve("/users", 200);
    test.serve("/jebi.tweets.v1.Tweets/Get", 200);
    test.call("web", rpc::Side::local, tweets);
    test.call("", rpc::Side::server, tweets);
    test.call("", rpc::Side::server, tweets);
    test.call("tweets", rpc::Side::client, follows);
    const auto status = json::parse(of_all.json(Call{})).value();
    const auto& modules = *status.find("modules")->array();
    REQUIRE(modules.size() == 3);
    const double one = number(modules[0], "per_second") / 2;
    CHECK(one > 0);
    CHECK(number(modules[1], "per_second") == doctest::Approx(3 * one).epsilon(0.2));
    CHECK(number(modules[2], "per_second") == 0);
}

TEST_CASE("rates are of the same time, whenever something was called first") {
    TestStatus test;
    test.call("web", rpc::Side::local, tweets);
    test.call("web", rpc::Side::local, follows);
    test.serve("/users", 200);
    const Deadline later = in(Millis{5'000});
    const auto calls = test.requests.recent_calls(later);
    REQUIRE(calls.size() == 2);
    CHECK(calls[0].recent.span_s == calls[1].recent.span_s);
    CHECK(test.requests.recent_routes(later).at(0).recent.span_s == calls[0].recent.span_s);
}

TEST_CASE("calls that are served here are summed over who made them") {
    TestStatus test;
    test.call("", rpc::Side::server, tweets);
    test.call("search", rpc::Side::local, tweets);
    test.call("web", rpc::Side::client, follows);
    const auto status = test.asked();
    const auto& calls = *status.find("calls")->array();
    REQUIRE(calls.size() == 1);
    CHECK(*calls[0].find("service")->text() == tweets);
    CHECK(*calls[0].find("method")->text() == "Get");
}

TEST_CASE("neighbours are told by who calls them, here or elsewhere, with what guards the way") {
    const NeighbourState sick{.caller = "tweets",
                              .name = "follows",
                              .breaker = "open",
                              .reason = "too many failed",
                              .in_flight = 3,
                              .in_flight_max = 64,
                              .endpoints = {{.address = "unix:f", .breaker = "open", .is_ejected = true}}};
    TestStatus test{{sick,
                     {.caller = "search", .name = "follows", .breaker = "closed"},
                     {.caller = "tweets", .name = "accounts", .breaker = "closed"}}};
    test.call("tweets", rpc::Side::client, follows, &gone);
    test.call("tweets", rpc::Side::client, follows);
    test.call("search", rpc::Side::local, tweets);
    test.call("", rpc::Side::server, tweets);
    const auto status = test.asked();
    const auto& neighbours = *status.find("neighbours")->array();
    REQUIRE(neighbours.size() == 4);
    CHECK(*neighbours[0].find("caller")->text() == "tweets");
    CHECK(*neighbours[0].find("name")->text() == "follows");
    CHECK_FALSE(*neighbours[0].find("here")->flag());
    CHECK(*neighbours[0].find("breaker")->text() == "open");
    CHECK(*neighbours[0].find("reason")->text() == "too many failed");
    CHECK(number(neighbours[0], "in_flight") == 3);
    CHECK(number(neighbours[0], "in_flight_max") == 64);
    REQUIRE(neighbours[0].find("endpoints")->array()->size() == 1);
    CHECK(*neighbours[0].find("endpoints")->array()->at(0).find("address")->text() == "unix:f");
    CHECK(*neighbours[0].find("endpoints")->array()->at(0).find("ejected")->flag());
    CHECK(number(neighbours[0], "errors_per_second") * 2 ==
          doctest::Approx(number(neighbours[0], "per_second")));
    CHECK(*neighbours[1].find("name")->text() == "tweets");
    CHECK(*neighbours[1].find("here")->flag());
    CHECK(neighbours[1].find("breaker") == nullptr);
    // Guarded, though nobody calls them now.
    CHECK(*neighbours[2].find("caller")->text() == "search");
    CHECK(*neighbours[2].find("breaker")->text() == "closed");
    CHECK(*neighbours[3].find("name")->text() == "accounts");
    CHECK(number(neighbours[3], "per_second") == 0);
}

TEST_CASE("what limits the calls of others is told where there are such calls") {
    TestStatus test;
    CHECK(test.asked().find("limit") == nullptr);
    test.status.add_limit([] { return LimitState{.in_flight_max = 40, .users = 3, .shed_users = 2}; });
    const auto status = test.asked();
    const auto& limit = *status.find("limit");
    CHECK(number(limit, "in_flight_max") == 40);
    CHECK(number(limit, "users") == 3);
    CHECK(number(limit, "shed_users") == 2);
}

TEST_CASE("what is not well is named with its reason") {
    TestStatus test;
    test.health.add("database", [](const Call&) -> Result<void> { return fail(Code::unavailable, "Full."); });
    test.health.add_dependency("log", [](const Call&) -> Result<void> { return {}; });
    const auto status = test.asked();
    CHECK(*status.find("health")->text() == "not ready");
    const auto& unwell = *status.find("unwell")->array();
    REQUIRE(unwell.size() == 1);
    CHECK(*unwell[0].find("name")->text() == "database");
    CHECK(*unwell[0].find("why")->text() == "Full.");
}
