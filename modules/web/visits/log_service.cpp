#include "modules/web/visits/log_service.h"

#include "kit/http/url.h"

namespace jebi::web {

Result<LogServiceOptions> log_service_from(std::string_view url, std::string token) {
    auto at = http::Url::from(url);
    if (!at) {
        return fail(error(Code::invalid, "log_analytics.url: " + at.error().message +
                                             " Write http://HOST:PORT, such as http://127.0.0.1:12345.")
                        .at("log_analytics.url"));
    }
    LogServiceOptions options{
        .address = std::move(at->address), .path = std::move(at->path), .token = std::move(token)};
    if (at->secure) {
        TRY(options.tls, fiber::TlsClient::open());
    }
    return options;
}

LogService::LogService(const LogServiceOptions& options)
    : path_(options.path),
      token_(options.token),
      client_({.address = options.address,
               .connections_max = options.connections_max,
               .waiting_max = options.waiting_max,
               .answer_bytes_max = options.answer_bytes_max,
               .tls = options.tls}) {}

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
