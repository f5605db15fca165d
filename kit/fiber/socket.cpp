#include "kit/fiber/socket.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <vector>

#include "kit/fiber/descriptor.h"
#include "kit/fiber/loop.h"
#include "kit/fiber/tls_session.h"

namespace jebi::fiber {

namespace {

using Protocol = boost::asio::generic::stream_protocol;
using AsioSocket = boost::asio::basic_stream_socket<Protocol, Executor>;

constexpr std::size_t pieces_max = 64;               // in one system call
constexpr std::size_t record_bytes_max = 16 * 1024;  // of TLS

std::unexpected<Error> cut_off(std::string why) {
    return fail(error(Code::unavailable, "The connection was cut off.").detailed(std::move(why)));
}

std::unexpected<Error> too_late() {
    return fail(Code::deadline, "This took too long. It may or may not have been done.");
}

// On a plain thread: blocks until the descriptor is ready.
Result<void> poll_until(int number, short events, Deadline until) {
    while (true) {
        pollfd wanted{number, events, 0};
        const auto left = std::chrono::ceil<Millis>(until - std::chrono::steady_clock::now());
        const int timeout_ms = static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 3'600'000));
        const int ready = ::poll(&wanted, 1, timeout_ms);
        if (ready > 0) return {};
        if (ready == 0) return too_late();
        if (errno != EINTR) return cut_off(reason_of(errno));
    }
}

bool would_block(int number) {
    return number == EAGAIN || number == EWOULDBLOCK;
}

// Drops the first `count` bytes from the pieces.
void skip(std::vector<iovec>& pieces, std::size_t& first, std::size_t count) {
    while (first < pieces.size() && count >= pieces[first].iov_len)
        count -= pieces[first++].iov_len;
    if (first == pieces.size()) return;
    pieces[first].iov_base = static_cast<char*>(pieces[first].iov_base) + count;
    pieces[first].iov_len -= count;
}

}  // namespace

// In a fiber the socket belongs to Asio, on a plain thread it is a descriptor that poll() waits for.
//
// Every wait has a deadline, but arming a timer for each would cost as much as the wait itself. So
// one timer stays armed and only checks, when it fires, whether the deadline has moved on meanwhile.
struct Socket::State : std::enable_shared_from_this<Socket::State> {
    State(Loop* on, Descriptor from, int family) : loop(on), number(from.number()) {
        if (loop == nullptr) {
            plain = std::move(from);
        } else {
            socket.emplace(loop->context.get_executor(), Protocol{family, 0}, from.release());
            timer.emplace(loop->context);
        }
    }

    template <typename Operation>
    auto wait(Deadline until, Operation operation) {
        arm(until);
        auto answer = current()->wait(operation);
        waiting = false;
        return answer;
    }

    void arm(Deadline until) {
        deadline = until;
        waiting = true;
        timed_out = false;
        if (!armed || armed_until > until) set_timer(until);
    }

    void set_timer(Deadline until) {
        armed = true;
        armed_until = until;
        timer->expires_at(until);
        timer->async_wait([weak = weak_from_this()](boost::system::error_code aborted) {
            const auto self = weak.lock();
            if (self && !aborted) self->fired();
        });
    }

    void fired() {
        armed = false;
        if (!waiting) return;
        if (std::chrono::steady_clock::now() < deadline) return set_timer(deadline);
        stop_waiting();
    }

    void stop_waiting() {
        if (!waiting) return;
        timed_out = true;
        boost::system::error_code ignored;
        socket->cancel(ignored);
    }

    std::unexpected<Error> error_of(const boost::system::error_code& error) const {
        return timed_out ? too_late() : cut_off(error.message());
    }

    Result<void> wait_readable(Deadline until) {
        if (loop == nullptr) return poll_until(number, POLLIN, until);
        const auto error =
            wait(until, [this](auto token) { return socket->async_wait(AsioSocket::wait_read, token); });
        if (error || cancelled) return error_of(error);
        return {};
    }

