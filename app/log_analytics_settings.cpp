#include "app/log_analytics_settings.h"

namespace jebi::app {

using place::Setting;

namespace {

Setting whole(const char* name, const char* standard, const char* help, std::int64_t min, std::int64_t max) {
    return {.name = name,
            .kind = Setting::Kind::integer,
            .standard = standard,
            .help = help,
            .min = min,
            .max = max};
}

}  // namespace

std::vector<Setting> log_analytics_settings() {
    return {
        {.name = "listen",
         .standard = "127.0.0.1:12345",
         .help = "HOST:PORT of the intakes, queries and pages; port 0 picks a free one"},
        {.name = "data", .standard = "data/log-analytics", .help = "folder for everything that is kept"},
        {.name = "token",
         .standard = "",
         .help = "sent by query, tail, import and report to the service that runs"},
        whole("loops", "0", "event loops, a thread each; 0: one per core", 0, 256),
        {.name = "chaos",
         .kind = Setting::Kind::flag,
         .standard = "false",
         .help = "let `jebi chaos` break this on purpose: for trials, and where people know of it"},
        {.name = "log.level",
         .standard = "info",
         .help = "log from this level on",
         .choices = {"debug", "info", "warning", "error"}},
        {.name = "log.format",
         .standard = "auto",
         .help = "auto is text on a terminal, and JSON elsewhere",
         .choices = {"auto", "text", "json"}},
        whole("http.body_mib_max", "32", "largest body of a request, in MiB, also when decompressed", 1,
              1024),
        whole("http.connections_max", "10000", "connections at once; beyond: 503", 1, 1'000'000),
        {.name = "syslog.listen", .standard = "", .help = "HOST:PORT for syslog by TCP and UDP; empty: none"},
        whole("retention.days", "0", "rows older than this are removed; 0: kept for ever", 0, 36'500),
        whole("retention.mib_max", "0", "the oldest rows are removed above this; 0: no bound", 0, 1LL << 40),
        whole("store.free_mib_min", "64", "with less free disk, writes are refused with 507", 0, 1LL << 30),
        whole("store.queue_mib_max", "32", "rows that wait for the disk; beyond: 429", 1, 65'536),
        whole("store.tail_mib_max", "24", "rows in memory until they become a segment", 1, 65'536),
        whole("store.tail_rows_max", "131072", "the same, counted", 1, 16'777'216),
        whole("store.segment_rows_max", "1048576", "segments are merged up to so many rows", 1, 1LL << 30),
        whole("store.event_ids_max", "1000000", "event ids that are remembered, 40 bytes each", 0, 1LL << 28),
        whole("query.seconds_max", "30", "a query is stopped after so long", 1, 3'600),
        whole("query.memory_mib_max", "64", "memory that one query may use", 1, 65'536),
        whole("query.threads", "2", "threads that one query may use", 1, 64),
    };
}

}  // namespace jebi::app
