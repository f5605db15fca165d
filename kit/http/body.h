// The body of a message, read piece by piece and freed of its chunks (RFC 9112, 6 and 7). Does no I/O.
//
// As strict as head.h: a chunk's size is hex digits and nothing else, its lines end with CRLF. Chunk
// extensions and trailers are read and thrown away; all framing together is bounded as well, so that a
// sender cannot make us read megabytes for a few bytes.
//
// Why not Boost.Beast's parser: in 1.81 the legal body "0\r\n\r\n", cut before its last byte, fails an
// assert there, so that anybody could end the process (body_test.cpp cuts bodies everywhere).
#pragma once

#include <string>
#include <string_view>

#include "kit/http/head.h"

namespace jebi::http {

class BodyReader {
public:
    // 413 when the length is beyond `bytes_max`.
    Taken<void> begin(const Framing& framing, std::size_t bytes_max);

    // Appends what `bytes` has of the body to `body`. Answers how many of them were dealt with: all, unless
    // the body ends among them.
    Taken<std::size_t> take(std::string_view bytes, std::string& body);
    bool whole() const { return part_ == Part::end; }
    // The connection has ended: the body with it, or it is cut off.
    Taken<void> end_with_connection();

private:
    enum class Part : std::uint8_t {
        size_first,  // a chunk's size, no digit yet
        size,
        extension,
        size_end,  // the LF behind its CR
        data,
        data_cr,
        data_lf,
        trailer_first,  // the first character of a trailer's line, or of the end
        trailer,
        trailer_end,
        last_lf,
        plain,  // a body of a known length
        until_close,
        end,
    };

    std::size_t take_data(std::string_view bytes, std::string& body);
    // Takes one character of what is between the data.
    Taken<void> take_framing(char c, std::size_t body_size);
    Taken<void> take_size(char c);
    Taken<void> begin_data(std::size_t body_size);

    Part part_ = Part::end;
    std::size_t left_ = 0;     // of the data in this chunk, or of the whole body
    std::size_t digits_ = 0;   // of this chunk's size
    std::size_t framing_ = 0;  // bytes that were not data
    std::size_t bytes_max_ = 0;
};

}  // namespace jebi::http
