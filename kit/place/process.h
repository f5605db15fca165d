// A program's process: what every module in it stands on, and the order in which all of it ends.
//
//     TRY(auto process, Process::open(options));       // data folder, database, loops
//     ... build modules on process->database(), bind them to a router ...
//     TRY_VOID(process->serve(address, router, {}));   // from here on requests come
//     wait_for_end();
//     process->end(in(drain_max));                     // requests drain, jobs end, the database closes
//
// Today all modules live in one process on one database. A topology file will say otherwise one day, and
// nothing in a module will change for it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kit/base/call.h"
#include "kit/fiber/fiber.h"
#include "kit/http/router.h"
#include "kit/http/server.h"
#include "kit/sql/database.h"
#include "kit/watch/health.h"
#include "kit/watch/log.h"
#include "kit/watch/metrics.h"
#include "kit/watch/requests.h"
#include "kit/watch/spans.h"
#include "kit/watch/status.h"

namespace jebi::place {

inline constexpr Millis drain_max{10'000};

struct ProcessOptions {
    std::string name = "jebi";  // of the process, as its operator knows it
    std::string version{};
    std::vector<std::string> modules{};  // that it hosts
    std::string data_folder;
    std::string database = "jebi.db";  // in the data folder; empty: there is none
    unsigned loops = 0;                // 0: one per core
    watch::Level log_level = watch::Level::info;
    watch::Format log_format = watch::Format::text;
    std::optional<watch::SpansOptions>
        spans{};               // where they go; name and version of their source are set here
    double sampled_share = 0;  // of the requests that begin a trace
};

class Process {
public:
    // Errors are for the person who started the program.
    static Result<std::unique_ptr<Process>> open(const ProcessOptions& options);
    // Ends as end(now).
    ~Process();

    const Clock& clock() const { return clock_; }
    fiber::Loops& loops() { return loops_; }
    watch::Log& log() { return log_; }
    watch::Metrics& metrics() { return metrics_; }
    watch::Health& health() { return health_; }
    watch::Requests& requests() { return requests_; }
    watch::Status& status() { return status_; }
    sql::Database& database() { return *database_; }  // there is one: an assert

    // Runs `job` in a fiber of its own, again and again with a pause in between, until the process ends. What
    // fails is logged and tried again after the pause. Each run has `job_max` of time.
    void repeat(std::string name, Millis pause, std::function<Result<void>(const Call&)> job);
    static constexpr Millis job_max{10'000};

    // Adds /livez, /readyz, /healthz and /metrics, and answers requests from now on. /metrics answers only
    // those who come directly from this machine. `router` outlives the process's end.
    Result<void> serve(const fiber::Address& at, http::Router& router, http::ServerOptions options);
    const fiber::Address& address() const { return server_->address(); }

    // Not ready any more; requests in flight end, then jobs, then the database. True: nothing had to be cut.
    bool end(Deadline until);

private:
    Process(const ProcessOptions& options, std::unique_ptr<sql::Database> database);
    void watch_database();
    void watch_loops();
    void send_spans(const ProcessOptions& options);
    watch::StatusOptions status_options(const ProcessOptions& options) const;

    SystemClock clock_;
    watch::Log log_;
    watch::Metrics metrics_;
    watch::Health health_;
    watch::Requests requests_{metrics_, log_};
    std::unique_ptr<sql::Database> database_;
    fiber::Loops loops_;
    fiber::Gate jobs_;
    fiber::Event ending_;
    std::unique_ptr<http::Server> server_;
    watch::LoopLag lag_;
    watch::Status status_;
    double sampled_share_;
    std::unique_ptr<watch::Spans> spans_;  // null: they go nowhere
    bool ended_ = false;
};

}  // namespace jebi::place
