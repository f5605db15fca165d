#include "kit/watch/metrics.h"

#include <doctest/doctest.h>

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
