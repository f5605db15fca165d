// What stands between this process and those that it calls, and before what others call here, as whoever
// guards the calls tells it: for /status, /metrics and /readyz.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "kit/watch/metrics.h"

namespace jebi::watch {

// One of the processes that keep what is called.
struct EndpointState {
    std::string address;
    std::string breaker;      // "closed", "open", "half-open", ...
    std::string reason;       // why it last opened, for people; empty: it never did
    double state_s = 0;       // so long it has been in that state
    bool is_ejected = false;  // calls go to others, or nowhere
    // In the breaker's window.
    std::uint64_t calls = 0;
    std::uint64_t failures = 0;
    std::uint64_t slow = 0;    // and no failure
    std::uint64_t opened = 0;  // times, since the start
    std::uint64_t in_flight = 0;
    double usual_ms = 0;  // that an answer takes, as balancing sees it
};

struct NeighbourState {
    std::string caller{};   // the module that calls; empty: all that do
    std::string name;       // "tweets"
    std::string breaker{};  // the worst of its endpoints'; empty: there is none
    std::string reason{};   // of that breaker
    bool is_cut = false;    // calls are refused at the moment
    std::uint64_t in_flight = 0;
    std::uint64_t in_flight_max = 0;
    std::uint64_t waiting = 0;  // for a place
    std::uint64_t waiting_max = 0;
    double retries_left = 0;  // of the budget, now
    // Since the start.
    std::uint64_t opened = 0;  // times that a breaker did
    std::uint64_t retries = 0;
    std::uint64_t retries_denied = 0;  // for want of budget
    std::uint64_t refused = 0;        // calls that were not sent: too many failed, or too many were under way
    std::uint64_t stale_answers = 0;  // older answers that stood in for new ones
    std::uint64_t ejected = 0;        // endpoints, now
    std::vector<EndpointState> endpoints{};
};

// Thread-safe, and does not wait.
using ReadNeighbours = std::function<std::vector<NeighbourState>()>;

// One of each name, without its endpoints: several callers may have a way of their own to the same neighbour.
// Counts, bounds and budgets are summed; the breaker is the first that cuts, else the first that is not
// closed; cut where one is, as the others may only not have been tried.
ReadNeighbours by_name(ReadNeighbours read);

// As gauges with the label `neighbour`: neighbour_breaker_state (1 for the state that it is in),
// neighbour_calls_in_flight, neighbour_calls_in_flight_max, neighbour_calls_waiting, neighbour_retry_budget,
// neighbour_endpoints_ejected; and counters neighbour_breaker_opened_total, neighbour_retries_total,
// neighbour_retries_denied_total, neighbour_refused_total, neighbour_stale_answers_total. What `read` gives
// is by name.
void show_neighbours(Metrics& metrics, ReadNeighbours read);

// What a process takes in of the calls of others.
struct LimitState {
    std::uint64_t in_flight_max = 0;  // it moves with how long answers take
    std::uint64_t users = 0;          // in flight, for people
    std::uint64_t background = 0;     // in flight, for jobs
    double usual_ms = 0;              // that an answer takes in the long run
    // Since the start: refused, as too many were in flight.
    std::uint64_t shed_users = 0;
    std::uint64_t shed_background = 0;
};
using ReadLimit = std::function<LimitState()>;

// As gauges server_limit and, with the label `class`, server_calls_in_flight; and a counter
// server_calls_shed_total.
void show_limit(Metrics& metrics, ReadLimit read);

}  // namespace jebi::watch
