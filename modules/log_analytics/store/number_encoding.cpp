#include "modules/log_analytics/store/number_encoding.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <optional>

#include "modules/log_analytics/store/bytes.h"
#include "modules/log_analytics/store/packing.h"

namespace jebi::log_analytics {

namespace {

enum Scheme : std::uint8_t {
    plain = 0,
    constant = 1,
    offset = 2,
    delta = 3,
    offset_planes = 4,
    delta_planes = 5,
};
enum NumberScheme : std::uint8_t { plain_numbers = 0, decimal = 1 };
constexpr std::uint8_t some_absent = 0x80;

constexpr std::array<double, 7> powers_of_ten{1, 10, 100, 1'000, 10'000, 100'000, 1'000'000};
constexpr double exact_max = 9'007'199'254'740'992;  // 2^53

std::uint64_t as_unsigned(std::int64_t value) {
    return static_cast<std::uint64_t>(value);
}

bool is_set(std::span<const std::uint64_t> bits, std::size_t row) {
    return ((bits[row / 64] >> (row % 64)) & 1U) != 0;
}

void append_flags(std::string& out, std::uint8_t scheme, std::span<const std::uint64_t> present) {
    out += static_cast<char>(present.empty() ? scheme : scheme | some_absent);
    out.append(reinterpret_cast<const char*>(present.data()), present.size_bytes());
}

// Absent rows repeat the value before them, so that they cost nothing.
template <typename T>
std::vector<T> filled(std::span<const T> values, std::span<const std::uint64_t> present) {
    std::vector<T> all{values.begin(), values.end()};
    std::size_t first = 0;
    while (first < all.size() && !is_set(present, first))
        ++first;
    T before = first < all.size() ? all[first] : T{};
    for (std::size_t row = 0; row < all.size(); ++row) {
        if (!is_set(present, row)) all[row] = before;
        before = all[row];
    }
    return all;
}

struct Spread {
    std::int64_t min = 0;
    unsigned width = 0;  // of the differences from it
};

template <typename Get>
Spread spread(std::size_t count, Get get) {
    std::int64_t min = INT64_MAX, max = INT64_MIN;
    for (std::size_t i = 0; i < count; ++i) {
        min = std::min(min, get(i));
        max = std::max(max, get(i));
    }
    if (count == 0) return {};
    return {.min = min, .width = static_cast<unsigned>(std::bit_width(as_unsigned(max) - as_unsigned(min)))};
}

// A width of 0 has no planes: then it is packed.
Layout fitting(Layout layout, const Spread& spread) {
    return spread.width == 0 ? Layout::packed : layout;
}

template <typename Get>
void append_differences(std::string& out, std::size_t count, const Spread& spread, Layout layout, Get get) {
    std::vector<std::uint64_t> differences(count);
    for (std::size_t i = 0; i < count; ++i)
        differences[i] = as_unsigned(get(i)) - as_unsigned(spread.min);
    append_raw(out, spread.min);
    if (fitting(layout, spread) == Layout::planes)
        return append_planes<std::uint64_t>(out, differences, spread.width);
    append_raw(out, static_cast<std::uint8_t>(spread.width));
    if (spread.width > 0) pack<std::uint64_t>(out, differences, spread.width);
}

void append_filled(std::string& out, std::span<const std::int64_t> values,
                   std::span<const std::uint64_t> present, Layout layout) {
    const auto value = [&](std::size_t i) { return values[i]; };
    const auto step = [&](std::size_t i) {
        return static_cast<std::int64_t>(as_unsigned(values[i + 1]) - as_unsigned(values[i]));
    };
    const Spread of_values = spread(values.size(), value);
    if (of_values.width == 0) {
        append_flags(out, constant, present);
        append_raw(out, values.empty() ? std::int64_t{0} : values[0]);
        return;
    }
    const Spread of_steps = spread(values.size() - 1, step);
    if (std::min(of_values.width, of_steps.width) > packed_width_max) {
        append_flags(out, plain, present);
        out.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
    } else if (of_values.width <= of_steps.width) {
        append_flags(out, fitting(layout, of_values) == Layout::packed ? offset : offset_planes, present);
        append_differences(out, values.size(), of_values, layout, value);
    } else {
        append_flags(out, fitting(layout, of_steps) == Layout::packed ? delta : delta_planes, present);
        append_raw(out, values[0]);
        append_differences(out, values.size() - 1, of_steps, layout, step);
    }
}

bool take_present(std::string_view& from, std::uint8_t& flags, std::size_t rows,
                  std::vector<std::uint64_t>& present) {
    present.clear();
    if (!take_raw(from, flags)) return false;
    if ((flags & some_absent) == 0) return true;
    flags &= static_cast<std::uint8_t>(~some_absent);
    present.resize((rows + 63) / 64);
    std::string_view bits;
    if (!take_bytes(from, present.size() * sizeof(std::uint64_t), bits)) return false;
    std::memcpy(present.data(), bits.data(), bits.size());
    return true;
}

bool take_packed(std::string_view& from, std::span<std::int64_t> values) {
    std::uint8_t width = 0;
    if (!take_raw(from, width) || width > packed_width_max) return false;
    if (width == 0) {
        std::ranges::fill(values, 0);
        return true;
    }
    std::string_view bits;
    if (!take_bytes(from, packed_bytes(values.size(), width), bits)) return false;
    unpack(bits, width, values);
    return true;
}

// Differences from a smallest value, which is added to each.
bool take_differences(std::string_view& from, Layout layout, std::span<std::int64_t> values) {
    std::int64_t min = 0;
    if (!take_raw(from, min)) return false;
    if (!(layout == Layout::packed ? take_packed(from, values) : take_planes(from, values))) return false;
    for (std::int64_t& value : values)
        value = static_cast<std::int64_t>(as_unsigned(value) + as_unsigned(min));
    return true;
}

bool take_deltas(std::string_view& from, Layout layout, std::span<std::int64_t> values) {
    if (values.empty() || !take_raw(from, values[0])) return false;
    if (!take_differences(from, layout, values.subspan(1))) return false;
    for (std::size_t i = 1; i < values.size(); ++i)
        values[i] = static_cast<std::int64_t>(as_unsigned(values[i - 1]) + as_unsigned(values[i]));
    return true;
}

bool take_plain(std::string_view& from, void* values, std::size_t size) {
    std::string_view bytes;
    if (!take_bytes(from, size, bytes)) return false;
    std::memcpy(values, bytes.data(), size);
    return true;
}

bool take_integers(std::string_view& from, std::uint8_t scheme, std::span<std::int64_t> values) {
    std::int64_t value = 0;
    switch (scheme) {
        case plain:
            return take_plain(from, values.data(), values.size_bytes());
        case constant:
            if (!take_raw(from, value)) return false;
            std::ranges::fill(values, value);
            return true;
        case offset:
            return take_differences(from, Layout::packed, values);
        case delta:
            return take_deltas(from, Layout::packed, values);
        case offset_planes:
            return take_differences(from, Layout::planes, values);
        case delta_planes:
            return take_deltas(from, Layout::planes, values);
        default:
            return false;
    }
}

bool is_exact(double value, double power) {
    const double scaled = std::round(value * power);
    if (!(std::abs(scaled) < exact_max)) return false;
    const double back = static_cast<double>(std::llround(scaled)) / power;  // not -0.0, which no integer is
    return std::bit_cast<std::uint64_t>(back) == std::bit_cast<std::uint64_t>(value);
}

// How many digits behind the point all of the numbers have; nothing when that is too many for some.
std::optional<std::uint8_t> digits_of(std::span<const double> values) {
    std::size_t digits = 0;
    for (const double value : values) {
        while (!is_exact(value, powers_of_ten[digits])) {
            if (++digits == powers_of_ten.size()) return std::nullopt;
        }
    }
    return static_cast<std::uint8_t>(digits);
}

}  // namespace

void append_integers(std::string& out, std::span<const std::int64_t> values,
                     std::span<const std::uint64_t> present, Layout layout) {
    if (present.empty()) return append_filled(out, values, present, layout);
    append_filled(out, filled(values, present), present, layout);
}

void append_numbers(std::string& out, std::span<const double> values, std::span<const std::uint64_t> present,
                    Layout layout) {
    std::vector<double> all;
    if (!present.empty()) values = all = filled(values, present);
    const auto digits = digits_of(values);
    append_flags(out, digits ? decimal : plain_numbers, present);
    if (!digits) {
        out.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
        return;
    }
    out += static_cast<char>(*digits);
    std::vector<std::int64_t> scaled(values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        scaled[i] = std::llround(values[i] * powers_of_ten[*digits]);
    append_filled(out, scaled, {}, layout);
}

bool read_integers(std::string_view payload, std::span<std::int64_t> values,
                   std::vector<std::uint64_t>& present) {
    std::uint8_t scheme = 0;
    return take_present(payload, scheme, values.size(), present) && take_integers(payload, scheme, values) &&
           payload.empty();
}

bool read_numbers(std::string_view payload, std::span<double> values, std::vector<std::uint64_t>& present) {
    std::uint8_t scheme = 0, digits = 0, inner = 0;
    if (!take_present(payload, scheme, values.size(), present)) return false;
    if (scheme == plain_numbers)
        return take_plain(payload, values.data(), values.size_bytes()) && payload.empty();
    if (scheme != decimal || !take_raw(payload, digits) || digits >= powers_of_ten.size()) return false;
    std::vector<std::int64_t> scaled(values.size());
    if (!take_raw(payload, inner) || !take_integers(payload, inner, scaled) || !payload.empty()) return false;
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<double>(scaled[i]) / powers_of_ten[digits];
    return true;
}

}  // namespace jebi::log_analytics
