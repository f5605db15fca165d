#include "kit/watch/window.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

namespace jebi::watch {

namespace {

constexpr std::size_t parts = 4;           // buckets of one doubling
constexpr std::size_t doublings_max = 26;  // 2^26 us are 67 s

std::int64_t second_of(Deadline time) {
    return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

// The first bucket has all below 1 us, the last all beyond the last doubling.
std::size_t bucket_of(std::chrono::nanoseconds took) {
    const auto us = static_cast<std::uint64_t>(std::max<std::int64_t>(took.count(), 0)) / 1'000;
    if (us == 0) return 0;
    const auto doubling = static_cast<std::size_t>(std::bit_width(us) - 1);
    if (doubling >= doublings_max) return 1 + parts * doublings_max;
    return 1 + parts * doubling + static_cast<std::size_t>((us * parts >> doubling) - parts);
}

// Where a bucket begins.
double begin_us(std::size_t bucket) {
    if (bucket == 0) return 0;
    const std::size_t doubling = (bucket - 1) / parts, part = (bucket - 1) % parts;
    return std::ldexp(1.0 + static_cast<double>(part) / parts, static_cast<int>(doubling));
}

}  // namespace

void Histogram::add(std::chrono::nanoseconds took) {
    ++counts_[bucket_of(took)];
}

void Histogram::add(const Histogram& other) {
    for (std::size_t i = 0; i < buckets; ++i)
        counts_[i] += other.counts_[i];
}

std::uint64_t Histogram::count() const {
    return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

std::chrono::nanoseconds Histogram::quantile(double share) const {
    const std::uint64_t all = count();
    if (all == 0) return {};
    const double wanted = std::max(1.0, std::ceil(share * static_cast<double>(all)));
    double seen = 0;
    std::size_t bucket = 0;
    for (; bucket + 1 < buckets; ++bucket) {
        seen += counts_[bucket];
        if (seen >= wanted) break;
    }
    const bool is_last = bucket + 1 == buckets;
    const double middle_us = is_last ? begin_us(bucket) : (begin_us(bucket) + begin_us(bucket + 1)) / 2;
    return std::chrono::nanoseconds{static_cast<std::int64_t>(middle_us * 1'000)};
}

void Recent::add(const Recent& other) {
    span_s = std::max(span_s, other.span_s);
    count += other.count;
    errors += other.errors;
    took.add(other.took);
}

void Window::add(std::chrono::nanoseconds took, bool failed, Deadline now) {
    const std::int64_t number = second_of(now);
    const std::lock_guard lock{mutex_};
    Second& second = seconds_[static_cast<std::size_t>(number) % seconds_.size()];
    if (second.number > number) return;  // it took its thread a whole round to come here
    if (second.number < number) second = {.number = number};
    second.took.add(took);
    if (failed) ++second.errors;
}

Recent Window::recent(Deadline now) const {
    const std::int64_t present = second_of(now);
    const Deadline begin{std::chrono::seconds{present - seconds_max}};
    Recent sum{.span_s = std::max(1.0, std::chrono::duration<double>(now - std::max(begin, since_)).count())};
    const std::lock_guard lock{mutex_};
    for (const Second& second : seconds_) {
        if (second.number < present - seconds_max || second.number > present) continue;
        sum.took.add(second.took);
        sum.errors += second.errors;
    }
    sum.count = sum.took.count();
    return sum;
}

}  // namespace jebi::watch
