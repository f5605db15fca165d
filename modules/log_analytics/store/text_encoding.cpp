#include "modules/log_analytics/store/text_encoding.h"

#include <algorithm>
#include <array>
#include <bit>

#include "modules/log_analytics/store/bytes.h"
#include "modules/log_analytics/store/number_encoding.h"
#include "modules/log_analytics/store/packing.h"

namespace jebi::log_analytics {

namespace {

enum Flags : std::uint8_t { some_absent = 1, as_hex = 2 };
enum CodeScheme : std::uint8_t { constant = 0, packed = 1, planes = 2 };
constexpr unsigned code_width_max = 32;

constexpr std::uint8_t no_digit = 0xFF;
constexpr std::array<std::uint8_t, 256> hex_values = [] {
    std::array<std::uint8_t, 256> values{};
    values.fill(no_digit);
    for (std::uint8_t i = 0; i < 10; ++i)
        values[static_cast<std::size_t>('0' + i)] = i;
    for (std::uint8_t i = 0; i < 6; ++i)
        values[static_cast<std::size_t>('a' + i)] = static_cast<std::uint8_t>(10 + i);
    return values;
}();
constexpr std::array<std::array<char, 2>, 256> hex_digits = [] {
    std::array<std::array<char, 2>, 256> digits{};
    constexpr std::string_view of = "0123456789abcdef";
    for (std::size_t byte = 0; byte < digits.size(); ++byte)
        digits[byte] = {of[byte / 16], of[byte % 16]};
    return digits;
}();

bool is_hex(std::string_view text) {
    return std::ranges::all_of(text,
                               [](char c) { return hex_values[static_cast<unsigned char>(c)] != no_digit; });
}

bool fit_hex(std::span<const std::string_view> texts) {
    if (texts.empty() || texts[0].empty() || texts[0].size() % 2 != 0) return false;
    return std::ranges::all_of(
        texts, [&](std::string_view text) { return text.size() == texts[0].size() && is_hex(text); });
}

// Texts of one even size.
void append_hex(std::string& out, std::span<const std::string_view> texts) {
    const std::size_t begin = out.size();
    out.resize(begin + texts.size() * texts[0].size() / 2);
    char* at = out.data() + begin;
    for (const std::string_view text : texts) {
        for (std::size_t i = 0; i < text.size(); i += 2) {
            const auto high = hex_values[static_cast<unsigned char>(text[i])];
            const auto low = hex_values[static_cast<unsigned char>(text[i + 1])];
            *at++ = static_cast<char>(high * 16 + low);
        }
    }
}

void append_joined(std::string& out, std::span<const std::string_view> texts) {
    std::size_t size = texts.size();  // of the zero bytes
    for (const std::string_view text : texts)
        size += text.size();
    const std::size_t begin = out.size();
    out.resize(begin + size);  // and with it the zero bytes
    char* at = out.data() + begin;
    for (const std::string_view text : texts) {
        std::ranges::copy(text, at);
        at += text.size() + 1;
    }
}

// Sizes of texts, checked to be possible.
bool take_sizes(std::string_view& from, std::span<std::int64_t> sizes) {
    std::uint32_t size = 0;
    std::string_view payload;
    std::vector<std::uint64_t> none;
    return take_raw(from, size) && take_bytes(from, size, payload) && read_integers(payload, sizes, none) &&
           std::ranges::all_of(sizes, [](std::int64_t bytes) { return bytes >= 0 && bytes <= UINT32_MAX; });
}

bool expand_hex(std::string_view binary, std::span<const std::int64_t> sizes, std::string& out) {
    const auto digits = static_cast<std::size_t>(sizes.empty() ? 0 : sizes[0]);
    if (digits == 0 || digits % 2 != 0 || binary.size() != digits / 2 * sizes.size()) return false;
    out.resize((digits + 1) * sizes.size());
    char* at = out.data();
    for (std::size_t i = 0; i < binary.size(); ++i) {
        const auto& two = hex_digits[static_cast<unsigned char>(binary[i])];
        *at++ = two[0];
        *at++ = two[1];
        if ((i + 1) % (digits / 2) == 0) *at++ = '\0';
    }
    return std::ranges::all_of(sizes, [&](std::int64_t size) { return size == sizes[0]; });
}

bool cut(std::string_view joined, std::span<const std::int64_t> sizes, std::vector<std::string_view>& texts) {
    texts.resize(sizes.size());
    const char* at = joined.data();
    auto left = static_cast<std::int64_t>(joined.size());
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        if (sizes[i] >= left) return false;
        texts[i] = {at, static_cast<std::size_t>(sizes[i])};
        at += sizes[i] + 1;
        left -= sizes[i] + 1;
    }
    return left == 0;
}

}  // namespace