    // Takes a step of the encryption until it has gone through, and answers its count.
    template <typename Step>
    Result<std::size_t> through_tls(Deadline until, Step step) {
        while (true) {
            if (cancelled) return cut_off("cancelled");
            TlsStep taken = step();
            if (taken.next == TlsStep::Next::done) return taken.count;
            if (taken.next == TlsStep::Next::failed) return cut_off(std::move(taken.why));
            if (std::chrono::steady_clock::now() >= until) return too_late();
            TRY_VOID(taken.next == TlsStep::Next::wait_readable ? wait_readable(until)
                                                                : wait_writable(until));
        }
    }

    Result<void> write_record(std::string_view record, Deadline until) {
        while (!record.empty()) {
            TRY(const std::size_t count, through_tls(until, [&] { return tls->write(record); }));
            record.remove_prefix(count);
        }
        return {};
    }

    // Pieces share records: each costs its encryption and a system call.
    Result<void> write_records(std::span<const std::string_view> texts, Deadline until) {
        std::string record;
        for (std::string_view text : texts) {
            while (!text.empty()) {
                const auto piece = text.substr(0, record_bytes_max - record.size());
                record += piece;
                text.remove_prefix(piece.size());
                if (record.size() < record_bytes_max) continue;
                TRY_VOID(write_record(record, until));
                record.clear();
            }
        }
        return write_record(record, until);
    }

    Result<void> wait_writable(Deadline until) {
        if (loop == nullptr) return poll_until(number, POLLOUT, until);
        const auto error =
            wait(until, [this](auto token) { return socket->async_wait(AsioSocket::wait_write, token); });
        if (error || cancelled) return error_of(error);
        return {};
    }

    Loop* loop;
    int number;
    Descriptor plain;
    std::optional<AsioSocket> socket;
    std::optional<Timer> timer;
    std::unique_ptr<TlsSession> tls;  // once it is secured
    Deadline deadline{};
    Deadline armed_until{};
    bool armed = false;
    bool waiting = false;
    bool timed_out = false;
    std::atomic<bool> cancelled = false;
};

Socket::Socket(std::shared_ptr<State> state) : state_(std::move(state)) {}
Socket::Socket(Socket&&) noexcept = default;
Socket& Socket::operator=(Socket&&) noexcept = default;

Socket::~Socket() {
    if (state_ && state_->timer) state_->timer->cancel();
}

