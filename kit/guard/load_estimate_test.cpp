#include "kit/guard/load_estimate.h"

#include "kit/guard/guard_testing.h"

namespace jebi::guard::testing {

TEST_CASE("a slower answer counts at once, a quicker one by and by") {
    LoadEstimate estimate;
    Deadline now = in(Millis{0});
    estimate.answered(now, Millis{10});
    estimate.answered(now, Millis{100});
    CHECK(estimate.latency(now) == Millis{100});
    now += Millis{1'000};
    estimate.answered(now, Millis{10});
    CHECK(estimate.latency(now) > Millis{80});
    for (int i = 0; i < 60; ++i) {
        now += Millis{1'000};
        estimate.answered(now, Millis{10});
    }
    CHECK(estimate.latency(now) < Millis{11});
}

TEST_CASE("who refuses quickly does not look fast, and is forgiven in time") {
    LoadEstimate quick;
    LoadEstimate refusing;
    const Deadline now = in(Millis{0});
    quick.answered(now, Millis{50});
    refusing.failed(now, Millis{1});
    CHECK(refusing.load(now) > 10 * quick.load(now));
    CHECK(refusing.latency(now + Millis{100'000}) < Millis{1});
}

TEST_CASE("what is in flight counts, also before anything is known") {
    LoadEstimate busy;
    const LoadEstimate idle;
    const Deadline now = in(Millis{0});
    {
        const LoadEstimate::InFlight one{busy};
        CHECK(busy.load(now) == doctest::Approx(2 * idle.load(now)));
    }
    CHECK(busy.in_flight() == 0);
}

}  // namespace jebi::guard::testing
