// The distinct values of one expression, by code. Rows become codes; everything behind works on codes alone.
#pragma once

#include <memory>
#include <vector>

#include "modules/log_analytics/query/code_table.h"
#include "modules/log_analytics/query/text_codes.h"
#include "modules/log_analytics/query/vector.h"

namespace jebi::log_analytics::query {

// Of one thread. NULL is code 0, the values 1, 2, ...
class Interner {
public:
    explicit Interner(Type type) : type_(type) {}

    // A code for each row.
    void codes_of(const Vector& values, std::size_t rows, std::vector<std::uint32_t>& out);
    std::uint32_t code_of(const Value& value);
    // How many codes there are, 0 among them.
    std::size_t size() const;
    Value value(std::uint32_t code) const;  // a text is borrowed
    // The values of those codes. Borrowed: the interner outlives them, and takes no more values.
    Vector vector_of(std::vector<std::uint32_t> codes) const;
    // This one's code for each code of another's.
    std::vector<std::uint32_t> codes_of(const Interner& other);
    std::size_t bytes() const;

private:
    void whole_codes(const Vector& values, std::size_t rows, std::vector<std::uint32_t>& out);
    std::uint32_t whole_code(std::int64_t value);
    std::uint32_t number_code(double value);

    static constexpr std::int64_t small_end = 65'536;

    Type type_;
    TextCodes texts_;
    CodeTable numbers_;
    // Codes of the integers from 0 to small_end, 0 for those not seen: status, ports, durations.
    std::vector<std::uint32_t> small_;
};

}  // namespace jebi::log_analytics::query
