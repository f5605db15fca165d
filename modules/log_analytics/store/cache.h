// What was read from segments and may be wanted again (dictionaries, filters): the least recently used goes
// first when the bound in bytes is reached. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace jebi::log_analytics {

class Cache {
public:
    using Key = std::pair<std::uint64_t, std::uint64_t>;
    using Value = std::shared_ptr<const void>;  // shared with whoever reads it while it leaves the cache

    explicit Cache(std::size_t bytes_max) : bytes_max_(bytes_max) {}

    Value find(const Key& key);
    void put(const Key& key, Value value, std::size_t bytes);
    // A number that no other caller gets: the first half of keys.
    std::uint64_t new_owner() { return ++owners_; }
    void forget(std::uint64_t owner);

private:
    struct Entry {
        Key key;
        Value value;
        std::size_t bytes;
    };
    void drop(std::list<Entry>::iterator entry);

    std::mutex mutex_;
    std::size_t bytes_max_, bytes_ = 0;
    std::list<Entry> entries_;  // the one used last stands first
    std::map<Key, std::list<Entry>::iterator> by_key_;
    std::atomic<std::uint64_t> owners_ = 0;
};

}  // namespace jebi::log_analytics
