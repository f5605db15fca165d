// The one line: what log-analytics learns about each request to the pages and the API.
//
//     log_analytics(site, request, answered);
//
// stands in one place (door.cpp), and nothing else here knows the service. The call makes a line of JSON and
// puts it into a queue in memory: some 2 us of its caller's time, without waiting, failing or throwing,
// whatever the state of the service. A job (delivery.h) takes it from there.
//
// What a line tells, as far as it is known:
//     ts           when the request ended: ISO 8601
//     event_id     128 random bits in hex: the service takes each id once, however often it arrives
//     service      "jebi"
//     ip           the client's address
//     method, originalUrl, route
//                  "GET", "/users/minji?page=2", "/users/{name}". Of a query only what one turns pages by is
//                  told; tokens and codes in addresses are no business of a log's.
//     status, latency_ms
//     userID, user who was signed in: the id as text, and the name
//     user_agent, referer
//                  the referer without its query; both cut at some length
//     trace_id     as error pages and the operator's log show it
//
// Lost is only what a crash (kill -9) finds in the queue and in the batch that is on its way: what came in
// the last 0.4 s, or 1.4 s while the service is silent (delivery.h), and never more than the queue holds; and
// what is beyond the bounds of queue and spool, which is counted.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "kit/http/message.h"

namespace jebi::web {

struct Site;
struct Answered;

void log_analytics(const Site& site, const http::Request& request, const Answered& answered) noexcept;

// Lines on their way to the job that delivers them. Thread-safe; a lock is held for one copy of a line.
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
