#include "kit/fiber/datagrams.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include "kit/fiber/descriptor.h"
#include "kit/fiber/loop.h"

namespace jebi::fiber {

namespace {

constexpr Millis look_up_max{1'000};

std::unexpected<Error> refuse(const Address& at, int number) {
    return fail(
        error(Code::unavailable,
              "Cannot receive datagrams on " + at.text() + ": " + reason_of(number) +
                  (number == EADDRINUSE ? ". Somebody else receives there: stop it, or choose another port."
                                        : "."))
            .because(number == EADDRINUSE ? "address_in_use" : "address_refused"));
}

std::unexpected<Error> cut_off(std::string why) {
    return fail(error(Code::unavailable, "The datagram socket was cut off.").detailed(std::move(why)));
}

std::unexpected<Error> too_late() {
    return fail(Code::deadline, "No datagram came in time.");
}

Result<KernelAddress> udp_address(const Address& at) {
    if (at.is_unix())
        return fail(Code::invalid, "Datagrams go over UDP: write HOST:PORT, not " + at.text() + ".");
    return kernel_address(at, in(look_up_max));
}

std::uint16_t port_of(const Descriptor& descriptor) {
    sockaddr_storage at{};
    socklen_t size = sizeof at;
    ::getsockname(descriptor.number(), reinterpret_cast<sockaddr*>(&at), &size);
    return ntohs(at.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(at).sin6_port
                                          : reinterpret_cast<const sockaddr_in&>(at).sin_port);
}

// On a plain thread: blocks until the descriptor is ready.
Result<void> poll_until(int number, short events, Deadline until) {
    while (true) {
        pollfd wanted{number, events, 0};
        const auto left = std::chrono::ceil<Millis>(until - std::chrono::steady_clock::now());
        const int ready =
            ::poll(&wanted, 1, static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 3'600'000)));
        if (ready > 0) return {};
        if (ready == 0) return too_late();
        if (errno != EINTR) return cut_off(reason_of(errno));
    }
}

}  // namespace

struct Datagrams::State : std::enable_shared_from_this<Datagrams::State> {
    using Watched = boost::asio::posix::basic_stream_descriptor<Executor>;

    State(Descriptor from, Address at)
        : number(from.number()), plain(std::move(from)), address(std::move(at)) {}

    // False: nothing is there now.
    Result<bool> receive_one(const std::function<void(std::string_view)>& take) {
        iovec piece{buffer.data(), buffer.size()};
        alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(std::uint32_t))> control{};
        msghdr message{};
        message.msg_iov = &piece;
        message.msg_iovlen = 1;
        message.msg_control = control.data();
        message.msg_controllen = control.size();
        const ssize_t size = ::recvmsg(number, &message, MSG_DONTWAIT);
        if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return false;
        if (size < 0) return cut_off(reason_of(errno));
        count_dropped(message);
        take({buffer.data(), static_cast<std::size_t>(size)});
        return true;
    }

    // The kernel tells its count, modulo 2^32, with each datagram.
    void count_dropped(msghdr& message) {
        for (auto* head = CMSG_FIRSTHDR(&message); head != nullptr; head = CMSG_NXTHDR(&message, head)) {
            if (head->cmsg_level != SOL_SOCKET || head->cmsg_type != SO_RXQ_OVFL) continue;
            std::uint32_t count = 0;
            std::memcpy(&count, CMSG_DATA(head), sizeof count);
            dropped += count - static_cast<std::uint32_t>(dropped);
        }
    }

    Result<void> wait_readable(Deadline until) {
        Fiber* self = current();
        if (self == nullptr) return poll_until(number, POLLIN, until);
        if (!watched) {
            watched.emplace(self->loop.context.get_executor(), plain.release());
            timer.emplace(self->loop.context);
            loop = &self->loop;
        }
        if (cancelled) return cut_off("cancelled");
        arm(until);
        const auto error =
            self->wait([this](auto token) { return watched->async_wait(Watched::wait_read, token); });
        const bool timed_out = timed_out_wait == wait_count;
        ++wait_count;
        timer->cancel();
        if (cancelled) return cut_off("cancelled");
        if (timed_out) return too_late();
        if (error) return cut_off(error.message());
        return {};
    }

    // A timer whose wait is over has nothing to say about the next.
    void arm(Deadline until) {
        timer->expires_at(until);
        timer->async_wait([weak = weak_from_this(), wait = wait_count](boost::system::error_code aborted) {
            const auto self = weak.lock();
            if (!self || aborted || self->wait_count != wait) return;
            self->timed_out_wait = wait;
            boost::system::error_code ignored;
            self->watched->cancel(ignored);
        });
    }

    int number;
    Descriptor plain;                // until a fiber receives
    std::optional<Watched> watched;  // then
    std::optional<Timer> timer;
    Address address;
    std::vector<char> buffer = std::vector<char>(datagram_bytes_max);
    std::uint64_t wait_count = 1, timed_out_wait = 0;
    std::atomic<std::uint64_t> dropped = 0;
    std::atomic<Loop*> loop = nullptr;
    std::atomic<bool> cancelled = false;
};

