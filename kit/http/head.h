// The head of a message, read in the one way in which it can be read (RFC 9112, and stricter where programs
// differ).
//
// A proxy in front of us and we must never disagree about where a request ends, or an attacker hides a
// second request in the first ("request smuggling"). So what anybody could read differently is refused
// with 400: a bare LF or CR and other controls, folded lines, a space before a colon, Content-Length
// doubled, signed, in a list, with a leading zero, too large, or together with Transfer-Encoding; a
// Transfer-Encoding that is not exactly "chunked" or stands in HTTP/1.0; Host missing, doubled, malformed
// or unlike the target's. Allowed beyond the grammar: bytes above 127 in the target (people type 제비
// into curl). Pure functions; the views look into the bytes that were given.
#pragma once

#include <cstdint>
#include <expected>
#include <string_view>

#include "kit/http/message.h"

namespace jebi::http {

// Why a message is not taken.
struct Refusal {
    int status = 0;  // 400, 413, 414, 431, ...
    std::string_view why{};
};
template <typename T>
using Taken = std::expected<T, Refusal>;

struct HeadLimits {
    std::size_t bytes_max;
    std::size_t target_bytes_max;
    std::size_t fields_max;
};

// Where the body behind a head ends.
struct Framing {
    enum class Kind : std::uint8_t {
        none,         // there is no body
        length,       // after `length` bytes
        chunked,      // after the last chunk and the trailer
        until_close,  // with the connection; answers only
    } kind = Kind::none;
    std::uint64_t length = 0;
};

struct Head {
    std::string_view method;  // of a request
    std::string_view target;  // of a request
    int status = 0;           // of an answer
    bool is_1_1 = true;
    bool keep_alive = true;
    Framing framing{};
    Fields<std::string_view> fields;
};

// Looks for the end of a head while it arrives, and refuses at once what cannot become one.
class HeadEnd {
public:
    explicit HeadEnd(const HeadLimits& limits) : limits_(limits) {}

    // `bytes` is all that has come of the head, and is looked at from where the last call stopped.
    // Answers the head's size with its empty line; 0: not all of it is there.
    Taken<std::size_t> in(std::string_view bytes);
    void reset() { *this = HeadEnd{limits_}; }

private:
    HeadLimits limits_;
    std::size_t seen_ = 0;        // up to here there is no end
    std::size_t line_begin_ = 0;  // of the line that is arriving
};

// `bytes` is a whole head with its empty line. `into` keeps the memory of its last use.
Taken<void> read_request_head(std::string_view bytes, const HeadLimits& limits, Head& into);
// `to_head`: the answer to a HEAD request, which has no body whatever its fields say.
Taken<void> read_answer_head(std::string_view bytes, const HeadLimits& limits, bool to_head, Head& into);

// Letters, digits and !#$%&'*+-.^_`|~ (RFC 9110, 5.6.2), at least one.
bool is_token(std::string_view text);
// Nothing but what can be seen, blanks, tabs and bytes above 127.
bool is_field_value(std::string_view text);
// Statuses whose answers never have a body: 1xx, 204, 304.
bool has_no_body(int status);

}  // namespace jebi::http
