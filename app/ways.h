// The ways from the modules of one process to the contracts that others keep, as a topology says where: each
// a guarded channel (kit/guard) with the settings of its edge.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kit/guard/guarded_channel.h"
#include "kit/place/neighbours.h"
#include "kit/place/topology.h"

namespace jebi::app {

// Must outlive the channels that it has made. What view() answers is thread-safe once they are all made.
class Ways {
public:
    // `topology` outlives this, and topology_from has read it. `watch` is told of the calls.
    Ways(const place::Topology& topology, place::Neighbours::Watch watch);
    Ways(const Ways&) = delete;

    // For Neighbours. Null when the topology has nobody who keeps the contract.
    std::unique_ptr<rpc::Channel> to(std::string_view caller, std::string_view service);

    struct View {
        std::string caller;
        guard::GuardView guard;
    };
    std::vector<View> view() const;

private:
    struct Neighbour {
        std::string name;
        std::vector<fiber::Address> endpoints;
    };
    Neighbour keeper_of(std::string_view service) const;

    struct Made {
        std::string caller;
        const guard::GuardedChannel* channel;
    };
    const place::Topology& topology_;
    place::Neighbours::Watch watch_;
    guard::SteadyTime time_;
    std::vector<Made> made_;
};

}  // namespace jebi::app
