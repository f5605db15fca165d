// Counts and durations for Prometheus (text exposition format 0.0.4), by prometheus-cpp.
//
// Names end in their unit ("_seconds", "_bytes", "_total" for counters). A label has few values: a route's
// pattern, never a path. Metrics are made once and kept by reference; adding to one is thread-safe and quick.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace prometheus {
class Counter;
class Histogram;
}  // namespace prometheus

namespace jebi::watch {

using Labels = std::map<std::string, std::string>;
struct Sample {
    Labels labels{};
    double value = 0;
};

class Counter {
public:
    explicit Counter(prometheus::Counter& counter) : counter_(&counter) {}
    void add(double value = 1) const;

private:
    prometheus::Counter* counter_;
};

// Buckets from 50 us to 10 s.
class Durations {
public:
    explicit Durations(prometheus::Histogram& histogram) : histogram_(&histogram) {}
    void add(double seconds) const;

private:
    prometheus::Histogram* histogram_;
};

class Metrics {
public:
    // With the process's own: CPU, memory, open files, threads, start time.
    Metrics();
    ~Metrics();

    // The same name and labels give the same metric; they live as long as this.
    Counter counter(const std::string& name, const std::string& help, const Labels& labels = {});
    Durations durations(const std::string& name, const std::string& help, const Labels& labels = {});
    // Read whenever somebody asks for the text; `read` must be thread-safe and quick, and what it refers to
    // outlives the last asking. One whose name ends in "_total" only ever rises.
    void gauge(const std::string& name, const std::string& help, std::function<double()> read);
    // The same with labels; there may be others of them each time. Each name once.
    void gauges(const std::string& name, const std::string& help, std::function<std::vector<Sample>()> read);

    // What GET /metrics answers.
    std::string text() const;
    static constexpr const char* content_type = "text/plain; version=0.0.4; charset=utf-8";

private:
    struct Registry;
    std::unique_ptr<Registry> registry_;
};

}  // namespace jebi::watch
