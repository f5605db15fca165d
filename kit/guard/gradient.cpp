#include "kit/guard/gradient.h"

#include <algorithm>

namespace jebi::guard {

namespace {

constexpr int answers_min = 10;           // in a window that counts
constexpr int first_windows = 10;         // whose plain mean begins the long run
constexpr double long_share = 1.0 / 300;  // of each later window in it
constexpr double gradient_min = 0.5;      // a limit is at most halved
constexpr double queue = 4;               // requests that may wait for others, and by which the limit grows
constexpr double smoothing = 0.2;         // the share of what is new in the limit
constexpr double recovery = 0.95;         // by which the long run comes down after an overload
constexpr double recovery_ratio = 2;      // long run to window, from which on it does

}  // namespace

Gradient::Gradient(const GradientSettings& settings)
    : settings_(settings), limit_(std::clamp(settings.initial, settings.min, settings.max)) {}

void Gradient::add(Deadline now, std::chrono::nanoseconds took, int in_flight) {
    if (now >= window_end_) {
        if (answers_ >= answers_min) end_window();
        window_end_ = now + window;
        window_ns_ = 0;
        answers_ = 0;
        in_flight_max_ = 0;
    }
    window_ns_ += static_cast<double>(took.count());
    ++answers_;
    in_flight_max_ = std::max(in_flight_max_, in_flight);
}

void Gradient::end_window() {
    const double short_ns = window_ns_ / answers_;
    windows_ = std::min(windows_ + 1, first_windows + 1);
    long_ns_ += (short_ns - long_ns_) * (windows_ <= first_windows ? 1.0 / windows_ : long_share);
    if (long_ns_ / short_ns > recovery_ratio) long_ns_ *= recovery;
    if (in_flight_max_ < limit_ / 2) return;
    const double gradient = std::clamp(settings_.tolerance * long_ns_ / short_ns, gradient_min, 1.0);
    const double wanted = limit_ * gradient + queue;
    limit_ = std::clamp(limit_ * (1 - smoothing) + wanted * smoothing, static_cast<double>(settings_.min),
                        static_cast<double>(settings_.max));
}

}  // namespace jebi::guard
