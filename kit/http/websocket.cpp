#include "kit/http/websocket.h"

#include <algorithm>

namespace jebi::http {

namespace {

constexpr std::size_t read_bytes = 4096;  // at a time

Deadline now() {
    return std::chrono::steady_clock::now();
}

std::unexpected<Error> ended() {
    return fail(error(Code::unavailable, "The connection has ended.").because("closed"));
}

bool is_message(const Arrived& arrived) {
    return arrived.opcode == Opcode::text || arrived.opcode == Opcode::binary;
}

}  // namespace

WebSocket::WebSocket(Upgraded& connection, const WebSocketOptions& options)
    : connection_(connection), options_(options), reader_(true, options.message_bytes_max) {
    buffer_.make_room(std::max(read_bytes, connection.early.size()));
    std::ranges::copy(connection.early, buffer_.space().begin());
    buffer_.arrived(connection.early.size());
    connection.on_goodbye = [this] { close(CloseCode::going_away); };
    if (connection.stopping) close(CloseCode::going_away);
}

WebSocket::~WebSocket() {
    connection_.on_goodbye = nullptr;
}

Result<WebSocketMessage> WebSocket::receive(Deadline until) {
    while (open_) {
        const fiber::Event changed = changed_.next();
        flush();
        if (close_is_wanted()) {
            close_in_order();
        } else if (auto arrived = next_arrived()) {
            if (is_message(*arrived))
                return WebSocketMessage{arrived->opcode == Opcode::text, std::move(arrived->bytes)};
            reply(*arrived);
        } else if (open_) {
            read_more(until, changed);
            if (buffer_.empty() && open_ && now() >= until)
                return fail(Code::deadline, "No message came in time.");
        }
    }
    return ended();
}

Result<void> WebSocket::send(std::string_view text) {
    return queue(Opcode::text, text);
}
Result<void> WebSocket::send_binary(std::string_view bytes) {
    return queue(Opcode::binary, bytes);
}

Result<void> WebSocket::queue(Opcode opcode, std::string_view payload) {
    {
        const std::lock_guard lock{mutex_};
        if (closing_) return ended();
        if (queued_messages_ == options_.queue_messages_max ||
            queue_.size() + payload.size() > options_.queue_bytes_max) {
            closing_ = true;
            connection_.socket.cancel();
            return fail(Code::exhausted, "The client does not read what it is sent.");
        }
        append_frame(queue_, opcode, payload);
        if (++queued_messages_ > 1) return {};
    }
    changed_.tell();
    return {};
}

void WebSocket::close(CloseCode code, std::string_view reason) {
    {
        const std::lock_guard lock{mutex_};
        if (std::exchange(closing_, true)) return;
        closing_with_ = code;
        closing_reason_ = reason;
    }
    changed_.tell();
}

void WebSocket::finish() {
    close(CloseCode::normal);
    flush();
    if (open_) close_in_order();
}

void WebSocket::flush() {
    std::string frames;
    {
        const std::lock_guard lock{mutex_};
        frames.swap(queue_);
        queued_messages_ = 0;
    }
    if (!frames.empty()) write(frames);
}

void WebSocket::write(std::string_view bytes) {
    if (open_ && !connection_.socket.write(bytes, in(options_.write_ms))) end(CloseCode::cut_off);
}

void WebSocket::read_more(Deadline until, const fiber::Event& changed) {
    if (buffer_.space().empty()) buffer_.make_room(read_bytes);
    const Deadline silent_until = heard_ + options_.ping_ms + (pinged_ ? options_.pong_ms : Millis{0});
    const auto count = connection_.socket.read_some(buffer_.space(), std::min(until, silent_until), changed);
    if (count && *count > 0) {
        buffer_.arrived(*count);
        heard_ = now();
        pinged_ = false;
    } else if (count || count.error().code != Code::deadline) {
        end(CloseCode::cut_off);
    } else if (now() >= silent_until) {
        ping_or_give_up();
    }
}

// Whoever was not in receive() for long has not listened: so nobody is given up without a ping, and `heard_`
// moves on with it.
void WebSocket::ping_or_give_up() {
    if (pinged_) return end(CloseCode::cut_off);
    pinged_ = true;
    heard_ = now() - options_.ping_ms;
    std::string frame;
    append_frame(frame, Opcode::ping, {});
    write(frame);
}

// Nothing when more bytes are needed, or when those that came cannot be read.
std::optional<Arrived> WebSocket::next_arrived() {
    const auto count = reader_.take(buffer_.bytes());
    if (!count) {
        end_saying(count.error(), {});
        return std::nullopt;
    }
    buffer_.drop(*count);
    return reader_.arrived();
}

void WebSocket::reply(const Arrived& arrived) {
    if (arrived.opcode == Opcode::close) return end_saying(arrived.code, {});
    if (arrived.opcode != Opcode::ping) return;
    std::string frame;
    append_frame(frame, Opcode::pong, arrived.bytes);
    write(frame);
}

bool WebSocket::close_is_wanted() {
    const std::lock_guard lock{mutex_};
    return closing_;
}

void WebSocket::close_in_order() {
    std::string frame;
    {
        const std::lock_guard lock{mutex_};
        append_frame(frame, Opcode::close, close_payload(closing_with_, closing_reason_));
    }
    write(frame);
    if (open_) await_close_frame();
    if (open_) end(closing_with_);
}

// What comes before it was sent before the client knew, and is thrown away.
void WebSocket::await_close_frame() {
    const Deadline until = in(options_.close_ms);
    while (now() < until) {
        const auto count = reader_.take(buffer_.bytes());
        if (!count) return;
        buffer_.drop(*count);
        const auto arrived = reader_.arrived();
        if (arrived && arrived->opcode == Opcode::close) return;
        if (arrived) continue;
        if (buffer_.space().empty()) buffer_.make_room(read_bytes);
        const auto read = connection_.socket.read_some(buffer_.space(), until);
        if (!read || *read == 0) return;
        buffer_.arrived(*read);
    }
}

void WebSocket::end(CloseCode code) {
    open_ = false;
    closed_with_ = code;
    const std::lock_guard lock{mutex_};
    closing_ = true;
}

void WebSocket::end_saying(CloseCode code, std::string_view reason) {
    std::string frame;
    append_frame(frame, Opcode::close, close_payload(code, reason));
    write(frame);
    if (open_) end(code);
}

}  // namespace jebi::http
