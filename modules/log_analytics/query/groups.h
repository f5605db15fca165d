// GROUP BY: which group a row is in, and the aggregates of all groups.
#pragma once

#include <memory>
#include <vector>

#include "modules/log_analytics/query/aggregates.h"
#include "modules/log_analytics/query/interner.h"
#include "modules/log_analytics/query/scan.h"

namespace jebi::log_analytics::query {

// One thread's groups. A group is the codes of its keys; with several keys, two codes become one again and
// again.
class Groups final : public Sink {
public:
    explicit Groups(const Plan& plan);

    bool wants(const PartReader&, std::size_t, std::size_t) const override { return true; }
    Result<void> add(BlockFrame& frame, std::size_t part, Evaluator& evaluator) override;
    Result<bool> add_whole(PartReader& reader, std::uint64_t& bytes) override;
    std::size_t bytes() const override;

    void merge(Groups& other);
    std::size_t count() const;
    // A single key's group 0 stands for NULL, and may be without rows.
    bool has_group(std::size_t group) const { return group != 0 || keys_.size() != 1 || has_nulls_; }
    // The keys, then the measures, for all groups. Borrowed; nothing is added any more.
    std::vector<Vector> columns(const SeveralThreads& run);

private:
    bool only_counts() const;
    GroupsOfRows groups_of(const std::vector<Vector>& keys, std::size_t rows);
    std::vector<std::uint32_t> groups_for(const Groups& other);
    std::vector<std::vector<std::uint32_t>> key_codes() const;

    const Plan& plan_;
    std::vector<Interner> keys_;
    std::vector<CodeTable> pairs_;  // the i-th: of what came before and the codes of key i + 1
    std::vector<std::unique_ptr<Aggregate>> measures_;
    bool has_nulls_ = false;
    std::vector<std::uint32_t> rows_, codes_;  // of the block at hand
};

}  // namespace jebi::log_analytics::query
