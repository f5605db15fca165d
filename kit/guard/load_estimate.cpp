#include "kit/guard/load_estimate.h"

#include <algorithm>
#include <cmath>

namespace jebi::guard {

void LoadEstimate::answered(Deadline now, std::chrono::nanoseconds took) {
    const std::lock_guard lock{mutex_};
    const auto sample = static_cast<double>(took.count());
    const double elapsed = std::chrono::duration<double>(now - at_) / decay;
    const double weight = std::exp(-std::max(elapsed, 0.0));
    latency_ns_ = sample > latency_ns_ ? sample : latency_ns_ * weight + sample * (1 - weight);
    at_ = now;
}

void LoadEstimate::failed(Deadline now, std::chrono::nanoseconds took) {
    answered(now, std::max<std::chrono::nanoseconds>(took, penalty));
}

std::chrono::nanoseconds LoadEstimate::latency(Deadline now) const {
    return std::chrono::nanoseconds{static_cast<std::int64_t>(latency_ns(now))};
}

double LoadEstimate::load(Deadline now) const {
    constexpr double latency_ns_min = 1'000;  // so that what is in flight counts before anything is known
    return static_cast<double>(in_flight_ + 1) * std::max(latency_ns(now), latency_ns_min);
}

// Who is not asked is forgiven in time, else a penalty would last for ever.
double LoadEstimate::latency_ns(Deadline now) const {
    const std::lock_guard lock{mutex_};
    const double elapsed = std::chrono::duration<double>(now - at_) / decay;
    return latency_ns_ * std::exp(-std::max(elapsed, 0.0));
}

}  // namespace jebi::guard
