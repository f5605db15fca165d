// Where a topology says that the contracts of others are kept.
#pragma once

#include "kit/chaos/faults.h"
#include "kit/place/credentials.h"
#include "kit/place/guarded.h"
#include "kit/place/topology.h"

namespace jebi::app {

// With the settings of the edge between the two, and behind `faults` where there are any. Those on the same
// machine are reached by their Unix sockets. All that is given outlives what this answers, and topology_from
// has read the topology.
place::FindWay ways_in(const place::Topology& topology, const std::string& machine,
                       const place::Credentials& credentials, chaos::Faults* faults);

}  // namespace jebi::app
