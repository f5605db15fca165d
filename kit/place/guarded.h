// The ways from the modules of one process to neighbours in others, each with all policies around it
// (kit/guard/guarded_channel.h), and counted and traced as calls inside the process are.
//
//     GuardedWays ways(find, process.requests());
//     Neighbours neighbours(ways.watch(), ways.way());
//     process->guards(ways.read());    // /readyz, /metrics and /status show them
//
// `watch` goes around every call of a module: around the service itself where it is kept in this process,
// else around the guarded channel, as one call however often it is tried. So a call counts, and is a span,
// once on the caller's side, wherever the neighbour is; and once more on the side that serves it, when that
// is another process (rpc::serve with calls()).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kit/guard/guarded_channel.h"
#include "kit/guard/server_limit.h"
#include "kit/place/neighbours.h"
#include "kit/watch/log.h"
#include "kit/watch/neighbours.h"
#include "kit/watch/requests.h"

namespace jebi::place {

struct WayTo {
    std::string neighbour;                  // the module that keeps the contract: "tweets"
    std::vector<fiber::Address> endpoints;  // one at least
    guard::Settings settings{};             // of this edge
    guard::ChannelMaker make = guard::plain_http();
};
// The way to a contract for the module `caller`. Nothing: nobody keeps it.
using FindWay = std::function<std::optional<WayTo>(std::string_view caller, std::string_view service)>;

// Thread-safe once they are built. What way() makes must not outlive this, and `requests` and `log` outlive
// both; the loops whose fibers call outlive them too. The log is told when a neighbour is left alone, and
// when no more.
class GuardedWays {
public:
    GuardedWays(FindWay find, watch::Requests& requests, watch::Log& log);
    ~GuardedWays();
    GuardedWays(const GuardedWays&) = delete;

    Neighbours::Watch watch();
    // Asked again, it leads the same way.
    Neighbours::Way way();
    // May be asked until the loops end: of ways that are gone there is nothing to tell.
    watch::ReadNeighbours read() const;

private:
    struct Built {
        std::string caller, service;
        std::unique_ptr<guard::GuardedChannel> channel;
    };
    struct All;
    std::unique_ptr<rpc::Channel> build(std::string_view caller, std::string_view service);
    guard::GuardedChannel::Told log_of(std::string_view caller, const std::string& neighbour) const;

    const FindWay find_;
    watch::Requests& requests_;
    watch::Log& log_;
    const guard::SteadyTime time_;
    std::shared_ptr<All> all_;  // with whoever reads at the moment
};

// What kit/guard tells, as kit/watch shows it at `now`. Of several endpoints the breaker that is worst shows;
// the neighbour is cut when every one is.
watch::NeighbourState neighbour_state(const guard::GuardView& view, Deadline now);
watch::LimitState limit_state(const guard::ServerLimitView& view);

}  // namespace jebi::place
