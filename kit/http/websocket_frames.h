// WebSocket frames as bytes (RFC 6455, 5). Does no I/O.
//
// What comes is held to the RFC: reserved bits and opcodes, masks where they must not be or are missing,
// lengths that are not written the shortest way, control frames that are long or in pieces, pieces without a
// beginning, text that is no UTF-8 and close codes that nobody may send are refused with the close code that
// the RFC asks for. docs/decisions/0009-own-websocket.md says why it is our own.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace jebi::http {

enum class Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

// Why a connection ends (RFC 6455, 7.4.1).
enum class CloseCode : std::uint16_t {
    normal = 1000,
    going_away = 1001,  // the server stops, or the page is left
    protocol_error = 1002,
    not_acceptable = 1003,  // a kind of message that is not taken here
    none = 1005,            // the close frame said nothing; never sent
    cut_off = 1006,         // there was no close frame; never sent
    not_utf8 = 1007,
    policy = 1008,
    too_large = 1009,
    mistake = 1011,  // ours
    try_later = 1013,
};

inline constexpr std::size_t control_bytes_max = 125;
inline constexpr std::size_t close_reason_bytes_max = control_bytes_max - 2;

using Mask = std::array<char, 4>;

// Appends one whole frame. With a mask it is a client's, without one a server's.
void append_frame(std::string& out, Opcode opcode, std::string_view payload,
                  const std::optional<Mask>& mask = std::nullopt, bool last = true);
// What a close frame carries; a reason that is too long is cut at a character's end.
std::string close_payload(CloseCode code, std::string_view reason);

// A message, or a control frame.
struct Arrived {
    Opcode opcode = Opcode::text;  // text, binary, ping, pong or close
    std::string bytes;             // of close: its reason
    CloseCode code = CloseCode::none;
};

// Puts messages together from frames, wherever their bytes are cut.
class FrameReader {
public:
    // Clients' frames are masked, servers' are not.
    FrameReader(bool from_client, std::size_t message_bytes_max)
        : from_client_(from_client), message_bytes_max_(message_bytes_max) {}

    // Deals with `bytes` up to the end of what they complete, and answers how many those are. With an error
    // nothing more can be read: close with that code.
    std::expected<std::size_t, CloseCode> take(std::string_view bytes);
    // What the last take() has completed, once.
    std::optional<Arrived> arrived() { return std::exchange(arrived_, std::nullopt); }

private:
    std::expected<std::size_t, CloseCode> take_head(std::string_view bytes);
    std::expected<void, CloseCode> begin_frame();
    std::expected<void, CloseCode> begin_data_frame();
    bool may_begin() const;
    std::size_t head_size() const;
    std::uint64_t length() const;
    std::size_t take_payload(std::string_view bytes);
    std::expected<void, CloseCode> end_frame();
    std::expected<void, CloseCode> end_message();
    std::expected<void, CloseCode> end_close();

    bool is_last() const { return (head_[0] & 0x80) != 0; }
    bool is_control() const { return (head_[0] & 0x08) != 0; }
    Opcode opcode() const { return static_cast<Opcode>(head_[0] & 0x0f); }

    bool from_client_;
    std::size_t message_bytes_max_;
    std::string head_;         // of the frame that is arriving
    bool in_payload_ = false;  // its head is whole
    std::uint64_t left_ = 0;   // of its payload
    std::size_t mask_at_ = 0;  // which byte of the mask is next
    std::string control_;      // the payload of a control frame, which may stand between pieces
    std::string message_;      // the pieces so far
    std::size_t pieces_ = 0;   // 0: no message has begun
    Opcode message_opcode_ = Opcode::text;
    std::optional<Arrived> arrived_;
};

}  // namespace jebi::http
