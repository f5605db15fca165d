#include "modules/log_analytics/service.h"

#include "modules/log_analytics/service_state.h"

namespace jebi::log_analytics {

namespace {

constexpr Millis end_max{40'000};  // more than a query may take

}  // namespace

Service::Service(Tenants& tenants, const Clock& clock, watch::Log& log, ServiceOptions options)
    : state_(std::make_unique<State>(tenants, clock, log, options)) {}

Service::~Service() {
    state_->running.close();
    state_->running.wait_until(in(end_max));
}

void Service::bind(http::Router& router) {
    bind_intakes(router, *state_);
    bind_queries(router, *state_);
    bind_tail(router, *state_);
    bind_pages(router, *state_);
}

void Service::add_metrics(watch::Metrics& metrics) {
    const auto sum = [this](std::uint64_t StoreStats::* figure) {
        std::uint64_t all = 0;
        for (const Tenant* tenant : state_->tenants.all())
            all += tenant->store->stats().*figure;
        return static_cast<double>(all);
    };
    const auto gauge = [&](const char* name, const char* help, std::uint64_t StoreStats::* figure) {
        metrics.gauge(name, help, [sum, figure] { return sum(figure); });
    };
    gauge("logs_rows", "Rows that can be queried.", &StoreStats::rows);
    gauge("logs_rows_taken_total", "Rows taken since the start.", &StoreStats::rows_taken);
    gauge("logs_duplicates_total", "Rows left out, as their event id was there.", &StoreStats::duplicates);
    gauge("logs_groups_total", "Groups written to the log, each with one fsync.", &StoreStats::groups);
    gauge("logs_segments", "Segments on the disk.", &StoreStats::segments);
    gauge("logs_segment_bytes", "Bytes of segments on the disk.", &StoreStats::segment_bytes);
    gauge("logs_wal_bytes", "Bytes of write-ahead logs on the disk.", &StoreStats::wal_bytes);
    gauge("logs_tail_bytes", "Memory of rows that are in no segment yet.", &StoreStats::tail_bytes);
    gauge("logs_queue_bytes", "Memory of rows that wait for the disk.", &StoreStats::queue_bytes);
    metrics.gauge("logs_rows_refused_total", "Events that were refused.",
                  [this] { return static_cast<double>(state_->rows_refused); });
    metrics.gauge("logs_queries_total", "Queries run.",
                  [this] { return static_cast<double>(state_->queries_run); });
    metrics.gauge("logs_queries_stopped_total", "Queries stopped, as whoever asked had left.",
                  [this] { return static_cast<double>(state_->queries_stopped); });
}

}  // namespace jebi::log_analytics
