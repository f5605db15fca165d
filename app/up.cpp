#include "app/up.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <mutex>

#include "app/chaos_targets.h"
#include "app/databases.h"
#include "app/demo_fill.h"
#include "app/deployment.h"
#include "app/plans.h"
#include "app/settings.h"
#include "app/status_supervisor.h"
#include "app/topology.h"
#include "kit/disk/disk.h"
#include "kit/place/credentials.h"
#include "kit/place/data_folder.h"
#include "kit/place/signals.h"
#include "kit/place/supervisor.h"

namespace jebi::app {

namespace {

constexpr Millis late_after{10'000};  // then it is said who is not ready
constexpr Millis end_looked_for{50};
constexpr Millis end_max{15'000};
constexpr Millis deployed_max{120'000};
constexpr std::size_t told_lines_max = 10;  // of a process that does not get ready

// One line of one process after the other, each with its name before it.
class Lines {
public:
    explicit Lines(const std::vector<place::ChildPlan>& children) {
        for (const place::ChildPlan& child : children)
            width_ = std::max(width_, child.name.size());
    }
    void print(std::string_view name, std::string_view line) {
        const std::lock_guard lock{mutex_};
        std::fprintf(stderr, "%-*.*s | %.*s\n", static_cast<int>(width_), static_cast<int>(name.size()),
                     name.data(), static_cast<int>(line.size()), line.data());
    }

private:
    std::mutex mutex_;
    std::size_t width_ = 0;
};

std::string listed(const std::vector<std::string>& words) {
    std::string all;
    for (const std::string& word : words)
        all += (all.empty() ? "" : ", ") + word;
    return all;
}

// What runs where, in one screen.
void say_what_runs(const place::Topology& topology, const place::Supervisor& supervisor) {
    std::printf("  %-15s %-8s %-18s %s\n", "process", "pid", "database", "modules");
    for (const place::ChildStatus& child : supervisor.status()) {
        const auto* process = process_of(topology, child.name);
        const std::string database = process == nullptr ? "" : database_of(*process);
        std::printf("  %-15s %-8d %-18s %s\n", child.name.c_str(), static_cast<int>(child.pid),
                    database.empty() ? "-" : database.c_str(),
                    process == nullptr ? "(somebody else's program)" : listed(process->modules).c_str());
    }
}

void say_ready(const place::Topology& topology, const place::Supervisor& supervisor, const Plans& plans,
               const place::Settings& settings) {
    if (plans.pages) {
        const std::string url = (has_tls(settings) ? "https://" : "http://") + plans.pages->text();
        std::printf("jebi is ready: %s\n", url.c_str());
    } else {
        std::printf("jebi is ready.\n");
    }
    say_what_runs(topology, supervisor);
    std::printf("  Everything is kept in %s. Ctrl-C stops all of it.\n",
                std::filesystem::absolute(settings.text("data")).lexically_normal().c_str());
    std::fflush(stdout);
}

void say_who_is_late(const place::Supervisor& supervisor) {
    std::printf("jebi is not ready yet; it goes on trying:\n");
    for (const place::ChildStatus& child : supervisor.status()) {
        if (child.state == place::ChildState::ready) continue;
        std::printf("  %s is %s%s%s\n", child.name.c_str(), std::string(name(child.state)).c_str(),
                    child.last_end.empty() ? "" : ": ", child.last_end.c_str());
        const auto lines = supervisor.lines(child.name);
        const std::size_t skipped = lines.size() - std::min(lines.size(), told_lines_max);
        for (std::size_t i = skipped; i < lines.size(); ++i)
            std::printf("    %s\n", lines[i].c_str());
    }
    std::fflush(stdout);
}

// Once here, so that its processes need not each fail.
Result<void> check_credentials(const place::Topology& topology, const std::string& machine) {
    const bool is_called = std::ranges::any_of(topology.processes, [&](const auto& process) {
        return process.machine == machine && process.is_reached_by_tcp();
    });
    TRY_VOID(place::Credentials::read(topology, is_called));
    return {};
}

Result<void> fill_demo(const place::Topology& topology, const place::Settings& settings) {
    const bool is_all_here =
        std::ranges::all_of(topology.processes, [&](const place::TopologyProcess& process) {
            return process.machine == topology.processes.front().machine;
        });
    if (!is_all_here)
        return fail(Code::invalid, "--demo fills the databases of one machine, and " + topology.file +
                                       " has several: fill them by a topology of one, and carry the files.");
    TRY(const auto databases, Databases::open(topology, settings));
    const auto room_of = [&](std::string_view module) -> sql::Room& { return databases.room_of(module); };
    const SystemClock clock;
    TRY(const std::string told, fill_with_demo(room_of, settings, clock));
    std::printf("%s\n", told.c_str());
    std::fflush(stdout);
    return {};
}

Error with_way_out(Error error, const place::Topology& topology) {
    if (error.reason == "address_in_use")
        error.message += " " + topology.file + " says which: listen = \"HOST:PORT\".";
    return error;
}

// Where `jebi status` asks what the supervisor knows, and `jebi deploy` what it shall do. When there is no
// such socket, the rest still runs.
std::unique_ptr<http::Server> open_supervisor(fiber::Loops& loops, http::Router& router,
                                              const place::Settings& settings) {
    const auto at = fiber::Address::from("unix:" + run_folder(settings) + "/supervisor.sock");
    if (!at) return nullptr;
    http::ServerOptions options;
    options.limits.handler_ms = deployed_max;
    auto server = http::Server::start(loops, *at, std::move(options),
                                      [&router](http::Request& request) { return router.answer(request); });
    return server ? std::move(*server) : nullptr;
}

// Until all are ready: true. False: told to end before.
bool wait_until_ready(const place::Supervisor& supervisor) {
    const Deadline late = in(late_after);
    bool is_said = false;
    while (!supervisor.wait_until_ready(in(end_looked_for))) {
        if (place::ends_within(Millis{0})) return false;
        if (is_said || in(Millis{0}) < late) continue;
        say_who_is_late(supervisor);
        is_said = true;
    }
    return true;
}

Result<void> supervise(const place::Topology& topology, Plans plans, const place::Settings& settings) {
    Lines lines{plans.children};
    fiber::Loops loops{1};
    place::SupervisorOptions options{.run_folder = run_folder(settings)};
    options.on_line = [&lines](std::string_view name, std::string_view line) { lines.print(name, line); };
    TRY(const auto supervisor, place::Supervisor::start(loops, std::move(options), plans.children));
    Deployments deployments{*supervisor, topology, std::exchange(plans.children, {})};
    http::Router router;
    bind_children(router, *supervisor);
    deployments.bind(router);
    if (settings.flag("chaos")) bind_permission(router);
    const auto server = open_supervisor(loops, router, settings);
    if (wait_until_ready(*supervisor)) {
        say_ready(topology, *supervisor, plans, settings);
        place::wait_for_end();
    }
    std::printf("jebi is stopping: requests in flight are answered first.\n");
    const bool in_order = supervisor->end(in(end_max));
    std::printf(in_order ? "jebi has stopped.\n" : "jebi has stopped; some processes had to be killed.\n");
    return {};
}

}  // namespace

Result<void> up_topology(const CommandLine& line, const place::Settings& settings) {
    TRY(const auto topology, topology_from(line.argument("FILE"), settings));
    TRY_VOID(tls_from(settings));
    const std::string named = line.argument("--machine");
    const std::string machine = named.empty() ? "this" : named;
    TRY_VOID(check_machine(topology, machine));
    TRY_VOID(check_credentials(topology, machine));
    TRY_VOID(place::open_data_folder(run_folder(settings)));
    TRY(const auto lock, disk::FolderLock::take(run_folder(settings)));
    TRY_VOID(bring_data_home(topology, settings, machine));
    if (!line.argument("--demo").empty()) TRY_VOID(fill_demo(topology, settings));
    auto plans = plans_for(topology, machine, line, settings);
    if (!plans) return fail(with_way_out(std::move(plans.error()), topology));
    return supervise(topology, std::move(*plans), settings);
}

}  // namespace jebi::app
