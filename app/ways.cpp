#include "app/ways.h"

#include <algorithm>

#include "app/topology.h"

namespace jebi::app {

namespace {

// Without endpoints: nobody does. Somebody else's program is never told the secret.
place::WayTo keeper_of(const place::Topology& topology, const std::string& machine,
                       std::string_view service) {
    const std::string module{module_of(service)};
    if (const auto* process = topology.host_of(module))
        return {module, process->machine == machine ? process->local : process->contracts};
    const auto external = std::ranges::find(topology.externals, service, &place::TopologyExternal::service);
    if (external == topology.externals.end()) return {};
    return {external->name, external->addresses};
}

}  // namespace

place::FindWay ways_in(const place::Topology& topology, const std::string& machine,
                       const place::Credentials& credentials, chaos::Faults* faults) {
    return [&, faults](std::string_view caller, std::string_view service) -> std::optional<place::WayTo> {
        place::WayTo way = keeper_of(topology, machine, service);
        if (way.endpoints.empty()) return std::nullopt;
        way.settings = edge_settings(topology, caller, way.neighbour).value();
        const bool is_ours = topology.host_of(way.neighbour) != nullptr;
        way.make = is_ours ? credentials.ways(way.settings.in_flight_max)
                           : guard::plain_http(way.settings.in_flight_max);
        if (faults != nullptr) way.make = chaos::faulty(std::move(way.make), *faults);
        return way;
    };
}

}  // namespace jebi::app
