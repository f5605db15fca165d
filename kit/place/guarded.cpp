#include "kit/place/guarded.h"

#include <algorithm>

namespace jebi::place {

namespace {

bool is_worse(const guard::EndpointView& one, const guard::EndpointView& other) {
    if (one.ejected != other.ejected) return one.ejected;
    return one.breaker.state != guard::BreakerState::closed &&
           other.breaker.state == guard::BreakerState::closed;
}

}  // namespace

watch::NeighbourState neighbour_state(const guard::GuardView& view) {
    watch::NeighbourState state{.name = view.neighbour,
                                .in_flight = view.in_flight,
                                .waiting = view.queued,
                                .retries_left = view.retry_balance,
                                .retries = view.retries,
                                .refused = view.left_alone + view.queue_full,
                                .stale_answers = view.stale_answers};
    if (view.endpoints.empty()) return state;
    const auto& worst = *std::ranges::max_element(
        view.endpoints, [](const auto& one, const auto& other) { return is_worse(other, one); });
    state.breaker = name(worst.breaker.state);
    state.reason = worst.breaker.reason;
    state.is_cut = std::ranges::all_of(view.endpoints, &guard::EndpointView::ejected);
    return state;
}

}  // namespace jebi::place
