// Numbers and texts as bytes of a file, and back; reading checks every step. Little endian.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace jebi::log_analytics {

template <typename T>
void append_raw(std::string& out, T value) {
    out.append(reinterpret_cast<const char*>(&value),
               sizeof value);  // all machines we run on are little endian
}

// LEB128. Inline, as every value of a row passes here.
inline void append_varint(std::string& out, std::uint64_t value) {
    while (value >= 0x80) {
        out += static_cast<char>((value & 0x7F) | 0x80);
        value >>= 7;
    }
    out += static_cast<char>(value);
}
inline void append_text(std::string& out, std::string_view text) {
    append_varint(out, text.size());
    out += text;
}

// Takes from the front of `from`; false, and nothing useful in `value`, when there is too little.
template <typename T>
bool take_raw(std::string_view& from, T& value) {
    if (from.size() < sizeof value) return false;
    std::memcpy(&value, from.data(), sizeof value);
    from.remove_prefix(sizeof value);
    return true;
}
inline bool take_varint(std::string_view& from, std::uint64_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 64 && !from.empty(); shift += 7) {
        const auto byte = static_cast<unsigned char>(from.front());
        from.remove_prefix(1);
        value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
        if (byte < 0x80) return true;
    }
    return false;
}
inline bool take_bytes(std::string_view& from, std::size_t size, std::string_view& bytes) {
    if (from.size() < size) return false;
    bytes = from.substr(0, size);
    from.remove_prefix(size);
    return true;
}
inline bool take_text(std::string_view& from, std::string_view& text) {
    std::uint64_t size = 0;
    return take_varint(from, size) && take_bytes(from, size, text);
}

// Integers of either sign as a varint that is short when they are near 0.
inline void append_zigzag(std::string& out, std::int64_t value) {
    append_varint(out, static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
}
inline bool take_zigzag(std::string_view& from, std::int64_t& value) {
    std::uint64_t coded = 0;
    if (!take_varint(from, coded)) return false;
    value = static_cast<std::int64_t>(coded >> 1 ^ (~(coded & 1) + 1));
    return true;
}

}  // namespace jebi::log_analytics
