// A log service that runs somewhere, as a client of it.
#pragma once

#include <memory>
#include <string>

#include "kit/http/client.h"
#include "kit/place/settings.h"

namespace jebi::app {

class LogService {
public:
    // At the setting `listen`, with the setting `token`.
    static Result<LogService> of(const place::Settings& settings);

    // The body of an answer 200; else what the service says is wrong, or that it cannot be reached.
    Result<std::string> ask(http::Method method, std::string target, std::string body);
    // The rows of a query, as the JSON that the service writes.
    Result<std::string> query(const std::string& sql);

private:
    LogService(fiber::Address address, std::string token);
    Error with_hint(Error error) const;

    std::string address_;
    std::string token_;
    std::unique_ptr<http::Client> client_;
};

}  // namespace jebi::app
