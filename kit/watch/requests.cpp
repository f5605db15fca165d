#include "kit/watch/requests.h"

#include <mutex>

namespace jebi::watch {

namespace {

constexpr double slow_s = 1.0;

double seconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double>(time).count();
}

std::string_view side_name(rpc::Side side) {
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

// Our own failures: worth a line. What the caller did wrong, or a passed deadline, is counted only.
bool is_our_fault(const Error& error) {
    return error.code == Code::internal || error.code == Code::unavailable;
}

}  // namespace

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

void Requests::served(const http::Served& what) {
    const std::string_view method = http::name(what.request.method);
    const std::string_view route = what.request.route;
    const auto& counted = series({route.data(), method.data(), what.status}, [&] {
        const Labels labels{{"method", std::string(method)},
                            {"route", std::string(route)},
                            {"code", std::to_string(what.status)}};
        return Series{metrics_.counter("http_requests_total", "Requests answered.", labels),
                      metrics_.durations("http_request_duration_seconds",
                                         "From the whole request to the whole answer.", labels)};
    });
    counted.count.add();
    counted.durations.add(seconds(what.took));
    if (!what.is_stream && seconds(what.took) > slow_s) {
        log_.warning("http", "slow request",
                     {{"method", method},
                      {"route", route},
                      {"status", std::int64_t{what.status}},
                      {"seconds", seconds(what.took)},
                      {"trace", what.request.trace.id_hex()}});
    }
}

void Requests::called(const rpc::Observed& what) {
    const int outcome = what.error == nullptr ? -1 : static_cast<int>(what.error->code);
    const auto side = static_cast<int>(what.side);
    const auto& counted = series({what.method.data(), what.service.data(), outcome * 4 + side}, [&] {
        const Labels labels{{"service", std::string(what.service)},
                            {"method", std::string(what.method)},
                            {"side", std::string(side_name(what.side))},
                            {"code", what.error == nullptr ? "ok" : std::string(name(what.error->code))}};
        return Series{
            metrics_.counter("rpc_calls_total", "Calls between modules.", labels),
            metrics_.durations("rpc_call_duration_seconds", "How long a call between modules took.", labels)};
    });
    counted.count.add();
    counted.durations.add(seconds(what.took));
    if (what.error != nullptr && is_our_fault(*what.error)) {
        log_.failure(what.service, what.method, *what.error, what.call.trace);
    }
}

std::function<void(const http::Served&)> Requests::http() {
    return [this](const http::Served& what) { served(what); };
}

rpc::Observer Requests::calls() {
    return [this](const rpc::Observed& what) { called(what); };
}

}  // namespace jebi::watch
