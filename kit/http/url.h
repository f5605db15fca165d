// The URL of a service that we ask: http or https, a host, a port, a path (RFC 3986, the part that
// configuration needs: no user, no query, no fragment).
#pragma once

#include <string>
#include <string_view>

#include "kit/fiber/socket.h"

namespace jebi::http {

struct Url {
    bool secure = false;     // https
    fiber::Address address;  // the port is 80 or 443 where none is named
    std::string path;        // "/under/here": empty, or from a slash on, without one at its end

    // `invalid`, with what is wrong with it, when it is no such URL.
    static Result<Url> from(std::string_view text);
    // Does it stay on this machine? (127.0.0.0/8, ::1, localhost)
    bool is_loopback() const;
};

}  // namespace jebi::http
