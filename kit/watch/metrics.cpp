#include "kit/watch/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <cassert>
#include <chrono>
#include <mutex>
#include <vector>

#include "kit/watch/usage.h"

namespace jebi::watch {

namespace {

const prometheus::Histogram::BucketBoundaries bounds_s{
    0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};

struct Read {
    std::string name;
    std::string help;
    std::function<std::vector<Sample>()> values;
};

prometheus::MetricFamily family_of(const Read& read) {
    const bool is_counter = read.name.ends_with("_total");
    prometheus::MetricFamily family{
        read.name,
        read.help,
        is_counter ? prometheus::MetricType::Counter : prometheus::MetricType::Gauge,
        {}};
    for (const Sample& sample : read.values()) {
        prometheus::ClientMetric metric;
        for (const auto& [name, value] : sample.labels)
            metric.label.push_back({name, value});
        (is_counter ? metric.counter.value : metric.gauge.value) = sample.value;
        family.metric.push_back(std::move(metric));
    }
    return family;
}

}  // namespace

struct Metrics::Registry {
    prometheus::Registry registry;
    mutable std::mutex mutex;  // guards reads
    std::vector<Read> reads;
};

void Counter::add(double value) const {
    counter_->Increment(value);
}
void Durations::add(double seconds) const {
    histogram_->Observe(seconds);
}

Metrics::Metrics() : registry_(std::make_unique<Registry>()) {
    const auto process = [this](const char* name, const char* help, auto Usage::* figure) {
        gauge(name, help, [figure] { return static_cast<double>(usage().*figure); });
    };
    process("process_cpu_seconds_total", "User and system CPU time spent in seconds.", &Usage::cpu_s);
    process("process_resident_memory_bytes", "Resident memory size in bytes.", &Usage::resident_bytes);
    process("process_open_fds", "Number of open file descriptors.", &Usage::open_files);
    process("process_max_fds", "Maximum number of open file descriptors.", &Usage::open_files_max);
    process("process_threads", "Number of threads.", &Usage::threads);
    const double start =
        std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    gauge("process_start_time_seconds", "Start time of the process since the Unix epoch in seconds.",
          [start] { return start; });
}
Metrics::~Metrics() = default;

Counter Metrics::counter(const std::string& name, const std::string& help, const Labels& labels) {
    assert(name.ends_with("_total"));
    return Counter{
        prometheus::BuildCounter().Name(name).Help(help).Register(registry_->registry).Add(labels)};
}

Durations Metrics::durations(const std::string& name, const std::string& help, const Labels& labels) {
    assert(name.ends_with("_seconds"));
    return Durations{prometheus::BuildHistogram()
                         .Name(name)
                         .Help(help)
                         .Register(registry_->registry)
                         .Add(labels, bounds_s)};
}

void Metrics::gauge(const std::string& name, const std::string& help, std::function<double()> read) {
    gauges(name, help, [read = std::move(read)] { return std::vector<Sample>{{.value = read()}}; });
}

void Metrics::gauges(const std::string& name, const std::string& help,
                     std::function<std::vector<Sample>()> read) {
    const std::lock_guard lock{registry_->mutex};
    registry_->reads.push_back({name, help, std::move(read)});
}

std::string Metrics::text() const {
    auto families = registry_->registry.Collect();
    {
        const std::lock_guard lock{registry_->mutex};
        for (const Read& read : registry_->reads) {
            if (auto family = family_of(read); !family.metric.empty()) families.push_back(std::move(family));
        }
    }
    return prometheus::TextSerializer{}.Serialize(families);
}

}  // namespace jebi::watch
