// One dictionary out of those of several parts, the most frequent text first, so that most codes are small.
#pragma once

#include <string_view>
#include <unordered_map>
#include <vector>

#include "modules/log_analytics/store/part.h"

namespace jebi::log_analytics {

class DictionaryBuilder {
public:
    // With one part there is nothing to look up: its texts differ from each other.
    explicit DictionaryBuilder(std::size_t parts) : several_(parts > 1) {}

    // A part's dictionary, which outlives the builder; its codes are then known by the number that is
    // answered.
    std::size_t add(const Dictionary& dictionary);
    // Counts the rows of a block of that part.
    void count(std::size_t part, std::span<const std::uint32_t> codes);
    // Counts rows without the column.
    void count_absent(std::uint32_t rows) { seen_counts_[0] += rows; }
    // Afterwards: gives the texts that occur their codes.
    void finish();

    std::span<const std::string_view> texts() const { return texts_; }  // code i + 1 is texts()[i]
    std::span<const std::uint32_t> counts() const { return counts_; }   // by code; first the absent
    void recode(std::size_t part, std::span<const std::uint32_t> from, std::span<std::uint32_t> to) const;

private:
    struct Hash {
        std::size_t operator()(std::string_view text) const;
    };
    static constexpr std::uint32_t rare_count_max = 64;
    std::vector<std::uint32_t> by_frequency() const;

    bool several_;
    std::vector<std::vector<std::uint32_t>> maps_;  // of each part: from its code to the place in seen_
    std::unordered_map<std::string_view, std::uint32_t, Hash> places_;
    std::vector<std::string_view> seen_;
    std::vector<std::uint32_t> seen_counts_{0};  // by place + 1; first the absent
    std::vector<std::uint32_t> codes_;           // by place + 1
    std::vector<std::string_view> texts_;
    std::vector<std::uint32_t> counts_;
};

}  // namespace jebi::log_analytics
