// What log-analytics is to learn (log_analytics.h), on its way to the job that delivers it (delivery.h).
//
// Thread-safe; a lock is held for one copy of a line.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace jebi::web {

class Events {
public:
    struct Bounds {
        std::size_t count_max = 50'000;
        std::size_t bytes_max = 32 * 1024 * 1024;
    };
    // Without bounds it is off: what is put is forgotten, and is no loss.
    explicit Events(std::optional<Bounds> bounds) : bounds_(bounds.value_or(Bounds{})), on_(bounds) {}

    bool is_on() const { return on_; }
    // A line without its \n. Beyond the bounds it is dropped and counted.
    void put(std::string_view line) noexcept;
    void drop() noexcept { ++dropped_; }  // counts a line that could not even be made
    // The oldest lines, each with its \n: a chunk, or several as long as all of them are under `bytes_max`.
    std::string take(std::size_t bytes_max);

    std::size_t count() const;  // waiting
    std::uint64_t dropped() const { return dropped_; }

    static constexpr std::size_t chunk_bytes = 64 * 1024;  // memory is taken in pieces of this size

private:
    struct Chunk {
        std::string lines;
        std::size_t count = 0;
    };
    bool append(std::string_view line);

    Bounds bounds_;
    bool on_;
    mutable std::mutex mutex_;  // of the next three
    std::deque<Chunk> chunks_;
    std::size_t count_ = 0;
    std::size_t bytes_ = 0;
    std::atomic<std::uint64_t> dropped_ = 0;
};

}  // namespace jebi::web
