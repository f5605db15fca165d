// Small integers in few bits each. Packed: value i stands in bits [i * width, (i + 1) * width), lowest bit
// first.
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
template <typename T>
void pack(std::string& out, std::span<const T> values, unsigned width);
// `bytes` has at least packed_bytes() bytes: an assert.
template <typename T>
void unpack(std::string_view bytes, unsigned width, std::span<T> values);

// The same integers as bytes that zstd sees through: u8 count of planes (1 to 7), then the lowest byte of
// each value, then the next byte of each, ... Every value fits into `width` bits.
template <typename T>
void append_planes(std::string& out, std::span<const T> values, unsigned width);
// False when there is too little.
template <typename T>
bool take_planes(std::string_view& from, std::span<T> values);

}  // namespace jebi::log_analytics
