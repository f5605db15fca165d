#include "kit/place/process.h"

#include <algorithm>
#include <filesystem>

#include "kit/place/data_folder.h"
#include "kit/sql/sqlite.h"

namespace jebi::place {

namespace {

constexpr Millis last_spans_max{1'000};

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

}  // namespace

Result<std::unique_ptr<Process>> Process::open(const ProcessOptions& options) {
    TRY_VOID(open_data_folder(options.data_folder));
    std::unique_ptr<sql::Database> database;
    if (!options.database.empty()) {
        TRY(database, sql::open_sqlite({.file = options.data_folder + "/" + options.database}));
    }
    return std::unique_ptr<Process>(new Process(options, std::move(database)));
}

Process::Process(const ProcessOptions& options, std::unique_ptr<sql::Database> database)
    : log_(options.log_level, options.log_format),
      database_(std::move(database)),
      loops_(options.loops),
      lag_(loops_),
      status_(status_options(options), requests_, health_, lag_),
      sampled_share_(options.sampled_share) {
    if (database_ != nullptr) watch_database();
    watch_loops();
    if (options.spans) send_spans(options);
}

watch::StatusOptions Process::status_options(const ProcessOptions& options) const {
    watch::StatusOptions told{.name = options.name, .version = options.version, .modules = options.modules};
    if (database_ != nullptr) {
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
}

void Process::send_spans(const ProcessOptions& options) {
    watch::SpansOptions to = *options.spans;
    to.source.service = options.name;
    to.source.version = options.version;
    to.source.instance_id = Trace::start().id_hex();
    spans_ = std::make_unique<watch::Spans>(std::move(to), loops_, metrics_, log_);
    requests_.tell(*spans_);
}

Process::~Process() {
    end(in(Millis{0}));
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

void Process::repeat(std::string name, Millis pause, std::function<Result<void>(const Call&)> job) {
    auto pass = std::make_shared<fiber::Gate::Pass>(jobs_.enter());
    fiber::spawn(loops_.at(0), [this, pass, name = std::move(name), pause, job = std::move(job)] {
        do {
            const Call call{.until = in(job_max), .trace = Trace::start()};
            if (const auto done = job(call); !done) log_.failure("place", name, done.error(), call.trace);
        } while (!ending_.wait_until(in(pause)));
    });
}

Result<void> Process::serve(const fiber::Address& at, http::Router& router, http::ServerOptions options) {
    health_.bind(router);
    router.on(http::Method::get, "/metrics", [this](const http::Request& request) {
        if (!comes_from_this_machine(request)) return http::Response::text(404, "not found\n");
        http::Response response = http::Response::text(200, metrics_.text());
        response.fields.set("Content-Type", watch::Metrics::content_type);
        return response;
    });
    options.observer = requests_.http();
    options.sampled_share = sampled_share_;
    options.limits.body_bytes_max_at = [&router](http::Method method, std::string_view path) {
        return router.body_bytes_max(method, path);
    };
    TRY(server_, http::Server::start(loops_, at, std::move(options),
                                     [&router](http::Request& request) { return router.answer(request); }));
    return {};
}

bool Process::end(Deadline until) {
    if (std::exchange(ended_, true)) return true;
    health_.drain();
    ending_.set();
    jobs_.close();
    const bool drained = server_ == nullptr || server_->stop(until);
    jobs_.wait_until(in(job_max));
    if (spans_ != nullptr) spans_->end(in(last_spans_max));
    return drained;
}

}  // namespace jebi::place
