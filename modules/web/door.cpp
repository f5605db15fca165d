#include "modules/web/door.h"

#include "kit/fiber/fiber.h"
#include "modules/web/busy.h"
#include "modules/web/log_analytics.h"

namespace jebi::web {

void Door::on(http::Method method, std::string pattern, Function function, Refusal refusal) const {
    router_.on(method, std::move(pattern),
               [*this, function = std::move(function), refusal = std::move(refusal)](const auto& request) {
                   return let_in(request, function, refusal);
               });
}

void Door::otherwise(Function function) const {
    router_.otherwise([*this, function = std::move(function)](const http::Request& request) {
        return let_in(request, function, {});
    });
}

void Door::on_failure(std::function<Answered(const http::Request&, const Error&)> failed) const {
    router_.on_failure([*this, failed = std::move(failed)](const http::Request& request, const Error& error) {
        return answer(request, [&] { return failed(request, error); });
    });
}

// Nobody hears of what is refused but the metrics: it shall cost next to nothing.
http::Response Door::let_in(const http::Request& request, const Function& function,
                            const Refusal& refusal) const {
    if (site_.limit == nullptr) return answer(request, [&] { return function(request); });
    const auto pass = site_.limit->enter(false);
    if (!pass) return turned_away(request, refusal, pass.error());
    fiber::wait_for_turn();
    return answer(request, [&] { return function(request); });
}

http::Response Door::turned_away(const http::Request& request, const Refusal& refusal,
                                 const Error& error) const {
    http::Response response = refusal ? refusal(request, error) : busy(site_, request, error);
    response.turned_away = true;
    return response;
}

http::Response Door::answer(const http::Request& request, const std::function<Answered()>& function) const {
    const auto began = std::chrono::steady_clock::now();
    Answered answered = function();
    answered.took = std::chrono::steady_clock::now() - began;
    log_analytics(site_, request, answered);
    return std::move(answered.response);
}

}  // namespace jebi::web