void append_texts(std::string& out, std::span<const std::string_view> texts,
                  std::span<const std::uint64_t> present) {
    const bool hex = present.empty() && fit_hex(texts);
    out += static_cast<char>((present.empty() ? 0 : some_absent) | (hex ? as_hex : 0));
    out.append(reinterpret_cast<const char*>(present.data()), present.size_bytes());
    std::vector<std::int64_t> sizes(texts.size());
    std::ranges::transform(texts, sizes.begin(),
                           [](std::string_view text) { return static_cast<std::int64_t>(text.size()); });
    std::string payload;
    append_integers(payload, sizes, {}, Layout::packed);
    append_raw(out, static_cast<std::uint32_t>(payload.size()));
    out += payload;
    if (hex) return append_hex(out, texts);
    append_joined(out, texts);
}

bool read_texts(std::string_view payload, std::size_t rows, ReadTexts& read) {
    std::uint8_t flags = 0;
    if (!take_raw(payload, flags) || flags > (some_absent | as_hex)) return false;
    if ((flags & some_absent) != 0) {
        read.present.resize((rows + 63) / 64);
        std::string_view bits;
        if (!take_bytes(payload, read.present.size() * sizeof(std::uint64_t), bits)) return false;
        std::memcpy(read.present.data(), bits.data(), bits.size());
    }
    std::vector<std::int64_t> sizes(rows);
    if (!take_sizes(payload, sizes)) return false;
    read.joined = payload;
    if ((flags & as_hex) != 0) {
        if (!expand_hex(payload, sizes, read.bytes)) return false;
        read.joined = read.bytes;
    }
    return cut(read.joined, sizes, read.texts);
}

void append_packed_codes(std::string& out, std::span<const std::uint32_t> codes) {
    const auto [min, max] = std::ranges::minmax(codes);
    if (min == max) {
        out += static_cast<char>(constant);
        append_raw(out, min);
        return;
    }
    const auto width = static_cast<unsigned>(std::bit_width(max));
    out += static_cast<char>(packed);
    out += static_cast<char>(width);
    pack(out, codes, width);
}

void append_code_planes(std::string& out, std::span<const std::uint32_t> codes) {
    out += static_cast<char>(planes);
    append_planes(out, codes, static_cast<unsigned>(std::bit_width(std::ranges::max(codes))));
}

bool read_codes(std::string_view payload, std::span<std::uint32_t> codes, std::uint32_t code_max) {
    std::uint8_t scheme = 0, width = 0;
    if (!take_raw(payload, scheme)) return false;
    if (scheme == constant) {
        std::uint32_t code = 0;
        if (!take_raw(payload, code) || code > code_max) return false;
        std::ranges::fill(codes, code);
        return payload.empty();
    }
    if (scheme == planes) {
        if (!take_planes(payload, codes) || !payload.empty()) return false;
    } else {
        if (scheme != packed || !take_raw(payload, width) || width == 0 || width > code_width_max ||
            payload.size() != packed_bytes(codes.size(), width))
            return false;
        unpack(payload, width, codes);
    }
    return codes.empty() || std::ranges::max(codes) <= code_max;
}

}  // namespace jebi::log_analytics
