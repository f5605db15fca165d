// What users see while things go wrong: journeys that are walked again and again from the client's side.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "kit/base/clock.h"
#include "kit/base/result.h"
#include "kit/guard/time.h"

namespace jebi::chaos {

struct Walk {
    std::string key;  // of this walk, the same when it is tried again: for idempotency
    int number;       // of the try: 1, or 2
};
struct Journey {
    std::string name;
    // Must have an end of its own. What fails is tried once more with the same key.
    std::function<Result<void>(const Walk&)> walk;
    Millis pause{20};  // before the next
};

struct JourneySeen {
    std::string name;
    std::uint64_t walks = 0;
    std::uint64_t first = 0;     // good at the first try
    std::uint64_t second = 0;    // good at the second
    Millis longest{};            // of one try
    std::string last_failure{};  // empty: none

    std::uint64_t failed() const { return walks - first - second; }
    double first_share() const;  // 1 when nobody has walked
    double share() const;        // with one retry
};

// Thread-safe.
class Journeys {
public:
    // `time` outlives it. Keys begin with `prefix`, which is to be new each time.
    Journeys(std::vector<Journey> journeys, std::string prefix, const guard::Time& time);
    // Ends as end().
    ~Journeys();

    // All of them once, one after the other, on this thread.
    void walk_once();
    // A thread for each journey, until end(). Once.
    void begin();
    void end();

    std::vector<JourneySeen> seen() const;
    // Walks that were not good at the first try, of all.
    std::uint64_t first_failures() const;

private:
    struct One {
        Journey journey;
        JourneySeen seen;
    };
    void walk(One& one);

    const std::string prefix_;
    const guard::Time& time_;
    mutable std::mutex mutex_;  // of what was seen
    std::vector<std::unique_ptr<One>> all_;
    std::vector<std::jthread> threads_;
};

}  // namespace jebi::chaos
