#include "modules/web/door.h"

#include "modules/web/log_analytics.h"

namespace jebi::web {

void Door::on(http::Method method, std::string pattern, Function function) const {
    router_.on(method, std::move(pattern), [*this, function = std::move(function)](const auto& request) {
        return answer(request, [&] { return function(request); });
    });
}

void Door::otherwise(Function function) const {
    router_.otherwise([*this, function = std::move(function)](const http::Request& request) {
        return answer(request, [&] { return function(request); });
    });
}

void Door::on_failure(std::function<Answered(const http::Request&, const Error&)> failed) const {
    router_.on_failure([*this, failed = std::move(failed)](const http::Request& request, const Error& error) {
        return answer(request, [&] { return failed(request, error); });
    });
}

http::Response Door::answer(const http::Request& request, const std::function<Answered()>& function) const {
    const auto began = std::chrono::steady_clock::now();
    Answered answered = function();
    answered.took = std::chrono::steady_clock::now() - began;
    log_analytics(site_, request, answered);
    return std::move(answered.response);
}

}  // namespace jebi::web
