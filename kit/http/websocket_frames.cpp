#include "kit/http/websocket_frames.h"

#include <algorithm>
#include <utility>

#include "kit/base/unicode.h"

namespace jebi::http {

namespace {

constexpr std::size_t pieces_max = 1024;  // of one message: empty ones cost its sender two bytes each
constexpr std::uint64_t length_in_7_bits_max = 125;
constexpr std::uint64_t length_in_16_bits_max = 0xffff;

std::unexpected<CloseCode> refuse(CloseCode code) {
    return std::unexpected(code);
}

bool is_known(Opcode opcode) {
    return opcode <= Opcode::binary || (opcode >= Opcode::close && opcode <= Opcode::pong);
}

// 1000 to 1014 but for those that stand for the lack of a code, and what programs agree on among themselves.
bool may_be_sent(std::uint16_t code) {
    if (code >= 3000) return code <= 4999;
    return code >= 1000 && code <= 1014 && (code < 1004 || code > 1006);
}

void append_number(std::string& out, std::uint64_t number, int bytes) {
    for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
        out += static_cast<char>(number >> shift & 0xff);
}

std::uint64_t number_of(std::string_view bytes) {
    std::uint64_t number = 0;
    for (const char c : bytes)
        number = number << 8 | static_cast<unsigned char>(c);
    return number;
}

// From `begin` on; `at` is the mask's byte for the first of them.
void apply_mask(std::string& bytes, std::size_t begin, std::string_view mask, std::size_t at) {
    for (std::size_t i = begin; i < bytes.size(); ++i)
        bytes[i] = static_cast<char>(bytes[i] ^ mask[at++ % 4]);
}

}  // namespace

void append_frame(std::string& out, Opcode opcode, std::string_view payload, const std::optional<Mask>& mask,
                  bool last) {
    const std::uint64_t masked = mask ? 0x80 : 0;
    append_number(out, (last ? 0x80u : 0u) | static_cast<unsigned>(opcode), 1);
    if (payload.size() <= length_in_7_bits_max) {
        append_number(out, masked | payload.size(), 1);
    } else if (payload.size() <= length_in_16_bits_max) {
        append_number(out, masked | 126, 1);
        append_number(out, payload.size(), 2);
    } else {
        append_number(out, masked | 127, 1);
        append_number(out, payload.size(), 8);
    }
    if (mask) out.append(mask->begin(), mask->end());
    const std::size_t begin = out.size();
    out += payload;
    if (mask) apply_mask(out, begin, {mask->data(), mask->size()}, 0);
}

std::string close_payload(CloseCode code, std::string_view reason) {
    std::string payload;
    if (code == CloseCode::none || code == CloseCode::cut_off) return payload;
    append_number(payload, static_cast<std::uint16_t>(code), 2);
    reason = reason.substr(0, close_reason_bytes_max);
    while (!is_utf8(reason))
        reason.remove_suffix(1);
    return payload.append(reason);
}

std::expected<std::size_t, CloseCode> FrameReader::take(std::string_view bytes) {
    std::size_t taken = 0;
    while (!arrived_) {
        if (!in_payload_) {
            const auto count = take_head(bytes.substr(taken));
            if (!count) return count;
            taken += *count;
            if (!in_payload_) return taken;
        }
        taken += take_payload(bytes.substr(taken));
        if (left_ > 0) return taken;
        if (const auto ended = end_frame(); !ended) return refuse(ended.error());
    }
    return taken;
}

std::size_t FrameReader::head_size() const {
    if (head_.size() < 2) return 2;
    const int length = head_[1] & 0x7f;
    return 2 + (length == 126 ? 2u : length == 127 ? 8u : 0u) + (from_client_ ? 4u : 0u);
}

std::expected<std::size_t, CloseCode> FrameReader::take_head(std::string_view bytes) {
    std::size_t taken = 0;
    while (head_.size() < head_size()) {
        if (taken == bytes.size()) return taken;
        head_ += bytes[taken++];
        if (head_.size() == 2 && !may_begin()) return refuse(CloseCode::protocol_error);
    }
    if (const auto begun = begin_frame(); !begun) return refuse(begun.error());
    return taken;
}

// Are the first two bytes what the other side may send?
bool FrameReader::may_begin() const {
    const bool reserved_bits = (head_[0] & 0x70) != 0;
    const bool masked = (head_[1] & 0x80) != 0;
    return !reserved_bits && is_known(opcode()) && masked == from_client_;
}

std::uint64_t FrameReader::length() const {
    const auto short_length = static_cast<std::uint64_t>(head_[1] & 0x7f);
    if (short_length < 126) return short_length;
    return number_of(std::string_view{head_}.substr(2, short_length == 126 ? 2 : 8));
}

std::expected<void, CloseCode> FrameReader::begin_frame() {
    const int short_length = head_[1] & 0x7f;
    left_ = length();
    if (short_length == 126 && left_ <= length_in_7_bits_max) return refuse(CloseCode::protocol_error);
    if (short_length == 127 && left_ <= length_in_16_bits_max) return refuse(CloseCode::protocol_error);
    if (is_control()) {
        if (!is_last() || left_ > control_bytes_max) return refuse(CloseCode::protocol_error);
    } else if (const auto begun = begin_data_frame(); !begun) {
        return begun;
    }
    in_payload_ = true;
    mask_at_ = 0;
    return {};
}

std::expected<void, CloseCode> FrameReader::begin_data_frame() {
    const bool goes_on = opcode() == Opcode::continuation;
    if (goes_on != (pieces_ > 0)) return refuse(CloseCode::protocol_error);
    if (left_ > message_bytes_max_ - message_.size()) return refuse(CloseCode::too_large);
    if (++pieces_ > pieces_max) return refuse(CloseCode::policy);
    if (!goes_on) message_opcode_ = opcode();
    return {};
}

std::size_t FrameReader::take_payload(std::string_view bytes) {
    const auto piece =
        bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size())));
    std::string& into = is_control() ? control_ : message_;
    const std::size_t begin = into.size();
    into += piece;
    if (from_client_) apply_mask(into, begin, std::string_view{head_}.substr(head_.size() - 4), mask_at_);
    mask_at_ += piece.size();
    left_ -= piece.size();
    return piece.size();
}

