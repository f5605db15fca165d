// The first rows of a plain query, in its order: which they are, not yet what is in them.
#pragma once

#include <atomic>
#include <optional>
#include <vector>

#include "modules/log_analytics/query/scan.h"

namespace jebi::log_analytics::query {

// A row that may be in the answer.
struct RowPlace {
    std::uint64_t number = 0;
    std::uint32_t part = 0, block = 0, row = 0;
};

// How far the first ORDER BY expression may be from the best and still get in; tightened by all threads. It
// is known for `ts` and, without ORDER BY, for the number of the row.
struct SharedBound {
    std::atomic<std::int64_t> worst;
    bool is_largest;  // better is smaller
    void tighten(std::int64_t value);
    bool rules_out(std::int64_t best) const { return is_largest ? best > worst : best < worst; }
};

// What ORDER BY asks of a plan's rows.
struct RowOrder {
    explicit RowOrder(const Plan& plan);

    const Plan& plan;
    std::size_t width;  // expressions
    bool newest_first;  // where all are equal
    // Does it begin with the time alone? Then blocks are skipped by their times.
    bool is_by_time;
    ScanOrder scan_order() const;
};

// One thread's best `count` rows.
class TopRows final : public Sink {
public:
    TopRows(const RowOrder& order, std::size_t count, SharedBound& bound);

    bool wants(const PartReader& reader, std::size_t part, std::size_t block) const override;
    Result<void> add(BlockFrame& frame, std::size_t part, Evaluator& evaluator) override;
    std::size_t bytes() const override;

    void merge(TopRows& other);
    // In their order; at most `count`.
    std::vector<RowPlace> sorted();

private:
    bool is_before(std::size_t a, std::size_t b) const;
    void push(const RowPlace& place, const std::vector<Vector>& keys, std::size_t row);
    void keep_best(bool in_order);

    const RowOrder& order_;
    std::size_t count_;
    SharedBound& bound_;
    std::vector<RowPlace> places_;
    std::vector<Value> keys_;                                   // width for each place
    std::unique_ptr<Arena> texts_ = std::make_unique<Arena>();  // of keys
};

}  // namespace jebi::log_analytics::query
