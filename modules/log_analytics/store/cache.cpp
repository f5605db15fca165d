#include "modules/log_analytics/store/cache.h"

namespace jebi::log_analytics {

Cache::Value Cache::find(const Key& key) {
    const std::lock_guard lock{mutex_};
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->value;
}

void Cache::put(const Key& key, Value value, std::size_t bytes) {
    if (bytes > bytes_max_ / 2) return;
    const std::lock_guard lock{mutex_};
    if (by_key_.contains(key)) return;
    entries_.push_front({.key = key, .value = std::move(value), .bytes = bytes});
    by_key_.emplace(key, entries_.begin());
    bytes_ += bytes;
    while (bytes_ > bytes_max_)
        drop(std::prev(entries_.end()));
}

void Cache::forget(std::uint64_t owner) {
    const std::lock_guard lock{mutex_};
    auto at = by_key_.lower_bound({owner, 0});
    while (at != by_key_.end() && at->first.first == owner) {
        const auto entry = at->second;
        ++at;
        drop(entry);
    }
}

void Cache::drop(std::list<Entry>::iterator entry) {
    bytes_ -= entry->bytes;
    by_key_.erase(entry->key);
    entries_.erase(entry);
}

}  // namespace jebi::log_analytics
