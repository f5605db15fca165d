#include "modules/log_analytics/store/packing.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "modules/log_analytics/store/bytes.h"

namespace jebi::log_analytics {

namespace {

constexpr unsigned planes_max = 7;  // as packed_width_max

}  // namespace

std::size_t packed_bytes(std::size_t count, unsigned width) {
    return (count * width + 7) / 8 + 8;
}

template <typename T>
void pack(std::string& out, std::span<const T> values, unsigned width) {
    assert(width >= 1 && width <= packed_width_max);
    const std::size_t begin = out.size();
    out.resize(begin + packed_bytes(values.size(), width));
    char* at = out.data() + begin;
    std::uint64_t pending = 0;
    unsigned bits = 0;  // of pending
    for (const std::uint64_t value : values) {
        pending |= value << bits;
        bits += width;
        if (bits < 64) continue;
        std::memcpy(at, &pending, sizeof pending);
        at += sizeof pending;
        bits -= 64;
        pending = value >> (width - bits);
    }
    std::memcpy(at, &pending, (bits + 7) / 8);
}

template void pack(std::string&, std::span<const std::uint32_t>, unsigned);
template void pack(std::string&, std::span<const std::uint64_t>, unsigned);

template <typename T>
void unpack(std::string_view bytes, unsigned width, std::span<T> values) {
    assert(width >= 1 && width <= packed_width_max && bytes.size() >= packed_bytes(values.size(), width));
    const std::uint64_t mask = (std::uint64_t{1} << width) - 1;
    std::size_t bit = 0;
    for (T& value : values) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + bit / 8, sizeof word);
        value = static_cast<T>((word >> (bit % 8)) & mask);
        bit += width;
    }
}

template <typename T>
void append_planes(std::string& out, std::span<const T> values, unsigned width) {
    const unsigned count = std::max(1U, (width + 7) / 8);
    assert(count <= planes_max);
    out += static_cast<char>(count);
    const std::size_t begin = out.size();
    out.resize(begin + count * values.size());
    char* at = out.data() + begin;
    for (unsigned plane = 0; plane < count; ++plane) {
        for (const T value : values)
            *at++ = static_cast<char>(value >> (8 * plane));
    }
}

template <typename T>
bool take_planes(std::string_view& from, std::span<T> values) {
    std::uint8_t count = 0;
    std::string_view bytes;
    if (!take_raw(from, count) || count == 0 || count > std::min<std::size_t>(planes_max, sizeof(T)) ||
        !take_bytes(from, count * values.size(), bytes))
        return false;
    std::ranges::fill(values, T{});
    for (unsigned plane = 0; plane < count; ++plane) {
        const auto* at = reinterpret_cast<const unsigned char*>(bytes.data()) + plane * values.size();
        for (T& value : values)
            value |= static_cast<T>(*at++) << (8 * plane);
    }
    return true;
}

template void append_planes(std::string&, std::span<const std::uint32_t>, unsigned);
template void append_planes(std::string&, std::span<const std::uint64_t>, unsigned);
template bool take_planes(std::string_view&, std::span<std::uint32_t>);
template bool take_planes(std::string_view&, std::span<std::int64_t>);
template void unpack(std::string_view, unsigned, std::span<std::uint32_t>);
template void unpack(std::string_view, unsigned, std::span<std::int64_t>);

}  // namespace jebi::log_analytics
