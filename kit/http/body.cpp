#include "kit/http/body.h"

#include <algorithm>
#include <array>

namespace jebi::http {

namespace {

constexpr std::size_t size_digits_max = 15;           // below 2^60 whatever they are
constexpr std::size_t framing_bytes_max = 16 * 1024;  // beyond what small chunks need
constexpr std::size_t framing_per_byte_max = 16;      // a chunk of one byte needs six

std::unexpected<Refusal> refuse(std::string_view why) {
    return std::unexpected(Refusal{400, why});
}
Taken<void> malformed() {
    return refuse("The body's chunks are malformed.");
}
std::unexpected<Refusal> too_large() {
    return std::unexpected(Refusal{413, "The body is too large."});
}

// -1 for what is no hex digit.
int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

Taken<void> BodyReader::begin(const Framing& framing, std::size_t bytes_max) {
    if (framing.length > bytes_max) return too_large();
    constexpr std::array first{Part::end, Part::plain, Part::size_first, Part::until_close};
    part_ = first[static_cast<std::size_t>(framing.kind)];
    left_ = framing.length;
    digits_ = framing_ = 0;
    bytes_max_ = bytes_max;
    return {};
}

Taken<std::size_t> BodyReader::take(std::string_view bytes, std::string& body) {
    std::size_t taken = 0;
    while (taken < bytes.size() && !whole()) {
        if (part_ == Part::data || part_ == Part::plain) {
            taken += take_data(bytes.substr(taken), body);
        } else if (part_ == Part::until_close) {
            if (bytes.size() > bytes_max_ - body.size()) return too_large();
            body += bytes;
            return bytes.size();
        } else {
            TRY_VOID(take_framing(bytes[taken++], body.size()));
        }
    }
    return taken;
}

std::size_t BodyReader::take_data(std::string_view bytes, std::string& body) {
    const auto piece = bytes.substr(0, left_);
    body += piece;
    left_ -= piece.size();
    if (left_ == 0) part_ = part_ == Part::plain ? Part::end : Part::data_cr;
    return piece.size();
}

Taken<void> BodyReader::take_framing(char c, std::size_t body_size) {
    if (++framing_ > framing_bytes_max + framing_per_byte_max * body_size)
        return refuse("The body's chunks are mostly framing.");
    const auto go_on = [&](bool right, Part next) -> Taken<void> {
        if (!right) return malformed();
        part_ = next;
        return {};
    };
    switch (part_) {
        case Part::size_first:
        case Part::size:
            return take_size(c);
        case Part::extension:
            return go_on(c == '\r' || is_field_value({&c, 1}), c == '\r' ? Part::size_end : part_);
        case Part::size_end:
            return c == '\n' ? begin_data(body_size) : malformed();
        case Part::data_cr:
            return go_on(c == '\r', Part::data_lf);
        case Part::data_lf:
            return go_on(c == '\n', Part::size_first);
        case Part::trailer_first:
            if (c == '\r') return go_on(true, Part::last_lf);
            return go_on(is_token({&c, 1}), Part::trailer);
        case Part::trailer:
            return go_on(c == '\r' || is_field_value({&c, 1}), c == '\r' ? Part::trailer_end : part_);
        case Part::trailer_end:
            return go_on(c == '\n', Part::trailer_first);
        case Part::last_lf:
            return go_on(c == '\n', Part::end);
        default:
            return refuse("The body has ended.");
    }
}

Taken<void> BodyReader::take_size(char c) {
    const int value = hex_value(c);
    if (value >= 0) {
        if (++digits_ > size_digits_max) return refuse("A chunk's size has too many digits.");
        left_ = left_ * 16 + static_cast<std::size_t>(value);
        part_ = Part::size;
        return {};
    }
    if (part_ == Part::size_first || (c != ';' && c != '\r')) return refuse("A chunk's size is malformed.");
    part_ = c == ';' ? Part::extension : Part::size_end;
    digits_ = 0;
    return {};
}

Taken<void> BodyReader::begin_data(std::size_t body_size) {
    if (left_ > bytes_max_ - body_size) return too_large();
    part_ = left_ == 0 ? Part::trailer_first : Part::data;
    return {};
}

Taken<void> BodyReader::end_with_connection() {
    if (part_ == Part::until_close) part_ = Part::end;
    if (!whole()) return refuse("The message is cut off.");
    return {};
}

}  // namespace jebi::http
