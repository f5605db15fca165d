// One static page about what the rows say, as an access log's report: visitors, requests over time, pages,
// status codes, addresses, programs, bytes, latency by route, the slowest.
//
// The page stands alone: its styles and pictures are in it, it needs no script and loads nothing. It shows
// what the rows have; a section whose fields no row has is left out. Times are in UTC.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "modules/log_analytics/explorer/words.h"
#include "modules/log_analytics/query/query.h"

namespace jebi::log_analytics {

struct ReportOptions {
    std::string title = "log-analytics";
    Language language = Language::english;
    std::size_t list_rows = 10;  // in each list
    std::string where{};         // an SQL condition; empty: all rows
    query::QueryOptions query{};
};

// Where the figures come from: a store of one's own, or a server that is asked.
struct ReportSource {
    std::vector<Column> columns;  // that there are, as Snapshot::columns()
    std::function<Result<query::Answer>(const std::string& sql)> ask;
};

// Errors are those of the queries.
Result<std::string> report_html(const ReportSource& source, const ReportOptions& options);
Result<std::string> report_html(const Snapshot& snapshot, const ReportOptions& options);

}  // namespace jebi::log_analytics
