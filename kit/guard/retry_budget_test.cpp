#include "kit/guard/retry_budget.h"

#include "kit/guard/guard_testing.h"

namespace jebi::guard::testing {

namespace {

int taken(RetryBudget& budget, int tries) {
    int count = 0;
    for (int i = 0; i < tries; ++i)
        count += budget.take() ? 1 : 0;
    return count;
}

}  // namespace

TEST_CASE("without calls there is the reserve of ten seconds, once") {
    const ManualTime time;
    RetryBudget budget({}, time);
    CHECK(budget.balance() == doctest::Approx(100));
    CHECK(taken(budget, 1'000) == 100);
    CHECK_FALSE(budget.take());
    time.advance(Millis{10'000});
    CHECK(taken(budget, 1'000) == 100);
}

TEST_CASE("five calls earn a retry") {
    const ManualTime time;
    RetryBudget budget({.reserve_per_s = 0}, time);
    CHECK_FALSE(budget.take());
    for (int i = 0; i < 4; ++i)
        budget.put();
    CHECK_FALSE(budget.take());
    budget.put();
    CHECK(budget.take());
    CHECK_FALSE(budget.take());
}

TEST_CASE("what was earned is gone after ten seconds") {
    const ManualTime time;
    RetryBudget budget({.reserve_per_s = 0}, time);
    for (int i = 0; i < 50; ++i)
        budget.put();
    time.advance(Millis{8'900});
    CHECK(budget.balance() == doctest::Approx(10));
    time.advance(Millis{1'100});
    CHECK(budget.balance() == doctest::Approx(0));
    CHECK_FALSE(budget.take());
}

TEST_CASE("retries stay a fifth of the calls, and ten a second, however much fails") {
    const ManualTime time;
    RetryBudget budget({}, time);
    int retries = 0;
    constexpr int seconds = 60;
    constexpr int calls_a_second = 500;
    for (int i = 0; i < seconds * calls_a_second; ++i) {
        budget.put();
        retries += taken(budget, 2);
        time.advance(Millis{1'000} / calls_a_second);
    }
    CHECK(retries <= seconds * calls_a_second / 5 + seconds * 10 + 100);
    CHECK(retries >= seconds * calls_a_second / 5);
}

}  // namespace jebi::guard::testing
