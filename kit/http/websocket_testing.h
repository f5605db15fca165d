// The client's end of a WebSocket, for tests.
#pragma once

#include <doctest/doctest.h>

#include <optional>
#include <string>

#include "kit/http/http_testing.h"
#include "kit/http/websocket_frames.h"

namespace jebi::http {

inline constexpr Mask test_mask{'\x12', '\xab', '\x00', '\x7f'};
// From RFC 6455, 1.3.
inline const std::string test_key = "dGhlIHNhbXBsZSBub25jZQ==";
inline const std::string test_accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

inline std::string client_frame(Opcode opcode, std::string_view payload, bool last = true) {
    std::string frame;
    append_frame(frame, opcode, payload, test_mask, last);
    return frame;
}

inline std::string websocket_request(const std::string& path, const std::string& fields = {}) {
    return "GET " + path +
           " HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n" +
           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + test_key + "\r\n" + fields + "\r\n";
}

// Speaks to a server once the handshake is done.
class WebSocketPeer {
public:
    WebSocketPeer(const fiber::Address& to, const std::string& path, const std::string& fields = {},
                  std::string_view early = {})
        : client_(to) {
        client_.send(websocket_request(path, fields) + std::string(early));
        answer = client_.read_until("\r\n\r\n");
    }

    bool send(std::string_view bytes) { return client_.send(bytes); }
    bool say(std::string_view text) { return send(client_frame(Opcode::text, text)); }
    bool close(CloseCode code) { return send(client_frame(Opcode::close, close_payload(code, {}))); }

    // What comes next; nothing when the server has closed.
    std::optional<Arrived> next() {
        while (true) {
            const auto count = reader_.take(got_);
            REQUIRE(count);
            got_.erase(0, *count);
            if (auto arrived = reader_.arrived()) return arrived;
            const std::string more = client_.read_some_bytes();
            if (more.empty()) return std::nullopt;
            got_ += more;
        }
    }
    // The next text; empty when something else comes.
    std::string hear() {
        const auto arrived = next();
        return arrived && arrived->opcode == Opcode::text ? arrived->bytes : "";
    }
    // The code of the close frame that comes next; `cut_off` when something else comes.
    CloseCode closed() {
        const auto arrived = next();
        return arrived && arrived->opcode == Opcode::close ? arrived->code : CloseCode::cut_off;
    }

    std::string answer;

private:
    RawClient client_;
    FrameReader reader_{false, 16 * 1024 * 1024};
    std::string got_;
};

}  // namespace jebi::http