Datagrams::Datagrams(std::shared_ptr<State> state) : state_(std::move(state)) {}
Datagrams::Datagrams(Datagrams&&) noexcept = default;
Datagrams& Datagrams::operator=(Datagrams&&) noexcept = default;
Datagrams::~Datagrams() = default;

Result<Datagrams> Datagrams::open(const Address& at) {
    TRY(const KernelAddress kernel, udp_address(at));
    Descriptor descriptor{::socket(kernel.family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (!descriptor) return refuse(at, errno);
    const int on = 1, size = kernel_buffer_bytes;
    ::setsockopt(descriptor.number(), SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof on);
    ::setsockopt(descriptor.number(), SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    if (::bind(descriptor.number(), kernel.get(), kernel.size) != 0) return refuse(at, errno);
    Address bound = at;
    bound.port = port_of(descriptor);
    return Datagrams{std::make_shared<State>(std::move(descriptor), std::move(bound))};
}

Result<Datagrams> Datagrams::connect(const Address& to) {
    TRY(const KernelAddress kernel, udp_address(to));
    Descriptor descriptor{::socket(kernel.family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (!descriptor) return cut_off(reason_of(errno));
    if (::connect(descriptor.number(), kernel.get(), kernel.size) != 0) return cut_off(reason_of(errno));
    return Datagrams{std::make_shared<State>(std::move(descriptor), to)};
}

Result<std::size_t> Datagrams::receive(std::size_t count_max, Deadline until,
                                       const std::function<void(std::string_view)>& take) {
    State& state = *state_;
    std::size_t count = 0;
    while (true) {
        if (state.cancelled) return cut_off("cancelled");
        const auto got = state.receive_one(take);
        if (got && *got && ++count < count_max) continue;
        if (count > 0) return count;  // an error comes again with the next call
        if (!got) return fail(got.error());
        TRY_VOID(state.wait_readable(until));
    }
}

Result<void> Datagrams::send(std::string_view bytes, Deadline until) {
    while (::send(state_->number, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL) < 0) {
        if (errno == EINTR) continue;
        if (errno != EAGAIN && errno != EWOULDBLOCK && errno != ENOBUFS) return cut_off(reason_of(errno));
        if (std::chrono::steady_clock::now() >= until) return too_late();
        sleep_until(in(Millis{1}));
    }
    return {};
}

const Address& Datagrams::address() const {
    return state_->address;
}
std::uint64_t Datagrams::dropped() const {
    return state_->dropped;
}

void Datagrams::cancel() const {
    state_->cancelled = true;
    Loop* const loop = state_->loop;
    if (loop == nullptr) return;
    boost::asio::post(loop->context, [weak = std::weak_ptr(state_)] {
        boost::system::error_code ignored;
        if (const auto state = weak.lock()) state->watched->cancel(ignored);
    });
}

}  // namespace jebi::fiber
