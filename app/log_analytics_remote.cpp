#include "app/log_analytics_remote.h"

#include "kit/base/json.h"

namespace jebi::app {

namespace {

constexpr Millis answer_max{60'000};
constexpr std::int64_t retry_s = 1;

Error error_in(const http::ClientResponse& answer) {
    const auto body = json::parse(answer.body);
    const json::Value* said = body ? body->find("error") : nullptr;
    const json::Value* message = said != nullptr ? said->find("message") : nullptr;
    const bool later = answer.status == 429 || answer.status == 503;
    Error error{.code = later ? Code::exhausted : Code::invalid,
                .message = "The log service answered with status " + std::to_string(answer.status) + "."};
    if (message != nullptr && message->text() != nullptr) error.message = *message->text();
    if (later) error.retry_after_s = retry_s;
    return error;
}

}  // namespace

Result<LogService> LogService::of(const place::Settings& settings) {
    TRY(auto address, fiber::Address::from(settings.text("listen")));
    return LogService{std::move(address), settings.text("token")};
}

LogService::LogService(fiber::Address address, std::string token)
    : address_(address.text()),
      token_(std::move(token)),
      client_(std::make_unique<http::Client>(http::ClientOptions{.address = std::move(address)})) {}

Result<std::string> LogService::ask(http::Method method, std::string target, std::string body) {
    http::ClientRequest request{.method = method, .target = std::move(target), .body = std::move(body)};
    request.repeatable = true;  // it asks, or sends rows with event ids
    if (!token_.empty()) request.fields.add("Authorization", "Bearer " + token_);
    const auto answer = client_->send(request, in(answer_max));
    if (!answer) return fail(with_hint(answer.error()));
    if (answer->status == 200) return answer->body;
    return fail(error_in(*answer));
}

Result<std::string> LogService::query(const std::string& sql) {
    return ask(http::Method::post, "/query?format=json", sql);
}

Error LogService::with_hint(Error error) const {
    if (error.code == Code::unavailable)
        error.message += " Is log-analytics running at " + address_ + "? (--listen HOST:PORT says where)";
    return error;
}

}  // namespace jebi::app
