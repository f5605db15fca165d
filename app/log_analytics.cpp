// log-analytics: collects logs, loses nothing, and answers questions about them.
#include <cstdio>
#include <filesystem>

#include "app/breakage.h"
#include "app/log_analytics_settings.h"
#include "app/log_analytics_verbs.h"
#include "app/program.h"
#include "kit/disk/full_disk.h"
#include "kit/place/data_folder.h"
#include "kit/place/inherited.h"
#include "kit/place/process.h"
#include "kit/place/signals.h"
#include "modules/log_analytics/intake/syslog_listener.h"
#include "modules/log_analytics/service.h"

namespace {

using namespace jebi;
using app::CommandLine;
using place::Settings;

constexpr std::uint64_t mib = 1024 * 1024;

const app::Program program{
    .name = "log-analytics",
    .about =
        "log-analytics: collect logs with one line, lose nothing, analyse them.\n\n"
        "Settings come from built-in values < log-analytics.toml < LOG_ANALYTICS_* variables < flags.\n"
        "Exit codes: 0 all is well, 1 it could not be done, 2 something in the command or the settings is "
        "wrong.",
    .prefix = "LOG_ANALYTICS_",
    .verbs = {
        {.name = "serve", .help = "Start, and serve until Ctrl-C"},
        {.name = "query",
         .help = "Ask the service that runs: log-analytics query \"SELECT count() FROM logs\"",
         .arguments = {{.name = "SQL", .help = "SELECT ... FROM logs ...", .required = true},
                       {.name = "--format", .help = "table, json, jsonl or csv [table]"}}},
        {.name = "tail",
         .help = "Print new rows as they come: log-analytics tail \"status:>=500\"",
         .arguments = {{.name = "SEARCH", .help = "field:value, words, -not, (a OR b)"}}},
        {.name = "import",
         .help = "Send an access log or a file of JSON lines; goes on where it ended before",
         .arguments = {{.name = "FILE", .help = "plain or gzipped", .required = true},
                       {.name = "--again",
                        .help = "From the beginning; what is there is kept once",
                        .is_flag = true}}},
        {.name = "report",
         .help = "Write a static page: of the service that runs, or of a log file without any service",
         .arguments = {{.name = "FILE", .help = "an access log or JSON lines; none: ask the service"},
                       {.name = "-o", .help = "where to [report.html]"},
                       {.name = "--lang", .help = "en or ko [en]"}}},
        {.name = "tenant add",
         .help = "Make a tenant with rows of its own, and print the token that its programs send",
         .arguments = {{.name = "NAME", .help = "1 to 40 of a-z, 0-9, - and _", .required = true}}},
        {.name = "config show", .help = "Every setting with its value and where that comes from"},
    }};

std::uint64_t number(const Settings& settings, std::string_view name) {
    return static_cast<std::uint64_t>(settings.integer(name));
}

place::ProcessOptions process_options(const Settings& settings) {
    return {.name = "log-analytics",
            .data_folder = settings.text("data"),
            .database = "",
            .version = app::program_version,
            .loops = static_cast<unsigned>(settings.integer("loops")),
            .log_level = *watch::level_from(settings.text("log.level")),
            .log_format = app::log_format(settings.text("log.format"))};
}

log_analytics::StoreOptions store_options(const Settings& settings, watch::Log& log) {
    log_analytics::StoreOptions options;
    options.tail_rows_max = number(settings, "store.tail_rows_max");
    options.tail_bytes_max = number(settings, "store.tail_mib_max") * mib;
    options.queue_bytes_max = number(settings, "store.queue_mib_max") * mib;
    options.free_bytes_min = number(settings, "store.free_mib_min") * mib;
    options.segment_rows_max = number(settings, "store.segment_rows_max");
    options.event_ids_max = number(settings, "store.event_ids_max");
    options.bytes_max = number(settings, "retention.mib_max") * mib;
    options.age_max = std::chrono::days{settings.integer("retention.days")};
    options.told = [&log](std::string_view what) { log.warning("store", what); };
    return options;
}

log_analytics::ServiceOptions service_options(const Settings& settings) {
    return {.body_bytes_max = number(settings, "http.body_mib_max") * mib,
            .query_max = std::chrono::seconds{settings.integer("query.seconds_max")},
            .query_memory_bytes_max = number(settings, "query.memory_mib_max") * mib,
            .query_workers = static_cast<unsigned>(settings.integer("query.threads"))};
}

Result<std::optional<log_analytics::SyslogListener>> open_syslog(place::Process& process,
                                                                 const Settings& settings,
                                                                 log_analytics::Tenants& tenants) {
    static constexpr Millis write_max{10'000};
    if (settings.text("syslog.listen").empty()) return std::nullopt;
    TRY(const auto at, fiber::Address::from(settings.text("syslog.listen")));
    log_analytics::SyslogOptions options{.tcp = at, .udp = at};
    TRY(auto listener,
        log_analytics::SyslogListener::open(process.loops(), options, process.clock(),
                                            [&tenants](const log_analytics::Rows& rows) -> Result<void> {
                                                TRY([[maybe_unused]] const auto fresh,
                                                    tenants.standard().store->write(rows, in(write_max)));
                                                return {};
                                            }));
    return listener;
}

void say_ready(const fiber::Address& at, const std::optional<log_analytics::SyslogListener>& syslog,
               const std::string& data) {
    const std::string url = "http://" + at.text();
    std::printf("log-analytics is ready: %s\n", url.c_str());
    if (syslog && syslog->tcp()) std::printf("  syslog by TCP: %s\n", syslog->tcp()->text().c_str());
    if (syslog && syslog->udp()) std::printf("  syslog by UDP: %s\n", syslog->udp()->text().c_str());
    std::printf("  Open it in a browser, or try:\n");
    std::printf("    curl -d '{\"path\":\"/hello\"}' %s/log\n", url.c_str());
    std::printf("    curl -d 'SELECT path, count() FROM logs GROUP BY path' %s/query\n", url.c_str());
    std::printf("  Everything is kept in %s. Ctrl-C stops.\n",
                std::filesystem::absolute(data).lexically_normal().c_str());
    std::fflush(stdout);
}

void watch_stores(place::Process& process, log_analytics::Tenants& tenants) {
    process.health().add("store", [&tenants](const Call&) -> Result<void> {
        for (const log_analytics::Tenant* tenant : tenants.all()) {
            TRY_VOID(tenant->store->writable());
            if (const auto damaged = tenant->store->damaged(); !damaged.empty())
                return fail(error(Code::internal, damaged.front()).because("damaged"));
        }
        return {};
    });
}

Error with_way_out(Error error) {
    if (error.reason == "address_in_use")
        error.message += " Say which with --listen HOST:PORT, or listen in log-analytics.toml.";
    if (error.reason == "folder_in_use") error.message += " (--data FOLDER)";
    return error;
}

// Under a supervisor a predecessor may still have the folder: it ends soon.
Result<std::unique_ptr<log_analytics::Tenants>> open_tenants(place::Process& process,
                                                             const Settings& settings, disk::Disk& disk,
                                                             Millis wait) {
    static constexpr Millis pause{5};
    const Deadline until = in(wait);
    while (true) {
        auto tenants = log_analytics::Tenants::open(
            settings.text("data"), store_options(settings, process.log()), disk, process.clock());
        const bool in_use = !tenants && tenants.error().reason == "folder_in_use";
        if (!in_use || in(Millis{0}) >= until) return tenants;
        process.stand_by();
        if (place::ends_within(pause))
            return fail(error(Code::unavailable, "Told to end while standing by.").because("ended"));
    }
}

Result<void> serve_until_end(place::Process& process, const Settings& settings, disk::Disk& disk,
                             std::optional<fiber::ListeningSocket> pages) {
    const bool is_supervised = pages.has_value();
    TRY(const auto at, fiber::Address::from(settings.text("listen")));
    TRY(const auto tenants,
        open_tenants(process, settings, disk, is_supervised ? place::predecessor_max : Millis{0}));
    log_analytics::Service service{*tenants, process.clock(), process.log(), service_options(settings)};
    http::Router router;
    service.bind(router);
    service.add_metrics(process.metrics());
    watch_stores(process, *tenants);
    http::ServerOptions options;
    options.limits.body_bytes_max = number(settings, "http.body_mib_max") * mib;
    options.limits.connections_max = number(settings, "http.connections_max");
    options.limits.handler_ms = Millis{30'000};
    options.always.add("X-Content-Type-Options", "nosniff");
    if (is_supervised) {
        TRY_VOID(process.serve(std::move(*pages), router, std::move(options)));
    } else {
        TRY_VOID(process.serve(at, router, std::move(options)));
    }
    TRY(auto syslog, open_syslog(process, settings, *tenants));
    process.status().add_module("log-analytics", true);
    process.ready();
    if (!is_supervised) say_ready(process.address(), syslog, settings.text("data"));
    place::wait_for_end();
    if (!is_supervised) std::printf("log-analytics is stopping: requests in flight are answered first.\n");
    if (syslog) syslog->close();
    const bool drained = process.end(in(place::drain_max));
    if (is_supervised) return {};
    std::printf(drained ? "log-analytics has stopped.\n"
                        : "log-analytics has stopped; some slow connections were cut.\n");
    return {};
}

Result<void> serve(const Settings& settings) {
    TRY_VOID(fiber::Address::from(settings.text("listen")));
    TRY(auto sockets, place::inherited_sockets(place::environment()));
    disk::FullDisk disk{disk::real_disk()};
    std::unique_ptr<app::Breakage> breakage;
    TRY(const auto process, place::Process::open(process_options(settings), place::take(sockets, "control")));
    breakage = app::breakage_of(*process, settings, [&disk](Deadline until) { disk.pretend_full(until); });
    auto served = serve_until_end(*process, settings, disk, place::take(sockets, "pages"));
    if (!served && served.error().reason == "ended") return {};
    if (!served) return fail(with_way_out(std::move(served.error())));
    return {};
}

Result<void> add_tenant(const CommandLine& line, const Settings& settings) {
    TRY_VOID(place::open_data_folder(settings.text("data")));
    TRY(const std::string token,
        log_analytics::add_tenant(disk::real_disk(), settings.text("data"), line.argument("NAME")));
    std::printf("%s\n", token.c_str());
    std::fprintf(
        stderr,
        "This is the token of \"%s\"; it is not shown again. Send it as \"Authorization: Bearer TOKEN\".\n",
        line.argument("NAME").c_str());
    return {};
}

Result<void> run(const CommandLine& line, const Settings& settings) {
    if (line.verb == "serve") return serve(settings);
    if (line.verb == "query") return app::query_logs(line, settings);
    if (line.verb == "tail") return app::tail_logs(line, settings);
    if (line.verb == "import") return app::import_logs(line, settings);
    if (line.verb == "report") return app::report_logs(line, settings);
    if (line.verb == "tenant add") return add_tenant(line, settings);
    app::show_config(settings);
    return {};
}

}  // namespace

int main(int argc, char** argv) {
    return app::run_program(program, app::log_analytics_settings(), {argv + 1, argv + argc}, run);
}
