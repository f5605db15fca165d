// Texts of one block, or of a dictionary, as bytes; and codes.
//
// Texts:
//     u8      flags: 1 some rows are absent, 2 hex
//     bitmap  when some are absent: (rows + 63) / 64 u64, a 1 for each row that is present
//     u32     bytes of the sizes, and the sizes: the integers (number_encoding.h) of each text's bytes, 0 if
//     absent; the texts one after another, each followed by a zero byte. Hex: all texts are lower-case hex
//     digits, of one even size; then two digits stand in one byte, and there are no zero bytes.
// Codes:
//     u8      scheme
//     0 constant  u32
//     1 packed    u8 width, packed (packing.h)
//     2 planes    u8 count (1 to 4), then the lowest byte of each code, then the next byte of each, ...; for
//     zstd
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jebi::log_analytics {

// `texts` has a text for each row (anything for absent ones); `present` is empty when no row is absent.
void append_texts(std::string& out, std::span<const std::string_view> texts,
                  std::span<const std::uint64_t> present);

// Texts that were read. They refer to `bytes`, or to the payload they were read from.
struct ReadTexts {
    std::vector<std::string_view> texts;  // empty for absent rows
    std::vector<std::uint64_t> present;   // empty: none is absent
    std::string_view joined;              // the texts in their order, a zero byte behind each
    std::string bytes;
};
// False when the payload is damaged. `payload` outlives `read`.
bool read_texts(std::string_view payload, std::size_t rows, ReadTexts& read);

void append_packed_codes(std::string& out, std::span<const std::uint32_t> codes);
void append_code_planes(std::string& out, std::span<const std::uint32_t> codes);
// False when the payload is damaged or a code is above `code_max`.
bool read_codes(std::string_view payload, std::span<std::uint32_t> codes, std::uint32_t code_max);

}  // namespace jebi::log_analytics
