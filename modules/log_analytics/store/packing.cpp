#include "modules/log_analytics/store/packing.h"

#include <cassert>
#include <cstring>

namespace jebi::log_analytics {

std::size_t packed_bytes(std::size_t count, unsigned width) {
    return (count * width + 7) / 8 + 8;
}

void pack(std::string& out, std::span<const std::uint64_t> values, unsigned width) {
    assert(width >= 1 && width <= packed_width_max);
    const std::size_t begin = out.size();
    out.resize(begin + packed_bytes(values.size(), width));
    char* at = out.data() + begin;
    std::uint64_t pending = 0;
    unsigned bits = 0;
    for (const std::uint64_t value : values) {
        pending |= value << bits;
        bits += width;
        for (; bits >= 8; bits -= 8, pending >>= 8)
            *at++ = static_cast<char>(pending);
    }
    if (bits > 0) *at = static_cast<char>(pending);
}

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

template void unpack(std::string_view, unsigned, std::span<std::uint32_t>);
template void unpack(std::string_view, unsigned, std::span<std::int64_t>);

}  // namespace jebi::log_analytics
