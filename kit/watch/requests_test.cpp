#include "kit/watch/requests.h"

#include <doctest/doctest.h>

using namespace jebi;
using namespace jebi::watch;

TEST_CASE("a request that takes more than a second is worth a line, a stream that is listened to is not") {
    std::vector<std::string> lines;
    Metrics metrics;
    Log log{Level::info, Format::text, [&](std::string_view line) { lines.emplace_back(line); }};
    Requests requests{metrics, log};
    http::Request request;
    request.route = "/events";
    const auto serve = [&](Millis took, bool is_stream) {
        requests.http()(http::Served{request, 200, 0, took, is_stream});
    };
    serve(Millis{900}, false);
    serve(Millis{60'000}, true);
    CHECK(lines.empty());
    serve(Millis{1'100}, false);
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].find("slow request") != std::string::npos);
    CHECK(metrics.text().find("http_requests_total{code=\"200\",method=\"GET\",route=\"/events\"} 3") !=
          std::string::npos);
}
