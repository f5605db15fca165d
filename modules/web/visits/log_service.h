// Where log-analytics is, and how it is asked: over HTTP, and only by what stands behind the one line
// (log_analytics.h) and the page /analytics.
#pragma once

#include <string>
#include <string_view>

#include "kit/http/client.h"

namespace jebi::web {

struct LogServiceOptions {
    fiber::Address address;
    std::string path;  // before "/log" and "/query": empty, or "/logs" behind a proxy
    std::string token;
    std::optional<fiber::TlsClient> tls{};  // https
    std::size_t connections_max = 1;
    std::size_t waiting_max = 1;
    std::size_t answer_bytes_max = 64 * 1024;
};

// From "http://127.0.0.1:12345" or "https://logs.example/under/here". `invalid`, with a hint, when it is no
// such URL.
Result<LogServiceOptions> log_service_from(std::string_view url, std::string token);

// Thread-safe. Ends before the Loops that use it.
class LogService {
public:
    explicit LogService(const LogServiceOptions& options);

    // Whatever it answers, also a refusal. The body may be sent twice. Errors as those of http::Client.
    Result<http::ClientResponse> post(std::string_view to, std::string_view content_type, std::string body,
                                      Deadline until);

private:
    std::string path_;
    std::string token_;
    http::Client client_;
};

}  // namespace jebi::web
