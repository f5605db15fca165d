#include "kit/watch/neighbours.h"

#include <doctest/doctest.h>

using namespace jebi::watch;

namespace {

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("each neighbour shows in the state that its breaker is in") {
    Metrics metrics;
    std::vector<NeighbourState> neighbours{{.name = "tweets",
                                            .breaker = "closed",
                                            .in_flight = 3,
                                            .in_flight_max = 64,
                                            .retries_left = 9.5,
                                            .retries = 7}};
    show_neighbours(metrics, [&] { return neighbours; });
    CHECK(has(metrics.text(), "neighbour_breaker_state{neighbour=\"tweets\",state=\"closed\"} 1"));
    CHECK(has(metrics.text(), "neighbour_calls_in_flight{neighbour=\"tweets\"} 3"));
    CHECK(has(metrics.text(), "neighbour_retry_budget{neighbour=\"tweets\"} 9.5"));
    CHECK(has(metrics.text(), "# TYPE neighbour_retries_total counter"));
    CHECK(has(metrics.text(), "neighbour_retries_total{neighbour=\"tweets\"} 7"));
    CHECK(has(metrics.text(), "neighbour_endpoints_ejected{neighbour=\"tweets\"} 0"));
    CHECK(has(metrics.text(), "neighbour_calls_in_flight_max{neighbour=\"tweets\"} 64"));
    neighbours[0].breaker = "open";
    CHECK(has(metrics.text(), "state=\"open\"} 1"));
    CHECK_FALSE(has(metrics.text(), "state=\"closed\""));
}

TEST_CASE("several ways to one neighbour are one neighbour: counts are summed, the worse breaker shows") {
    const auto read = by_name([] {
        return std::vector<NeighbourState>{
            {.name = "tweets", .breaker = "closed", .in_flight = 3, .retries = 1},
            {.name = "follows", .breaker = "closed"},
            {.name = "tweets",
             .breaker = "open",
             .reason = "9 in a row failed",
             .is_cut = true,
             .in_flight = 1,
             .ejected = 1,
             .endpoints = {{.address = "a"}}}};
    });
    const auto all = read();
    REQUIRE(all.size() == 2);
    CHECK(all[0].name == "tweets");
    CHECK(all[0].breaker == "open");
    CHECK(all[0].reason == "9 in a row failed");
    CHECK(all[0].is_cut);  // the other way may only not have been tried
    CHECK(all[0].in_flight == 4);
    CHECK(all[0].retries == 1);
    CHECK(all[0].ejected == 1);
    CHECK(all[0].endpoints.empty());
    CHECK(all[1].breaker == "closed");
}

TEST_CASE("of several ways the breaker that cuts shows, else one that is not closed, whichever comes first") {
    const NeighbourState none{.name = "tweets"}, closed{.name = "tweets", .breaker = "closed"},
        trying{.name = "tweets", .breaker = "half-open"},
        cut{.name = "tweets", .breaker = "open", .is_cut = true},
        left_alone{.name = "tweets", .breaker = "closed", .is_cut = true};
    const auto shown = [](const NeighbourState& one, const NeighbourState& other) {
        const auto both = by_name([&] { return std::vector{one, other}; })();
        const auto turned = by_name([&] { return std::vector{other, one}; })();
        REQUIRE(both.size() == 1);
        CHECK(both[0].breaker == turned[0].breaker);
        return both[0].breaker;
    };
    CHECK(shown(none, closed) == "closed");
    CHECK(shown(none, trying) == "half-open");
    CHECK(shown(closed, trying) == "half-open");
    CHECK(shown(trying, cut) == "open");
    CHECK(shown(trying, left_alone) == "closed");
}

TEST_CASE("what limits the calls of others shows by class") {
    Metrics metrics;
    show_limit(metrics,
               [] { return LimitState{.in_flight_max = 40, .users = 3, .background = 1, .shed_users = 2}; });
    CHECK(has(metrics.text(), "server_limit 40"));
    CHECK(has(metrics.text(), "server_calls_in_flight{class=\"users\"} 3"));
    CHECK(has(metrics.text(), "server_calls_in_flight{class=\"background\"} 1"));
    CHECK(has(metrics.text(), "# TYPE server_calls_shed_total counter"));
    CHECK(has(metrics.text(), "server_calls_shed_total{class=\"users\"} 2"));
}
