#include "kit/watch/status.h"

#include <unistd.h>

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "kit/base/json.h"
#include "kit/watch/usage.h"

namespace jebi::watch {

namespace {

constexpr std::size_t listed_max = 100;
constexpr Millis answer_max{2'000};

double milliseconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double, std::milli>(time).count();
}

std::int64_t whole(std::uint64_t value) {
    return static_cast<std::int64_t>(value);
}

void write(json::Writer& out, const Recent& recent) {
    out.key("per_second").number(recent.per_second());
    out.key("errors_per_second").number(recent.errors_per_second());
    out.key("p50_ms").number(milliseconds(recent.took.quantile(0.5)));
    out.key("p99_ms").number(milliseconds(recent.took.quantile(0.99)));
}

template <typename One>
void by_rate(std::vector<One>& all) {
    std::ranges::sort(all, std::ranges::greater{}, [](const One& one) { return one.recent.count; });
    if (all.size() > listed_max) all.resize(listed_max);
}

// The same method as its callers in this process and those elsewhere see it.
std::vector<CallRecent> served_here(const std::vector<CallRecent>& calls) {
    std::map<std::pair<std::string, std::string>, CallRecent> by_method;
    for (const CallRecent& call : calls) {
        if (call.side == rpc::Side::client) continue;
        auto& sum = by_method[{call.service, call.method}];
        sum.service = call.service;
        sum.method = call.method;
        sum.recent.add(call.recent);
    }
    std::vector<CallRecent> all;
    all.reserve(by_method.size());
    for (auto& [key, call] : by_method)
        all.push_back(std::move(call));
    return all;
}

struct Edge {
    std::string caller, name;
    bool is_here = false;
    Recent recent{};
    std::optional<NeighbourState> state{};
};

bool is_of(const NeighbourState& state, const Edge& edge) {
    return state.name == edge.name && (state.caller == edge.caller || state.caller.empty());
}

// Whom the modules of this process call. A neighbour that is guarded stands here although nobody calls it
// now.
std::vector<Edge> edges(const std::vector<CallRecent>& calls, const std::vector<NeighbourState>& states) {
    std::map<std::tuple<std::string, std::string, bool>, Edge> by_ends;
    for (const CallRecent& call : calls) {
        if (call.side == rpc::Side::server) continue;
        const std::string name{module_of(call.service)};
        const bool is_here = call.side == rpc::Side::local;
        Edge& edge = by_ends[{call.caller, name, is_here}];
        edge.caller = call.caller;
        edge.name = name;
        edge.is_here = is_here;
        edge.recent.add(call.recent);
    }
    std::vector<Edge> all;
    all.reserve(by_ends.size() + states.size());
    for (auto& [ends, edge] : by_ends)
        all.push_back(std::move(edge));
    for (const NeighbourState& state : states) {
        const auto known = [&](const Edge& edge) { return !edge.is_here && is_of(state, edge); };
        if (std::ranges::none_of(all, known)) all.push_back({.caller = state.caller, .name = state.name});
    }
    for (Edge& edge : all) {
        const auto state =
            std::ranges::find_if(states, [&](const NeighbourState& one) { return is_of(one, edge); });
        if (!edge.is_here && state != states.end()) edge.state = *state;
    }
    by_rate(all);
    return all;
}

// What one module was asked, by whomever.
Recent asked_of(const std::string& module, const std::vector<CallRecent>& served) {
    Recent sum;
    for (const CallRecent& call : served) {
        if (module_of(call.service) == module) sum.add(call.recent);
    }
    return sum;
}

Recent requests(const std::vector<RouteRecent>& routes) {
    Recent sum;
    for (const RouteRecent& route : routes) {
        if (!is_method(route.route)) sum.add(route.recent);
    }
    return sum;
}

Recent work(const std::vector<RouteRecent>& routes, const std::vector<CallRecent>& calls) {
    Recent sum = requests(routes);
    for (const CallRecent& call : calls) {
        if (call.side == rpc::Side::server) sum.add(call.recent);
    }
    return sum;
}

void write_health(json::Writer& out, const HealthReport& report) {
    out.key("health").string(name(report.wellness)).key("unwell").begin_array();
    for (const HealthReport::Line& line : report.lines) {
        if (line.wellness == Wellness::ready) continue;
        out.begin_object().key("name").string(line.name).key("why").string(line.why).end_object();
    }
    out.end_array();
}

template <typename Items, typename Write>
void write_list(json::Writer& out, std::string_view name, const Items& items, Write write_item) {
    out.key(name).begin_array();
    for (const auto& item : items)
        write_item(item);
    out.end_array();
}

void write_endpoint(json::Writer& out, const EndpointState& endpoint) {
    out.begin_object().key("address").string(endpoint.address).key("breaker").string(endpoint.breaker);
    out.key("reason").string(endpoint.reason).key("state_s").number(endpoint.state_s);
    out.key("ejected").boolean(endpoint.is_ejected).key("calls").integer(whole(endpoint.calls));
    out.key("failures").integer(whole(endpoint.failures)).key("slow").integer(whole(endpoint.slow));
    out.key("opened").integer(whole(endpoint.opened)).key("in_flight").integer(whole(endpoint.in_flight));
    out.key("usual_ms").number(endpoint.usual_ms).end_object();
}

void write_guard(json::Writer& out, const NeighbourState& state) {
    out.key("breaker").string(state.breaker).key("reason").string(state.reason);
    out.key("in_flight").integer(whole(state.in_flight));
    out.key("in_flight_max").integer(whole(state.in_flight_max));
    out.key("waiting").integer(whole(state.waiting)).key("waiting_max").integer(whole(state.waiting_max));
    out.key("retries_left").number(state.retries_left).key("retries").integer(whole(state.retries));
    out.key("retries_denied").integer(whole(state.retries_denied));
    out.key("refused").integer(whole(state.refused));
    out.key("stale_answers").integer(whole(state.stale_answers));
    write_list(out, "endpoints", state.endpoints,
               [&](const EndpointState& endpoint) { write_endpoint(out, endpoint); });
}

void write_edge(json::Writer& out, const Edge& edge) {
    out.begin_object().key("caller").string(edge.caller).key("name").string(edge.name);
    out.key("here").boolean(edge.is_here);
    write(out, edge.recent);
    if (edge.state) write_guard(out, *edge.state);
    out.end_object();
}

void write_limit(json::Writer& out, const LimitState& state) {
    out.key("limit").begin_object().key("in_flight_max").integer(whole(state.in_flight_max));
    out.key("users").integer(whole(state.users)).key("background").integer(whole(state.background));
    out.key("usual_ms").number(state.usual_ms).key("shed_users").integer(whole(state.shed_users));
    out.key("shed_background").integer(whole(state.shed_background)).end_object();
}

void write_usage(json::Writer& out) {
    const Usage used = usage();
    out.key("memory_bytes").integer(whole(used.resident_bytes)).key("cpu_s").number(used.cpu_s);
    out.key("threads").integer(whole(used.threads)).key("open_files").integer(whole(used.open_files));
    out.key("open_files_max").integer(whole(used.open_files_max));
}

}  // namespace

std::string Status::json(const Call& call) const {
    const Deadline now = std::chrono::steady_clock::now();
    auto routes = requests_.recent_routes(now);
    const auto calls = requests_.recent_calls(now);
    const auto states = neighbours_ ? neighbours_() : std::vector<NeighbourState>{};
    json::Writer out;
    out.begin_object().key("name").string(options_.name).key("version").string(options_.version);
    out.key("pid").integer(::getpid()).key("started").string(iso8601(started_ms_));
    out.key("uptime_s").number(milliseconds(now - started_) / 1e3);
    auto served = served_here(calls);
    write_list(out, "modules", modules_, [&](const Module& module) {
        out.begin_object().key("name").string(module.name);
        write(out, module.answers_requests ? requests(routes) : asked_of(module.name, served));
        out.end_object();
    });
    write_health(out, health_.report(call));
    out.key("work").begin_object();
    write(out, work(routes, calls));
    out.end_object();
    by_rate(routes);
    write_list(out, "routes", routes, [&](const RouteRecent& route) {
        out.begin_object().key("method").string(route.method).key("route").string(route.route);
        write(out, route.recent);
        out.end_object();
    });
    by_rate(served);
    write_list(out, "calls", served, [&](const CallRecent& one) {
        out.begin_object().key("service").string(one.service).key("method").string(one.method);
        write(out, one.recent);
        out.end_object();
    });
    write_list(out, "neighbours", edges(calls, states), [&](const Edge& edge) { write_edge(out, edge); });
    if (limit_) write_limit(out, limit_());
    write_usage(out);
    if (options_.database_bytes) out.key("database_bytes").integer(whole(options_.database_bytes()));
    out.key("loop_lag_ms_max").number(milliseconds(lag_.recent(now).took.quantile(1)));
    return out.end_object().take();
}

void Status::bind(http::Router& router) {
    router.on(http::Method::get, "/status", [this](const http::Request& request) {
        const Call call{.until = std::min(request.until, in(answer_max)), .trace = request.trace};
        return http::Response::json(200, json(call));
    });
}

}  // namespace jebi::watch
