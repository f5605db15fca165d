#include "modules/log_analytics/query/evaluate.h"

#include "modules/log_analytics/query/evaluate_numbers.h"

namespace jebi::log_analytics::query {

namespace {

// NULL AND false is false, NULL AND true is NULL; OR is its mirror. `decisive` is the value that settles a
// row.
class Logic {
public:
    Logic(bool decisive, std::size_t rows)
        : decisive_(decisive), values_(rows, decisive ? 0 : 1), absent_(rows) {}

    void add(const Vector& flags) {
        for (std::size_t i = 0; i < values_.size(); ++i) {
            if (flags.is_absent(i)) {
                absent_[i] = 1;
            } else if ((flags.whole(i) != 0) == decisive_) {
                values_[i] = decisive_ ? 1 : 0;
            }
        }
    }
    Vector result() {
        bool lacks = false;
        for (std::size_t i = 0; i < values_.size(); ++i) {
            if ((values_[i] != 0) == decisive_) absent_[i] = 0;
            lacks = lacks || absent_[i] != 0;
        }
        if (!lacks) absent_.clear();
        return whole_vector(Type::flag, std::move(values_), std::move(absent_));
    }

private:
    bool decisive_;
    std::vector<std::int64_t> values_;
    std::vector<std::uint8_t> absent_;
};

// Values of one type, picked row by row from several vectors.
class Picker {
public:
    Picker(Type type, std::size_t rows) : type_(type) {
        if (type == Type::text) {
            codes_.resize(rows);
        } else if (type == Type::number) {
            numbers_.resize(rows);
        } else {
            wholes_.resize(rows);
        }
        absent_.resize(rows, 1);
    }
    void pick(std::size_t row, const Vector& from) {
        if (from.is_absent(row)) return;
        absent_[row] = 0;
        if (type_ == Type::text) {
            codes_[row] = texts_->add(from.text(row));
            bytes_ += from.text(row).size();
        } else if (type_ == Type::number) {
            numbers_[row] = from.number(row);
        } else {
            wholes_[row] = from.whole(row);
        }
    }
    bool is_too_large() const { return bytes_ > made_texts_bytes_max; }
    Vector result() {
        if (type_ == Type::text) return text_vector(std::move(codes_), texts_);
        if (type_ == Type::number) return number_vector(std::move(numbers_), std::move(absent_));
        return whole_vector(type_, std::move(wholes_), std::move(absent_));
    }

private:
    Type type_;
    std::size_t bytes_ = 0;
    std::shared_ptr<Texts> texts_ = std::make_shared<Texts>();  // shared with the result
    std::vector<std::uint32_t> codes_;
    std::vector<std::int64_t> wholes_;
    std::vector<double> numbers_;
    std::vector<std::uint8_t> absent_;
};

class NoInputs final : public Frame {
public:
    std::size_t rows() const override { return 1; }
    Result<Vector> input(std::uint32_t) override { return fail(Code::internal, "A constant has no inputs."); }
};

}  // namespace

Result<Vector> Evaluator::evaluate(const Node& node, Frame& frame) {
    switch (node.operation) {
        case Operation::constant:
            return constant_vector(node.constant);
        case Operation::input:
            return frame.input(node.input);
        case Operation::compare:
            return compare(node, frame);
        case Operation::arithmetic:
            return arithmetic(node, frame);
        case Operation::all_of:
        case Operation::any_of:
            return logic(node, frame);
        case Operation::choose:
        case Operation::first_present:
            return choose(node, frame);
        case Operation::join_texts:
            return join_texts(node, frame);
        case Operation::anywhere:
            return anywhere(node, frame);
        default:
            break;
    }
    TRY(const Vector value, evaluate(node.children[0], frame));
    return of_one(node, value, frame.rows());
}

Result<Vector> Evaluator::compare(const Node& node, Frame& frame) {
    TRY(const Vector left, evaluate(node.children[0], frame));
    TRY(const Vector right, evaluate(node.children[1], frame));
    return compared(node.comparison, left, right, frame.rows());
}

Result<Vector> Evaluator::arithmetic(const Node& node, Frame& frame) {
    TRY(const Vector left, evaluate(node.children[0], frame));
    TRY(const Vector right, evaluate(node.children[1], frame));
    return calculated(node.arithmetic, node.type, left, right, frame.rows());
}

Result<Vector> Evaluator::logic(const Node& node, Frame& frame) {
    Logic logic(node.operation == Operation::any_of, frame.rows());
    for (const auto& child : node.children) {
        TRY(const Vector flags, evaluate(child, frame));
        logic.add(flags);
    }
    return logic.result();
}

// Every branch is evaluated for every row: branches have no effects, and blocks are small.
Result<Vector> Evaluator::choose(const Node& node, Frame& frame) {
    std::vector<Vector> parts;
    for (const auto& child : node.children) {
        TRY(Vector part, evaluate(child, frame));
        parts.push_back(std::move(part));
    }
    Picker picker(node.type, frame.rows());
    const bool by_condition = node.operation == Operation::choose;
    for (std::size_t row = 0; row < frame.rows(); ++row) {
        std::size_t at = 0;
        if (by_condition) {
            while (at + 1 < parts.size() && (parts[at].is_absent(row) || parts[at].whole(row) == 0))
                at += 2;
            at = std::min(at + 1, parts.size() - 1);
        } else {
            while (at + 1 < parts.size() && parts[at].is_absent(row))
                ++at;
        }
        picker.pick(row, parts[at]);
    }
    if (picker.is_too_large()) return fail(Code::exhausted, "A choice between texts makes too long texts.");
    return picker.result();
}

Result<Vector> Evaluator::of_one(const Node& node, const Vector& value, std::size_t rows) {
    switch (node.operation) {
        case Operation::text_test:
            return test(node, node.test, value, rows);
        case Operation::text_map:
            return map(node, value, rows);
        case Operation::text_count:
            return count(node, value, rows);
        case Operation::text_value:
            return read_number(node, value, rows);
        case Operation::text_whole:
            return read_whole(node, value, rows);
        case Operation::convert:
            if (node.type != Type::text) return as_number_type(node.type, value, rows);
            return as_texts(value, rows);
        default:
            return of_one_number(node, value, rows);
    }
}

Value constant_of(const Node& node, Arena& texts) {
    Evaluator evaluator(1);
    NoInputs frame;
    const auto result = evaluator.evaluate(node, frame);
    if (!result) return {};
    const Value value = result->value(0);
    return value.type() == Type::text ? Value::text(texts.keep(value.text())) : value;
}

}  // namespace jebi::log_analytics::query
