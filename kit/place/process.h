// A program's process: what every module in it stands on, and the order in which all of it ends.
//
//     TRY(auto process, Process::open(options));       // data folder, database, loops
//     ... build modules on process->database(), bind them to a router ...
//     TRY_VOID(process->serve(address, router, {}));   // from here on requests come
//     process->ready();
//     wait_for_end();
//     process->end(in(drain_max));                     // requests drain, jobs end; then the database closes
//
// A process under a supervisor has a control socket, and answers there from its first moment to its last:
//
//     GET /livez     200
//     GET /version   200 and what the options say
//     GET /readyz    503 "starting" or "standing by"; once it is ready, what its health says (kit/watch)
//     the rest       503 until it is ready, and when it has ended; between /metrics, /status
//     (kit/watch/status.h) and what was bound
//                    to control()
//
// A database belongs to one process at a time. A new process that is to take over stands by until its
// predecessor has closed it, and accepts only afterwards; its callers wait in sockets that both inherit.
#pragma once

#include <atomic>
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
inline constexpr Millis predecessor_max{20'000};  // for a predecessor to drain and to give its data up

struct ProcessOptions {
    std::string name = "jebi";  // of the process, as its operator knows it
    std::string data_folder;
    std::string database = "jebi.db";  // in the data folder; empty: there is none
    Millis database_wait_ms{0};        // so long it stands by while another process has the database open
    std::string version{};
    unsigned loops = 0;  // 0: one per core
    watch::Level log_level = watch::Level::info;
    watch::Format log_format = watch::Format::text;
    std::optional<watch::SpansOptions> spans{};  // where they go; who sends them is filled in here
    double sampled_share = 0;                    // of the requests that begin a trace
};

class Process {
public:
    // Errors are for the person who started the program; with the reason "ended": SIGINT or SIGTERM came
    // while it stood by (call hold_signals() before).
    static Result<std::unique_ptr<Process>> open(const ProcessOptions& options,
                                                 std::optional<fiber::ListeningSocket> control = {});
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
    bool has_database() const { return database_ != nullptr; }

    // Shows whoever stands on the way to a neighbour: in /readyz as a dependency, in /metrics and in /status.
    // Once, before it serves.
    void guards(watch::ReadNeighbours read);
    // The same for what limits the calls of others here, in /metrics and in /status.
    void limits(watch::ReadLimit read);

    // Asked before the handler of whatever is served from now on (http::ServerOptions::before), but for the
    // control socket. Outlives the process.
    void before(std::function<std::optional<http::Response>(const http::Request&)> hook) {
        before_ = std::move(hook);
    }
    // Called when the end begins, before what is under way is waited for.
    void at_end(std::function<void()> hook) { at_end_ = std::move(hook); }

    // Runs `job` in a fiber of its own, again and again with a pause in between, until the process ends. What
    // fails is tried again after the pause, then after longer ones (backoff.h), and logged, at most every ten
    // seconds. Each run has `job_max` of time.
    void repeat(std::string name, Millis pause, std::function<Result<void>(const Call&)> job);
    static constexpr Millis job_max{10'000};
    static constexpr Millis job_pause_max{1'000};  // beyond the job's own

    // Adds /livez, /readyz, /healthz and /metrics, and answers requests from now on. /metrics answers only
    // those who come directly from this machine. `router` outlives the process's end. May be called several
    // times, each with a router of its own. `refuses` answers, before anything else does, whom it does not
    // let in.
    Result<void> serve(const fiber::Address& at, http::Router& router, http::ServerOptions options);
    using Refuses = std::function<std::optional<http::Response>(const http::Request&)>;
    Result<void> serve(fiber::ListeningSocket socket, http::Router& router, http::ServerOptions options,
                       Refuses refuses = {});
    // Of what was served first.
    const fiber::Address& address() const { return servers_.front()->address(); }

    // What else the control socket answers; bind before ready().
    http::Router& control() { return control_router_; }
    // It waits for its predecessor to give up what only one process can have; until ready().
    void stand_by() { phase_ = Phase::standing_by; }
    // All is built and served. Once; without a control socket nobody asks.
    void ready();

    // Not ready any more; requests in flight end, then jobs. The control socket answers until the process is
    // destroyed, with which the database closes. True: nothing had to be cut.
    bool end(Deadline until);

private:
    enum class Phase : std::uint8_t { starting, standing_by, ready, ended };

    explicit Process(const ProcessOptions& options);
    Result<void> open_control(fiber::ListeningSocket socket);
    Result<void> open_database(const ProcessOptions& options);
    void watch_database();
    void watch_loops();
    void send_spans(const ProcessOptions& options);
    static watch::StatusOptions status_options(const ProcessOptions& options);
    http::Response answer_control(http::Request& request);
    http::Response answer_starting(const http::Request& request) const;
    void bind(http::Router& router);
    http::ServerOptions watched(http::ServerOptions options, http::Router& router);

    SystemClock clock_;
    watch::Log log_;
    watch::Metrics metrics_;
    watch::Health health_;
    watch::Requests requests_{metrics_, log_};
    std::unique_ptr<sql::Database> database_;
    fiber::Loops loops_;
    fiber::Gate jobs_;
    fiber::Event ending_;
    watch::LoopLag lag_;
    watch::Status status_;
    double sampled_share_;
    std::unique_ptr<watch::Spans> spans_;  // null: they go nowhere
    std::function<std::optional<http::Response>(const http::Request&)> before_;
    std::function<void()> at_end_;
    std::vector<std::unique_ptr<http::Server>> servers_;
    std::string version_;
    std::atomic<Phase> phase_ = Phase::starting;
    http::Router control_router_;
    std::unique_ptr<http::Server> control_server_;
    bool ended_ = false;
};

}  // namespace jebi::place
