// Inside modules/log_analytics only: what the handlers share.
#pragma once

#include <atomic>

#include "modules/log_analytics/service.h"

namespace jebi::log_analytics {

struct Service::State {
    State(Tenants& all, const Clock& time, watch::Log& to, ServiceOptions given)
        : tenants(all), clock(time), log(to), options(given), query_threads(given.query_workers - 1) {}

    Tenants& tenants;
    const Clock& clock;
    watch::Log& log;
    ServiceOptions options;
    query::QueryThreads query_threads;
    fiber::Pool intake{"log intake", intake_threads,
                       intake_queue_max};  // of large bodies: a loop must not be busy long
    fiber::Pool queries{"log queries", query_pool_threads, query_queue_max};

    fiber::Gate running;  // queries that may outlive the request that asked
    std::atomic<std::uint64_t> rows_taken = 0, rows_refused = 0, queries_run = 0, queries_stopped = 0;

    static constexpr unsigned intake_threads = 2, query_pool_threads = 4;
    static constexpr std::size_t intake_queue_max = 256, query_queue_max = 64;
};

// {"error":{"code","message"}} with the fitting status.
http::Response refused(const Error& error);

void bind_intakes(http::Router& router, Service::State& state);
void bind_queries(http::Router& router, Service::State& state);
void bind_tail(http::Router& router, Service::State& state);
void bind_pages(http::Router& router, Service::State& state);

// Runs a query for a tenant on the pool, while the calling fiber waits.
Result<query::Answer> run_query(Service::State& state, Tenant& tenant, std::string sql,
                                query::QueryOptions options);

}  // namespace jebi::log_analytics
