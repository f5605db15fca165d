#include "kit/place/process.h"

#include <algorithm>
#include <filesystem>
#include <random>

#include "kit/fiber/alive.h"
#include "kit/place/backoff.h"
#include "kit/place/data_folder.h"
#include "kit/place/signals.h"
#include "kit/sql/sqlite.h"
#include "kit/watch/rarely.h"

namespace jebi::place {

namespace {

constexpr Millis last_spans_max{1'000};
constexpr Millis tell_failure_every{10'000};  // of one job
constexpr Millis stand_by_pause{5};           // between two tries to open the database
constexpr const char* starting_text = "[-]start: starting\n";
constexpr const char* ended_text = "[-]end: the process is about to end\n";
constexpr const char* standing_by_text = "[-]start: standing by: another process has the database open\n";

// Whoever came through a proxy is not on this machine, even when the proxy is.
bool comes_from_this_machine(const http::Request& request) {
    const bool direct = !request.fields.get("X-Forwarded-For") && !request.fields.get("Forwarded");
    return direct && (request.peer == "unix" || request.peer == "::1" || request.peer.starts_with("127."));
}

// 0 when there is no such file.
std::uint64_t bytes_of(const std::string& file) {
    std::error_code absent;
    const auto bytes = std::filesystem::file_size(file, absent);
    return absent ? 0 : bytes;
}

// A job that follows a neighbour who is gone would write a line every pause.
void tell_failure(watch::Log& log, const std::string& job, watch::Rarely& failures, const Error& error,
                  const Trace& trace) {
    const auto left_out = failures.takes(std::chrono::steady_clock::now());
    if (!left_out) return;
    log.failure("place", job, error, trace);
    if (*left_out > 0)
        log.warning("place", "a job failed more often than was told", {{"job", job}, {"times", *left_out}});
}

}  // namespace

Result<std::unique_ptr<Process>> Process::open(const ProcessOptions& options,
                                               std::optional<fiber::ListeningSocket> control) {
    std::unique_ptr<Process> process{new Process(options)};
    if (control) TRY_VOID(process->open_control(std::move(*control)));
    TRY_VOID(open_data_folder(options.data_folder));
    if (!options.database.empty()) TRY_VOID(process->open_database(options));
    return process;
}

Process::Process(const ProcessOptions& options)
    : log_(options.log_level, options.log_format),
      loops_(options.loops),
      lag_(loops_),
      status_(status_options(options), requests_, health_, lag_),
      sampled_share_(options.sampled_share),
      version_(options.version) {
    watch_loops();
    if (options.spans) send_spans(options);
}

watch::StatusOptions Process::status_options(const ProcessOptions& options) {
    watch::StatusOptions told{.name = options.name, .version = options.version};
    if (!options.database.empty()) {
        told.database_bytes = [file = options.data_folder + "/" + options.database] {
            return bytes_of(file) + bytes_of(file + "-wal");
        };
    }
    return told;
}

void Process::watch_loops() {
    metrics_.gauge("event_loop_lag_seconds", "How late an event loop was, at most, in the last ten seconds.",
                   [this] {
                       const auto lag = lag_.recent(std::chrono::steady_clock::now()).took.quantile(1);
                       return std::chrono::duration<double>(lag).count();
                   });
    metrics_.gauge("event_loop_fibers", "Number of fibers: each connection and each job has one.",
                   [this] { return static_cast<double>(fiber::alive(loops_)); });
}

void Process::send_spans(const ProcessOptions& options) {
    watch::SpansOptions to = *options.spans;
    to.source.service = options.name;
    to.source.version = options.version;
    to.source.instance_id = Trace::start().id_hex();
    spans_ = std::make_unique<watch::Spans>(std::move(to), loops_, metrics_, log_);
    requests_.tell(*spans_);
}

// The control server goes last: until then it tells that the process drains.
Process::~Process() {
    end(in(Millis{0}));
}

Result<void> Process::open_control(fiber::ListeningSocket socket) {
    TRY(control_server_, http::Server::start(loops_, std::move(socket), {}, [this](http::Request& request) {
            return answer_control(request);
        }));
    return {};
}

Result<void> Process::open_database(const ProcessOptions& options) {
    const sql::SqliteOptions file{.file = options.data_folder + "/" + options.database};
    const Deadline until = in(options.database_wait_ms);
    auto opened = sql::open_sqlite(file);
    while (!opened && opened.error().reason == "in_use" && left_until(until) > Millis{0}) {
        phase_ = Phase::standing_by;
        if (ends_within(stand_by_pause))
            return fail(error(Code::unavailable, "Told to end while standing by.").because("ended"));
        opened = sql::open_sqlite(file);
    }
    phase_ = Phase::starting;
    if (!opened) return fail(std::move(opened.error()));
    database_ = std::move(*opened);
    watch_database();
    return {};
}

void Process::watch_database() {
    health_.add("database", [this](const Call& call) { return database_->check(call); });
    metrics_.gauge("sql_batches_total", "Batches of statements written.",
                   [this] { return static_cast<double>(database_->stats().batches); });
    metrics_.gauge("sql_commits_total", "Commits; each carries one batch or more.",
                   [this] { return static_cast<double>(database_->stats().commits); });
    metrics_.gauge("sql_commit_failures_total", "Commits that failed.",
                   [this] { return static_cast<double>(database_->stats().commit_failures); });
    metrics_.gauge("sql_queued_batches", "Batches waiting for the writer.",
                   [this] { return static_cast<double>(database_->stats().queued); });
}

void Process::guards(watch::ReadNeighbours read) {
    const watch::ReadNeighbours by_name = watch::by_name(read);
    health_.add_neighbours(by_name);
    watch::show_neighbours(metrics_, by_name);
    status_.add_neighbours(std::move(read));
}

void Process::limits(watch::ReadLimit read) {
    watch::show_limit(metrics_, read);
    status_.add_limit(std::move(read));
}

void Process::repeat(std::string name, Millis pause, std::function<Result<void>(const Call&)> job) {
    auto pass = std::make_shared<fiber::Gate::Pass>(jobs_.enter());
    fiber::spawn(loops_.at(0), [this, pass, name = std::move(name), pause, job = std::move(job)] {
        watch::Rarely failures{tell_failure_every};
        Backoff backoff{{.first = Millis{100}, .max = job_pause_max}, std::random_device{}()};
        Deadline well_since = in(Millis{0});
        Millis wait = pause;
        do {
            const Call call{.until = in(job_max), .trace = Trace::start(), .background = true};
            const auto done = job(call);
            wait = pause;
            if (done) continue;
            const Deadline failed = in(Millis{0});
            wait += backoff.pause_after(std::chrono::duration_cast<Millis>(failed - well_since));
            well_since = failed;
            if (!ending_.is_set()) tell_failure(log_, name, failures, done.error(), call.trace);
        } while (!ending_.wait_until(in(wait)));
    });
}

void Process::bind(http::Router& router) {
    health_.bind(router);
    router.on(http::Method::get, "/metrics", [this](const http::Request& request) {
        if (!comes_from_this_machine(request)) return http::Response::text(404, "not found\n");
        http::Response response = http::Response::text(200, metrics_.text());
        response.fields.set("Content-Type", watch::Metrics::content_type);
        return response;
    });
}

http::ServerOptions Process::watched(http::ServerOptions options, http::Router& router) {
    options.observer = requests_.http();
    options.sampled_share = sampled_share_;
    if (before_) options.before = before_;
    options.limits.body_bytes_max_at = [&router](http::Method method, std::string_view path) {
        return router.body_bytes_max(method, path);
    };
    return options;
}

Result<void> Process::serve(const fiber::Address& at, http::Router& router, http::ServerOptions options) {
    bind(router);
    TRY(auto server,
        http::Server::start(loops_, at, watched(std::move(options), router),
                            [&router](http::Request& request) { return router.answer(request); }));
    servers_.push_back(std::move(server));
    return {};
}

Result<void> Process::serve(fiber::ListeningSocket socket, http::Router& router, http::ServerOptions options,
                            Refuses refuses) {
    bind(router);
    const auto answer = [&router, refuses = std::move(refuses)](http::Request& request) {
        auto refused = refuses ? refuses(request) : std::nullopt;
        return refused ? std::move(*refused) : router.answer(request);
    };
    TRY(auto server,
        http::Server::start(loops_, std::move(socket), watched(std::move(options), router), answer));
    servers_.push_back(std::move(server));
    return {};
}

void Process::ready() {
    bind(control_router_);
    status_.bind(control_router_);
    control_router_.on(http::Method::get, "/version",
                       [this](const http::Request&) { return http::Response::text(200, version_ + "\n"); });
    phase_ = Phase::ready;
}

http::Response Process::answer_control(http::Request& request) {
    return phase_ == Phase::ready ? control_router_.answer(request) : answer_starting(request);
}

http::Response Process::answer_starting(const http::Request& request) const {
    if (request.path == "/livez" || request.path == "/healthz") return http::Response::text(200, "alive\n");
    if (request.path == "/version") return http::Response::text(200, version_ + "\n");
    if (phase_ == Phase::ended) return http::Response::text(503, ended_text);
    return http::Response::text(503, phase_ == Phase::standing_by ? standing_by_text : starting_text);
}

bool Process::end(Deadline until) {
    if (std::exchange(ended_, true)) return true;
    health_.drain();
    ending_.set();
    if (at_end_) at_end_();
    jobs_.close();
    std::atomic<bool> drained = true;
    const fiber::Gate stopping;
    for (const auto& server : servers_) {
        fiber::spawn(loops_.at(0), [&, pass = std::make_shared<fiber::Gate::Pass>(stopping.enter())] {
            if (!server->stop(until)) drained = false;
        });
    }
    stopping.close();
    stopping.wait_until(Deadline::max());
    jobs_.wait_until(in(job_max));
    if (spans_ != nullptr) spans_->end(in(last_spans_max));
    phase_ = Phase::ended;  // what the rest refers to may go now
    return drained;
}

}  // namespace jebi::place
