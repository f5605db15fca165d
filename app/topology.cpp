#include "app/topology.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <map>

#include "app/log_analytics_settings.h"
#include "app/settings.h"

namespace jebi::app {

namespace {

std::unexpected<Error> refuse(const place::Topology& topology, unsigned line, const std::string& why) {
    return fail(error(Code::invalid, topology.file + ":" + std::to_string(line) + ": " + why)
                    .because("bad_topology"));
}

bool matches(const place::TopologyEdge& edge, std::string_view from, std::string_view to) {
    return edge.from == from && edge.to == to;
}

unsigned line_of(const std::vector<place::TopologyValue>& values, std::string_view key, unsigned otherwise) {
    const auto found = std::ranges::find(values, key, &place::TopologyValue::key);
    return found == values.end() ? otherwise : found->line;
}

// By itself, so that the error names its line.
Result<void> check_edge(const place::Topology& topology, const place::TopologyEdge& edge) {
    std::vector<std::pair<std::string, std::string>> given;
    given.reserve(edge.policy.size());
    for (const auto& [key, value, line] : edge.policy)
        given.emplace_back(key, value);
    const auto settings = guard::Settings::from(given);
    if (settings) return {};
    return refuse(topology, line_of(edge.policy, settings.error().field, edge.line),
                  settings.error().message);
}

// A setting that is right by itself may contradict one that is given for more.
Result<void> check_edges(const place::Topology& topology) {
    for (const place::TopologyEdge& edge : topology.edges)
        TRY_VOID(check_edge(topology, edge));
    for (const place::KnownModule& module : known_modules()) {
        for (const std::string& to : module.needs) {
            const auto settings = edge_settings(topology, module.name, to);
            if (!settings)
                return refuse(topology, topology.edges.front().line,
                              "the edges for \"" + module.name + " -> " + to +
                                  "\" contradict each other: " + settings.error().message);
        }
    }
    return {};
}

Result<void> check_settings(const place::Topology& topology, const place::TopologyProcess& process) {
    const auto known = process.hosts(log_analytics_module) ? log_analytics_settings() : known_settings();
    for (const auto& [key, value, line] : process.settings) {
        const auto alone =
            place::Settings::load(known, {.file = "", .environment = {}, .flags = {{key, value}}});
        if (!alone) return refuse(topology, line, alone.error().message);
    }
    return {};
}

}  // namespace

const std::vector<place::KnownModule>& known_modules() {
    static const std::vector<place::KnownModule> all{
        {.name = "accounts"},
        {.name = "follows", .needs = {"accounts"}},
        {.name = "tweets", .needs = {"accounts", "follows"}},
        {.name = "timelines", .needs = {"accounts", "follows", "tweets"}},
        {.name = "search", .needs = {"accounts", "tweets"}},
        {.name = "notifications", .needs = {"accounts", "follows", "tweets"}},
        {.name = "messages", .needs = {"accounts", "follows"}},
        {.name = "web",
         .needs = {"accounts", "follows", "tweets", "timelines", "notifications", "messages", "search"},
         .has_data = false,
         .has_pages = true},
        {.name = log_analytics_module, .has_pages = true, .optional = true, .program = "log-analytics"},
    };
    return all;
}

const place::KnownModule& known_module(std::string_view name) {
    const auto found = std::ranges::find(known_modules(), name, &place::KnownModule::name);
    assert(found != known_modules().end());
    return *found;
}

Result<place::Topology> topology_from(const std::string& file, const place::Settings& settings) {
    TRY(auto topology, place::Topology::read(file, known_modules(), settings.text("data")));
    TRY_VOID(check_edges(topology));
    for (const place::TopologyProcess& process : topology.processes)
        TRY_VOID(check_settings(topology, process));
    return topology;
}

place::Topology one_process() {
    place::TopologyProcess jebi{.name = "jebi", .modules = {}};
    for (const place::KnownModule& module : known_modules()) {
        if (module.program.empty()) jebi.modules.push_back(module.name);
    }
    return {.file = "", .processes = {std::move(jebi)}, .externals = {}, .edges = {}};
}

Result<guard::Settings> edge_settings(const place::Topology& topology, std::string_view from,
                                      std::string_view to) {
    std::map<std::string, std::string> all;
    const std::array<std::pair<std::string_view, std::string_view>, 4> from_general_to_exact{
        {{"*", "*"}, {"*", to}, {from, "*"}, {from, to}}};
    for (const auto& [one, other] : from_general_to_exact) {
        for (const place::TopologyEdge& edge : topology.edges) {
            if (!matches(edge, one, other)) continue;
            for (const auto& [key, value, line] : edge.policy)
                all[key] = value;
        }
    }
    const std::vector<std::pair<std::string, std::string>> given{all.begin(), all.end()};
    return guard::Settings::from(given);
}

std::string database_of(const place::TopologyProcess& process) {
    const bool keeps = std::ranges::any_of(process.modules, [](const std::string& module) {
        return known_module(module).has_data && known_module(module).program.empty();
    });
    return keeps ? process.name + ".db" : "";
}

std::string child_name(const place::TopologyProcess& process, unsigned replica) {
    return process.replicas == 1 ? process.name : process.name + "-" + std::to_string(replica);
}

const place::TopologyProcess* process_of(const place::Topology& topology, std::string_view child) {
    for (const place::TopologyProcess& process : topology.processes) {
        for (unsigned replica = 1; replica <= process.replicas; ++replica) {
            if (child_name(process, replica) == child) return &process;
        }
    }
    return nullptr;
}

std::string_view module_of(std::string_view service) {
    constexpr std::string_view ours = "jebi.";
    if (!service.starts_with(ours)) return "";
    service.remove_prefix(ours.size());
    return service.substr(0, service.find('.'));
}

}  // namespace jebi::app
