// What stands between this process and those that it calls, as whoever guards the calls tells it: for
// /status, /metrics and /readyz.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "kit/watch/metrics.h"

namespace jebi::watch {

struct NeighbourState {
    std::string name;     // "tweets"
    std::string breaker;  // "closed", "open", "half-open", ...; empty: there is none
    std::string reason;   // why it last left "closed", for people; may be empty
    bool is_cut = false;  // calls are refused at the moment
    std::uint64_t in_flight = 0;
    std::uint64_t waiting = 0;
    double retries_left = 0;  // of the budget, now
    // Since the start.
    std::uint64_t retries = 0;
    std::uint64_t refused = 0;        // calls that were not sent: too many failed, or too many were under way
    std::uint64_t stale_answers = 0;  // older answers that stood in for new ones
};

// Thread-safe, and does not wait.
using ReadNeighbours = std::function<std::vector<NeighbourState>()>;

// One of each name: several callers may have a way of their own to the same neighbour. Counts and budgets are
// summed; the breaker is the first that cuts, else the first that is not closed; cut only where all are.
ReadNeighbours by_name(ReadNeighbours read);

// As gauges with the label `neighbour`: neighbour_breaker_state (1 for the state that it is in),
// neighbour_calls_in_flight, neighbour_calls_waiting, neighbour_retry_budget; and counters
// neighbour_retries_total, neighbour_refused_total, neighbour_stale_answers_total.
void show_neighbours(Metrics& metrics, ReadNeighbours read);

}  // namespace jebi::watch
