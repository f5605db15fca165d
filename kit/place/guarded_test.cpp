#include "kit/place/guarded.h"

#include <doctest/doctest.h>

using namespace jebi;
using namespace jebi::place;

namespace {

guard::EndpointView endpoint(guard::BreakerState state, bool ejected, std::string reason = "") {
    return {.breaker = {.state = state, .reason = std::move(reason)}, .ejected = ejected};
}

}  // namespace

TEST_CASE("a neighbour shows its worst endpoint, and is cut when all are") {
    using enum guard::BreakerState;
    guard::GuardView view{.neighbour = "tweets",
                          .endpoints = {endpoint(closed, false), endpoint(open, true, "20 of 20 failed")},
                          .retry_balance = 4.5,
                          .in_flight = 3,
                          .queued = 2,
                          .retries = 7,
                          .left_alone = 5,
                          .queue_full = 1};
    auto state = neighbour_state(view);
    CHECK(state.name == "tweets");
    CHECK(state.breaker == "open");
    CHECK(state.reason == "20 of 20 failed");
    CHECK_FALSE(state.is_cut);
    CHECK(state.in_flight == 3);
    CHECK(state.waiting == 2);
    CHECK(state.retries_left == 4.5);
    CHECK(state.retries == 7);
    CHECK(state.refused == 6);
    view.endpoints[0] = endpoint(half_open, true);
    CHECK(neighbour_state(view).is_cut);
    view.endpoints = {endpoint(half_open, false), endpoint(closed, false)};
    CHECK(neighbour_state(view).breaker == "half-open");
}

TEST_CASE("a neighbour without endpoints has no breaker") {
    CHECK(neighbour_state({.neighbour = "tweets"}).breaker.empty());
    CHECK_FALSE(neighbour_state({.neighbour = "tweets"}).is_cut);
}
