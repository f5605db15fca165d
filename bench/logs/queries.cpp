#include "bench/logs/queries.h"

namespace jebi::bench {

namespace {

// Where all three engines speak the same.
Query same(const char* name, const std::string& sql) {
    return {.name = name, .ours = sql, .clickhouse = sql, .sqlite = sql};
}

// ClickHouse 18.16 has two cheap ways to a percentile; the faster one is its figure. Ours is exact.
std::string percentiles(const std::string& quantile) {
    return "SELECT route, toStartOfMinute(ts) AS minute, " + quantile +
           "(0.99)(latency_ms) AS p99 FROM logs GROUP BY route, minute ORDER BY p99 DESC LIMIT 20";
}

}  // namespace

std::vector<Query> queries(const std::string& user, const std::string& trace) {
    const std::string phrase{rare_phrase};
    std::vector<Query> all;
    all.push_back(same("Q1 rows by status",
                       "SELECT status, count(*) AS n FROM logs GROUP BY status ORDER BY n DESC, status"));
    all.push_back(same("Q2 top 10 of 140,000 paths",
                       "SELECT path, count(*) AS n FROM logs GROUP BY path ORDER BY n DESC, path LIMIT 10"));
    all.push_back({.name = "Q3 p99 latency by route and minute",
                   .ours = percentiles("quantile"),
                   .clickhouse = percentiles("quantileTDigest"),
                   .sqlite = "",
                   .is_exact = false});
    all.push_back({.name = "Q3 again, ClickHouse by sampling",
                   .ours = percentiles("quantile"),
                   .clickhouse = percentiles("quantile"),
                   .sqlite = "",
                   .is_exact = false});
    const std::string distinct =
        "SELECT toStartOfHour(ts) AS hour, uniqExact(user) AS users FROM logs GROUP BY hour ORDER BY hour";
    all.push_back({.name = "Q4 distinct users by hour, exact",
                   .ours = distinct,
                   .clickhouse = distinct,
                   .sqlite =
                       "SELECT substr(ts, 1, 13) AS hour, count(DISTINCT user) AS users FROM logs GROUP BY "
                       "hour ORDER BY hour"});
    all.push_back({.name = "Q5 rows with a phrase in msg",
                   .ours = "SELECT count() AS n FROM logs WHERE position(msg, '" + phrase + "') > 0",
                   .clickhouse = "SELECT count() AS n FROM logs WHERE position(msg, '" + phrase + "') > 0",
                   .sqlite = "SELECT count(*) AS n FROM logs WHERE instr(msg, '" + phrase + "') > 0"});
    all.push_back(
        same("Q6 last 100 rows of a user", "SELECT ts, method, path, status, msg FROM logs WHERE user = '" +
                                               user + "' ORDER BY ts DESC LIMIT 100"));
    all.push_back(same(
        "Q7 rows of a trace",
        "SELECT ts, service, path, status, msg FROM logs WHERE trace = '" + trace + "' ORDER BY ts, msg"));
    return all;
}

}  // namespace jebi::bench
