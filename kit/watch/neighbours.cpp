#include "kit/watch/neighbours.h"

#include <algorithm>
#include <utility>

namespace jebi::watch {

namespace {

// Two ways to the same neighbour.
void add(NeighbourState& sum, const NeighbourState& other) {
    const bool is_worse = (other.is_cut && !sum.is_cut) ||
                          (sum.breaker == "closed" && other.breaker != "closed" && !other.breaker.empty());
    if (is_worse) {
        sum.breaker = other.breaker;
        sum.reason = other.reason;
    }
    sum.is_cut = sum.is_cut && other.is_cut;
    sum.in_flight += other.in_flight;
    sum.waiting += other.waiting;
    sum.retries_left += other.retries_left;
    sum.retries += other.retries;
    sum.refused += other.refused;
    sum.stale_answers += other.stale_answers;
}

}  // namespace

ReadNeighbours by_name(ReadNeighbours read) {
    return [read = std::move(read)] {
        std::vector<NeighbourState> all;
        for (NeighbourState& state : read()) {
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
    show("neighbour_calls_waiting", "Calls that wait for their turn.", &NeighbourState::waiting);
    show("neighbour_retry_budget", "Retries that may be made now.", &NeighbourState::retries_left);
    show("neighbour_retries_total", "Calls that were sent again.", &NeighbourState::retries);
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

}  // namespace jebi::watch
