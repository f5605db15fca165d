#include "modules/web/visits/log_service.h"

namespace jebi::web {

Result<LogServiceOptions> log_service_from(std::string_view url, std::string token) {
    constexpr std::string_view scheme = "http://";
    const auto refuse = [&](std::string_view why) {
        return fail(error(Code::invalid, "log_analytics.url: \"" + std::string(url) +
                                             "\": " + std::string(why) +
                                             ". Write http://HOST:PORT, such as http://127.0.0.1:12345.")
                        .at("log_analytics.url"));
    };
    if (!url.starts_with(scheme)) return refuse("it does not begin with http://");
    std::string_view rest = url.substr(scheme.size());
    if (rest.find_first_of(" ?#@\r\n\t") != rest.npos)
        return refuse("a host, a port and a path are all it may have");
    const auto slash = rest.find('/');
    std::string host{rest.substr(0, slash)};
    std::string_view path = slash == rest.npos ? "" : rest.substr(slash);
    while (path.ends_with('/'))
        path.remove_suffix(1);
    if (host.rfind(':') == host.npos || host.ends_with(']')) host += ":80";
    auto address = fiber::Address::from(host);
    if (!address || address->port == 0) return refuse("its host or its port is wrong");
    return LogServiceOptions{.address = *address, .path = std::string(path), .token = std::move(token)};
}

LogService::LogService(const LogServiceOptions& options)
    : path_(options.path),
      token_(options.token),
      client_({.address = options.address,
               .connections_max = options.connections_max,
               .waiting_max = options.waiting_max,
               .answer_bytes_max = options.answer_bytes_max}) {}

Result<http::ClientResponse> LogService::post(std::string_view to, std::string_view content_type,
                                              std::string body, Deadline until) {
    http::ClientRequest request{.method = http::Method::post,
                                .target = path_ + std::string(to),
                                .body = std::move(body),
                                .repeatable = true};
    request.fields.add("Content-Type", std::string(content_type));
    if (!token_.empty()) request.fields.add("Authorization", "Bearer " + token_);
    return client_.send(request, until);
}

}  // namespace jebi::web
