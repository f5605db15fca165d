// SIGINT and SIGTERM, taken as a wish to end in order.
#pragma once

namespace jebi::place {

// Call first in main, before any thread is made: from then on the signals wait for wait_for_end().
// SIGPIPE is ignored.
void hold_signals();
// Blocks until SIGINT or SIGTERM comes. A second one afterwards ends the process at once.
void wait_for_end();

}  // namespace jebi::place
