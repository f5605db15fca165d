// What stays of a connection that has answered 101 and does not speak HTTP any more (RFC 9110, 7.8).
#pragma once

#include <functional>
#include <string_view>

#include "kit/fiber/socket.h"

namespace jebi::http {

struct Upgraded {
    fiber::Socket& socket;
    std::string_view early;  // what the client has sent behind its request already
    bool stopping = false;   // the server; then nobody calls what follows any more
    // Called on the connection's loop, from another fiber, when the server is about to stop.
    std::function<void()> on_goodbye{};
};

}  // namespace jebi::http
