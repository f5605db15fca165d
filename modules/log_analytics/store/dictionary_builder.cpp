#include "modules/log_analytics/store/dictionary_builder.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "kit/base/hash.h"

namespace jebi::log_analytics {

std::size_t DictionaryBuilder::Hash::operator()(std::string_view text) const {
    return hash64(text);
}

std::size_t DictionaryBuilder::add(const Dictionary& dictionary) {
    std::vector<std::uint32_t> map(dictionary.size() + 1);
    for (std::uint32_t code = 1; code <= dictionary.size(); ++code) {
        const std::string_view text = dictionary.text(code);
        const auto next = static_cast<std::uint32_t>(seen_.size() + 1);
        map[code] = several_ ? places_.try_emplace(text, next).first->second : next;
        if (map[code] == next) seen_.push_back(text);
    }
    seen_counts_.resize(seen_.size() + 1);
    maps_.push_back(std::move(map));
    return maps_.size() - 1;
}

void DictionaryBuilder::count(std::size_t part, std::span<const std::uint32_t> codes) {
    const std::vector<std::uint32_t>& map = maps_[part];
    for (const std::uint32_t code : codes)
        ++seen_counts_[map[code]];
}

// The places of texts that occur, the most frequent first. Most texts of a large dictionary occur once or
// twice: those are counted out and not sorted.
std::vector<std::uint32_t> DictionaryBuilder::by_frequency() const {
    std::vector<std::uint32_t> order, begins(rare_count_max + 1);  // by rare_count_max - count
    for (std::uint32_t place = 1; place < seen_counts_.size(); ++place) {
        const std::uint32_t count = seen_counts_[place];
        if (count > rare_count_max) order.push_back(place);
        if (count > 0 && count <= rare_count_max) ++begins[rare_count_max - count + 1];
    }
    std::ranges::stable_sort(order, std::greater{}, [&](std::uint32_t place) { return seen_counts_[place]; });
    begins[0] = static_cast<std::uint32_t>(order.size());
    std::partial_sum(begins.begin(), begins.end(), begins.begin());
    order.resize(begins.back());
    for (std::uint32_t place = 1; place < seen_counts_.size(); ++place) {
        const std::uint32_t count = seen_counts_[place];
        if (count > 0 && count <= rare_count_max) order[begins[rare_count_max - count]++] = place;
    }
    return order;
}

void DictionaryBuilder::finish() {
    const std::vector<std::uint32_t> order = by_frequency();
    texts_.reserve(order.size());
    counts_.reserve(order.size() + 1);
    codes_.assign(seen_counts_.size(), 0);
    counts_.assign(1, seen_counts_[0]);
    for (const std::uint32_t place : order) {
        texts_.push_back(seen_[place - 1]);
        counts_.push_back(seen_counts_[place]);
        codes_[place] = static_cast<std::uint32_t>(texts_.size());
    }
    places_.clear();
}

void DictionaryBuilder::recode(std::size_t part, std::span<const std::uint32_t> from,
                               std::span<std::uint32_t> to) const {
    const std::vector<std::uint32_t>& map = maps_[part];
    for (std::size_t row = 0; row < from.size(); ++row)
        to[row] = codes_[map[from[row]]];
}

}  // namespace jebi::log_analytics
