#include "kit/watch/requests.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>

using namespace jebi;
using namespace jebi::watch;

namespace {

struct TestRequests {
    std::vector<std::string> lines;
    Metrics metrics;
    Log log{Level::info, Format::text, [this](std::string_view line) { lines.emplace_back(line); }};
    Requests requests{metrics, log};

    void serve(std::string_view route, int status, Millis took, bool is_stream = false) {
        http::Request request;
        request.route = route;
        request.trace = Trace::start();
        requests.http()(http::Served{request, status, 0, took, is_stream});
    }
    bool counts(std::string_view line) const { return metrics.text().find(line) != std::string::npos; }
};

const Call call{.trace = Trace::start()};

void tell(const rpc::Observer& observer, rpc::Side side, const Error* error = nullptr) {
    observer({"jebi.tweets.v1.Tweets", "Write", side, call, 0, error, Millis{2}});
}

}  // namespace

TEST_CASE("a request that takes more than a second is worth a line, a stream that is listened to is not") {
    TestRequests test;
    test.serve("/events", 200, Millis{900});
    test.serve("/events", 200, Millis{60'000}, true);
    CHECK(test.lines.empty());
    test.serve("/events", 200, Millis{1'100});
    REQUIRE(test.lines.size() == 1);
    CHECK(test.lines[0].find("slow request") != std::string::npos);
    CHECK(test.counts("http_requests_total{code=\"200\",method=\"GET\",route=\"/events\"} 3"));
}

TEST_CASE("a request that failed inside is worth a line with its trace, one that was refused is not") {
    TestRequests test;
    test.serve("/users", 404, Millis{1});
    CHECK(test.lines.empty());
    http::Request request;
    request.trace = Trace::start();
    test.requests.http()(http::Served{request, 500, 0, Millis{1}, false});
    REQUIRE(test.lines.size() == 1);
    CHECK(test.lines[0].find("trace=" + request.trace.id_hex()) != std::string::npos);
}

TEST_CASE("a neighbour that is gone does not fill the log") {
    TestRequests test;
    const Error gone{.code = Code::unavailable, .message = "Gone."};
    const auto observer = test.requests.calls();
    for (int i = 0; i < 1'000; ++i)
        tell(observer, rpc::Side::client, &gone);
    CHECK(test.lines.size() >= 20);
    CHECK(test.lines.size() < 500);
}

TEST_CASE("calls are counted by neighbour, method, side and outcome") {
    TestRequests test;
    const auto observer = test.requests.calls("web");
    tell(observer, rpc::Side::client);
    tell(observer, rpc::Side::client);
    const Error error{.code = Code::not_found, .message = "Nobody."};
    tell(observer, rpc::Side::client, &error);
    const std::string labels = "method=\"Write\",neighbour=\"tweets\",service=\"jebi.tweets.v1.Tweets\"";
    CHECK(test.counts("rpc_calls_total{code=\"ok\"," + labels + ",side=\"client\"} 2"));
    CHECK(test.counts("rpc_calls_total{code=\"not_found\"," + labels + ",side=\"client\"} 1"));
    CHECK(test.lines.empty());
}

TEST_CASE("what is recent is told by who called whom, all outcomes together") {
    TestRequests test;
    const Error gone{.code = Code::unavailable, .message = "Gone."};
    const Error nobody{.code = Code::not_found, .message = "Nobody."};
    const auto of_web = test.requests.calls("web"), of_search = test.requests.calls("search");
    tell(of_web, rpc::Side::local);
    tell(of_web, rpc::Side::local, &gone);
    tell(of_web, rpc::Side::local, &nobody);
    tell(of_search, rpc::Side::local);
    tell(of_search, rpc::Side::server);
    auto calls = test.requests.recent_calls(std::chrono::steady_clock::now());
    REQUIRE(calls.size() == 3);
    std::ranges::sort(calls, {},
                      [](const CallRecent& one) { return one.recent.count * 10 + one.caller.size(); });
    CHECK(calls[0].side == rpc::Side::server);
    CHECK(calls[0].caller.empty());
    CHECK(calls[1].caller == "search");
    CHECK(calls[2].caller == "web");
    CHECK(calls[2].recent.count == 3);
    CHECK(calls[2].recent.errors == 1);
    CHECK(test.requests.recent_calls(in(Millis{60'000})).empty());
}

TEST_CASE("a call that waited for something to happen counts as recent only when it failed") {
    TestRequests test;
    const auto observer = test.requests.calls("timelines");
    const Error gone{.code = Code::unavailable, .message = "Gone."};
    const auto wait = [&](const Error* error) {
        observer({"jebi.tweets.v1.Tweets", "Events", rpc::Side::client, call, 0, error, Millis{2'000}, true});
    };
    wait(nullptr);
    CHECK(test.requests.recent_calls(std::chrono::steady_clock::now()).empty());
    wait(&gone);
    const auto calls = test.requests.recent_calls(std::chrono::steady_clock::now());
    REQUIRE(calls.size() == 1);
    CHECK(calls[0].recent.count == 1);
}

TEST_CASE("routes are told with the method, and a stream counts as none of the recent") {
    TestRequests test;
    const std::string route = "/users/{name}";
    test.serve(route, 200, Millis{3});
    test.serve(route, 503, Millis{3});
    test.serve(route, 200, Millis{30'000}, true);
    const auto routes = test.requests.recent_routes(std::chrono::steady_clock::now());
    REQUIRE(routes.size() == 1);
    CHECK(routes[0].method == "GET");
    CHECK(routes[0].route == route);
    CHECK(routes[0].recent.count == 2);
    CHECK(routes[0].recent.errors == 1);
}

TEST_CASE("a contract's module stands before its version") {
    CHECK(module_of("jebi.tweets.v1.Tweets") == "tweets");
    CHECK(module_of("grpc.health.v1.Health") == "health");
    CHECK(module_of("v1.Tweets") == "v1.Tweets");
    CHECK(module_of("Tweets") == "Tweets");
    CHECK(module_of("") == "");
}

TEST_CASE("a route to a contract's method is told from a page") {
    CHECK(is_method("/jebi.tweets.v1.Tweets/Write"));
    CHECK(is_method("/grpc.health.v1.Health/Check"));
    for (const char* page : {"/", "", "/tweets", "/tweets/{id}", "/.well-known/Webfinger",
                             "/assets/{hash}/a.B/c", "/jebi.tweets.v1.Tweets", "/api/v1.Tweets/x"}) {
        CAPTURE(page);
        CHECK_FALSE(is_method(page));
    }
}
