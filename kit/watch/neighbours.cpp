#include "kit/watch/neighbours.h"

#include <algorithm>
#include <utility>

namespace jebi::watch {

namespace {

int gravity(const NeighbourState& state) {
    if (state.is_cut) return 3;
    if (state.breaker.empty()) return 0;
    return state.breaker == "closed" ? 1 : 2;
}

// Two ways to the same neighbour.
void add(NeighbourState& sum, const NeighbourState& other) {
    if (gravity(other) > gravity(sum)) {
        sum.breaker = other.breaker;
        sum.reason = other.reason;
    }
    sum.is_cut = sum.is_cut || other.is_cut;
    sum.in_flight += other.in_flight;
    sum.in_flight_max += other.in_flight_max;
    sum.waiting += other.waiting;
    sum.waiting_max += other.waiting_max;
    sum.retries_left += other.retries_left;
    sum.opened += other.opened;
    sum.retries += other.retries;
    sum.retries_denied += other.retries_denied;
    sum.refused += other.refused;
    sum.stale_answers += other.stale_answers;
    sum.ejected = std::max(sum.ejected, other.ejected);
}

}  // namespace

ReadNeighbours by_name(ReadNeighbours read) {
    return [read = std::move(read)] {
        std::vector<NeighbourState> all;
        for (NeighbourState& state : read()) {
            state.caller.clear();
            state.endpoints.clear();
            const auto known = std::ranges::find(all, state.name, &NeighbourState::name);
            if (known == all.end()) {
                all.push_back(std::move(state));
            } else {
                add(*known, state);
            }
        }
        return all;
    };
}

void show_neighbours(Metrics& metrics, ReadNeighbours read) {
    const auto show = [&](const char* name, const char* help, auto figure) {
        metrics.gauges(name, help, [read, figure] {
            std::vector<Sample> samples;
            for (const NeighbourState& neighbour : read())
                samples.push_back({{{"neighbour", neighbour.name}}, static_cast<double>(neighbour.*figure)});
            return samples;
        });
    };
    show("neighbour_calls_in_flight", "Calls to the neighbour under way.", &NeighbourState::in_flight);
    show("neighbour_calls_in_flight_max", "How many there may be.", &NeighbourState::in_flight_max);
    show("neighbour_calls_waiting", "Calls that wait for their turn.", &NeighbourState::waiting);
    show("neighbour_retry_budget", "Retries that may be made now.", &NeighbourState::retries_left);
    show("neighbour_endpoints_ejected", "Processes that are left alone, of those that keep what is called.",
         &NeighbourState::ejected);
    show("neighbour_breaker_opened_total", "How often a circuit breaker opened.", &NeighbourState::opened);
    show("neighbour_retries_total", "Calls that were sent again.", &NeighbourState::retries);
    show("neighbour_retries_denied_total", "Calls that were not sent again, as too many had been.",
         &NeighbourState::retries_denied);
    show("neighbour_refused_total", "Calls that were not sent, to spare the neighbour.",
         &NeighbourState::refused);
    show("neighbour_stale_answers_total", "Older answers that stood in for new ones.",
         &NeighbourState::stale_answers);
    metrics.gauges(
        "neighbour_breaker_state", "1 for the state that the circuit breaker is in.",
        [read = std::move(read)] {
            std::vector<Sample> samples;
            for (const NeighbourState& neighbour : read()) {
                if (neighbour.breaker.empty()) continue;
                samples.push_back({{{"neighbour", neighbour.name}, {"state", neighbour.breaker}}, 1});
            }
            return samples;
        });
}

void show_limit(Metrics& metrics, ReadLimit read) {
    metrics.gauge("server_limit", "Calls of others that may be under way at once.",
                  [read] { return static_cast<double>(read().in_flight_max); });
    const auto by_class = [&](const char* name, const char* help, auto users, auto background) {
        metrics.gauges(name, help, [read, users, background] {
            const LimitState state = read();
            return std::vector<Sample>{{{{"class", "users"}}, static_cast<double>(state.*users)},
                                       {{{"class", "background"}}, static_cast<double>(state.*background)}};
        });
    };
    by_class("server_calls_in_flight", "Calls of others under way.", &LimitState::users,
             &LimitState::background);
    by_class("server_calls_shed_total", "Calls of others that were refused, as too many were under way.",
             &LimitState::shed_users, &LimitState::shed_background);
}

}  // namespace jebi::watch
