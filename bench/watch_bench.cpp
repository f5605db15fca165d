// What it costs to be watched: what the observers add to a request and to a call, and what spans add to the
// CPU of a page (the jebi and the log-analytics that were built beside this benchmark).
//
// Bars: a window of the last ten seconds well under 1 us; a span that is kept a few us, sending included; one
// that is not kept some ns; a page with one trace in a hundred kept at most 1.03 times the one without spans.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <vector>

#include "bench/load.h"
#include "bench/program.h"
#include "kit/http/server.h"
#include "kit/watch/requests.h"
#include "kit/watch/spans.h"

namespace {

using namespace jebi;
using Clock = std::chrono::steady_clock;

constexpr int rounds = 5;
constexpr int calls = 500'000;
constexpr int kept_spans = 50'000;
constexpr int page_rounds = 5;
constexpr std::uint64_t pages_a_round = 4'000;

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

// One that keeps spans of so many requests in a hundred; empty: of none, and nothing that was slow either.
bench::Program start_keeping(const std::string& bin, const std::string& data, const std::string& percent,
                             std::uint16_t receiver) {
    std::vector<std::string> command{
        bin + "/jebi",         "up", "--data", data + "/jebi-" + percent, "--listen", "127.0.0.1:0",
        "--log-analytics-url="};
    if (percent.empty()) {
        command.emplace_back("--traces-url=");
    } else {
        command.push_back("--traces-url=http://127.0.0.1:" + std::to_string(receiver) + "/v1/traces");
        command.push_back("--traces-sampled-percent=" + percent);
    }
    return bench::start_program(command, "jebi is ready: http://127.0.0.1:");
}

double us_a_page(const bench::Program& jebi) {
    const double before = bench::cpu_us(jebi.process);
    const auto loaded = bench::drive(
        {.port = jebi.port, .connections = 16, .requests = pages_a_round, .request = [](std::uint64_t) {
             return std::string("GET /userslist HTTP/1.1\r\nHost: localhost\r\n\r\n");
         }});
    bench::wait_for_rest(jebi.process);  // what is kept is sent
    return (bench::cpu_us(jebi.process) - before) / static_cast<double>(loaded.good);
}

std::vector<double> ratios(const std::vector<double>& some, const std::vector<double>& to) {
    std::vector<double> all;
    for (std::size_t i = 0; i < some.size(); ++i)
        all.push_back(some[i] / to[i]);
    return all;
}

void bench_pages(const std::string& bin) {
    std::string folder = "/tmp/jebi-bench-XXXXXX";
    if (::mkdtemp(folder.data()) == nullptr) std::exit(1);
    const bench::Program receiver = bench::start_program(
        {bin + "/log-analytics", "serve", "--data", folder + "/logs", "--listen", "127.0.0.1:0"},
        "log-analytics is ready: http://127.0.0.1:");
    const std::array<std::string, 3> percents{"", "1", "100"};
    std::array<bench::Program, 3> running;
    std::array<std::vector<double>, 3> us;
    for (std::size_t i = 0; i < percents.size(); ++i)
        running[i] = start_keeping(bin, folder, percents[i], receiver.port);
    for (const auto& jebi : running)
        us_a_page(jebi);
    for (int round = 0; round < page_rounds; ++round) {
        for (std::size_t i = 0; i < running.size(); ++i)
            us[i].push_back(us_a_page(running[i]));
    }
    bench::report("a page without spans: CPU us", bench::spread(us[0]), "");
    bench::report("... spans of 1 % kept, to that", bench::spread(ratios(us[1], us[0])), "1.03");
    bench::report("... spans of all kept, to that", bench::spread(ratios(us[2], us[0])), "");
    for (const auto& jebi : running)
        bench::stop_program(jebi);
    bench::stop_program(receiver);
    std::filesystem::remove_all(folder);
}

}  // namespace

int main(int, char** argv) {
    watch::Metrics metrics;
    watch::Log log{watch::Level::error, watch::Format::text, [](std::string_view) {}};
    bench_requests(metrics, log);
    bench_spans(metrics, log);
    bench_pages(std::filesystem::path(argv[0]).parent_path());
}
