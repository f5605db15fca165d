#include "kit/watch/metrics.h"

#include <doctest/doctest.h>

#include "kit/watch/neighbours.h"

using namespace jebi::watch;

namespace {

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("counters, durations and gauges appear with help, type and labels") {
    Metrics metrics;
    const Counter counter = metrics.counter("tries_total", "Tries.", {{"route", "/users/{name}"}});
    counter.add();
    counter.add(2);
    metrics.counter("tries_total", "Tries.", {{"route", "/users/{name}"}}).add();
    metrics.durations("work_seconds", "Work.").add(0.003);
    metrics.gauge("queue_length", "Queue.", [] { return 7.0; });
    const std::string text = metrics.text();
    CHECK(has(text, "# HELP tries_total Tries."));
    CHECK(has(text, "# TYPE tries_total counter"));
    CHECK(has(text, "tries_total{route=\"/users/{name}\"} 4"));
    CHECK(has(text, "work_seconds_bucket{le=\"0.005\"} 1"));
    CHECK(has(text, "work_seconds_bucket{le=\"0.0025\"} 0"));
    CHECK(has(text, "work_seconds_count 1"));
    CHECK(has(text, "queue_length 7"));
}

TEST_CASE("the process's own figures are there") {
    const Metrics metrics;
    for (const char* name :
         {"process_cpu_seconds_total ", "process_resident_memory_bytes ", "process_open_fds ",
          "process_max_fds ", "process_threads ", "process_start_time_seconds "}) {
        const std::string text = metrics.text();
        const auto at = text.find(std::string("\n") + name);
        REQUIRE(at != std::string::npos);
        CHECK(std::stod(text.substr(at + 1 + std::string(name).size())) > 0);
    }
}

TEST_CASE("a gauge with labels shows what there is each time it is read") {
    Metrics metrics;
    std::vector<Sample> samples{{{{"neighbour", "tweets"}}, 3}, {{{"neighbour", "a \"b\"\n"}}, 4}};
    metrics.gauges("calls_in_flight", "Calls.", [&] { return samples; });
    CHECK(has(metrics.text(), "# TYPE calls_in_flight gauge"));
    CHECK(has(metrics.text(), "calls_in_flight{neighbour=\"tweets\"} 3"));
    CHECK(has(metrics.text(), "calls_in_flight{neighbour=\"a \\\"b\\\"\\n\"} 4"));
    samples.clear();
    CHECK_FALSE(has(metrics.text(), "calls_in_flight"));
}

TEST_CASE("each neighbour shows in the state that its breaker is in") {
    Metrics metrics;
    std::vector<NeighbourState> neighbours{{.name = "tweets",
                                            .breaker = "closed",
                                            .in_flight = 3,
                                            .in_flight_max = 64,
                                            .retries_left = 9.5,
                                            .retries = 7}};
    show_neighbours(metrics, [&] { return neighbours; });
    CHECK(has(metrics.text(), "neighbour_breaker_state{neighbour=\"tweets\",state=\"closed\"} 1"));
    CHECK(has(metrics.text(), "neighbour_calls_in_flight{neighbour=\"tweets\"} 3"));
    CHECK(has(metrics.text(), "neighbour_retry_budget{neighbour=\"tweets\"} 9.5"));
    CHECK(has(metrics.text(), "# TYPE neighbour_retries_total counter"));
    CHECK(has(metrics.text(), "neighbour_retries_total{neighbour=\"tweets\"} 7"));
    CHECK(has(metrics.text(), "neighbour_endpoints_ejected{neighbour=\"tweets\"} 0"));
    CHECK(has(metrics.text(), "neighbour_calls_in_flight_max{neighbour=\"tweets\"} 64"));
    neighbours[0].breaker = "open";
    CHECK(has(metrics.text(), "state=\"open\"} 1"));
    CHECK_FALSE(has(metrics.text(), "state=\"closed\""));
}

TEST_CASE("several ways to one neighbour are one neighbour: counts are summed, the worse breaker shows") {
    const auto read = by_name([] {
        return std::vector<NeighbourState>{
            {.name = "tweets", .breaker = "closed", .in_flight = 3, .retries = 1},
            {.name = "follows", .breaker = "closed"},
            {.name = "tweets",
             .breaker = "open",
             .reason = "9 in a row failed",
             .is_cut = true,
             .in_flight = 1,
             .ejected = 1,
             .endpoints = {{.address = "a"}}}};
    });
    const auto all = read();
    REQUIRE(all.size() == 2);
    CHECK(all[0].name == "tweets");
    CHECK(all[0].breaker == "open");
    CHECK(all[0].reason == "9 in a row failed");
    CHECK(all[0].is_cut);  // the other way may only not have been tried
    CHECK(all[0].in_flight == 4);
    CHECK(all[0].retries == 1);
    CHECK(all[0].ejected == 1);
    CHECK(all[0].endpoints.empty());
    CHECK(all[1].breaker == "closed");
}

TEST_CASE("what limits the calls of others shows by class") {
    Metrics metrics;
    show_limit(metrics,
               [] { return LimitState{.in_flight_max = 40, .users = 3, .background = 1, .shed_users = 2}; });
    CHECK(has(metrics.text(), "server_limit 40"));
    CHECK(has(metrics.text(), "server_calls_in_flight{class=\"users\"} 3"));
    CHECK(has(metrics.text(), "server_calls_in_flight{class=\"background\"} 1"));
    CHECK(has(metrics.text(), "# TYPE server_calls_shed_total counter"));
    CHECK(has(metrics.text(), "server_calls_shed_total{class=\"users\"} 2"));
}
