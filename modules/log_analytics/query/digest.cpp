#include "modules/log_analytics/query/digest.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numbers>

namespace jebi::log_analytics::query {

namespace {

// How many places there are at most, about.
constexpr double places_max = 400;

// k1 of the paper: a place may span one step of it.
double scale_of(double part) {
    return places_max / (2 * std::numbers::pi) * std::asin(2 * part - 1);
}
double part_of(double scale) {
    return (std::sin(std::min(scale * 2 * std::numbers::pi / places_max, std::numbers::pi / 2)) + 1) / 2;
}

}  // namespace

void Digest::add(std::span<double> values) {
    if (values.empty()) return;
    std::ranges::sort(values);
    std::vector<Place> places;
    places.reserve(values.size());
    for (const double value : values)
        places.push_back({.mean = value, .weight = 1});
    take(std::move(places), values.front(), values.back());
}

void Digest::add(const Digest& other) {
    if (!other.empty()) take(other.places_, other.smallest_, other.largest_);
}

void Digest::take(std::vector<Place> places, double smallest, double largest) {
    smallest_ = empty() ? smallest : std::min(smallest_, smallest);
    largest_ = empty() ? largest : std::max(largest_, largest);
    for (const Place& place : places)
        count_ += place.weight;
    std::vector<Place> all;
    all.reserve(places.size() + places_.size());
    std::ranges::merge(places, places_, std::back_inserter(all), {}, &Place::mean, &Place::mean);
    places_.clear();
    double done = 0, end = part_of(scale_of(0) + 1);
    Place joined = all.front();
    for (const Place& place : std::span(all).subspan(1)) {
        if ((done + joined.weight + place.weight) / count_ <= end) {
            joined.weight += place.weight;
            joined.mean += (place.mean - joined.mean) * place.weight / joined.weight;
            continue;
        }
        done += joined.weight;
        end = part_of(scale_of(done / count_) + 1);
        places_.push_back(joined);
        joined = place;
    }
    places_.push_back(joined);
    places_.shrink_to_fit();
}

double Digest::quantile(double level) const {
    const double wanted = level * (count_ - 1);
    double done = 0, before_at = 0, before = smallest_;
    const auto between = [&](double at, double value) {
        return at == before_at ? value : std::lerp(before, value, (wanted - before_at) / (at - before_at));
    };
    // The outermost place need not hold the outermost value: that may share one with smaller ones that
    // another digest brought.
    const auto value_of = [&](const Place& place, double at) {
        return at == 0 ? smallest_ : at == count_ - 1 ? largest_ : place.mean;
    };
    for (const Place& place : places_) {
        const double middle = done + (place.weight - 1) / 2;
        const double value = value_of(place, middle);
        if (middle >= wanted) return between(middle, value);
        before_at = middle;
        before = value;
        done += place.weight;
    }
    return between(count_ - 1, largest_);
}

std::size_t Digest::bytes() const {
    return places_.capacity() * sizeof(Place);
}

}  // namespace jebi::log_analytics::query
