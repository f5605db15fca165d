#include "modules/web/api/rates.h"

#include "modules/web/visit.h"

namespace jebi::web::api {

namespace {

std::string key_of(const Site& site, const http::Request& request, const Result<Asked>& asked) {
    if (asked && asked->user) return "user " + std::to_string(asked->user->id());
    return "address " + http::network_of(client_address_of(site, request));
}

}  // namespace

Rates::Rates(const Site& site) : site_(site), limiter_(site.clock, site.options.api_rates) {}

http::RateState Rates::take(const http::Request& request, const Result<Asked>& asked) {
    return limiter_.take(key_of(site_, request, asked));
}

Result<void> check(const http::RateState& state) {
    if (state.allowed) return {};
    return fail(error(Code::exhausted, "Those were too many requests. Wait " +
                                           std::to_string(state.retry_after_s) + " seconds.")
                    .because("too_many_requests"));
}

}  // namespace jebi::web::api
