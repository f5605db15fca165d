// Walks over the blocks of a snapshot that may have rows for a plan, on several threads.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "modules/log_analytics/query/monitor.h"
#include "modules/log_analytics/query/part_reader.h"

namespace jebi::log_analytics::query {

// Takes the rows that passed; one for each thread.
class Sink {
public:
    virtual ~Sink() = default;
    // False: no row of this block can matter any more.
    virtual bool wants(const PartReader& reader, std::size_t part, std::size_t block) const = 0;
    // `frame` has the rows that passed, at least one. An error leaves the sink as it was.
    virtual Result<void> add(BlockFrame& frame, std::size_t part, Evaluator& evaluator) = 0;
    // Takes a whole part from what the part knows about itself, without its rows; false when it cannot.
    virtual Result<bool> add_whole(PartReader&, std::uint64_t& bytes) {
        (void)bytes;
        return false;
    }
    virtual std::size_t bytes() const = 0;
};

// The order in which blocks are looked at.
enum class ScanOrder : std::uint8_t { any, as_taken, newest_first, oldest_first };

struct Query {
    const Plan& plan;
    const Snapshot& snapshot;
    const QueryOptions& options;
    Monitor& monitor;

    unsigned workers() const { return options.threads ? std::max(1U, options.workers) : 1; }
    void run(const std::function<void(unsigned)>& work) const;
};

// Gives the rows that pass plan.where to the sinks, of which there are query.workers().
void scan(const Query& query, ScanOrder order, const std::vector<Sink*>& sinks);

}  // namespace jebi::log_analytics::query
