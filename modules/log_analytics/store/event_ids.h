// The event ids that were seen last, so that an event that arrives twice is kept once.
//
// Ids are remembered as 128-bit hashes: two different ones look the same once in 2^128 / count^2 tries. 40
// bytes an id. Not thread-safe.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "kit/base/hash.h"

namespace jebi::log_analytics {

inline constexpr std::string_view event_id_field = "event_id";

class EventIds {
public:
    explicit EventIds(std::size_t count_max) : count_max_(count_max) {}

    // False when it is among the last `count_max` ones; else it is from now on.
    bool add(std::string_view id);
    std::size_t count() const { return known_.size(); }

private:
    struct First64 {
        std::size_t operator()(const Hash128& hash) const { return hash.low; }
    };
    std::size_t count_max_;
    std::unordered_set<Hash128, First64> known_;
    std::vector<Hash128> order_;  // a ring
    std::size_t oldest_ = 0;
};

}  // namespace jebi::log_analytics
