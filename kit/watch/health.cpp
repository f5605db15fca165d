#include "kit/watch/health.h"

namespace jebi::watch {

namespace {

constexpr Millis check_max{1'000};

}  // namespace

void Health::add(std::string name, std::function<Result<void>(const Call&)> check) {
    checks_.push_back({std::move(name), std::move(check)});
}

http::Response Health::ready(const http::Request& request) const {
    bool all = !draining_;
    std::string lines = draining_ ? "[-]draining: the process is about to end\n" : "";
    const Call call{.until = in(check_max), .trace = request.trace};
    for (const Check& check : checks_) {
        const auto outcome = check.run(call);
        all = all && outcome.has_value();
        lines += outcome ? "[+]" + check.name + " ok\n"
                         : "[-]" + check.name + ": " + outcome.error().message + "\n";
    }
    const bool verbose = request.query == "verbose" || request.query.starts_with("verbose=");
    return http::Response::text(all ? 200 : 503, verbose ? lines : all ? "ready\n" : "not ready\n");
}

void Health::bind(http::Router& router) {
    const auto alive = [](const http::Request&) { return http::Response::text(200, "alive\n"); };
    router.on(http::Method::get, "/livez", alive);
    router.on(http::Method::get, "/healthz", alive);
    router.on(http::Method::get, "/readyz", [this](const http::Request& request) { return ready(request); });
}

}  // namespace jebi::watch
