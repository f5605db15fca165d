// Compression of answers on the fly, for clients that ask for it (RFC 9110, 8.4 and 12.5.3).
#pragma once

#include <string_view>

#include "kit/http/message.h"

namespace jebi::http {

inline constexpr std::size_t compressed_bytes_min = 1024;
inline constexpr std::size_t compressed_bytes_max = 1024 * 1024;  // a loop must not be busy for long

enum class Coding : std::uint8_t { identity, gzip, brotli };

// What to send to a client with this Accept-Encoding. Brotli before gzip where the client likes them alike.
Coding coding_for(std::string_view accept_encoding);

// Texts, JSON, scripts and SVG.
bool is_compressible(std::string_view content_type);

// Compresses the body when it is text of a fitting size and the client accepts it, and adds
// Content-Encoding and Vary. Leaves alone what has a Content-Encoding or an ETag already ("identity" there
// keeps a body from being compressed, where secrets and what others wrote stand on one page), and what says
// `no-transform`.
void compress_for(const Request& request, Response& response);

}  // namespace jebi::http
