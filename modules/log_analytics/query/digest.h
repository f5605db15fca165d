// Where many values lie, in memory that does not grow with their number: a t-digest (Dunning and Ertl,
// "Computing Extremely Accurate Quantiles Using t-Digests", 2019; the merging one, with the scale function
// k1). Neighbouring values share a place, the fewer the nearer they are to either end, so that p99 and p999
// are the exacter ones. Of fewer than a hundred values none share one, and quantiles are exact.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace jebi::log_analytics::query {

class Digest {
public:
    // Puts the values in order, and takes them.
    void add(std::span<double> values);
    void add(const Digest& other);

    bool empty() const { return places_.empty(); }
    // Between two values linear, as between_levels() of the values themselves. Not of an empty one.
    double quantile(double level) const;
    std::size_t bytes() const;

private:
    struct Place {
        double mean, weight;
    };
    void take(std::vector<Place> places, double smallest, double largest);

    std::vector<Place> places_;  // by their means
    double smallest_ = 0, largest_ = 0, count_ = 0;
};

}  // namespace jebi::log_analytics::query
