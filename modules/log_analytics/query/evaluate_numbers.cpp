#include "modules/log_analytics/query/evaluate_numbers.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include "kit/base/clock.h"
#include "modules/log_analytics/query/number_text.h"

namespace jebi::log_analytics::query {

namespace {

constexpr std::int64_t hour_ms = 3'600'000, day_hours = 24;

// op(left[i], right[i]) for each row, in loops that compilers can do several rows at a time.
template <typename Out, typename Item, typename Operate>
std::vector<Out> zipped(std::span<const Item> left, bool left_constant, std::span<const Item> right,
                        bool right_constant, std::size_t rows, Operate operate) {
    std::vector<Out> all(rows);
    Out* const out = all.data();
    const Item *const a = left.data(), *const b = right.data();
    if (left_constant && right_constant) {
        std::ranges::fill(all, static_cast<Out>(operate(*a, *b)));
    } else if (right_constant) {
        for (std::size_t i = 0; i < rows; ++i)
            out[i] = static_cast<Out>(operate(a[i], *b));
    } else if (left_constant) {
        for (std::size_t i = 0; i < rows; ++i)
            out[i] = static_cast<Out>(operate(*a, b[i]));
    } else {
        for (std::size_t i = 0; i < rows; ++i)
            out[i] = static_cast<Out>(operate(a[i], b[i]));
    }
    return all;
}

template <typename Out, typename Operate>
std::vector<Out> zipped_wholes(const Vector& left, const Vector& right, std::size_t rows, Operate operate) {
    return zipped<Out>(left.wholes, left.is_constant, right.wholes, right.is_constant, rows, operate);
}

template <typename Out, typename Operate>
std::vector<Out> zipped_numbers(const Vector& left, const Vector& right, std::size_t rows, Operate operate) {
    return zipped<Out>(left.numbers, left.is_constant, right.numbers, right.is_constant, rows, operate);
}

template <typename Operate>
std::vector<std::int64_t> compared_by(const Vector& left, const Vector& right, std::size_t rows,
                                      Operate operate) {
    if (left.type == Type::number || right.type == Type::number)
        return zipped_numbers<std::int64_t>(left, right, rows, operate);
    return zipped_wholes<std::int64_t>(left, right, rows, operate);
}

// NULLs do not matter here: compared() leaves them out afterwards.
std::vector<std::int64_t> compared_texts(Comparison comparison, const Vector& left, const Vector& right,
                                         const std::vector<std::uint8_t>& absent, std::size_t rows) {
    std::vector<std::int64_t> out(rows);
    for (std::size_t i = 0; i < rows; ++i) {
        if (!absent.empty() && absent[i] != 0) continue;
        const int order = left.text(i).compare(right.text(i));
        switch (comparison) {
            case Comparison::equal:
                out[i] = order == 0;
                break;
            case Comparison::not_equal:
                out[i] = order != 0;
                break;
            case Comparison::less:
                out[i] = order < 0;
                break;
            case Comparison::less_or_equal:
                out[i] = order <= 0;
                break;
            case Comparison::greater:
                out[i] = order > 0;
                break;
            case Comparison::greater_or_equal:
                out[i] = order >= 0;
                break;
        }
    }
    return out;
}

void mark(std::vector<std::uint8_t>& absent, const Vector& value, std::size_t rows) {
    if (value.type == Type::text) {
        if (value.is_constant ? value.codes[0] != 0 : std::ranges::find(value.codes, 0U) == value.codes.end())
            return;
    } else if (value.absent.empty()) {
        return;
    }
    absent.resize(rows);
    for (std::size_t i = 0; i < rows; ++i)
        absent[i] |= static_cast<std::uint8_t>(value.is_absent(i));
}

std::int64_t wrapped(std::uint64_t value) {
    return static_cast<std::int64_t>(value);
}

std::int64_t calculated_whole(Arithmetic arithmetic, std::int64_t a, std::int64_t b) {
    const auto left = static_cast<std::uint64_t>(a), right = static_cast<std::uint64_t>(b);
    switch (arithmetic) {
        case Arithmetic::plus:
            return wrapped(left + right);
        case Arithmetic::minus:
            return wrapped(left - right);
        case Arithmetic::multiply:
            return wrapped(left * right);
        case Arithmetic::modulo:
            return b == 0 || b == -1 ? 0 : a % b;
        default:
            return 0;
    }
}

double calculated_number(Arithmetic arithmetic, double a, double b) {
    switch (arithmetic) {
        case Arithmetic::plus:
            return a + b;
        case Arithmetic::minus:
            return a - b;
        case Arithmetic::multiply:
            return a * b;
        case Arithmetic::divide:
            return b == 0 ? 0 : a / b;
        case Arithmetic::modulo:
            return b == 0 ? 0 : std::fmod(a, b);
    }
    return 0;
}

void mark_zeros(std::vector<std::uint8_t>& absent, const Vector& divisor, std::size_t rows) {
    const auto is_zero = [&](std::size_t i) {
        return divisor.type == Type::number ? divisor.number(i) == 0 : divisor.whole(i) == 0;
    };
    for (std::size_t i = 0; i < rows; ++i) {
        if (!is_zero(i)) continue;
        absent.resize(rows);
        absent[i] = 1;
    }
}

template <typename Operate>
Vector wholes_of(Type type, const Vector& value, std::size_t rows, Operate operate) {
    std::vector<std::int64_t> out(rows);
    const std::int64_t* in = value.wholes.data();
    for (std::int64_t& made : out) {
        made = operate(*in);
        if (!value.is_constant) ++in;
    }
    return whole_vector(type, std::move(out), absent_in(value, rows));
}

template <typename Operate>
Vector numbers_of(const Vector& value, std::size_t rows, Operate operate) {
    std::vector<double> out(rows);
    for (std::size_t i = 0; i < rows; ++i)
        out[i] = operate(value.number(i));
    return number_vector(std::move(out), absent_in(value, rows));
}

std::int64_t floor_of(std::int64_t value, std::int64_t step) {
    const std::int64_t rest = value % step;
    return wrapped(static_cast<std::uint64_t>(value) -
                   static_cast<std::uint64_t>(rest < 0 ? rest + step : rest));
}

// Rows come nearly in the order of time, so most fall into the bucket of the row before: no division for
// them.
Vector bucketed(const Node& node, const Vector& value, std::size_t rows) {
    std::uint64_t begin = 0, size = 0;
    const auto step = static_cast<std::uint64_t>(node.step);
    return wholes_of(Type::time, value, rows, [&](std::int64_t time) {
        if (static_cast<std::uint64_t>(time) - begin >= size) {
            const auto moved =
                wrapped(static_cast<std::uint64_t>(time) - static_cast<std::uint64_t>(node.origin));
            begin = static_cast<std::uint64_t>(floor_of(moved, node.step)) +
                    static_cast<std::uint64_t>(node.origin);
            size = step;
        }
        return wrapped(begin);
    });
}

Vector rounded(const Node& node, const Vector& value, std::size_t rows) {
    const double scale = std::pow(10.0, static_cast<double>(node.step));
    if (value.type == Type::number)
        return numbers_of(value, rows, [&](double number) {
            const double scaled = number * scale;
            return std::isfinite(scaled) ? std::nearbyint(scaled) / scale : number;
        });
    if (node.step >= 0) return value;
    const auto unit = static_cast<std::int64_t>(std::pow(10.0, static_cast<double>(-node.step)));
    return wholes_of(Type::integer, value, rows, [unit](std::int64_t whole) {
        const std::int64_t down = floor_of(whole, unit), rest = whole - down;
        const bool up = rest > unit - rest || (rest == unit - rest && (down / unit) % 2 != 0);
        return up ? wrapped(static_cast<std::uint64_t>(down) + static_cast<std::uint64_t>(unit)) : down;
    });
}

Vector among(const Node& node, const Vector& value, std::size_t rows) {
    std::vector<std::int64_t> out(rows);
    for (std::size_t i = 0; i < rows; ++i) {
        out[i] = value.type == Type::number ? std::ranges::binary_search(node.numbers, value.number(i))
                                            : std::ranges::binary_search(node.wholes, value.whole(i));
    }
    return whole_vector(Type::flag, std::move(out), absent_in(value, rows));
}

Vector absence(const Vector& value, std::size_t rows) {
    std::vector<std::int64_t> out(rows);
    for (std::size_t i = 0; i < rows; ++i)
        out[i] = value.is_absent(i) ? 1 : 0;
    return whole_vector(Type::flag, std::move(out));
}

}  // namespace

std::vector<std::uint8_t> absent_in(const Vector& value, std::size_t rows) {
    std::vector<std::uint8_t> absent;
    mark(absent, value, rows);
    return absent;
}

std::vector<std::uint8_t> absent_in_any(const Vector& left, const Vector& right, std::size_t rows) {
    std::vector<std::uint8_t> absent = absent_in(left, rows);
    mark(absent, right, rows);
    return absent;
}

Vector compared(Comparison comparison, const Vector& left, const Vector& right, std::size_t rows) {
    if (left.type == Type::nothing || right.type == Type::nothing)
        return whole_vector(Type::flag, std::vector<std::int64_t>(rows), std::vector<std::uint8_t>(rows, 1));
    auto absent = absent_in_any(left, right, rows);
    const auto made = [&](std::vector<std::int64_t> flags) {
        return whole_vector(Type::flag, std::move(flags), std::move(absent));
    };
    if (left.type == Type::text && right.type == Type::text)
        return made(compared_texts(comparison, left, right, absent, rows));
    switch (comparison) {
        case Comparison::equal:
            return made(compared_by(left, right, rows, std::equal_to{}));
        case Comparison::not_equal:
            return made(compared_by(left, right, rows, std::not_equal_to{}));
        case Comparison::less:
            return made(compared_by(left, right, rows, std::less{}));
        case Comparison::less_or_equal:
            return made(compared_by(left, right, rows, std::less_equal{}));
        case Comparison::greater:
            return made(compared_by(left, right, rows, std::greater{}));
        case Comparison::greater_or_equal:
            return made(compared_by(left, right, rows, std::greater_equal{}));
    }
    return made(std::vector<std::int64_t>(rows));
}

Vector calculated(Arithmetic arithmetic, Type type, const Vector& left, const Vector& right,
                  std::size_t rows) {
    auto absent = absent_in_any(left, right, rows);
    if (arithmetic == Arithmetic::divide || arithmetic == Arithmetic::modulo) mark_zeros(absent, right, rows);
    if (type == Type::number) {
        return number_vector(
            zipped_numbers<double>(left, right, rows,
                                   [=](double a, double b) { return calculated_number(arithmetic, a, b); }),
            std::move(absent));
    }
    return whole_vector(type,
                        zipped_wholes<std::int64_t>(left, right, rows,
                                                    [=](std::int64_t a, std::int64_t b) {
                                                        return calculated_whole(arithmetic, a, b);
                                                    }),
                        std::move(absent));
}

Vector of_one_number(const Node& node, const Vector& value, std::size_t rows) {
    const bool is_number = value.type == Type::number;
    switch (node.operation) {
        case Operation::is_null:
            return absence(value, rows);
        case Operation::one_of:
            return among(node, value, rows);
        case Operation::bucket:
            return bucketed(node, value, rows);
        case Operation::round:
            return rounded(node, value, rows);
        case Operation::negation:
            return wholes_of(Type::flag, value, rows,
                             [](std::int64_t flag) { return std::int64_t{flag == 0}; });
        case Operation::part_of_day:
            return wholes_of(Type::integer, value, rows, [](std::int64_t time) {
                return floor_of(time, day_hours * hour_ms) == time
                           ? 0
                           : (time - floor_of(time, day_hours * hour_ms)) / hour_ms;
            });
        case Operation::negate:
            if (is_number) return numbers_of(value, rows, std::negate{});
            return wholes_of(Type::integer, value, rows, [](std::int64_t whole) {
                return wrapped(0 - static_cast<std::uint64_t>(whole));
            });
        case Operation::size:
            if (is_number) return numbers_of(value, rows, [](double number) { return std::abs(number); });
            return wholes_of(Type::integer, value, rows, [](std::int64_t whole) {
                return whole < 0 ? wrapped(0 - static_cast<std::uint64_t>(whole)) : whole;
            });
        case Operation::floor:
            return is_number ? numbers_of(value, rows, [](double number) { return std::floor(number); })
                             : value;
        case Operation::ceiling:
            return is_number ? numbers_of(value, rows, [](double number) { return std::ceil(number); })
                             : value;
        default:
            return value;
    }
}

Vector as_number_type(Type type, const Vector& value, std::size_t rows) {
    if (type == Type::number) {
        std::vector<double> out(rows);
        for (std::size_t i = 0; i < rows; ++i)
            out[i] = static_cast<double>(value.whole(i));
        return number_vector(std::move(out), absent_in(value, rows));
    }
    if (value.type != Type::number) {
        Vector same = value;
        same.type = type;
        return same;
    }
    auto absent = absent_in(value, rows);
    std::vector<std::int64_t> out(rows);
    for (std::size_t i = 0; i < rows; ++i) {
        const auto whole = whole_of(value.number(i));
        out[i] = whole.value_or(0);
        if (whole) continue;
        absent.resize(rows);
        absent[i] = 1;
    }
    return whole_vector(type, std::move(out), std::move(absent));
}

void append_text(std::string& out, const Value& value) {
    switch (value.type()) {
        case Type::nothing:
            return;
        case Type::text:
            out += value.text();
            return;
        case Type::integer:
            return append_number(out, value.integer());
        case Type::number:
            return append_number(out, value.number());
        case Type::flag:
            out += value.integer() != 0 ? "true" : "false";
            return;
        case Type::time:
            out += iso8601(value.integer());
            return;
    }
}

Vector as_texts(const Vector& value, std::size_t rows) {
    if (value.type == Type::text) return value;
    const auto texts = std::make_shared<Texts>();
    std::vector<std::uint32_t> codes(rows);
    std::string text;
    for (std::size_t i = 0; i < rows; ++i) {
        if (value.is_absent(i)) continue;
        text.clear();
        append_text(text, value.value(i));
        codes[i] = texts->add(text);
    }
    return text_vector(std::move(codes), texts);
}

}  // namespace jebi::log_analytics::query
