// The HTTP/1.1 server (RFC 9110, RFC 9112): a fiber per connection, keep-alive, pipelining, bodies in
// chunks both ways, compression on the fly.
//
// What comes from outside is hostile. Anything that two programs could read differently (head.h) is
// answered 400 and the connection is closed, so that no proxy in front can be tricked. Every size and
// every wait has a bound (limits.h); a slow client costs a fiber, not the service. No request can take the
// process down.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "kit/fiber/socket.h"
#include "kit/http/limits.h"
#include "kit/http/message.h"

namespace jebi::http {

// What the server tells about each answer; told on the connection's loop, and must not wait. Requests that
// were refused before anybody read them (400, 408, 413, 503, ...) are told with nothing but their peer.
struct Served {
    const Request& request;
    int status;
    std::size_t body_bytes;  // as sent: compressed, and none for HEAD
    std::chrono::nanoseconds took;
    bool is_stream;  // or waited on purpose: `took` then says how long the client listened
    bool turned_away = false;
};

struct ServerOptions {
    Limits limits;
    std::function<void(const Served&)> observer;
    // Told, like the observer, when a handler or a stream throws, or when a field of an answer had to be
    // dropped: our mistakes, for the log.
    std::function<void(const Request&, std::string_view what)> on_mistake;
    // Of the traces that begin here, this share is sampled (kit/base/trace.h). Others come with their answer.
    double sampled_share = 0;
    // Header fields that every answer gets unless the handler set them ("X-Content-Type-Options: nosniff").
    Fields<std::string> always;
    // Asked before the handler, and like it: what it answers is the answer, and the handler is not called.
    std::function<std::optional<Response>(const Request&)> before;
    // When set, the server speaks HTTPS only; whoever comes without TLS is closed.
    std::optional<fiber::TlsServer> tls;
};

class Server {
public:
    // `handler` is called in a fiber on any loop, so it must be thread-safe; what it throws is answered with
    // 500. `unavailable` when the address cannot be bound.
    static Result<std::unique_ptr<Server>> start(fiber::Loops& loops, const fiber::Address& at,
                                                 ServerOptions options,
                                                 std::function<Response(Request&)> handler);
    // The same on a socket that listens already, and that another process may take over afterwards.
    static Result<std::unique_ptr<Server>> start(fiber::Loops& loops, fiber::ListeningSocket socket,
                                                 ServerOptions options,
                                                 std::function<Response(Request&)> handler);
    // Stops as stop(now), and waits until no handler runs any more: they end when their request's time is
    // up at the latest. One that does not is our mistake, and ends the process.
    ~Server();
    const fiber::Address& address() const;
    // Takes no new connections, and ends streams that wait. Requests in flight, and those that still come on
    // open connections, are answered, the last of each with "Connection: close"; connections that nobody has
    // used for `goodbye_ms` are closed. So a client that keeps its connections busy sees no cut. What is left
    // by `until` is cut. True when nothing had to be. Once only.
    bool stop(Deadline until);

private:
    struct State;
    Server(fiber::Listener listener, std::shared_ptr<State> state);
    static std::unique_ptr<Server> start(fiber::Loops& loops, fiber::Listener listener, ServerOptions options,
                                         std::function<Response(Request&)> handler);
    fiber::Listener listener_;
    std::shared_ptr<State> state_;  // shared with its connections, whose fibers may begin or end after it
};

}  // namespace jebi::http
