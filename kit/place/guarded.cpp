#include "kit/place/guarded.h"

#include <algorithm>
#include <mutex>

namespace jebi::place {

namespace {

// A way, as a caller holds it.
class Borrowed final : public rpc::Channel {
public:
    explicit Borrowed(rpc::Channel& channel) : channel_(channel) {}
    Result<void> call(const Call& call, const rpc::Method& method, const rpc::Message& request,
                      rpc::Message& reply) override {
        return channel_.call(call, method, request, reply);
    }
    void end_waits() override { channel_.end_waits(); }

private:
    rpc::Channel& channel_;
};

bool is_worse(const guard::EndpointView& one, const guard::EndpointView& other) {
    if (one.ejected != other.ejected) return one.ejected;
    return one.breaker.state != guard::BreakerState::closed &&
           other.breaker.state == guard::BreakerState::closed;
}

double milliseconds(std::chrono::nanoseconds time) {
    return std::chrono::duration<double, std::milli>(time).count();
}

std::uint64_t count_of(std::int64_t number) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(number, 0));
}

watch::EndpointState endpoint_state(const guard::EndpointView& view, Deadline now) {
    return {.address = view.address,
            .breaker = std::string(name(view.breaker.state)),
            .reason = view.breaker.reason,
            .state_s = milliseconds(now - view.breaker.since) / 1e3,
            .is_ejected = view.ejected,
            .calls = view.breaker.window.calls,
            .failures = view.breaker.window.failures,
            .slow = view.breaker.window.slow,
            .opened = view.breaker.opened,
            .in_flight = count_of(view.in_flight),
            .usual_ms = milliseconds(view.latency)};
}

}  // namespace

struct GuardedWays::All {
    mutable std::mutex mutex;
    std::vector<Built> built;
};

GuardedWays::GuardedWays(FindWay find, watch::Requests& requests, watch::Log& log)
    : find_(std::move(find)), requests_(requests), log_(log), all_(std::make_shared<All>()) {}

// Whoever reads at the moment holds the mutex, and finds nothing afterwards.
GuardedWays::~GuardedWays() {
    const std::lock_guard lock{all_->mutex};
    all_->built.clear();
}

Neighbours::Watch GuardedWays::watch() {
    return [this](std::string_view caller) { return requests_.calls(std::string(caller)); };
}

Neighbours::Way GuardedWays::way() {
    return [this](std::string_view caller, std::string_view service) { return build(caller, service); };
}

std::unique_ptr<rpc::Channel> GuardedWays::build(std::string_view caller, std::string_view service) {
    const std::lock_guard lock{all_->mutex};
    const auto known = std::ranges::find_if(
        all_->built, [&](const Built& built) { return built.caller == caller && built.service == service; });
    if (known != all_->built.end()) return std::make_unique<Borrowed>(*known->channel);
    auto to = find_(caller, service);
    if (!to) return nullptr;
    auto channel = std::make_unique<guard::GuardedChannel>(to->neighbour, to->endpoints, to->settings,
                                                           to->make, requests_.calls(std::string(caller)),
                                                           time_, log_of(caller, to->neighbour));
    all_->built.push_back({std::string(caller), std::string(service), std::move(channel)});
    return std::make_unique<Borrowed>(*all_->built.back().channel);
}

guard::GuardedChannel::Told GuardedWays::log_of(std::string_view caller, const std::string& neighbour) const {
    return [&log = log_, caller = std::string(caller), neighbour](
               const fiber::Address& address, guard::BreakerState state, const std::string& reason) {
        const std::string at = address.text();
        const watch::Fields fields{
            {"caller", caller}, {"neighbour", neighbour}, {"address", at}, {"why", reason}};
        if (state == guard::BreakerState::open)
            log.warning("guard", "a breaker has opened; calls fail at once", fields);
        else
            log.info("guard", "a breaker has closed again", fields);
    };
}

watch::ReadNeighbours GuardedWays::read() const {
    return [all = all_] {
        const Deadline now = std::chrono::steady_clock::now();
        std::vector<watch::NeighbourState> states;
        const std::lock_guard lock{all->mutex};
        for (const Built& built : all->built) {
            states.push_back(neighbour_state(built.channel->view(), now));
            states.back().caller = built.caller;
        }
        return states;
    };
}

watch::NeighbourState neighbour_state(const guard::GuardView& view, Deadline now) {
    watch::NeighbourState state{.name = view.neighbour,
                                .in_flight = view.in_flight,
                                .in_flight_max = view.in_flight_max,
                                .waiting = view.queued,
                                .waiting_max = view.queue_max,
                                .retries_left = view.retry_balance,
                                .retries = view.retries,
                                .retries_denied = view.retries_denied,
                                .refused = view.left_alone + view.queue_full,
                                .stale_answers = view.stale_answers};
    for (const auto& endpoint : view.endpoints) {
        state.endpoints.push_back(endpoint_state(endpoint, now));
        state.opened += endpoint.breaker.opened;
        state.ejected += endpoint.ejected ? 1 : 0;
    }
    if (view.endpoints.empty()) return state;
    const auto& worst = *std::ranges::max_element(
        view.endpoints, [](const auto& one, const auto& other) { return is_worse(other, one); });
    state.breaker = name(worst.breaker.state);
    state.reason = worst.breaker.reason;
    state.is_cut = state.ejected == view.endpoints.size();
    return state;
}

watch::LimitState limit_state(const guard::ServerLimitView& view) {
    return {.in_flight_max = count_of(view.limit),
            .users = count_of(view.users),
            .background = count_of(view.background),
            .usual_ms = milliseconds(view.usual),
            .shed_users = view.shed_users,
            .shed_background = view.shed_background};
}

}  // namespace jebi::place
