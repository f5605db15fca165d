// Small integers in few bits each: value i stands in bits [i * width, (i + 1) * width), lowest bit first.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace jebi::log_analytics {

inline constexpr unsigned packed_width_max = 56;  // so that one read of 8 bytes holds any value

// How many bytes pack() appends: the bits, and 8 bytes more, so that a reader may always read 8.
std::size_t packed_bytes(std::size_t count, unsigned width);
// Every value fits into `width` bits, 1 to packed_width_max.
void pack(std::string& out, std::span<const std::uint64_t> values, unsigned width);
// `bytes` has at least packed_bytes() bytes: an assert.
template <typename T>
void unpack(std::string_view bytes, unsigned width, std::span<T> values);

}  // namespace jebi::log_analytics
