#include <charconv>

#include "kit/fiber/socket.h"

namespace jebi::fiber {

namespace {

constexpr std::string_view unix_prefix = "unix:";
constexpr std::size_t unix_path_max = 107;  // sockaddr_un::sun_path less its terminator

std::unexpected<Error> refuse(std::string_view text, std::string_view why) {
    return fail(Code::invalid, "\"" + std::string(text) + "\" is no address: " + std::string(why) +
                                   ". Write HOST:PORT, such as 127.0.0.1:3000, or unix:PATH.");
}

}  // namespace

std::string Address::text() const {
    if (is_unix()) return std::string(unix_prefix) + path;
    const bool v6 = host.find(':') != std::string::npos;
    return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<Address> Address::from(std::string_view text) {
    if (text.starts_with(unix_prefix)) {
        const auto path = text.substr(unix_prefix.size());
        if (path.empty()) return refuse(text, "the path is missing");
        if (path.size() > unix_path_max)
            return refuse(text, "the path of a Unix socket has at most 107 bytes");
        return Address{.host = {}, .port = 0, .path = std::string(path)};
    }
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return refuse(text, "the port is missing");
    auto host = text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    if (host.empty()) return refuse(text, "the host is missing");
    const auto digits = text.substr(colon + 1);
    std::uint16_t port = 0;
    const auto [end, status] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (status != std::errc{} || end != digits.data() + digits.size() || digits.empty()) {
        return refuse(text, "a port is a number from 0 to 65535");
    }
    return Address{.host = std::string(host), .port = port, .path = {}};
}

}  // namespace jebi::fiber
