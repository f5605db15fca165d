#include "kit/watch/requests.h"

#include <algorithm>
#include <mutex>

#include "kit/watch/spans.h"

namespace jebi::watch {

namespace {

constexpr double slow_s = 1.0;
constexpr int failed_from = 500;

double seconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double>(time).count();
}

Deadline now() {
    return std::chrono::steady_clock::now();
}

std::string code_of(const rpc::Observed& what) {
    return what.error == nullptr ? "ok" : std::string(jebi::name(what.error->code));
}

}  // namespace

std::string_view module_of(std::string_view service) {
    const auto parent = [](std::string_view name) { return name.substr(0, name.rfind('.')); };
    const std::string_view package = parent(service), above_version = parent(package);
    if (above_version.size() == package.size()) return service;
    return above_version.substr(above_version.rfind('.') + 1);
}

// As protobuf's style wants it: the package in lower case, the service not.
bool is_method(std::string_view route) {
    const auto end = route.find('/', 1), dot = route.substr(0, end).rfind('.');
    return end != std::string_view::npos && dot != std::string_view::npos && dot > 1 &&
           route[dot + 1] >= 'A' && route[dot + 1] <= 'Z' &&
           route.find('/', end + 1) == std::string_view::npos;
}

std::string_view name(rpc::Side side) {
    switch (side) {
        case rpc::Side::local:
            return "local";
        case rpc::Side::client:
            return "client";
        case rpc::Side::server:
            return "server";
    }
    return "local";
}

bool is_our_fault(const Error& error) {
    return error.code == Code::internal || error.code == Code::unavailable || error.code == Code::deadline;
}

template <typename Make>
const Requests::Series& Requests::series(const Key& key, Make make) {
    {
        const std::shared_lock lock{mutex_};
        if (const auto found = series_.find(key); found != series_.end()) return found->second;
    }
    const std::lock_guard lock{mutex_};
    if (const auto found = series_.find(key); found != series_.end()) return found->second;
    return series_.emplace(key, make()).first->second;
}

Requests::Series Requests::new_series(const http::Served& what) {
    const std::string_view method = http::name(what.request.method), route = what.request.route;
    Place& place = routes_.try_emplace(Key{method.data(), route.data(), nullptr, 0}, started_).first->second;
    place.first = method;
    place.second = route;
    const Labels labels{
        {"method", place.first}, {"route", place.second}, {"code", std::to_string(what.status)}};
    return {metrics_.counter("http_requests_total", "Requests answered.", labels),
            metrics_.durations("http_request_duration_seconds", "From the whole request to the whole answer.",
                               labels),
            place.window};
}

void Requests::served(const http::Served& what) {
    if (spans_ != nullptr) spans_->told(what);
    const Key key{http::name(what.request.method).data(), what.request.route.data(), nullptr, what.status};
    const Series& counted = series(key, [&] { return new_series(what); });
    counted.count.add();
    counted.durations.add(seconds(what.took));
    const bool failed = what.status >= failed_from;
    if (!what.is_stream || failed) counted.window.add(what.took, failed, now());
    if (failed) return tell_request(what, "a request failed");
    if (!what.is_stream && seconds(what.took) > slow_s) tell_request(what, "slow request");
}

void Requests::tell_request(const http::Served& what, std::string_view how) {
    if (!may_tell(now())) return;
    log_.warning("http", how,
                 {{"method", http::name(what.request.method)},
                  {"route", what.request.route},
                  {"status", std::int64_t{what.status}},
                  {"seconds", seconds(what.took)},
                  {"trace", what.request.trace.id_hex()}});
}

Requests::Series Requests::new_series(const std::string& caller, const rpc::Observed& what) {
    const Key key{what.method.data(), what.service.data(), &caller, static_cast<int>(what.side)};
    Place& place = calls_.try_emplace(key, started_).first->second;
    place.caller = what.side == rpc::Side::server ? "" : caller;
    place.first = what.service;
    place.second = what.method;
    place.side = what.side;
    const Labels labels{{"neighbour", std::string(module_of(what.service))},
                        {"service", place.first},
                        {"method", place.second},
                        {"side", std::string(name(what.side))},
                        {"code", code_of(what)}};
    return {metrics_.counter("rpc_calls_total", "Calls between modules.", labels),
            metrics_.durations("rpc_call_duration_seconds", "How long a call between modules took.", labels),
            place.window};
}

void Requests::called(const std::string& caller, const rpc::Observed& what) {
    if (spans_ != nullptr) spans_->told(what);
    const int outcome = what.error == nullptr ? -1 : static_cast<int>(what.error->code);
    const Key key{what.method.data(), what.service.data(), &caller,
                  outcome * 4 + static_cast<int>(what.side)};
    const Series& counted = series(key, [&] { return new_series(caller, what); });
    const bool failed = what.error != nullptr && is_our_fault(*what.error);
    counted.count.add();
    counted.durations.add(seconds(what.took));
    if (!what.waits || failed) counted.window.add(what.took, failed, now());
    // A deadline is often the caller's own, and short.
    if (failed && what.error->code != Code::deadline && may_tell(now()))
        log_.failure(what.service, what.method, *what.error, what.call.trace);
}

bool Requests::may_tell(Deadline now) {
    if (!lines_.takes(now)) return false;
    if (const std::uint64_t count = lines_.left_out(); count > 0)
        log_.warning("watch", "lines of failures were left out",
                     {{"count", static_cast<std::int64_t>(count)}});
    return true;
}

std::function<void(const http::Served&)> Requests::http() {
    return [this](const http::Served& what) { served(what); };
}

rpc::Observer Requests::calls(std::string caller) {
    const std::lock_guard lock{mutex_};
    auto known = std::ranges::find(callers_, caller);
    if (known == callers_.end()) known = callers_.insert(callers_.end(), std::move(caller));
    return [this, &from = *known](const rpc::Observed& what) { called(from, what); };
}

template <typename Each>
void Requests::for_each_recent(const Places& places, Deadline now, Each each) const {
    const std::shared_lock lock{mutex_};
    for (const auto& [key, place] : places) {
        if (const Recent recent = place.window.recent(now); recent.count > 0) each(place, recent);
    }
}

std::vector<RouteRecent> Requests::recent_routes(Deadline now) const {
    std::vector<RouteRecent> all;
    for_each_recent(routes_, now, [&](const Place& place, const Recent& recent) {
        all.push_back({place.first, place.second, recent});
    });
    return all;
}

std::vector<CallRecent> Requests::recent_calls(Deadline now) const {
    std::vector<CallRecent> all;
    for_each_recent(calls_, now, [&](const Place& place, const Recent& recent) {
        all.push_back({place.caller, place.first, place.second, place.side, recent});
    });
    return all;
}

}  // namespace jebi::watch
