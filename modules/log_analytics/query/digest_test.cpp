#include "modules/log_analytics/query/digest.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

using jebi::log_analytics::query::Digest;

namespace {

double exact(std::vector<double> values, double level) {
    std::ranges::sort(values);
    const double place = level * static_cast<double>(values.size() - 1);
    const auto low = static_cast<std::size_t>(place);
    const std::size_t high = std::min(low + 1, values.size() - 1);
    return values[low] + (values[high] - values[low]) * (place - static_cast<double>(low));
}

// Which part of the values lies below.
double part_below(const std::vector<double>& values, double bound) {
    return static_cast<double>(std::ranges::count_if(values, [&](double value) { return value < bound; })) /
           static_cast<double>(values.size());
}

}  // namespace

TEST_CASE("of few values every quantile is exact, whatever order they came in") {
    std::mt19937_64 random{1};
    for (std::size_t count = 1; count < 100; ++count) {
        std::vector<double> values(count);
        for (double& value : values)
            value = static_cast<double>(random() % 50);
        Digest digest;
        for (std::size_t begin = 0; begin < count; begin += 7) {
            std::vector<double> some(
                values.begin() + static_cast<std::ptrdiff_t>(begin),
                values.begin() + static_cast<std::ptrdiff_t>(std::min(begin + 7, count)));
            digest.add(some);
        }
        for (const double level : {0.0, 0.25, 0.5, 0.9, 0.99, 1.0})
            CHECK(digest.quantile(level) == doctest::Approx(exact(values, level)));
    }
}

TEST_CASE("of many values quantiles are near, the outer ones nearer, in memory that stays") {
    const std::uint64_t seed = std::random_device{}();
    MESSAGE("seed: " << seed);
    std::mt19937_64 random{seed};
    std::lognormal_distribution<double> latency{3, 1.2};
    std::vector<double> values(300'000);
    for (double& value : values)
        value = latency(random);
    Digest digest, other;
    for (std::size_t begin = 0; begin < values.size(); begin += 10'000) {
        std::vector<double> some(values.begin() + static_cast<std::ptrdiff_t>(begin),
                                 values.begin() + static_cast<std::ptrdiff_t>(begin + 10'000));
        (begin % 30'000 == 0 ? other : digest).add(some);
    }
    digest.add(other);
    CHECK(digest.bytes() < 10'000);
    CHECK(digest.quantile(0) == std::ranges::min(values));
    CHECK(digest.quantile(1) == std::ranges::max(values));
    for (const double level : {0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999}) {
        const double off = std::abs(part_below(values, digest.quantile(level)) - level);
        CHECK(off < 0.02 * std::sqrt(level * (1 - level)));
    }
}

TEST_CASE("the outermost values are known though they share a place, and others stand outside of it") {
    std::vector<double> values(100'000);
    std::iota(values.begin(), values.end(), 0);
    Digest digest;
    digest.add(values);
    std::vector<double> nearly_outside{0.5, 99'998.5};
    digest.add(nearly_outside);
    CHECK(digest.quantile(0) == 0);
    CHECK(digest.quantile(1) == 99'999);
}

TEST_CASE("values that are all the same have that as every quantile") {
    std::vector<double> values(100'000, 7.5);
    Digest digest;
    digest.add(values);
    for (const double level : {0.0, 0.5, 0.999, 1.0})
        CHECK(digest.quantile(level) == 7.5);
}
