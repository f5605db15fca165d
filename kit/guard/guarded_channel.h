// The way to one neighbour with all policies around it: what a generated client is given between processes.
//
//     GuardedChannel tweets("tweets", {address}, settings, plain_http(), observer, time);
//     TweetsClient client(tweets);
//
// A call passes, from outside to inside:
//
//     a Scope          one span and one observation, however often it is tried
//     the deadline     the caller's, at most `timeout`; it crosses as the time that is left
//     old answers      when the neighbour cannot be asked and the contract allows it (stale_ms_max)
//     retries          within a budget; only what may be repeated or has certainly not happened; after a wait
//                      by chance, which never leaves a try without time
//     the bulkhead     a place of `in_flight_max`, for each try
//     balancing        the better of two endpoints by chance (power of two choices, load_estimate.h)
//     the breaker      of that endpoint
//
// Who keeps failing is ejected by their breaker, but never more than half of several endpoints: the rest
// would only break under the load of all; when every one is, the neighbour is down, and calls fail at once. A
// call that waits on purpose (Method::waits) takes no place, and its time counts for nothing.
//
// While an old answer is at hand, a call waits only half of its time for a new one, so that the old one is of
// use.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kit/fiber/socket.h"
#include "kit/guard/bulkhead.h"
#include "kit/guard/load_estimate.h"
#include "kit/guard/settings.h"
#include "kit/guard/stale_cache.h"
#include "kit/rpc/rpc.h"

namespace jebi::http {
struct ClientOptions;
}

namespace jebi::guard {

// Makes the way to one endpoint, without a Scope of its own.
using ChannelMaker = std::function<std::unique_ptr<rpc::Channel>(const fiber::Address&)>;
// HttpChannels, each with up to `connections_max` connections a loop.
ChannelMaker plain_http(std::size_t connections_max = 64);
// The same with these options, but for the address.
ChannelMaker http_with(http::ClientOptions options);

// For people and metrics.
struct EndpointView {
    std::string address;
    BreakerView breaker;
    std::int64_t in_flight = 0;
    std::chrono::nanoseconds latency{};
    bool ejected = false;  // its breaker lets nobody through at the moment
};
struct GuardView {
    std::string neighbour;
    std::vector<EndpointView> endpoints;
    double retry_balance = 0;   // retries that could be sent now
    std::size_t in_flight = 0;  // in the bulkhead
    std::size_t in_flight_max = 0;
    std::size_t queued = 0;  // before it
    std::size_t queue_max = 0;
    std::uint64_t calls = 0;  // all below since the start
    std::uint64_t tries = 0;  // sent to endpoints, retries among them
    std::uint64_t retries = 0;
    std::uint64_t retries_denied = 0;  // by the budget
    std::uint64_t left_alone = 0;      // tries refused by breakers
    std::uint64_t queue_full = 0;      // tries refused by the bulkhead
    std::uint64_t stale_answers = 0;   // old ones that stood in
    std::size_t stale_entries = 0;     // kept
    std::size_t stale_bytes = 0;
};

// Thread-safe. The loops whose fibers use it, and `time`, must outlive it.
class GuardedChannel final : public rpc::Channel {
public:
    // Of one endpoint's breaker.
    using Told = std::function<void(const fiber::Address&, BreakerState, const std::string& reason)>;
    // At least one endpoint.
    GuardedChannel(std::string neighbour, const std::vector<fiber::Address>& endpoints,
                   const Settings& settings, const ChannelMaker& make, rpc::Observer observer,
                   const Time& time, const Told& told = {});
    ~GuardedChannel() override;

    // Errors beside those of the endpoints: `unavailable` (left_alone), `exhausted` (queue_full), `deadline`.
    Result<void> call(const Call& call, const rpc::Method& method, const rpc::Message& request,
                      rpc::Message& reply) override;
    void end_waits() override;

    GuardView view() const;
    // Of all endpoints' breakers.
    void set_mode(BreakerMode mode);

private:
    struct Endpoint;
    struct Asked;
    struct Chosen;

    Result<void> answer(const Asked& asked);
    Result<void> with_retries(const Asked& asked, Deadline until);
    Result<void> one_try(const Asked& asked, Deadline until);
    Result<void> sent(const Asked& asked, Chosen& chosen, Deadline until);
    bool wait_before_retry(const Asked& asked, const Error& error, int retries, Deadline until);
    bool may_retry(const Asked& asked, const Error& error) const;
    std::optional<Chosen> choose(bool waits);
    std::vector<Endpoint*> candidates();

    const std::string neighbour_;
    const Settings settings_;
    const Time& time_;
    const rpc::Observer observer_;
    Dice dice_;
    RetryBudget budget_;
    Bulkhead bulkhead_;
    StaleCache stale_;
    std::vector<std::unique_ptr<Endpoint>> endpoints_;
    std::atomic<std::uint64_t> calls_ = 0, tries_ = 0, retries_ = 0, retries_denied_ = 0, left_alone_ = 0,
                               stale_answers_ = 0;
};

}  // namespace jebi::guard
