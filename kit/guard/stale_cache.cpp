#include "kit/guard/stale_cache.h"

namespace jebi::guard {

namespace {

constexpr std::size_t share_max = 8;  // one entry fills at most this part of the cache

}  // namespace

void StaleCache::put(std::string key, std::string answer) {
    const std::lock_guard lock{mutex_};
    const auto found = by_key_.find(key);
    if (key.size() + answer.size() + entry_overhead_bytes > bytes_max_ / share_max) {
        if (found != by_key_.end()) erase(found->second);
        return;
    }
    if (found != by_key_.end()) {
        Entry& entry = *found->second;
        bytes_ -= cost(entry);
        entry.answer = std::move(answer);
        entry.at = time_.now();
        bytes_ += cost(entry);
        entries_.splice(entries_.begin(), entries_, found->second);
    } else {
        entries_.push_front({std::move(key), std::move(answer), time_.now()});
        by_key_.emplace(entries_.front().key, entries_.begin());
        bytes_ += cost(entries_.front());
    }
    while (bytes_ > bytes_max_)
        erase(std::prev(entries_.end()));
}

std::optional<std::string> StaleCache::get(std::string_view key, Millis age_max) {
    const std::lock_guard lock{mutex_};
    const auto found = by_key_.find(key);
    if (found == by_key_.end() || !is_fresh(*found->second, age_max)) return std::nullopt;
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->answer;
}

bool StaleCache::has(std::string_view key, Millis age_max) const {
    const std::lock_guard lock{mutex_};
    const auto found = by_key_.find(key);
    return found != by_key_.end() && is_fresh(*found->second, age_max);
}

void StaleCache::forget(std::string_view key) {
    const std::lock_guard lock{mutex_};
    if (const auto found = by_key_.find(key); found != by_key_.end()) erase(found->second);
}

std::size_t StaleCache::bytes() const {
    const std::lock_guard lock{mutex_};
    return bytes_;
}

std::size_t StaleCache::entries() const {
    const std::lock_guard lock{mutex_};
    return entries_.size();
}

std::size_t StaleCache::cost(const Entry& entry) {
    return entry.key.size() + entry.answer.size() + entry_overhead_bytes;
}

void StaleCache::erase(Entries::iterator entry) {
    bytes_ -= cost(*entry);
    by_key_.erase(entry->key);
    entries_.erase(entry);
}

bool StaleCache::is_fresh(const Entry& entry, Millis age_max) const {
    return time_.now() - entry.at <= age_max;
}

}  // namespace jebi::guard
