// Numbers of tweets in a segment, as they are kept: rising, each as its distance from the one before, 7 bits
// a byte, the lowest first, the highest bit set in all but the last byte ("variable byte", H. E. Williams, J.
// Zobel: "Compressing integers for fast file access", The Computer Journal 42(3), 1999).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace jebi::search {

using Numbers = std::vector<std::uint32_t>;
using Bytes = std::vector<std::uint8_t>;

// Adds `more`, which rise and are all higher than what is there.
void append(Bytes& postings, std::span<const std::uint32_t> more);
// What is damaged is left out.
Numbers numbers_in(std::span<const std::uint8_t> postings);
// Leaves in `numbers` what is in both.
void keep_common(Numbers& numbers, std::span<const std::uint8_t> postings);

void append_id(Bytes& ids, std::uint64_t id);
std::uint64_t id_at(std::span<const std::uint8_t> ids, std::size_t number);

}  // namespace jebi::search
