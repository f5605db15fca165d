#include "kit/guard/retry_budget.h"

namespace jebi::guard {

void RetryBudget::put() {
    const std::lock_guard lock{mutex_};
    ++window_.at(time_.now()).calls;
}

bool RetryBudget::take() {
    const std::lock_guard lock{mutex_};
    const Deadline now = time_.now();
    if (balance(now) < 1) return false;
    ++window_.at(now).retries;
    return true;
}

double RetryBudget::balance() const {
    const std::lock_guard lock{mutex_};
    return balance(time_.now());
}

double RetryBudget::balance(Deadline now) const {
    const Counts counts = window_.sum(now);
    const double reserve = std::chrono::duration<double>(settings_.ttl).count() * settings_.reserve_per_s;
    const double share = static_cast<double>(counts.calls) * settings_.percent / 100;
    return reserve + share - static_cast<double>(counts.retries);
}

}  // namespace jebi::guard
