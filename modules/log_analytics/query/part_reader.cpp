#include "modules/log_analytics/query/part_reader.h"

#include <algorithm>

#include "modules/log_analytics/query/evaluate_numbers.h"

namespace jebi::log_analytics::query {

namespace {

Vector of_integers(Type type, const IntegerBlock& block) {
    Vector made{.type = type, .wholes = block.values, .owner = block.owner};
    if (block.present.empty()) return made;
    auto absent =
        std::make_shared<const std::vector<std::uint8_t>>(absent_bytes(block.present, block.values.size()));
    made.absent = *absent;
    made.absent_owner = std::move(absent);
    return made;
}

Vector of_numbers(const NumberBlock& block) {
    Vector made{.type = Type::number, .numbers = block.values, .owner = block.owner};
    if (block.present.empty()) return made;
    auto absent =
        std::make_shared<const std::vector<std::uint8_t>>(absent_bytes(block.present, block.values.size()));
    made.absent = *absent;
    made.absent_owner = std::move(absent);
    return made;
}

Vector as_type(Type type, const Vector& value, std::size_t rows) {
    if (value.type == type) return value;
    return type == Type::text ? as_texts(value, rows) : as_number_type(type, value, rows);
}

// A row has a value in one of them at most.
Vector merged(Type type, const std::vector<Vector>& columns, std::size_t rows) {
    std::vector<std::uint8_t> absent(rows, 1);
    std::vector<double> numbers(type == Type::number ? rows : 0);
    std::vector<std::uint32_t> codes(type == Type::text ? rows : 0);
    const auto texts = std::make_shared<Texts>();
    for (const auto& column : columns) {
        for (std::size_t i = 0; i < rows; ++i) {
            if (column.is_absent(i)) continue;
            absent[i] = 0;
            if (type == Type::text) {
                codes[i] = texts->add(column.text(i));
            } else {
                numbers[i] = column.number(i);
            }
        }
    }
    if (type == Type::text) return text_vector(std::move(codes), texts);
    return number_vector(std::move(numbers), std::move(absent));
}

}  // namespace

PartReader::PartReader(const Plan& plan, const Part& part)
    : plan_(plan), part_(part), stored_(plan.inputs.size()), texts_(plan.inputs.size()) {
    for (std::size_t i = 0; i < plan.inputs.size(); ++i) {
        for (const Kind kind : plan.inputs[i].kinds)
            if (const auto column = part.find(plan.inputs[i].name, kind))
                stored_[i].push_back({kind, *column});
    }
    std::uint64_t row = part.first_row();
    for (const auto& block : part.blocks()) {
        first_rows_.push_back(row);
        row += block.rows;
    }
}

std::optional<std::size_t> PartReader::only(std::uint32_t input, Kind kind) const {
    if (stored_[input].size() != 1 || stored_[input][0].kind != kind) return std::nullopt;
    return stored_[input][0].column;
}

std::shared_ptr<const Texts> PartReader::texts_of(std::uint32_t input,
                                                  const std::shared_ptr<const Dictionary>& dictionary) {
    auto& kept = texts_[input];
    if (!kept || kept->dictionary() != dictionary.get()) kept = std::make_shared<const Texts>(dictionary);
    return kept;
}

Result<Vector> PartReader::read_one(std::uint32_t input, const Stored& stored, std::size_t block,
                                    std::uint64_t& bytes) {
    switch (stored.kind) {
        case Kind::text: {
            TRY(const TextBlock texts, part_.texts(stored.column, block, bytes));
            return Vector{.type = Type::text,
                          .codes = texts.codes,
                          .texts = texts_of(input, texts.dictionary),
                          .joined = texts.joined,
                          .owner = texts.owner};
        }
        case Kind::number: {
            TRY(const NumberBlock numbers, part_.numbers(stored.column, block, bytes));
            return of_numbers(numbers);
        }
        default: {
            TRY(const IntegerBlock integers, part_.integers(stored.column, block, bytes));
            return of_integers(stored.kind == Kind::flag ? Type::flag : Type::integer, integers);
        }
    }
}

Result<Vector> PartReader::read(std::uint32_t input, std::size_t block, std::uint64_t& bytes) {
    const Type type = plan_.inputs[input].type;
    const std::size_t rows = part_.blocks()[block].rows;
    std::vector<Vector> columns;
    for (const auto& stored : stored_[input]) {
        TRY(const Vector column, read_one(input, stored, block, bytes));
        columns.push_back(as_type(type, column, rows));
    }
    if (columns.empty()) return constant_vector({});
    if (columns.size() == 1) return std::move(columns[0]);
    return merged(type, columns, rows);
}

std::optional<std::vector<std::uint32_t>> places_where(const Vector& flags, std::size_t rows) {
    // One more, as a place is written before it is known to count.
    std::vector<std::uint32_t> places(rows + 1);
    std::uint32_t* const place = places.data();
    const std::size_t step = flags.is_constant ? 0 : 1;
    const std::int64_t* const flag = flags.wholes.data();
    const std::uint8_t* const absent = flags.absent.empty() ? nullptr : flags.absent.data();
    std::size_t count = 0;
    for (std::size_t i = 0; i < rows; ++i) {
        place[count] = static_cast<std::uint32_t>(i);
        const bool lacks = absent && absent[i * step] != 0;
        count += static_cast<std::size_t>(!lacks && flag[i * step] != 0);
    }
    if (count == rows) return std::nullopt;
    places.resize(count);
    return places;
}

BlockFrame::BlockFrame(PartReader& reader, std::size_t block)
    : reader_(reader), block_(block), block_rows_(reader.part().blocks()[block].rows) {}

Result<Vector> BlockFrame::input(std::uint32_t index) {
    if (whole_.size() <= index) {
        whole_.resize(index + 1);
        narrowed_.resize(index + 1);
    }
    if (!whole_[index]) {
        was_read_ = true;
        TRY(whole_[index], reader_.read(index, block_, bytes_read_));
    }
    if (!selected_) return *whole_[index];
    if (!narrowed_[index]) narrowed_[index] = whole_[index]->gathered(*selected_);
    return *narrowed_[index];
}

void BlockFrame::narrow(std::vector<std::uint32_t> rows) {
    if (selected_) {
        for (auto& row : rows)
            row = (*selected_)[row];
    }
    selected_ = std::move(rows);
    std::ranges::fill(narrowed_, std::nullopt);
}

Result<void> BlockFrame::filter(const std::vector<Node>& conditions, Evaluator& evaluator) {
    for (const auto& condition : conditions) {
        if (rows() == 0) return {};
        TRY(const Vector flags, evaluator.evaluate(condition, *this));
        if (auto places = places_where(flags, rows())) narrow(std::move(*places));
    }
    return {};
}

}  // namespace jebi::log_analytics::query
