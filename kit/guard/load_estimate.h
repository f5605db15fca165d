// How long one more call to an endpoint would probably take: the figure that the balancer compares.
//
// Peak EWMA (Finagle, Linkerd): (in flight + 1) x a latency that jumps up to a slower answer at once and
// comes down slowly, by e in ten seconds. A failure counts as an answer of `penalty`, since who refuses
// quickly must not look fast: a 429 or 503 would otherwise draw the others' calls as well.
#pragma once

#include <atomic>
#include <mutex>

#include "kit/base/clock.h"

namespace jebi::guard {

// Thread-safe.
class LoadEstimate {
public:
    static constexpr Millis decay{10'000};
    static constexpr Millis penalty{1'000};

    // One call, while this lives. What it tells of the time it took is answered() and failed().
    class InFlight {
    public:
        explicit InFlight(LoadEstimate& estimate) : estimate_(estimate) { ++estimate_.in_flight_; }
        InFlight(const InFlight&) = delete;
        ~InFlight() { --estimate_.in_flight_; }

    private:
        LoadEstimate& estimate_;
    };
    void answered(Deadline now, std::chrono::nanoseconds took);
    void failed(Deadline now, std::chrono::nanoseconds took);

    std::int64_t in_flight() const { return in_flight_; }
    std::chrono::nanoseconds latency(Deadline now) const;
    double load(Deadline now) const;

private:
    double latency_ns(Deadline now) const;

    std::atomic<std::int64_t> in_flight_ = 0;
    mutable std::mutex mutex_;
    double latency_ns_ = 0;  // 0: nothing is known, and somebody should try
    Deadline at_{};
};

}  // namespace jebi::guard
