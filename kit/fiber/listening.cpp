#include "kit/fiber/listening.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

namespace jebi::fiber {

namespace {

constexpr int backlog_max = 1024;
constexpr Millis answer_max{1'000};
constexpr int asked_after_s = 60;  // of silence on a connection, whether the other side is still there
constexpr int asked_every_s = 15;
constexpr int unanswered_ms_max = 60'000;

Result<Descriptor> bound(const Address& at, const KernelAddress& address, bool shared) {
    Descriptor descriptor{::socket(address.family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (!descriptor) return refuse_listening(at, errno);
    const int on = 1;
    ::setsockopt(descriptor.number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (shared) ::setsockopt(descriptor.number(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    if (::bind(descriptor.number(), address.get(), address.size) != 0) return refuse_listening(at, errno);
    return descriptor;
}

// A socket file outlives its process. One that nobody answers on is removed.
Result<void> clear_path(const Address& at, const KernelAddress& address) {
    struct stat found{};
    if (::lstat(at.path.c_str(), &found) != 0) return {};
    if (!S_ISSOCK(found.st_mode)) return refuse_listening(at, EEXIST);
    const Descriptor probe{::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    const bool nobody = ::connect(probe.number(), address.get(), address.size) != 0 && errno == ECONNREFUSED;
    if (!nobody) return refuse_listening(at, EADDRINUSE);
    ::unlink(at.path.c_str());
    return {};
}

std::unexpected<Error> not_listening(int number) {
    return fail(error(Code::invalid, "Descriptor " + std::to_string(number) +
                                         " is no TCP or Unix socket that listens. Whoever starts this "
                                         "program opens the socket first, as systemd's .socket units do.")
                    .because("not_listening"));
}

bool listens(int number) {
    int stream = 0;
    int accepts = 0;
    socklen_t size = sizeof stream;
    const bool known = ::getsockopt(number, SOL_SOCKET, SO_TYPE, &stream, &size) == 0 &&
                       ::getsockopt(number, SOL_SOCKET, SO_ACCEPTCONN, &accepts, &size) == 0;
    return known && stream == SOCK_STREAM && accepts == 1;
}

Address inet_address(const sockaddr_storage& at) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    const auto& v4 = reinterpret_cast<const sockaddr_in&>(at);
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(at);
    const bool is_v4 = at.ss_family == AF_INET;
    const void* const host = is_v4 ? static_cast<const void*>(&v4.sin_addr) : &v6.sin6_addr;
    ::inet_ntop(at.ss_family, host, text.data(), text.size());
    return {.host = text.data(), .port = ntohs(is_v4 ? v4.sin_port : v6.sin6_port), .path = {}};
}

}  // namespace

std::unexpected<Error> refuse_listening(const Address& at, int number) {
    const std::string hint =
        number == EADDRINUSE ? " Somebody else listens there: stop it, or choose another port."
        : number == EACCES   ? " This user may not: choose a port above 1023, or another folder."
                             : "";
    return fail(
        error(Code::unavailable, "Cannot listen on " + at.text() + ": " + reason_of(number) + "." + hint)
            .because(number == EADDRINUSE ? "address_in_use" : "address_refused"));
}

Result<Descriptor> listening(const Address& at, const KernelAddress& address, bool shared) {
    TRY(Descriptor descriptor, bound(at, address, shared));
    if (::listen(descriptor.number(), backlog_max) != 0) return refuse_listening(at, errno);
    return descriptor;
}

void give_up_vanished(const Descriptor& descriptor) {
    const auto set = [&](int level, int option, int value) {
        ::setsockopt(descriptor.number(), level, option, &value, sizeof value);
    };
    set(SOL_SOCKET, SO_KEEPALIVE, 1);
    set(IPPROTO_TCP, TCP_KEEPIDLE, asked_after_s);
    set(IPPROTO_TCP, TCP_KEEPINTVL, asked_every_s);
    set(IPPROTO_TCP, TCP_USER_TIMEOUT, unanswered_ms_max);
}

Result<Address> address_of(const Descriptor& descriptor) {
    sockaddr_storage at{};
    socklen_t size = sizeof at;
    if (::getsockname(descriptor.number(), reinterpret_cast<sockaddr*>(&at), &size) != 0)
        return not_listening(descriptor.number());
    if (at.ss_family == AF_INET || at.ss_family == AF_INET6) return inet_address(at);
    const std::string path = reinterpret_cast<const sockaddr_un&>(at).sun_path;
    if (at.ss_family != AF_UNIX || path.empty()) return not_listening(descriptor.number());
    return Address{.host = {}, .port = 0, .path = path};
}

struct ListeningSocket::State {
    Descriptor descriptor;
    Address address;
    bool has_made_file = false;
};

ListeningSocket::ListeningSocket(std::unique_ptr<State> state) : state_(std::move(state)) {}
ListeningSocket::ListeningSocket(ListeningSocket&&) noexcept = default;
ListeningSocket& ListeningSocket::operator=(ListeningSocket&& other) noexcept {
    std::swap(state_, other.state_);
    return *this;
}
ListeningSocket::~ListeningSocket() {
    if (state_ && state_->has_made_file) ::unlink(state_->address.path.c_str());
}

Result<ListeningSocket> ListeningSocket::open(const Address& at) {
    TRY(const KernelAddress address, kernel_address(at, in(answer_max)));
    if (at.is_unix()) TRY_VOID(clear_path(at, address));
    TRY(Descriptor descriptor, listening(at, address, false));
    Address bound_to = at;
    if (!at.is_unix()) {
        give_up_vanished(descriptor);
        if (at.port == 0) bound_to.port = address_of(descriptor).value_or(at).port;
    }
    return ListeningSocket{
        std::make_unique<State>(State{std::move(descriptor), std::move(bound_to), at.is_unix()})};
}

Result<ListeningSocket> ListeningSocket::inherited(int number) {
    if (!listens(number)) return not_listening(number);
    Descriptor descriptor{number};
    TRY(Address at, address_of(descriptor));
    ::fcntl(number, F_SETFD, FD_CLOEXEC);
    ::fcntl(number, F_SETFL, ::fcntl(number, F_GETFL) | O_NONBLOCK);
    return ListeningSocket{std::make_unique<State>(State{std::move(descriptor), std::move(at)})};
}

const Address& ListeningSocket::address() const {
    return state_->address;
}
void ListeningSocket::leave_file() {
    state_->has_made_file = false;
}
int ListeningSocket::number() const {
    return state_->descriptor.number();
}

}  // namespace jebi::fiber
