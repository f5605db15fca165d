#include "app/ways.h"

#include <algorithm>

#include "app/topology.h"

namespace jebi::app {

namespace {

// Without endpoints: nobody does.
place::WayTo keeper_of(const place::Topology& topology, std::string_view service) {
    const std::string module{module_of(service)};
    if (const auto* process = topology.host_of(module)) return {module, process->contracts};
    const auto external = std::ranges::find(topology.externals, service, &place::TopologyExternal::service);
    if (external == topology.externals.end()) return {};
    return {external->name, external->addresses};
}

}  // namespace

place::FindWay ways_in(const place::Topology& topology, chaos::Faults* faults) {
    return [&topology, faults](std::string_view caller,
                               std::string_view service) -> std::optional<place::WayTo> {
        place::WayTo way = keeper_of(topology, service);
        if (way.endpoints.empty()) return std::nullopt;
        way.settings = edge_settings(topology, caller, way.neighbour).value();
        way.make = guard::plain_http(way.settings.in_flight_max);
        if (faults != nullptr) way.make = chaos::faulty(std::move(way.make), *faults);
        return way;
    };
}

}  // namespace jebi::app
