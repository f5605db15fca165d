// Expressions over blocks: each operation is done for all rows of a frame at once.
//
// What is asked of a text is asked once for each text of a dictionary, when a row first needs it, and
// remembered until another dictionary comes.
#pragma once

#include <memory>
#include <vector>

#include "kit/base/result.h"
#include "modules/log_analytics/query/node.h"
#include "modules/log_analytics/query/vector.h"

namespace jebi::log_analytics::query {

// The rows that an expression is evaluated for.
class Frame {
public:
    virtual ~Frame() = default;
    virtual std::size_t rows() const = 0;
    virtual Result<Vector> input(std::uint32_t index) = 0;
};

// What an expression makes of texts, for one block at most.
inline constexpr std::size_t made_texts_bytes_max = 64 * 1024 * 1024;

// Of one thread. Errors are those of the frame, and `exhausted`.
class Evaluator {
public:
    // `memories`: how many nodes the plan has.
    explicit Evaluator(std::uint32_t memories) : memories_(memories) {}
    Evaluator(const Evaluator&) = delete;

    Result<Vector> evaluate(const Node& node, Frame& frame);

private:
    // What one node knows about the texts of one dictionary.
    struct Memory {
        std::shared_ptr<const Texts> texts;  // held, so that no other comes to stand at its address
        std::vector<std::uint8_t> known;     // by code: 0 not yet
        std::vector<std::int64_t> wholes;
        std::vector<double> numbers;
        std::vector<std::uint32_t> codes;
        std::shared_ptr<Texts> made;  // shared with the vectors that were answered
    };
    Memory& memory_of(const Node& node, const Vector& texts);

    Result<Vector> compare(const Node& node, Frame& frame);
    Result<Vector> arithmetic(const Node& node, Frame& frame);
    Result<Vector> logic(const Node& node, Frame& frame);
    Result<Vector> choose(const Node& node, Frame& frame);
    Result<Vector> join_texts(const Node& node, Frame& frame);
    Result<Vector> anywhere(const Node& node, Frame& frame);
    Result<Vector> of_one(const Node& node, const Vector& value, std::size_t rows);
    Vector test(const Node& node, const SharedTest& test, const Vector& value, std::size_t rows);
    Vector map(const Node& node, const Vector& value, std::size_t rows);
    Vector count(const Node& node, const Vector& value, std::size_t rows);
    Vector read_number(const Node& node, const Vector& value, std::size_t rows);
    Vector read_whole(const Node& node, const Vector& value, std::size_t rows);

    std::vector<Memory> memories_;
};

// The value of an expression without inputs; a text is kept in `texts`.
Value constant_of(const Node& node, Arena& texts);

}  // namespace jebi::log_analytics::query
