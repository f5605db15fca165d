#include "modules/log_analytics/store/dictionary_builder.h"

#include <algorithm>
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

void DictionaryBuilder::finish() {
    std::vector<std::uint32_t> order;
    for (std::uint32_t place = 1; place < seen_counts_.size(); ++place) {
        if (seen_counts_[place] > 0) order.push_back(place);
    }
    std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) {
        return seen_counts_[a] != seen_counts_[b] ? seen_counts_[a] > seen_counts_[b] : a < b;
    });
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
