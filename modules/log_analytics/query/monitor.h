// What all threads of one query share: its bounds, its costs, and why it ended early.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "modules/log_analytics/query/query.h"

namespace jebi::log_analytics::query {

class Monitor {
public:
    explicit Monitor(const QueryOptions& options) : options_(options) {}

    // False when the work is to end: the time is up, nobody waits, a bound is reached, or another thread has
    // failed.
    bool may_go_on();
    // Memory that is kept until the query ends, in bytes; `before` was told the last time.
    bool keep(std::size_t bytes, std::size_t& before);
    // The first one counts.
    void fail(Error error);
    // A block that cannot be read; false for errors of other kinds, which end the query.
    bool note_damage(const Error& error);
    void add(const AnswerCost& cost);

    Result<void> result() const;
    AnswerCost cost() const { return cost_; }
    const std::vector<std::string>& damaged() const { return damaged_; }

private:
    static constexpr std::size_t damaged_max = 100;

    const QueryOptions& options_;
    std::atomic<bool> ended_{false};
    std::atomic<std::size_t> kept_{0};
    mutable std::mutex mutex_;
    std::optional<Error> error_;
    AnswerCost cost_;
    std::vector<std::string> damaged_;
};

}  // namespace jebi::log_analytics::query
