// Small filters that tell which blocks need not be read. They may say "perhaps" wrongly, never "no".
//
// Values (for ids): a Bloom filter (Bloom, 1970) of whole texts, 8 bits for each that differs, 2.5 % wrong.
//     u8 3, then bits in u64: bit (hash / 2^32) * (count of bits) / 2^32 for each of the text's four hashes
// Pieces (for texts of several words): which runs of four bytes occur, but for those with a digit in them,
// which would fill the filter with numbers. A text can only hold a piece when all of the piece's runs occur.
// Works for any language: nothing is split into words.
//     u8 2, then bits in u64: bit (hash of the run) mod (count of bits); a power of two of them at least 64
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace jebi::log_analytics {

// Of one block's texts.
void append_value_filter(std::string& out, std::span<const std::string_view> texts);
void append_piece_filter(std::string& out, std::span<const std::string_view> texts);

// Does a block with this filter perhaps have a row with exactly this text, with this in it? A filter of no
// known kind, or a damaged one, says yes.
bool may_equal(std::string_view filter, std::string_view text);
bool may_contain(std::string_view filter, std::string_view piece);

}  // namespace jebi::log_analytics
