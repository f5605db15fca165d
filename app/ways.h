// Where a topology says that the contracts of others are kept.
#pragma once

#include "kit/place/guarded.h"
#include "kit/place/topology.h"

namespace jebi::app {

// With the settings of the edge between the two. `topology` outlives what this answers, and topology_from has
// read it.
place::FindWay ways_in(const place::Topology& topology);

}  // namespace jebi::app
