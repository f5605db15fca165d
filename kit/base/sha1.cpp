#include "kit/base/sha1.h"

#include <bit>
#include <string>

namespace jebi {

namespace {

constexpr std::size_t block_bytes = 64;

using State = std::array<std::uint32_t, 5>;

// The text, one bit, zeros, and the text's length in bits: whole blocks.
std::string padded(std::string_view bytes) {
    std::string text{bytes};
    text += '\x80';
    text.append((block_bytes + 56 - text.size() % block_bytes) % block_bytes, '\0');
    const std::uint64_t bits = bytes.size() * 8;
    for (int shift = 56; shift >= 0; shift -= 8)
        text += static_cast<char>(bits >> shift & 0xff);
    return text;
}

std::array<std::uint32_t, 80> schedule(std::string_view block) {
    std::array<std::uint32_t, 80> words{};
    for (std::size_t i = 0; i < block_bytes; ++i)
        words[i / 4] = words[i / 4] << 8 | static_cast<unsigned char>(block[i]);
    for (std::size_t i = 16; i < words.size(); ++i)
        words[i] = std::rotl(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
    return words;
}

std::uint32_t mixed(std::size_t round, const State& s) {
    const auto [a, b, c, d, e] = s;
    if (round < 20) return ((b & c) | (~b & d)) + 0x5a827999;
    if (round < 40) return (b ^ c ^ d) + 0x6ed9eba1;
    if (round < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
    return (b ^ c ^ d) + 0xca62c1d6;
}

void take_block(State& state, std::string_view block) {
    const auto words = schedule(block);
    State s = state;
    for (std::size_t round = 0; round < words.size(); ++round) {
        const std::uint32_t next = std::rotl(s[0], 5) + mixed(round, s) + s[4] + words[round];
        s = {next, s[0], std::rotl(s[1], 30), s[2], s[3]};
    }
    for (std::size_t i = 0; i < state.size(); ++i)
        state[i] += s[i];
}

}  // namespace

std::array<std::uint8_t, 20> sha1(std::string_view bytes) {
    State state{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    const std::string text = padded(bytes);
    for (std::size_t at = 0; at < text.size(); at += block_bytes)
        take_block(state, std::string_view{text}.substr(at, block_bytes));
    std::array<std::uint8_t, 20> hash{};
    for (std::size_t i = 0; i < hash.size(); ++i)
        hash[i] = static_cast<std::uint8_t>(state[i / 4] >> (24 - i % 4 * 8));
    return hash;
}

}  // namespace jebi
