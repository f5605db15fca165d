// SIGINT and SIGTERM, taken as a wish to end in order.
#pragma once

#include "kit/base/clock.h"

namespace jebi::place {

// Call first in main, before any thread is made: from then on the signals wait for wait_for_end().
// SIGPIPE is ignored.
void hold_signals();
// Blocks until SIGINT or SIGTERM comes. A second one afterwards ends the process at once.
void wait_for_end();
// Waits for either no longer than `wait`: true when one came.
bool ends_within(Millis wait);
// From now on they end the process at once, as in any program: for verbs that have nothing to put in order.
void release_signals();

}  // namespace jebi::place
