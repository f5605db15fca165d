#include "kit/sql/database.h"

#include <cassert>

namespace jebi::sql {

namespace {

template <typename T>
const T& as(const Value& value) {
    const T* found = std::get_if<T>(&value);
    assert(found != nullptr && "the column holds something else");
    return *found;
}

}  // namespace

const Value& Row::at(std::size_t column) const {
    assert(column < columns_);
    return first_[column];
}

bool Row::is_null(std::size_t column) const {
    return std::holds_alternative<std::monostate>(at(column));
}

std::int64_t Row::integer(std::size_t column) const {
    return as<std::int64_t>(at(column));
}

std::uint64_t Row::id(std::size_t column) const {
    return static_cast<std::uint64_t>(integer(column));
}

double Row::number(std::size_t column) const {
    return as<double>(at(column));
}

const std::string& Row::text(std::size_t column) const {
    return as<std::string>(at(column));
}

const Blob& Row::blob(std::size_t column) const {
    return as<Blob>(at(column));
}

bool Row::flag(std::size_t column) const {
    const std::int64_t number = integer(column);
    assert(number == 0 || number == 1);
    return number == 1;
}

Row Rows::operator[](std::size_t index) const {
    assert(index < size());
    return Row{values_.data() + index * columns_, columns_};
}

void Rows::start(std::size_t columns) {
    columns_ = columns;
    values_.reserve(columns);
}

}  // namespace jebi::sql
