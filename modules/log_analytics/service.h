// The log service's HTTP face: takes logs, and answers questions about them.
//
//     POST /log                   JSON of any shape (intake/json_intake.h)
//     POST /_bulk, /{index}/_bulk Elasticsearch's bulk API
//     POST /loki/api/v1/push      Loki's push API, JSON
//     POST /v1/logs, /v1/traces   OTLP/HTTP, protobuf or JSON
//     POST /query, GET /query?q=  SQL (query/query.h); ?format=json, jsonl (standard for POST), csv or table
//                                 &after=N: only rows behind number N (json says how far it went:
//                                 row_highest)
//     GET  /where?q=              the search box's syntax as a SQL condition (query/search.h)
//     GET  /tail?q=&last=         new rows that match the search, as server-sent events; first the latest
//     that
//                                 are there, at most 500, when `last` says how many
//     GET  /fields                names and kinds of all columns
//     GET  /stats                 figures of the store
//     GET  /report                a static page about all rows (explorer/report.h)
// and the explorer's pages (explorer/explorer.h).
//
// An answer 200 to an intake means that the rows are on the disk and can be queried. 400: nothing could be
// taken, and why. 413, 429 and 503 with Retry-After: send it again later. 507: the disk is nearly full. What
// was refused is not dropped silently: the answer says so.
#pragma once

#include <memory>

#include "kit/fiber/fiber.h"
#include "kit/http/router.h"
#include "kit/watch/log.h"
#include "kit/watch/metrics.h"
#include "modules/log_analytics/query/query.h"
#include "modules/log_analytics/tenants.h"

namespace jebi::log_analytics {

struct ServiceOptions {
    std::size_t body_bytes_max = 32 * 1024 * 1024;  // also when decompressed
    Millis query_max{30'000};
    std::size_t query_memory_bytes_max = 64 * 1024 * 1024;
    unsigned query_workers = 2;  // threads that one query uses
};

// Thread-safe. Outlives the server.
class Service {
public:
    Service(Tenants& tenants, const Clock& clock, watch::Log& log, ServiceOptions options);
    ~Service();

    void bind(http::Router& router);
    void add_metrics(watch::Metrics& metrics);

    struct State;

private:
    std::unique_ptr<State> state_;
};

}  // namespace jebi::log_analytics