Socket adopt(Descriptor descriptor, int family) {
    const int number = descriptor.number();
    if (family != AF_UNIX) {
        const int on = 1;
        ::setsockopt(number, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    return Socket{std::make_shared<Socket::State>(current_loop(), std::move(descriptor), family)};
}

Result<Socket> Socket::connect(const Address& to, Deadline until) {
    TRY(const KernelAddress address, kernel_address(to, until));
    Descriptor descriptor{::socket(address.family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (!descriptor) return cut_off(reason_of(errno));
    const int number = descriptor.number();
    const bool done = ::connect(number, address.get(), address.size) == 0;
    // A Unix socket whose backlog is full answers EAGAIN and cannot be waited for.
    if (!done && errno != EINPROGRESS)
        return cut_off("cannot connect to " + to.text() + ": " + reason_of(errno));
    Socket socket = adopt(std::move(descriptor), address.family);
    if (done) return socket;
    TRY_VOID(socket.state_->wait_writable(until));
    int status = 0;
    socklen_t size = sizeof status;
    ::getsockopt(number, SOL_SOCKET, SO_ERROR, &status, &size);
    if (status != 0) return cut_off("cannot connect to " + to.text() + ": " + reason_of(status));
    return socket;
}

Result<void> Socket::secure(const TlsServer& as, Deadline until) {
    state_->tls = std::make_unique<TlsSession>(as, state_->number);
    TRY_VOID(state_->through_tls(until, [this] { return state_->tls->handshake(); }));
    return {};
}

Result<void> Socket::secure(const TlsClient& as, const std::string& host, Deadline until) {
    state_->tls = std::make_unique<TlsSession>(as, host, state_->number);
    const auto done = state_->through_tls(until, [this] { return state_->tls->handshake(); });
    if (done) return {};
    const std::string distrust = state_->tls->distrust();
    if (distrust.empty()) return fail(done.error());
    return fail(error(Code::unavailable, "The certificate of " + host + " is not trusted: " + distrust + ".")
                    .because("not_trusted"));
}

Result<std::size_t> Socket::read_some(std::span<char> into, Deadline until) {
    State& state = *state_;
    if (state.cancelled) return cut_off("cancelled");
    if (state.tls) return state.through_tls(until, [&] { return state.tls->read(into); });
    if (state.loop != nullptr) {
        const auto [error, count] = state.wait(until, [&](auto token) {
            return state.socket->async_read_some(boost::asio::buffer(into.data(), into.size()), token);
        });
        if (error == boost::asio::error::eof) return std::size_t{0};
        if (error) return state.error_of(error);
        return count;
    }
    while (true) {
        const ssize_t count = ::recv(state.number, into.data(), into.size(), MSG_DONTWAIT);
        if (count >= 0) return static_cast<std::size_t>(count);
        if (!would_block(errno)) return cut_off(reason_of(errno));
        TRY_VOID(poll_until(state.number, POLLIN, until));
    }
}

Result<std::size_t> Socket::read_some(std::span<char> into, Deadline until, const Event& event) {
    if (state_->loop == nullptr) return read_some(into, until);
    const EventWatch watch{event, *state_->loop, [this] { state_->stop_waiting(); }};
    if (event.is_set()) return too_late();
    return read_some(into, until);
}

Result<void> Socket::write(std::string_view bytes, Deadline until) {
    return write(std::span<const std::string_view>{&bytes, 1}, until);
}

Result<void> Socket::write(std::span<const std::string_view> texts, Deadline until) {
    if (state_->cancelled) return cut_off("cancelled");
    if (state_->tls) return state_->write_records(texts, until);
    std::vector<iovec> pieces;
    pieces.reserve(texts.size());
    for (const auto& text : texts) {
        if (!text.empty()) pieces.push_back({const_cast<char*>(text.data()), text.size()});
    }
    std::size_t first = 0;
    while (first < pieces.size()) {
        msghdr message{};
        message.msg_iov = &pieces[first];
        message.msg_iovlen = std::min(pieces.size() - first, pieces_max);
        const ssize_t count = ::sendmsg(state_->number, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count >= 0) {
            skip(pieces, first, static_cast<std::size_t>(count));
        } else if (would_block(errno)) {
            TRY_VOID(state_->wait_writable(until));
        } else if (errno != EINTR) {
            return cut_off(reason_of(errno));
        }
    }
    return {};
}

void Socket::cancel() const {
    state_->cancelled = true;
    if (state_->loop == nullptr) {
        ::shutdown(state_->number, SHUT_RDWR);
        return;
    }
    boost::asio::post(state_->loop->context, [weak = std::weak_ptr(state_)] {
        boost::system::error_code ignored;
        if (const auto state = weak.lock()) state->socket->cancel(ignored);
    });
}

void Socket::end_wait() const {
    state_->stop_waiting();
}

void Socket::finish_writing() const {
    if (state_->tls) state_->tls->finish_writing();
    ::shutdown(state_->number, SHUT_WR);
}

std::string Socket::peer() const {
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (::getpeername(state_->number, reinterpret_cast<sockaddr*>(&from), &size) != 0) return "unknown";
    if (from.ss_family == AF_INET) {
        inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(from).sin_addr, text.data(), text.size());
    } else if (from.ss_family == AF_INET6) {
        inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6&>(from).sin6_addr, text.data(), text.size());
    } else {
        return "unix";
    }
    return text.data();
}

}  // namespace jebi::fiber
