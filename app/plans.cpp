#include "app/plans.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <ranges>

#include "app/program.h"
#include "app/serve.h"
#include "app/settings.h"
#include "app/topology.h"
#include "kit/place/data_folder.h"

namespace jebi::app {

namespace {

namespace fs = std::filesystem;

constexpr const char* settings_file = "jebi.toml";

fs::path own_program() {
    std::error_code wrong;
    return fs::read_symlink("/proc/self/exe", wrong);
}

bool is_program(const fs::path& file) {
    return ::access(file.c_str(), X_OK) == 0;
}

// But for what tells of sockets that were not given to them.
std::map<std::string, std::string> inherited_environment() {
    auto all = place::environment();
    std::erase_if(all, [](const auto& variable) { return variable.first.starts_with("LISTEN_"); });
    return all;
}

bool is_log_analytics(const place::TopologyProcess& process) {
    return process.hosts(log_analytics_module);
}

std::size_t rank_of(const std::string& module) {
    const auto& all = known_modules();
    const auto found = std::ranges::find(all, module, &place::KnownModule::name);
    return static_cast<std::size_t>(found - all.begin());
}

// Of its first module, in the order in which they need each other.
std::size_t rank_of(const place::TopologyProcess& process) {
    const auto ranks =
        process.modules | std::views::transform([](const auto& module) { return rank_of(module); });
    return std::ranges::min(ranks);
}

bool needs(const place::TopologyProcess& one, const place::TopologyProcess& other) {
    return std::ranges::any_of(one.modules, [&](const std::string& module) {
        const auto& called = known_module(module).needs;
        return std::ranges::any_of(called, [&](const std::string& name) { return other.hosts(name); });
    });
}

class Planner {
public:
    Planner(const place::Topology& topology, std::string machine, const CommandLine& line,
            const place::Settings& settings)
        : topology_(topology), machine_(std::move(machine)), line_(line), settings_(settings) {}

    Result<Plans> plan() {
        TRY_VOID(open_pages());
        tell_where_logs_go();
        for (const place::TopologyProcess& process : here()) {
            for (unsigned replica = 1; replica <= process.replicas; ++replica)
                TRY_VOID(add(process, replica));
        }
        for (const place::TopologyExternal& external : topology_.externals) {
            if (external.machine == machine_) add(external);
        }
        return std::move(plans_);
    }

private:
    std::vector<place::TopologyProcess> here() const {
        std::vector<place::TopologyProcess> all;
        std::ranges::copy_if(topology_.processes, std::back_inserter(all),
                             [&](const auto& process) { return process.machine == machine_; });
        return all;
    }

    // Before any command is made: where log-analytics listens is told to the others.
    Result<void> open_pages() {
        for (const place::TopologyProcess& process : here()) {
            if (!process.listen) continue;
            TRY(const auto at, where_people_come(process));
            TRY(pages_[process.name], place::ChildPlan::Socket::open("pages", at));
            if (!is_log_analytics(process)) plans_.pages = pages_[process.name].listening->address();
        }
        return {};
    }

    // The flag --listen counts more than the file.
    Result<fiber::Address> where_people_come(const place::TopologyProcess& process) const {
        const auto told = line_.flags.find("listen");
        if (is_log_analytics(process) || told == line_.flags.end()) return *process.listen;
        return fiber::Address::from(told->second);
    }

    bool is_set(std::string_view name) const {
        const auto all = settings_.shown();
        const auto found = std::ranges::find(all, name, &place::Settings::Shown::name);
        return found->origin != "built in";
    }

    void tell_where_logs_go() {
        const auto* process = topology_.host_of(log_analytics_module);
        if (process == nullptr || !process->listen || is_set("log_analytics.url")) return;
        const auto own = pages_.find(process->name);
        const fiber::Address& at = own == pages_.end() ? *process->listen : own->second.listening->address();
        environment_["JEBI_LOG_ANALYTICS_URL"] = "http://" + at.text();
    }

    Result<void> add(const place::TopologyProcess& process, unsigned replica) {
        place::ChildPlan plan{.name = child_name(process, replica),
                              .command = is_log_analytics(process) ? command_of_log_analytics(process)
                                                                   : command_of(process, replica),
                              .environment = environment_of(process),
                              .sockets = {},
                              .after = those_before(process)};
        if (process.listen) plan.sockets.push_back(pages_.at(process.name));
        if (keeps_contracts(process)) {
            TRY_VOID(place::open_data_folder(run_folder(settings_)));
            TRY_VOID(open_contracts(process, replica, plan));
        }
        plans_.children.push_back(std::move(plan));
        return {};
    }

    static Result<void> open_contracts(const place::TopologyProcess& process, unsigned replica,
                                       place::ChildPlan& plan) {
        const fiber::Address& local = process.local.at(replica - 1);
        const fiber::Address& by_tcp = process.contracts.at(replica - 1);
        remove_link(local);
        TRY(auto contracts, place::ChildPlan::Socket::open(contracts_socket, local));
        plan.sockets.push_back(std::move(contracts));
        if (by_tcp.is_unix()) return {};
        TRY(auto machines, place::ChildPlan::Socket::open(machines_socket, by_tcp));
        plan.sockets.push_back(std::move(machines));
        return {};
    }

