#include "kit/http/url.h"

namespace jebi::http {

namespace {

constexpr std::string_view plain = "http://";
constexpr std::string_view encrypted = "https://";

std::unexpected<Error> refuse(std::string_view text, std::string_view why) {
    return fail(error(Code::invalid, "\"" + std::string(text) + "\": " + std::string(why) + "."));
}

bool has_port(std::string_view host) {
    return host.rfind(':') != host.npos && !host.ends_with(']');
}

}  // namespace

Result<Url> Url::from(std::string_view text) {
    Url url{.secure = text.starts_with(encrypted), .address = {}, .path = {}};
    if (!url.secure && !text.starts_with(plain)) return refuse(text, "it does not begin with http://");
    const std::string_view rest = text.substr((url.secure ? encrypted : plain).size());
    if (rest.find_first_of(" ?#@\r\n\t") != rest.npos)
        return refuse(text, "a host, a port and a path are all it may have");
    const auto slash = rest.find('/');
    std::string host{rest.substr(0, slash)};
    if (!has_port(host)) host += url.secure ? ":443" : ":80";
    auto address = fiber::Address::from(host);
    if (!address || address->port == 0) return refuse(text, "its host or its port is wrong");
    url.address = std::move(*address);
    url.path = slash == rest.npos ? "" : rest.substr(slash);
    while (url.path.ends_with('/'))
        url.path.pop_back();
    return url;
}

bool Url::is_loopback() const {
    return address.host == "localhost" || address.host == "::1" || address.host.starts_with("127.");
}

}  // namespace jebi::http
