// The figures of a report, each by a query or two.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "modules/log_analytics/explorer/report.h"

namespace jebi::log_analytics {

struct ReportTotals {
    std::uint64_t rows = 0;
    WallMs first = 0, last = 0;
    std::optional<std::uint64_t> visitors;  // different addresses
    std::optional<double> bytes;
    std::optional<std::uint64_t> failures;  // status 500 and more
};
struct ReportBar {
    WallMs begin;
    std::uint64_t rows;
};
struct ReportCount {
    std::string value;
    std::uint64_t rows;
    std::optional<std::uint64_t> visitors;
};
struct ReportLatency {
    std::string route;
    std::uint64_t rows;
    double p50, p95, p99, most;
};
struct ReportSlow {
    WallMs ts;
    std::string what;
    double ms;
};

struct ReportList {
    std::string_view role;  // of roles.h: "page", "status", ...
    std::vector<ReportCount> rows;
    std::uint64_t different = 0;
};
struct Report {
    ReportTotals totals;
    WallMs bar_ms = 0;  // how long a bar is
    std::vector<ReportBar> bars;
    std::vector<ReportList> lists;
    std::vector<ReportLatency> latencies;
    std::vector<ReportSlow> slowest;
};

Result<Report> report_from(const ReportSource& source, const ReportOptions& options);

}  // namespace jebi::log_analytics
