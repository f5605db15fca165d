// Integers and numbers of one block as bytes.
//
// A payload begins with a byte of flags and scheme:
//     bit 7     some rows are absent: a bitmap of (rows + 63) / 64 u64 follows, a 1 for each row that is
//     present bits 0-6  scheme
// Integers:
//     0 plain     i64 for each row
//     1 constant  i64
//     2 offset    i64 smallest, u8 width, packed (packing.h) differences from it
//     3 delta     i64 first, i64 smallest step, u8 width, packed (step - smallest step) for rows 1, 2, ...
//     4 offset, 5 delta: as 2 and 3, but with planes for the width and what is packed: u8 count (1 to 7),
//     then the lowest byte of each difference, then the next byte of each, ...; for zstd
// Numbers:
//     0 plain     binary64 for each row
//     1 decimal   u8 digits, and integers as above: each number is exactly the integer / 10^digits
// Absent rows carry any value.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jebi::log_analytics {

// How differences are laid out: packed is small by itself, planes are what zstd makes smaller when some
// values are more frequent than others.
enum class Layout : std::uint8_t { packed, planes };

// `present` is empty when no row is absent.
void append_integers(std::string& out, std::span<const std::int64_t> values,
                     std::span<const std::uint64_t> present, Layout layout);
void append_numbers(std::string& out, std::span<const double> values, std::span<const std::uint64_t> present,
                    Layout layout);

// Fill `values`, whose size is the block's rows, and `present` (empty when no row is absent). False when the
// payload is damaged. The whole payload must be used up.
bool read_integers(std::string_view payload, std::span<std::int64_t> values,
                   std::vector<std::uint64_t>& present);
bool read_numbers(std::string_view payload, std::span<double> values, std::vector<std::uint64_t>& present);

}  // namespace jebi::log_analytics
