// A part's blocks as frames for expressions: reads a column when an expression first needs it, and of the
// rows that passed only.
#pragma once

#include <optional>
#include <vector>

#include "modules/log_analytics/query/evaluate.h"
#include "modules/log_analytics/query/plan.h"

namespace jebi::log_analytics::query {

// The columns of one part that a plan reads. Of one thread; the part and plan outlive it.
class PartReader {
public:
    PartReader(const Plan& plan, const Part& part);

    const Part& part() const { return part_; }
    // The part's columns of that input: one for each kind that it has here.
    struct Stored {
        Kind kind;
        std::size_t column;
    };
    const std::vector<Stored>& stored(std::uint32_t input) const { return stored_[input]; }
    // The one column, when what is stored there is exactly the input's values: then filters may be asked.
    std::optional<std::size_t> only(std::uint32_t input, Kind kind) const;

    Result<Vector> read(std::uint32_t input, std::size_t block, std::uint64_t& bytes);
    // The texts of a dictionary; the same ones as before while it is the same.
    std::shared_ptr<const Texts> texts_of(std::uint32_t input,
                                          const std::shared_ptr<const Dictionary>& dictionary);

    std::uint64_t first_row_of(std::size_t block) const { return first_rows_[block]; }
    // May a row of the block pass? Asks times, ranges and filters only.
    bool may_pass(const Node& condition, std::size_t block) const;

private:
    Result<Vector> read_one(std::uint32_t input, const Stored& stored, std::size_t block,
                            std::uint64_t& bytes);
    bool may_pass_test(const Node& test, std::size_t block) const;
    bool may_pass_comparison(const Node& comparison, std::size_t block) const;
    bool may_be_among(const Node& among, std::size_t block) const;
    std::optional<Part::Range> range(const Node& input, std::size_t block) const;

    const Plan& plan_;
    const Part& part_;
    std::vector<std::vector<Stored>> stored_;          // by input
    std::vector<std::shared_ptr<const Texts>> texts_;  // by input; shared with vectors
    std::vector<std::uint64_t> first_rows_;            // by block
};

class BlockFrame final : public Frame {
public:
    BlockFrame(PartReader& reader, std::size_t block);

    std::size_t rows() const override { return selected_ ? selected_->size() : block_rows_; }
    Result<Vector> input(std::uint32_t index) override;

    std::size_t block() const { return block_; }
    PartReader& reader() const { return reader_; }
    std::uint32_t row_in_block(std::size_t row) const {
        return selected_ ? (*selected_)[row] : static_cast<std::uint32_t>(row);
    }
    // From now on these rows only, by their places in the frame as it is.
    void narrow(std::vector<std::uint32_t> rows);
    // Leaves the rows for which all conditions are true.
    Result<void> filter(const std::vector<Node>& conditions, Evaluator& evaluator);

    bool was_read() const { return was_read_; }
    std::uint64_t bytes_read() const { return bytes_read_; }

private:
    PartReader& reader_;
    std::size_t block_, block_rows_;
    std::optional<std::vector<std::uint32_t>> selected_;
    std::vector<std::optional<Vector>> whole_, narrowed_;  // by input
    bool was_read_ = false;
    std::uint64_t bytes_read_ = 0;
};

// The places where a condition is true; nothing when it is so everywhere.
std::optional<std::vector<std::uint32_t>> places_where(const Vector& flags, std::size_t rows);

}  // namespace jebi::log_analytics::query
