#include "modules/log_analytics/intake/wire.h"

#include <bit>
#include <cstring>

namespace jebi::log_analytics {

namespace {

constexpr unsigned varint_kind = 0, fixed64_kind = 1, bytes_kind = 2, fixed32_kind = 5;

void append_varint(std::string& out, std::uint64_t value) {
    for (; value >= 0x80; value >>= 7)
        out += static_cast<char>((value & 0x7F) | 0x80);
    out += static_cast<char>(value);
}

void append_key(std::string& out, std::uint32_t field, unsigned kind) {
    append_varint(out, (std::uint64_t{field} << 3) | kind);
}

}  // namespace

bool WireReader::fail() {
    failed_ = true;
    rest_ = {};
    return false;
}

bool WireReader::take_varint(std::uint64_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
        const auto byte = static_cast<unsigned char>(rest_.front());
        rest_.remove_prefix(1);
        value |= std::uint64_t{byte & 0x7FU} << shift;
        if (byte < 0x80) return shift < 63 || byte < 2;
    }
    return false;
}

bool WireReader::take_fixed(std::size_t size) {
    if (rest_.size() < size) return false;
    std::memcpy(&number_, rest_.data(), size);
    rest_.remove_prefix(size);
    return true;
}

bool WireReader::next() {
    if (rest_.empty()) return false;
    number_ = 0;
    bytes_ = {};
    std::uint64_t key = 0, size = 0;
    if (!take_varint(key) || key >> 3 == 0 || key >> 3 > 536'870'911) return fail();
    field_ = static_cast<std::uint32_t>(key >> 3);
    switch (key & 7) {
        case varint_kind:
            return take_varint(number_) || fail();
        case fixed64_kind:
            return take_fixed(8) || fail();
        case fixed32_kind:
            return take_fixed(4) || fail();
        case bytes_kind:
            if (!take_varint(size) || size > rest_.size()) return fail();
            bytes_ = rest_.substr(0, size);
            rest_.remove_prefix(size);
            return true;
        default:
            return fail();
    }
}

double WireReader::binary64() const {
    return std::bit_cast<double>(number_);
}

void append_wire_integer(std::string& message, std::uint32_t field, std::int64_t value) {
    append_key(message, field, varint_kind);
    append_varint(message, static_cast<std::uint64_t>(value));
}

void append_wire_bytes(std::string& message, std::uint32_t field, std::string_view value) {
    append_key(message, field, bytes_kind);
    append_varint(message, value.size());
    message += value;
}

}  // namespace jebi::log_analytics
