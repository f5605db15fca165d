// The values of an expression for the rows of a block (or of a set of groups), kept so that loops over them
// are short: texts as codes of a dictionary, everything else as arrays.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "modules/log_analytics/query/value.h"
#include "modules/log_analytics/store/part.h"

namespace jebi::log_analytics::query {

// Texts by code, from 1 on; code 0 is NULL. Those of a part's dictionary, or an evaluator's own. Its own grow
// while it works; codes that were given stay as they are.
class Texts {
public:
    Texts() = default;
    explicit Texts(std::shared_ptr<const Dictionary> dictionary) : dictionary_(std::move(dictionary)) {}

    std::uint32_t size() const {
        return dictionary_ ? dictionary_->size() : static_cast<std::uint32_t>(own_.size());
    }
    std::string_view operator[](std::uint32_t code) const {
        return dictionary_ ? dictionary_->text(code) : own_[code - 1];
    }
    const Dictionary* dictionary() const { return dictionary_.get(); }

    // A new code for a text of one's own.
    std::uint32_t add(std::string_view text) {
        own_.push_back(arena_.keep(text));
        return static_cast<std::uint32_t>(own_.size());
    }

private:
    std::shared_ptr<const Dictionary> dictionary_;  // shared with the part
    std::vector<std::string_view> own_;
    Arena arena_;
};

struct Vector {
    Type type = Type::nothing;
    bool is_constant = false;  // one value stands for every row
    // One of these, by the type; none for Type::nothing.
    std::span<const std::uint32_t> codes{};
    std::span<const std::int64_t> wholes{};  // integers, flags, times
    std::span<const double> numbers{};
    // 1 for a row without a value; empty: all have one. Texts have code 0 instead.
    std::span<const std::uint8_t> absent{};
    std::shared_ptr<const Texts> texts{};
    std::string_view joined{};  // see TextBlock
    // What the spans lie in; shared by vectors with the same values.
    std::shared_ptr<const void> owner{}, absent_owner{};

    bool is_absent(std::size_t row) const {
        if (is_constant) row = 0;
        if (type == Type::text) return codes[row] == 0;
        return type == Type::nothing || (!absent.empty() && absent[row] != 0);
    }
    std::int64_t whole(std::size_t row) const { return wholes[is_constant ? 0 : row]; }
    double number(std::size_t row) const { return numbers[is_constant ? 0 : row]; }
    std::uint32_t code(std::size_t row) const { return codes[is_constant ? 0 : row]; }
    std::string_view text(std::size_t row) const { return (*texts)[code(row)]; }

    // A text is borrowed from the vector.
    Value value(std::size_t row) const;
    // Those rows alone.
    Vector gathered(std::span<const std::uint32_t> rows) const;
};

Vector constant_vector(const Value& value);
Vector text_vector(std::vector<std::uint32_t> codes, std::shared_ptr<const Texts> texts);
Vector whole_vector(Type type, std::vector<std::int64_t> wholes, std::vector<std::uint8_t> absent = {});
Vector number_vector(std::vector<double> numbers, std::vector<std::uint8_t> absent = {});

// The values that a column of a block has, as bytes for `absent`; empty when all rows have one.
std::vector<std::uint8_t> absent_bytes(std::span<const std::uint64_t> present, std::size_t rows);

}  // namespace jebi::log_analytics::query
