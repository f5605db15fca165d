// The last good answers of a neighbour, for when it cannot be asked.
//
// Holds bytes, at most `bytes_max` of them with what they cost to keep; of more, what was used for the
// longest time ago goes. Whether an answer may stand in, and for how long, is the contract's to say
// (stale_ms_max in kit/rpc/options.proto).
#pragma once

#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "kit/guard/time.h"

namespace jebi::guard {

// Thread-safe.
class StaleCache {
public:
    StaleCache(std::size_t bytes_max, const Time& time) : bytes_max_(bytes_max), time_(time) {}

    // The answer to `key` is this, now. One that would fill more than an eighth of the cache is not kept, and
    // what was kept for the key goes.
    void put(std::string key, std::string answer);
    // The answer, when there is one that is at most so old.
    std::optional<std::string> get(std::string_view key, Millis age_max);
    bool has(std::string_view key, Millis age_max) const;
    void forget(std::string_view key);

    std::size_t bytes() const;
    std::size_t entries() const;

    static constexpr std::size_t entry_overhead_bytes = 200;  // counted for each, beyond key and answer

private:
    struct Entry {
        std::string key;
        std::string answer;
        Deadline at;
    };
    using Entries = std::list<Entry>;

    static std::size_t cost(const Entry& entry);
    void erase(Entries::iterator entry);
    bool is_fresh(const Entry& entry, Millis age_max) const;

    const std::size_t bytes_max_;
    const Time& time_;
    mutable std::mutex mutex_;                                        // of all below
    Entries entries_;                                                 // the one used last stands first
    std::unordered_map<std::string_view, Entries::iterator> by_key_;  // the views are of entries_
    std::size_t bytes_ = 0;
};

}  // namespace jebi::guard
