// The bounds of what a server takes from outside.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string_view>

#include "kit/base/clock.h"

namespace jebi::http {

enum class Method : std::uint8_t;

struct Limits {
    std::size_t head_bytes_max = 16 * 1024;    // request line and header; beyond: 431
    std::size_t target_bytes_max = 8 * 1024;   // beyond: 414
    std::size_t fields_max = 100;              // beyond: 431
    std::size_t body_bytes_max = 1024 * 1024;  // beyond: 413
    // What is taken instead by that method at that path (as sent, without the query), where uploads go:
    // nothing for all others. Router::body_bytes_max is made for it.
    std::function<std::optional<std::size_t>(Method, std::string_view path)> body_bytes_max_at{};
    Millis head_ms{10'000};                // from its first byte to its last; beyond: 408
    Millis body_ms{30'000};                // beyond: 408
    Millis idle_ms{60'000};                // keep-alive without a request; then closed
    Millis write_ms{30'000};               // for each 128 KiB that the client has to read; then closed
    Millis handler_ms{10'000};             // the deadline that a request carries
    Millis handshake_ms{10'000};           // of TLS; then closed
    std::size_t handshakes_max = 1'000;    // of TLS under way; beyond: closed
    std::size_t connections_max = 10'000;  // beyond: 503 with Retry-After, and closed
    // While the server stops: a connection that has waited for a request for so long is closed. It should be
    // longer than clients use a connection again without a look (ClientOptions::trusted_ms).
    Millis goodbye_ms{250};
};

}  // namespace jebi::http
