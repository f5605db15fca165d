// The server's end of a WebSocket (RFC 6455): messages both ways over one connection, for as long as both
// want.
//
//     router.on(Method::get, "/api/v1/streaming", [&](const Request& request) {
//         return http::websocket(request, {}, [&](WebSocket& socket) {
//             const auto subscription = hub.subscribe([&](std::string_view event) { (void)socket.send(event);
//             }); while (const auto message = socket.receive(in(minute)))
//                 ...
//         });
//     });
//
// One fiber receives; any fiber of any loop, and any thread, may send. Pings are answered, a client that says
// nothing is pinged, and one that does not answer or does not read is cut off. Extensions (compression) are
// not offered.
//
// Browsers let any site connect, and send our cookies along: a route that trusts a cookie has to look at
// Origin first. A token in the address or in the subprotocol needs no such look.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "kit/fiber/signal.h"
#include "kit/http/buffer.h"
#include "kit/http/message.h"
#include "kit/http/upgrade.h"
#include "kit/http/websocket_frames.h"

namespace jebi::http {

struct WebSocketOptions {
    // The subprotocol that is spoken: one of the offered, or empty for none.
    std::string protocol{};
    std::size_t message_bytes_max = 64 * 1024;  // that comes; beyond: closed with 1009
    std::size_t queue_messages_max = 1024;      // that wait to go out; beyond: cut off
    std::size_t queue_bytes_max = 1024 * 1024;  // of the same
    Millis ping_ms{30'000};                     // of silence, then it is pinged
    Millis pong_ms{30'000};                     // of silence after that, then it is cut off
    Millis write_ms{10'000};                    // for what is written at once; beyond: cut off
    Millis close_ms{1'000};                     // for the client's close frame to come
};

struct WebSocketMessage {
    bool is_text = true;  // then its bytes are UTF-8
    std::string bytes;
};

class WebSocket {
public:
    WebSocket(Upgraded& connection, const WebSocketOptions& options);
    ~WebSocket();
    WebSocket(const WebSocket&) = delete;

    // The next message, or `deadline`: none came, and one may go on. `unavailable`: the connection has ended
    // (closed_with() says how), and whoever receives returns soon. What send() has queued goes out while
    // somebody is in receive(), so be there most of the time. In the connection's fiber only.
    Result<WebSocketMessage> receive(Deadline until);
    // Queues a message. Thread-safe, and never waits. `unavailable` when the connection has ended or is about
    // to, `exhausted` when too much waits already: the client is too slow, and is cut off.
    Result<void> send(std::string_view text);  // UTF-8
    Result<void> send_binary(std::string_view bytes);
    // What is queued goes out, then the connection is closed in order, by receive() or at the latest when
    // the handler returns. Thread-safe; the first call counts.
    void close(CloseCode code, std::string_view reason = {});
    // How it ended: what the client's close frame said, or why we closed.
    CloseCode closed_with() const { return closed_with_; }

    // Closes in order, normally unless close() said how. For websocket() below.
    void finish();

private:
    Result<void> queue(Opcode opcode, std::string_view payload);
    void flush();
    void write(std::string_view bytes);
    void read_more(Deadline until, const fiber::Event& changed);
    void ping_or_give_up();
    std::optional<Arrived> next_arrived();
    void reply(const Arrived& arrived);
    bool close_is_wanted();
    void close_in_order();
    void await_close_frame();
    void end(CloseCode code);
    void end_saying(CloseCode code, std::string_view reason);

    Upgraded& connection_;
    const WebSocketOptions options_;

    // The receiving fiber's.
    FrameReader reader_;
    Buffer buffer_;
    Deadline heard_ = std::chrono::steady_clock::now();
    bool pinged_ = false;  // since then
    bool open_ = true;
    CloseCode closed_with_ = CloseCode::none;

    // Everybody's.
    fiber::Signal changed_;  // told when there is something to write, and when close() is called
    std::mutex mutex_;       // of what follows
    std::string queue_;      // frames
    std::size_t queued_messages_ = 0;
    bool closing_ = false;
    CloseCode closing_with_ = CloseCode::normal;
    std::string closing_reason_;
};

// The answer that makes a WebSocket of the request's connection and has it served; what `serve` throws closes
// it with 1011. 426 when the request asks for no WebSocket, or for another version than 13; 400 when its key
// is malformed or it does not offer the protocol. `serve` runs after the handler has returned: what it needs
// of the request, it copies.
Response websocket(const Request& request, WebSocketOptions options, std::function<void(WebSocket&)> serve);
// The subprotocols that the client offers, in its order; at most `choices_max`.
std::vector<std::string_view> offered_protocols(const Request& request);

}  // namespace jebi::http
