#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>

#include "kit/fiber/descriptor.h"

namespace jebi::fiber {

namespace {

template <typename SocketAddress>
KernelAddress kernel_form(const SocketAddress& from, int family, std::size_t size = sizeof(SocketAddress)) {
    KernelAddress to;
    std::memcpy(to.bytes.data(), &from, sizeof from);
    to.size = static_cast<unsigned>(size);
    to.family = family;
    return to;
}

KernelAddress unix_address(const std::string& path) {
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    std::copy_n(path.data(), std::min(path.size(), sizeof at.sun_path - 1), at.sun_path);
    return kernel_form(at, AF_UNIX);
}

std::optional<KernelAddress> numeric_address(const std::string& host, std::uint16_t port) {
    sockaddr_in v4{};
    if (inet_pton(AF_INET, host.c_str(), &v4.sin_addr) == 1) {
        v4.sin_family = AF_INET;
        v4.sin_port = htons(port);
        return kernel_form(v4, AF_INET);
    }
    sockaddr_in6 v6{};
    if (inet_pton(AF_INET6, host.c_str(), &v6.sin6_addr) == 1) {
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(port);
        return kernel_form(v6, AF_INET6);
    }
    return std::nullopt;
}

Result<KernelAddress> looked_up(const std::string& host, std::uint16_t port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int status = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
    if (status != 0 || found == nullptr) {
        return fail(error(Code::unavailable, "The host \"" + host + "\" is not known.")
                        .detailed(gai_strerror(status)));
    }
    KernelAddress address;
    std::memcpy(address.bytes.data(), found->ai_addr,
                std::min<std::size_t>(found->ai_addrlen, address.bytes.size()));
    address.size = found->ai_addrlen;
    address.family = found->ai_family;
    freeaddrinfo(found);
    return address;
}

// One thread for look-ups, which block; made at the first name that is no number.
Pool& resolver() {
    static Pool pool{"resolver", 1, 256};
    return pool;
}

}  // namespace

Result<KernelAddress> kernel_address(const Address& address, Deadline until) {
    if (address.is_unix()) return unix_address(address.path);
    const std::string host = address.host == "localhost" ? "127.0.0.1" : address.host;
    if (const auto numeric = numeric_address(host, address.port)) return *numeric;
    if (current_loop() == nullptr) return looked_up(host, address.port);
    TRY(auto found, resolver().run(until, [host, port = address.port] { return looked_up(host, port); }));
    return found;
}

}  // namespace jebi::fiber
