#include "app/ways.h"

#include <algorithm>

#include "app/topology.h"

namespace jebi::app {

Ways::Ways(const place::Topology& topology, place::Neighbours::Watch watch)
    : topology_(topology), watch_(std::move(watch)) {}

std::unique_ptr<rpc::Channel> Ways::to(std::string_view caller, std::string_view service) {
    const Neighbour keeper = keeper_of(service);
    if (keeper.endpoints.empty()) return nullptr;
    const auto settings = edge_settings(topology_, caller, keeper.name).value();
    auto channel = std::make_unique<guard::GuardedChannel>(keeper.name, keeper.endpoints, settings,
                                                           guard::plain_http(settings.in_flight_max),
                                                           watch_(caller), time_);
    made_.push_back({std::string(caller), channel.get()});
    return channel;
}

Ways::Neighbour Ways::keeper_of(std::string_view service) const {
    const std::string module{module_of(service)};
    if (const auto* process = topology_.host_of(module)) return {module, process->contracts};
    const auto external = std::ranges::find(topology_.externals, service, &place::TopologyExternal::service);
    if (external == topology_.externals.end()) return {};
    return {external->name, external->addresses};
}

std::vector<Ways::View> Ways::view() const {
    std::vector<View> all;
    for (const auto& [caller, channel] : made_)
        all.push_back({caller, channel->view()});
    return all;
}

}  // namespace jebi::app