    // Another topology may have led the module's name to the process that hosted it then
    // (Host::open_contracts).
    static void remove_link(const fiber::Address& at) {
        std::error_code ignored;
        if (at.is_unix() && fs::is_symlink(at.path, ignored)) fs::remove(at.path, ignored);
    }

    void add(const place::TopologyExternal& external) {
        if (external.command.empty()) return;
        plans_.children.push_back(
            {.name = external.name,
             .command = external.command,
             .environment = inherited_environment(),
             .has_control = false,
             .health_at = external.health.empty() ? std::nullopt : std::optional{external.addresses.front()},
             .health_path = external.health});
    }

    static bool keeps_contracts(const place::TopologyProcess& process) {
        return std::ranges::any_of(process.modules,
                                   [](const std::string& module) { return !known_module(module).has_pages; });
    }

    std::vector<std::string> command_of(const place::TopologyProcess& process, unsigned replica) const {
        std::vector<std::string> words{program_for(process), "serve",          topology_argument,
                                       topology_.file,       process_argument, process.name};
        if (process.replicas > 1) words.insert(words.end(), {replica_argument, std::to_string(replica)});
        std::string config = line_.config;
        if (config.empty() && fs::exists(settings_file)) config = settings_file;
        if (!config.empty()) words.insert(words.end(), {"--config", config});
        words.insert(words.end(), {"--data", settings_.text("data")});
        for (const place::Setting& setting : known_settings()) {
            const auto flag = line_.flags.find(setting.name);
            if (flag == line_.flags.end() || setting.name == "data") continue;
            const bool is_flag = setting.kind == place::Setting::Kind::flag;
            words.push_back(place::flag_of(setting.name) + (is_flag ? "" : "=" + flag->second));
        }
        return words;
    }

    std::vector<std::string> command_of_log_analytics(const place::TopologyProcess& process) const {
        return {program_for(process),
                "serve",
                "--data",
                settings_.text("data") + "/" + process.name,
                "--listen",
                pages_.at(process.name).listening->address().text()};
    }

    std::map<std::string, std::string> environment_of(const place::TopologyProcess& process) const {
        const std::string prefix = is_log_analytics(process) ? "LOG_ANALYTICS_" : "JEBI_";
        auto all = inherited_environment();
        for (const auto& [name, value] : environment_)
            all[name] = value;
        if (log_format(settings_.text("log.format")) == watch::Format::text)
            all.emplace(place::variable_of("log.format", prefix), "text");
        if (settings_.flag("chaos")) all.emplace(place::variable_of("chaos", prefix), "true");
        for (const auto& [key, value, line] : process.settings)
            all[place::variable_of(key, prefix)] = value;
        return all;
    }

    // Those that it calls; what calls each other in a circle begins at the same time. Pages come last of all.
    std::vector<std::string> those_before(const place::TopologyProcess& process) const {
        std::vector<std::string> names;
        for (const place::TopologyProcess& other : here()) {
            const bool is_log = process.hosts("web") && is_log_analytics(other);
            const bool is_called = needs(process, other) && rank_of(other) < rank_of(process);
            if (!is_log && !is_called) continue;
            for (unsigned replica = 1; replica <= other.replicas; ++replica)
                names.push_back(child_name(other, replica));
        }
        return names;
    }

    const place::Topology& topology_;
    const std::string machine_;
    const CommandLine& line_;
    const place::Settings& settings_;
    std::map<std::string, place::ChildPlan::Socket> pages_;  // by the process's name
    std::map<std::string, std::string> environment_;         // of all
    Plans plans_;
};

}  // namespace

std::string program_for(const place::TopologyProcess& process) {
    const fs::path own = own_program();
    if (process.program.contains('/')) return process.program;
    if (!process.program.empty()) return own.parent_path() / process.program;
    const fs::path alone = own.parent_path() / ("jebi-" + process.modules.front());
    return process.modules.size() == 1 && is_program(alone) ? alone : own;
}

Result<void> check_machine(const place::Topology& topology, const std::string& machine) {
    std::vector<std::string> machines;
    machines.reserve(topology.processes.size());
    for (const place::TopologyProcess& process : topology.processes)
        machines.push_back(process.machine);
    if (std::ranges::find(machines, machine) != machines.end()) return {};
    const auto meant = place::nearest(machine, machines);
    return fail(error(Code::invalid, topology.file + " has no process on the machine \"" + machine +
                                         "\". Did you mean --machine " + meant.value_or(machines.front()) +
                                         "?")
                    .because("no_machine"));
}

Result<Plans> plans_for(const place::Topology& topology, const std::string& machine, const CommandLine& line,
                        const place::Settings& settings) {
    return Planner(topology, machine, line, settings).plan();
}

}  // namespace jebi::app
