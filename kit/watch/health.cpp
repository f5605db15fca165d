#include "kit/watch/health.h"

#include <algorithm>

#include "kit/rpc/rpc.h"
#include "kit/watch/grpc_health.pb.h"

namespace jebi::watch {

namespace {

constexpr Millis check_max{1'000};
constexpr rpc::Method grpc_check{
    .service = "grpc.health.v1.Health", .name = "Check", .effect = rpc::Effect::none};

std::string line_of(const HealthReport::Line& line) {
    if (line.wellness == Wellness::ready) return "[+]" + line.name + " ok\n";
    return (line.wellness == Wellness::degraded ? "[!]" : "[-]") + line.name + ": " + line.why + "\n";
}

std::string why_cut(const NeighbourState& neighbour) {
    const std::string state = "breaker " + neighbour.breaker;
    return neighbour.reason.empty() ? state : state + " (" + neighbour.reason + ")";
}

}  // namespace

std::string_view name(Wellness wellness) {
    switch (wellness) {
        case Wellness::ready:
            return "ready";
        case Wellness::degraded:
            return "degraded";
        case Wellness::not_ready:
            return "not ready";
    }
    return "not ready";
}

void Health::add(std::string name, std::function<Result<void>(const Call&)> check) {
    checks_.push_back({std::move(name), std::move(check), Wellness::not_ready});
}

void Health::add_dependency(std::string name, std::function<Result<void>(const Call&)> check) {
    checks_.push_back({std::move(name), std::move(check), Wellness::degraded});
}

void Health::add_neighbours(ReadNeighbours read) {
    neighbours_.push_back(std::move(read));
}

void Health::add_contract(std::string service) {
    contracts_.push_back(std::move(service));
}

Result<grpc::health::v1::HealthCheckResponse> Health::check(
    const Call& call, const grpc::health::v1::HealthCheckRequest& request) {
    const bool is_served =
        request.service().empty() || std::ranges::find(contracts_, request.service()) != contracts_.end();
    if (!is_served) return fail(error(Code::not_found, "That contract is not served here.").at("service"));
    const bool serving = report(call).wellness != Wellness::not_ready;
    grpc::health::v1::HealthCheckResponse response;
    response.set_status(serving ? response.SERVING : response.NOT_SERVING);
    return response;
}

HealthReport Health::report(const Call& call) const {
    HealthReport report;
    const auto add = [&report](std::string name, Wellness wellness, std::string why) {
        report.wellness = std::max(report.wellness, wellness);
        report.lines.push_back({std::move(name), wellness, std::move(why)});
    };
    if (draining_) add("draining", Wellness::not_ready, "the process is about to end");
    for (const Check& check : checks_) {
        const auto outcome = check.run(call);
        add(check.name, outcome ? Wellness::ready : check.when_it_fails,
            outcome ? "" : outcome.error().message);
    }
    for (const ReadNeighbours& read : neighbours_) {
        for (const NeighbourState& neighbour : read())
            add(neighbour.name, neighbour.is_cut ? Wellness::degraded : Wellness::ready, why_cut(neighbour));
    }
    return report;
}

http::Response Health::ready(const http::Request& request) const {
    const Call call{.until = std::min(request.until, in(check_max)), .trace = request.trace};
    const HealthReport all = report(call);
    std::string text = std::string(name(all.wellness)) + "\n";
    if (request.query == "verbose" || request.query.starts_with("verbose=")) {
        for (const HealthReport::Line& line : all.lines)
            text += line_of(line);
    }
    return http::Response::text(all.wellness == Wellness::not_ready ? 503 : 200, std::move(text));
}

void Health::bind(http::Router& router) {
    const auto alive = [](const http::Request&) { return http::Response::text(200, "alive\n"); };
    router.on(http::Method::get, "/livez", alive);
    router.on(http::Method::get, "/healthz", alive);
    router.on(http::Method::get, "/readyz", [this](const http::Request& request) { return ready(request); });
    rpc::serve(router, {rpc::entry(grpc_check, *this, &Health::check)}, {});
}

}  // namespace jebi::watch
