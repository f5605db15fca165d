// The states of one aggregate for all groups: filled block by block, merged across threads, then read.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "modules/log_analytics/query/plan.h"
#include "modules/log_analytics/query/vector.h"

namespace jebi::log_analytics::query {

// Which group each row is in. Without keys there is one group, and no list.
struct GroupsOfRows {
    std::span<const std::uint32_t> groups;
    std::size_t rows;
    std::size_t count;  // of groups so far

    std::uint32_t operator[](std::size_t row) const { return groups.empty() ? 0 : groups[row]; }
};

// Calls the work on several threads, at least on one, and waits for it.
using SeveralThreads = std::function<void(const std::function<void(unsigned)>& work)>;

// Of one thread.
class Aggregate {
public:
    virtual ~Aggregate() = default;
    // `values`: null for count().
    virtual void add(const GroupsOfRows& rows, const Vector* values) = 0;
    // Rows of which nothing else is known; for count() alone.
    virtual void add_count(std::uint32_t group, std::uint64_t rows);
    // Takes the states of another of the same kind: its group i is our group group_of[i].
    virtual void merge(Aggregate& other, std::span<const std::uint32_t> group_of) = 0;
    // The results, for that many groups; once. May borrow from the aggregate.
    virtual Vector result(std::size_t groups, const SeveralThreads& run) = 0;
    virtual std::size_t bytes() const = 0;
};

// `sharing`: how many measures of its kind the query has, which share the memory.
std::unique_ptr<Aggregate> aggregate_for(const Measure& measure, std::size_t sharing);

}  // namespace jebi::log_analytics::query
