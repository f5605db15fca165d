// One process as its operator sees it: what runs here, is it well, what it does per second, whom it calls and
// how that goes. For `jebi status` and `jebi map`, as JSON:
//
//     GET /status    {"name": "tweets", "version": "0.3.0", "pid": 4120, "started": "2026-...",
//                     "uptime_s": 12.5, "health": "ready", "unwell": [{"name", "why"}],
//                     "modules": [{"name", RECENT}], "work": {RECENT},
//                     "routes": [{"method", "route", RECENT}],
//                     "calls": [{"service", "method", RECENT}],
//                     "neighbours": [{"caller", "name", "here": false, RECENT, GUARD}],
//                     "limit": {"in_flight_max", "users", "background", "usual_ms",
//                               "shed_users", "shed_background"},
//                     "memory_bytes", "cpu_s", "threads", "open_files", "open_files_max",
//                     "database_bytes", "loop_lag_ms_max"}
//     GUARD is       "breaker", "reason", "in_flight", "in_flight_max", "waiting",
//                    "waiting_max", "retries_left", "retries", "retries_denied", "refused",
//                    "stale_answers", "endpoints": [{"address", "breaker", "reason",
//                    "state_s", "ejected", "calls", "failures", "slow", "opened",
//                    "in_flight", "usual_ms"}]
//
// RECENT is of the last ten seconds: "per_second", "errors_per_second", "p50_ms", "p99_ms". "work" is what
// the process was asked from outside: requests, and calls of other processes; a module's are the calls that
// it serves, or the requests. "routes" and "calls" (served here, for this process's own modules too) and
// "neighbours" stand by their rate, 100 at most of each. A neighbour that is "here" is a module of the same
// process, and has no GUARD, whose words are kit/watch/neighbours.h's, as those of "limit" are (there where
// others call). It is for the control socket: it tells how the site is used.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "kit/base/call.h"
#include "kit/http/router.h"
#include "kit/watch/health.h"
#include "kit/watch/loop_lag.h"
#include "kit/watch/requests.h"

namespace jebi::watch {

struct StatusOptions {
    std::string name;                                 // of the process: "tweets"
    std::string version;                              // "0.3.0"
    std::function<std::uint64_t()> database_bytes{};  // empty: it has no database
};

// Thread-safe. All that it is made of outlives it.
class Status {
public:
    Status(StatusOptions options, const Requests& requests, const Health& health, const LoopLag& lag)
        : options_(std::move(options)), requests_(requests), health_(health), lag_(lag) {}

    // Before it is asked. One that answers requests has these as its work, else the calls of its contract.
    void add_module(std::string name, bool answers_requests) {
        modules_.push_back({std::move(name), answers_requests});
    }
    // Before it is asked. Without: nobody guards.
    void add_neighbours(ReadNeighbours read) { neighbours_ = std::move(read); }
    // Before it is asked. Without: nobody limits.
    void add_limit(ReadLimit read) { limit_ = std::move(read); }
    std::string json(const Call& call) const;
    void bind(http::Router& router);  // GET /status

private:
    struct Module {
        std::string name;
        bool answers_requests;
    };
    StatusOptions options_;
    std::vector<Module> modules_;
    ReadNeighbours neighbours_;
    ReadLimit limit_;
    const Requests& requests_;
    const Health& health_;
    const LoopLag& lag_;
    const WallMs started_ms_ = SystemClock{}.wall_ms();
    const Deadline started_ = std::chrono::steady_clock::now();
};

}  // namespace jebi::watch
