// What it costs to be watched: what the observers add to a request and to a call.
//
// Bars: a window of the last ten seconds well under 1 us; a span that is kept a few us, sending included; one
// that is not kept some ns.
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "bench/load.h"
#include "kit/http/server.h"
#include "kit/watch/requests.h"
#include "kit/watch/spans.h"

namespace {

using namespace jebi;
using Clock = std::chrono::steady_clock;

constexpr int rounds = 5;
constexpr int calls = 500'000;
constexpr int kept_spans = 50'000;

template <typename Work>
std::string ns_each(int count, Work work) {
    std::vector<double> each;
    for (int round = 0; round < rounds; ++round) {
        const auto begin = Clock::now();
        for (int i = 0; i < count; ++i)
            work();
        each.push_back(std::chrono::duration<double, std::nano>(Clock::now() - begin).count() / count);
    }
    return bench::spread(each) + " ns";
}

http::Request request_of(bool sampled) {
    http::Request request;
    request.route = "/users/{name}";
    request.path = "/users/minji";
    request.fields.add("Host", "127.0.0.1:3000");
    request.trace = Trace::start(sampled);
    return request;
}

std::vector<watch::Span> spans(std::size_t count) {
    const watch::Span span{.of = watch::Span::Of::request,
                           .kind = watch::Span::Kind::server,
                           .trace = Trace::start(true),
                           .parent = 7,
                           .method = "GET",
                           .name = "/users/{name}",
                           .path = "/users/minji",
                           .host = "127.0.0.1:3000",
                           .status = 200};
    return {count, span};
}

void bench_requests(watch::Metrics& metrics, watch::Log& log) {
    watch::Requests requests{metrics, log};
    const auto request = request_of(false);
    const auto served = requests.http();
    const auto called = requests.calls("web");
    const Call call{.trace = request.trace};
    const std::string_view service = "jebi.tweets.v1.Tweets", method = "Write";
    watch::Window window;
    bench::report("a window of ten seconds",
                  ns_each(calls, [&] { window.add(Millis{2}, false, Clock::now()); }), "1000");
    bench::report("a request: counted, timed, windowed",
                  ns_each(calls, [&] { served({request, 200, 0, Millis{2}, false}); }), "1000");
    bench::report(
        "a call: counted, timed, windowed",
        ns_each(calls, [&] { called({service, method, rpc::Side::client, call, 0, nullptr, Millis{2}}); }),
        "1000");
}

void bench_spans(watch::Metrics& metrics, watch::Log& log) {
    fiber::Loops loops{1};
    // Nobody takes them: the queue fills, and is never sent.
    watch::Spans kept{{.address = fiber::Address::from("127.0.0.1:9").value(),
                       .queue_max = std::size_t{kept_spans} * rounds,
                       .pause = Millis{600'000},
                       .tries_max = 1},
                      loops,
                      metrics,
                      log};
    const auto quiet = request_of(false), sampled = request_of(true);
    bench::report("a span that is not kept",
                  ns_each(calls, [&] { kept.told(http::Served{quiet, 200, 0, Millis{2}, false}); }), "100");
    bench::report("a span that is kept",
                  ns_each(kept_spans, [&] { kept.told(http::Served{sampled, 200, 0, Millis{2}, false}); }),
                  "3000");
    const auto batch = spans(128);
    bench::report("... and 128 of them written for the wire",
                  ns_each(200,
                          [&] {
                              if (watch::otlp_json({.service = "web"}, batch).empty()) std::abort();
                          }),
                  "");
}

}  // namespace

int main() {
    watch::Metrics metrics;
    watch::Log log{watch::Level::error, watch::Format::text, [](std::string_view) {}};
    bench_requests(metrics, log);
    bench_spans(metrics, log);
}
