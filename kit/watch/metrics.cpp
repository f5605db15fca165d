#include "kit/watch/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cassert>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <vector>

namespace jebi::watch {

namespace {

const prometheus::Histogram::BucketBoundaries bounds_s{
    0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};

struct Read {
    std::string name;
    std::string help;
    bool counter = false;
    std::function<double()> value;
};

prometheus::MetricFamily family_of(const Read& read) {
    prometheus::ClientMetric metric;
    prometheus::MetricFamily family{read.name, read.help, prometheus::MetricType::Gauge, {}};
    if (read.counter) {
        family.type = prometheus::MetricType::Counter;
        metric.counter.value = read.value();
    } else {
        metric.gauge.value = read.value();
    }
    family.metric.push_back(std::move(metric));
    return family;
}

double cpu_seconds() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double resident_bytes() {
    std::ifstream statm{"/proc/self/statm"};
    std::uint64_t total = 0, resident = 0;
    statm >> total >> resident;
    return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double open_files() {
    std::error_code ignored;
    double count = 0;
    for (auto it = std::filesystem::directory_iterator("/proc/self/fd", ignored);
         it != std::filesystem::directory_iterator(); it.increment(ignored)) {
        ++count;
    }
    return count;
}

std::vector<Read> process_metrics() {
    const double start =
        std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    return {
        {"process_cpu_seconds_total", "User and system CPU time spent in seconds.", true, cpu_seconds},
        {"process_resident_memory_bytes", "Resident memory size in bytes.", false, resident_bytes},
        {"process_open_fds", "Number of open file descriptors.", false, open_files},
        {"process_start_time_seconds", "Start time of the process since the Unix epoch in seconds.", false,
         [start] { return start; }},
    };
}

}  // namespace

struct Metrics::Registry {
    prometheus::Registry registry;
    mutable std::mutex mutex;  // guards reads
    std::vector<Read> reads = process_metrics();
};

void Counter::add(double value) const {
    counter_->Increment(value);
}
void Durations::add(double seconds) const {
    histogram_->Observe(seconds);
}

Metrics::Metrics() : registry_(std::make_unique<Registry>()) {}
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
    const std::lock_guard lock{registry_->mutex};
    registry_->reads.push_back({name, help, name.ends_with("_total"), std::move(read)});
}

std::string Metrics::text() const {
    auto families = registry_->registry.Collect();
    {
        const std::lock_guard lock{registry_->mutex};
        for (const Read& read : registry_->reads)
            families.push_back(family_of(read));
    }
    return prometheus::TextSerializer{}.Serialize(families);
}

}  // namespace jebi::watch
