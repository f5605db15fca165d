// What kit/guard tells of the way to a neighbour, as kit/watch shows it.
#pragma once

#include "kit/guard/guarded_channel.h"
#include "kit/watch/neighbours.h"

namespace jebi::place {

// Of several endpoints the breaker that is worst shows; the neighbour is cut when every one is.
watch::NeighbourState neighbour_state(const guard::GuardView& view);

}  // namespace jebi::place