std::expected<void, CloseCode> FrameReader::end_frame() {
    in_payload_ = false;
    std::expected<void, CloseCode> ended;
    if (opcode() == Opcode::close) {
        ended = end_close();
    } else if (is_control()) {
        arrived_ = Arrived{.opcode = opcode(), .bytes = std::exchange(control_, {})};
    } else if (is_last()) {
        ended = end_message();
    }
    head_.clear();
    return ended;
}

std::expected<void, CloseCode> FrameReader::end_message() {
    if (message_opcode_ == Opcode::text && !is_utf8(message_)) return refuse(CloseCode::not_utf8);
    arrived_ = Arrived{.opcode = message_opcode_, .bytes = std::exchange(message_, {})};
    pieces_ = 0;
    return {};
}

std::expected<void, CloseCode> FrameReader::end_close() {
    arrived_ = Arrived{.opcode = Opcode::close};
    if (control_.empty()) return {};
    const auto code = static_cast<std::uint16_t>(number_of(std::string_view{control_}.substr(0, 2)));
    if (control_.size() < 2 || !may_be_sent(code)) return refuse(CloseCode::protocol_error);
    // Applications have codes of their own, which the type holds without a name for them.
    arrived_->code = static_cast<CloseCode>(code);  // NOLINT(clang-analyzer-optin.core.EnumCastOutOfRange)
    arrived_->bytes = control_.substr(2);
    if (!is_utf8(arrived_->bytes)) return refuse(CloseCode::not_utf8);
    return {};
}

}  // namespace jebi::http
