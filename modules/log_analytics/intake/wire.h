// The wire format of Protocol Buffers, as much as it takes to read a message field by field and to write a
// small one.
//
//     WireReader message{bytes};
//     while (message.next()) {
//         if (message.field() == 2) name = message.bytes();
//     }
//     if (message.failed()) ...
//
// Source: "Encoding", protobuf.dev. A field is a key (a varint: number * 8 + kind) and a value: kind 0 a
// varint, 1 eight bytes, 2 a varint length and as many bytes, 5 four bytes; little endian. Groups (kinds 3
// and 4) are refused: no message read here has them. Unknown fields are passed over. Nothing is allocated;
// every length is checked against what is there.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace jebi::log_analytics {

class WireReader {
public:
    explicit WireReader(std::string_view message) : rest_(message) {}

    // Goes to the next field; false at the end, and when the bytes are no message.
    bool next();
    bool failed() const { return failed_; }
    std::uint32_t field() const { return field_; }
    // The field's value. Zero, or empty, when it is of another kind than asked for.
    std::uint64_t number() const { return number_; }  // varint, 64 or 32 bits
    std::int64_t integer() const { return static_cast<std::int64_t>(number_); }
    double binary64() const;
    std::string_view bytes() const { return bytes_; }

private:
    bool take_varint(std::uint64_t& value);
    bool take_fixed(std::size_t size);
    bool fail();
    std::string_view rest_;
    std::uint32_t field_ = 0;
    std::uint64_t number_ = 0;
    std::string_view bytes_;
    bool failed_ = false;
};

void append_wire_integer(std::string& message, std::uint32_t field, std::int64_t value);
void append_wire_bytes(std::string& message, std::uint32_t field, std::string_view value);

}  // namespace jebi::log_analytics
