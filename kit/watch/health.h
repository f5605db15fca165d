// Is the process alive, and is it ready for work?
//
//     GET /livez            200 as long as the process answers at all; restart it when it does not
//     GET /readyz           200 "ready", or "degraded" when a dependency is not there; 503 "not ready" when a
//                           check of the process's own fails, and while it drains
//     GET /readyz?verbose   the same word, and a line per check: "[+]database ok", "[-]database: ...",
//                           "[!]tweets: breaker open (...)" for a dependency
//     GET /healthz          the same as /livez
//     POST /grpc.health.v1.Health/Check   {"service": "jebi.tweets.v1.Tweets"} -> {"status": "SERVING"}
//
// A dependency that fails never fails /livez or /readyz: a restart would not heal it, and taking the process
// out would make the outage larger.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "kit/base/call.h"
#include "kit/http/router.h"
#include "kit/watch/neighbours.h"

namespace grpc::health::v1 {
class HealthCheckRequest;
class HealthCheckResponse;
}  // namespace grpc::health::v1

namespace jebi::watch {

enum class Wellness : std::uint8_t { ready, degraded, not_ready };
std::string_view name(Wellness wellness);  // "ready", "degraded", "not ready"

struct HealthReport {
    struct Line {
        std::string name;
        Wellness wellness{};
        std::string why{};
    };
    Wellness wellness{};  // the worst of them
    std::vector<Line> lines;
};

class Health {
public:
    // All of these before the server starts.
    // `check` is called at each question and must end by the call's deadline.
    void add(std::string name, std::function<Result<void>(const Call&)> check);
    void add_dependency(std::string name, std::function<Result<void>(const Call&)> check);
    // One dependency each: not there while calls to it are refused.
    void add_neighbours(ReadNeighbours read);
    // That the process serves this contract ("jebi.tweets.v1.Tweets").
    void add_contract(std::string service);
    void bind(http::Router& router);

    // From now on the process is not ready, so that balancers stop sending.
    void drain() { draining_ = true; }

    HealthReport report(const Call& call) const;
    // grpc.health.v1.Health's.
    Result<grpc::health::v1::HealthCheckResponse> check(const Call& call,
                                                        const grpc::health::v1::HealthCheckRequest& request);

private:
    http::Response ready(const http::Request& request) const;
    struct Check {
        std::string name;
        std::function<Result<void>(const Call&)> run;
        Wellness when_it_fails;
    };
    std::vector<Check> checks_;
    std::vector<ReadNeighbours> neighbours_;
    std::vector<std::string> contracts_;
    std::atomic<bool> draining_ = false;
};

}  // namespace jebi::watch
