// jebi: the whole Twitter clone, in one process or in those that a topology names.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>

#include "app/breakage.h"
#include "app/chaos_verbs.h"
#include "app/command_line.h"
#include "app/contracts_verb.h"
#include "app/databases.h"
#include "app/demo_fill.h"
#include "app/deployment.h"
#include "app/host.h"
#include "app/operator.h"
#include "app/program.h"
#include "app/serve.h"
#include "app/settings.h"
#include "app/status_verbs.h"
#include "app/topology.h"
#include "app/up.h"
#include "kit/place/data_folder.h"
#include "kit/place/process.h"
#include "kit/place/signals.h"

namespace {

using namespace jebi;
using app::CommandLine;
using place::Settings;

std::vector<app::Verb> with_chaos(std::vector<app::Verb> verbs) {
    std::ranges::move(app::chaos_verbs(), std::back_inserter(verbs));
    return verbs;
}

const app::Program program{
    .name = "jebi",
    .about =
        "jebi, a microblog: the whole Twitter clone in one process, or in those that a topology file "
        "names.\n\n"
        "Settings come from built-in values < jebi.toml < JEBI_* variables < flags.\n"
        "Exit codes: 0 all is well, 1 it could not be done, 2 something in the command or the settings is "
        "wrong.",
    .prefix = "JEBI_",
    .verbs = with_chaos({
        {.name = "up",
         .help = "Start, and serve until Ctrl-C: in one process, or as FILE says",
         .arguments = {{.name = "FILE", .help = "A topology: which module runs in which process"},
                       {.name = "--machine", .help = "Start the processes of this machine only [this]"},
                       {.name = "--demo",
                        .help = "Fill an empty database with people and tweets first",
                        .is_flag = true}}},
        app::deploy_verb(),
        app::serve_verb(),
        app::contracts_verb(),
        {.name = "demo", .help = "Fill the database with believable people and tweets"},
        {.name = "backup",
         .help = "Copy the database into FILE (several: into a folder of that name), while jebi runs or not",
         .arguments = {{.name = "FILE", .help = "A file that is not there yet", .required = true}}},
        {.name = "restore",
         .help = "Put a backup in place of the database; jebi must not run",
         .arguments = {{.name = "FILE", .help = "A file that `jebi backup` made", .required = true}}},
        {.name = "timelines rebuild",
         .help = "Throw all home timelines away and make them again, while jebi runs or not"},
        {.name = "search rebuild",
         .help = "Throw away what search finds by, and make it again, while jebi runs or not"},
        {.name = "status",
         .help = "What runs where, whether it is well, and what it does",
         .arguments = {{.name = "--watch", .help = "Draw it anew each second until Ctrl-C", .is_flag = true},
                       {.name = "--json", .help = "What the processes say, as JSON", .is_flag = true}}},
        {.name = "map", .help = "Who calls whom: rates, times, errors, breakers"},
        {.name = "trace",
         .help = "What one request did in every process: the waterfall of its spans",
         .arguments =
             {{.name = "ID", .help = "32 hex digits: error pages and log lines show it", .required = true}}},
        {.name = "config show", .help = "Every setting with its value and where that comes from"},
    })};

void say_ready(const fiber::Address& at, const Settings& settings) {
    const std::string url = (app::has_tls(settings) ? "https://" : "http://") + at.text();
    std::printf("jebi is ready: %s\n", url.c_str());
    std::printf("  Open it in a browser, or try:\n");
    std::printf("    curl %s/api/v1/tweets\n", url.c_str());
    std::printf("    curl %s/readyz?verbose\n", url.c_str());
    std::printf("    jebi backup FILE        (in another terminal)\n");
    std::printf("  Everything is kept in %s. Ctrl-C stops.\n",
                std::filesystem::absolute(settings.text("data")).lexically_normal().c_str());
    std::fflush(stdout);
}

Error with_way_out(Error error) {
    if (error.reason == "address_in_use")
        error.message += " Say which with --listen HOST:PORT, or listen in jebi.toml.";
    return error;
}

// Where `jebi status` asks. A folder whose name is too long for a socket's costs that, not the start.
std::optional<fiber::ListeningSocket> control_socket(const Settings& settings) {
    const std::string folder = app::run_folder(settings);
    if (!place::open_data_folder(settings.text("data")) || !place::open_data_folder(folder))
        return std::nullopt;
    const auto at = fiber::Address::from("unix:" + folder + "/jebi.control.sock");
    auto socket = at ? fiber::ListeningSocket::open(*at) : fail(at.error());
    if (!socket) return std::nullopt;
    return std::move(*socket);
}

app::RoomOf rooms_of(place::Process& process) {
    return [&process](std::string_view module) -> sql::Room& { return process.database().room(module); };
}

Result<void> fill_with_demo(place::Process& process, const Settings& settings) {
    TRY(const std::string told, app::fill_with_demo(rooms_of(process), settings, process.clock()));
    std::printf("%s\n", told.c_str());
    return {};
}

Result<void> open_contracts(app::Host& host, const Settings& settings) {
    TRY_VOID(place::open_data_folder(app::run_folder(settings)));
    TRY(const auto at, app::contracts_address(settings, "jebi"));
    TRY(auto socket, fiber::ListeningSocket::open(at));
    return host.open_contracts(std::move(socket));
}

Result<void> up(const CommandLine& line, const Settings& settings) {
    TRY_VOID(fiber::Address::from(settings.text("listen")));
    TRY_VOID(app::tls_from(settings));
    TRY_VOID(app::bring_data_home(app::one_process(), settings));
    place::ProcessOptions options = app::process_options(settings);
    TRY(options.spans, app::spans_from(settings));
    std::unique_ptr<app::Breakage> breakage;
    TRY(const auto process, place::Process::open(options, control_socket(settings)));
    breakage = app::breakage_of(*process, settings);
    if (!line.argument("--demo").empty()) TRY_VOID(fill_with_demo(*process, settings));
    const auto nobody_else = [](std::string_view, std::string_view) { return nullptr; };
    TRY(const auto host, app::Host::open(*process, settings, app::all_modules(), nobody_else));
    if (auto started = host->start(); !started) return fail(with_way_out(std::move(started.error())));
    // Where verbs of an operator, and whoever is curious, reach the contracts.
    if (auto open = open_contracts(*host, settings); !open)
        process->log().failure("place", "no way to the contracts", open.error(), {});
    process->ready();
    say_ready(process->address(), settings);
    place::wait_for_end();
    std::printf("jebi is stopping: requests in flight are answered first.\n");
    const bool drained = host->end(in(place::drain_max));
    std::printf(drained ? "jebi has stopped.\n" : "jebi has stopped; some slow connections were cut.\n");
    return {};
}

Result<void> demo(const Settings& settings) {
    TRY_VOID(app::bring_data_home(app::one_process(), settings));
    TRY(const auto process, place::Process::open(app::process_options(settings)));
    return fill_with_demo(*process, settings);
}

Result<void> say(const Result<std::string>& told) {
    if (!told) return std::unexpected(told.error());
    std::printf("%s\n", told->c_str());
    return {};
}

Result<void> run(const CommandLine& line, const Settings& settings) {
    if (line.verb == "up")
        return line.argument("FILE").empty() ? up(line, settings) : app::up_topology(line, settings);
    if (line.verb == "serve") return app::serve(line, settings, app::all_modules());
    if (line.verb == "deploy") return app::deploy(line, settings);
    if (line.verb == "contracts") return app::write_contracts(line, app::services_of(app::all_modules()));
    if (line.verb == "demo") return demo(settings);
    if (line.verb == "backup") return say(app::back_up(settings, line.argument("FILE")));
    if (line.verb == "restore") return say(app::restore(settings, line.argument("FILE")));
    if (line.verb == "timelines rebuild") return app::rebuild_timelines(settings);
    if (line.verb == "search rebuild") return app::rebuild_search(settings);
    if (line.verb == "status") return app::show_status(line, settings);
    if (line.verb == "map") return app::show_map(settings);
    if (app::is_chaos_verb(line)) return app::chaos(line, settings);
    if (line.verb == "trace") return app::show_trace(line, settings);
    app::show_config(settings);
    return {};
}

}  // namespace

int main(int argc, char** argv) {
    return app::run_program(program, app::known_settings(), {argv + 1, argv + argc}, run);
}
