#include "modules/log_analytics/query/interner.h"

#include <bit>
#include <cmath>
#include <limits>

namespace jebi::log_analytics::query {

namespace {

// Numbers that are equal have equal bits: one zero, one NaN.
std::uint64_t bits_of(double value) {
    if (value == 0) return 0;
    return std::bit_cast<std::uint64_t>(std::isnan(value) ? std::numeric_limits<double>::quiet_NaN() : value);
}

}  // namespace

std::uint32_t Interner::whole_code(std::int64_t value) {
    if (value < 0 || value >= small_end) return numbers_.code_of(static_cast<std::uint64_t>(value)) + 1;
    if (small_.empty()) small_.resize(static_cast<std::size_t>(small_end));
    auto& code = small_[static_cast<std::size_t>(value)];
    if (code == 0) code = numbers_.code_of(static_cast<std::uint64_t>(value)) + 1;
    return code;
}

std::uint32_t Interner::number_code(double value) {
    return numbers_.code_of(bits_of(value)) + 1;
}

void Interner::codes_of(const Vector& values, std::size_t rows, std::vector<std::uint32_t>& out) {
    if (values.type == Type::text) return texts_.codes_of(values, rows, out);
    if (values.type == Type::nothing) return out.assign(rows, 0);
    out.resize(rows);
    if (values.type == Type::number) {
        for (std::size_t i = 0; i < rows; ++i)
            out[i] = values.is_absent(i) ? 0 : number_code(values.number(i));
        return;
    }
    whole_codes(values, rows, out);
}

// Values often follow themselves, times in one bucket above all: then no look-up.
void Interner::whole_codes(const Vector& values, std::size_t rows, std::vector<std::uint32_t>& out) {
    const std::size_t step = values.is_constant ? 0 : 1;
    const std::int64_t* value = values.wholes.data();
    const std::uint8_t* absent = values.absent.empty() ? nullptr : values.absent.data();
    std::int64_t last = 0;
    std::uint32_t last_code = 0;
    for (std::uint32_t& code : std::span(out).first(rows)) {
        const bool is_absent = absent && *absent != 0;
        if (!is_absent && (last_code == 0 || *value != last)) {
            last = *value;
            last_code = whole_code(last);
        }
        code = is_absent ? 0 : last_code;
        value += step;
        if (absent) absent += step;
    }
}

std::uint32_t Interner::code_of(const Value& value) {
    switch (value.type()) {
        case Type::nothing:
            return 0;
        case Type::text:
            return texts_.code_of(value.text());
        case Type::number:
            return number_code(value.number());
        default:
            return whole_code(value.integer());
    }
}

std::size_t Interner::size() const {
    return (type_ == Type::text ? texts_.texts().size() : numbers_.keys().size()) + 1;
}

Value Interner::value(std::uint32_t code) const {
    if (code == 0) return {};
    if (type_ == Type::text) return Value::text(texts_.texts()[code - 1]);
    const std::uint64_t key = numbers_.keys()[code - 1];
    if (type_ == Type::number) return Value::number(std::bit_cast<double>(key));
    return Value::whole(type_, static_cast<std::int64_t>(key));
}

Vector Interner::vector_of(std::vector<std::uint32_t> codes) const {
    if (type_ == Type::nothing) return constant_vector({});
    if (type_ == Type::text) {
        const auto& texts = texts_.texts();
        std::vector<const std::string_view*> pages;
        for (std::size_t i = 0; i < texts.size(); i += Dictionary::page_size)
            pages.push_back(texts.data() + i);
        auto dictionary = std::make_shared<const Dictionary>(
            std::move(pages), static_cast<std::uint32_t>(texts.size()), nullptr);
        return text_vector(std::move(codes), std::make_shared<const Texts>(std::move(dictionary)));
    }
    std::vector<std::uint8_t> absent(codes.size());
    std::vector<std::int64_t> wholes(type_ == Type::number ? 0 : codes.size());
    std::vector<double> numbers(type_ == Type::number ? codes.size() : 0);
    for (std::size_t i = 0; i < codes.size(); ++i) {
        absent[i] = codes[i] == 0;
        if (absent[i] != 0) continue;
        const std::uint64_t key = numbers_.keys()[codes[i] - 1];
        if (type_ == Type::number) {
            numbers[i] = std::bit_cast<double>(key);
        } else {
            wholes[i] = static_cast<std::int64_t>(key);
        }
    }
    if (type_ == Type::number) return number_vector(std::move(numbers), std::move(absent));
    return whole_vector(type_, std::move(wholes), std::move(absent));
}

std::vector<std::uint32_t> Interner::codes_of(const Interner& other) {
    std::vector<std::uint32_t> codes(other.size());
    if (type_ == Type::text) {
        texts_.codes_of(other.texts_.texts(), std::span(codes).subspan(1));
        return codes;
    }
    for (std::uint32_t code = 1; code < codes.size(); ++code)
        codes[code] = code_of(other.value(code));
    return codes;
}

std::size_t Interner::bytes() const {
    return texts_.bytes() + numbers_.bytes() + small_.capacity() * sizeof(std::uint32_t);
}

}  // namespace jebi::log_analytics::query
