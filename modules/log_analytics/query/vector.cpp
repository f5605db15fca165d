#include "modules/log_analytics/query/vector.h"

namespace jebi::log_analytics::query {

namespace {

template <typename Item>
std::vector<Item> picked(std::span<const Item> items, std::span<const std::uint32_t> rows) {
    std::vector<Item> out(rows.size());
    const Item* const from = items.data();
    Item* to = out.data();
    for (const std::uint32_t row : rows)
        *to++ = from[row];
    return out;
}

// The span over a vector that it now shares.
template <typename Item>
std::span<const Item> owned(std::vector<Item> items, std::shared_ptr<const void>& owner) {
    auto kept = std::make_shared<const std::vector<Item>>(std::move(items));
    const std::span<const Item> span = *kept;
    owner = std::move(kept);
    return span;
}

}  // namespace

Value Vector::value(std::size_t row) const {
    if (is_absent(row)) return {};
    if (type == Type::text) return Value::text(text(row));
    if (type == Type::number) return Value::number(number(row));
    return Value::whole(type, whole(row));
}

Vector Vector::gathered(std::span<const std::uint32_t> rows) const {
    if (is_constant || type == Type::nothing) return *this;
    if (type == Type::text) return text_vector(picked(codes, rows), texts);
    Vector out{.type = type};
    if (!absent.empty()) out.absent = owned(picked(absent, rows), out.absent_owner);
    if (type == Type::number) {
        out.numbers = owned(picked(numbers, rows), out.owner);
    } else {
        out.wholes = owned(picked(wholes, rows), out.owner);
    }
    return out;
}

namespace {

// NULL reads as absent whatever it is taken for.
Vector null_vector() {
    static constexpr std::uint32_t code = 0;
    static constexpr std::int64_t whole = 0;
    static constexpr double number = 0;
    static constexpr std::uint8_t absent = 1;
    static const auto none = std::make_shared<const Texts>();
    return {.codes = {&code, 1},
            .wholes = {&whole, 1},
            .numbers = {&number, 1},
            .absent = {&absent, 1},
            .texts = none};
}

}  // namespace

Vector constant_vector(const Value& value) {
    Vector made;
    if (value.type() == Type::text) {
        const auto texts = std::make_shared<Texts>();
        made = text_vector({texts->add(value.text())}, texts);
    } else if (value.type() == Type::number) {
        made = number_vector({value.number()});
    } else if (!value.is_null()) {
        made = whole_vector(value.type(), {value.integer()});
    } else {
        made = null_vector();
    }
    made.is_constant = true;
    return made;
}

Vector text_vector(std::vector<std::uint32_t> codes, std::shared_ptr<const Texts> texts) {
    Vector made{.type = Type::text, .texts = std::move(texts)};
    made.codes = owned(std::move(codes), made.owner);
    return made;
}

Vector whole_vector(Type type, std::vector<std::int64_t> wholes, std::vector<std::uint8_t> absent) {
    Vector made{.type = type};
    made.wholes = owned(std::move(wholes), made.owner);
    if (!absent.empty()) made.absent = owned(std::move(absent), made.absent_owner);
    return made;
}

Vector number_vector(std::vector<double> numbers, std::vector<std::uint8_t> absent) {
    Vector made{.type = Type::number};
    made.numbers = owned(std::move(numbers), made.owner);
    if (!absent.empty()) made.absent = owned(std::move(absent), made.absent_owner);
    return made;
}

std::vector<std::uint8_t> absent_bytes(std::span<const std::uint64_t> present, std::size_t rows) {
    std::vector<std::uint8_t> absent;
    if (present.empty()) return absent;
    absent.resize(rows);
    for (std::size_t row = 0; row < rows; ++row)
        absent[row] = static_cast<std::uint8_t>(~(present[row / 64] >> (row % 64)) & 1U);
    return absent;
}

}  // namespace jebi::log_analytics::query
