#include "kit/guard/guarded_channel.h"

#include <algorithm>
#include <cassert>
#include <random>

#include "kit/http/client.h"
#include "kit/rpc/codec.h"
#include "kit/rpc/errors.h"

namespace jebi::guard {

namespace {

// A call that had less time than this and ran out of it says nothing about the neighbour.
constexpr Millis fair{50};
constexpr std::int64_t retry_after_s = 1;
constexpr int doublings_max = 16;

std::uint64_t any_seed() {
    std::random_device device;
    return (std::uint64_t{device()} << 32) | device();
}

// Who asks, what, and with which words: the same means the same answer.
std::string key_of(const Call& call, const rpc::Method& method, const std::string& request) {
    std::string key = std::to_string(call.user.value);
    key.reserve(key.size() + method.service.size() + method.name.size() + request.size() + 3);
    return key.append("\n")
        .append(method.service)
        .append("/")
        .append(method.name)
        .append("\n")
        .append(request);
}

// Then an old answer may stand in; else what it says is so.
bool cannot_be_asked(const Error& error) {
    return error.code == Code::unavailable || error.code == Code::deadline || error.code == Code::internal ||
           error.reason == rpc::queue_full;
}

// What an error says about the health of who answered it.
Outcome outcome_of(const Error& error, const rpc::Method& method, std::chrono::nanoseconds given) {
    switch (error.code) {
        case Code::unavailable:
        case Code::internal:
            return Outcome::bad;
        case Code::deadline:
            return method.waits || given < fair ? Outcome::unknown : Outcome::bad;
        case Code::invalid:
        case Code::unauthenticated:
        case Code::forbidden:
        case Code::not_found:
        case Code::conflict:
        case Code::exhausted:
            return Outcome::good;
    }
    return Outcome::unknown;
}

}  // namespace

ChannelMaker plain_http(std::size_t connections_max) {
    return http_with({.address = {}, .connections_max = connections_max});
}

ChannelMaker http_with(http::ClientOptions options) {
    return [options = std::move(options)](const fiber::Address& address) {
        http::ClientOptions of_this_one = options;
        of_this_one.address = address;
        return std::make_unique<rpc::HttpChannel>(std::move(of_this_one));
    };
}

struct GuardedChannel::Endpoint {
    fiber::Address address;
    std::unique_ptr<rpc::Channel> channel;
    Breaker breaker;
    LoadEstimate estimate{};
};

struct GuardedChannel::Asked {
    const Call& call;
    const rpc::Method& method;
    const rpc::Message& request;
    rpc::Message& reply;
};

struct GuardedChannel::Chosen {
    Endpoint& endpoint;
    Breaker::Permit permit;
};

GuardedChannel::GuardedChannel(std::string neighbour, const std::vector<fiber::Address>& endpoints,
                               const Settings& settings, const ChannelMaker& make, rpc::Observer observer,
                               const Time& time, const Told& told)
    : neighbour_(std::move(neighbour)),
      settings_(settings),
      time_(time),
      observer_(std::move(observer)),
      dice_(any_seed()),
      budget_(settings.budget, time),
      bulkhead_(settings.in_flight_max, settings.queue_max),
      stale_(settings.stale_bytes_max, time) {
    assert(!endpoints.empty());
    for (const auto& address : endpoints) {
        const auto of_this_one = [told, address](BreakerState state, const std::string& reason) {
            if (told) told(address, state, reason);
        };
        endpoints_.push_back(std::unique_ptr<Endpoint>(new Endpoint{
            address, make(address), Breaker{settings.breaker, time, dice_.next(), of_this_one}}));
    }
}

GuardedChannel::~GuardedChannel() = default;

Result<void> GuardedChannel::call(const Call& call, const rpc::Method& method, const rpc::Message& request,
                                  rpc::Message& reply) {
    const rpc::Scope scope(observer_, rpc::Side::client, method, call);
    return scope.run([&] {
        ++calls_;
        budget_.put();
        return answer({scope.call(), method, request, reply});
    });
}

void GuardedChannel::end_waits() {
    for (const auto& endpoint : endpoints_)
        endpoint->channel->end_waits();
}

// The answer, or an old one where that may be.
Result<void> GuardedChannel::answer(const Asked& asked) {
    const Deadline until = std::min(asked.call.until + time_.ahead(), time_.now() + settings_.timeout);
    const Millis age_max = std::min(asked.method.stale_max, settings_.stale_max);
    if (age_max == Millis{0} || settings_.stale_bytes_max == 0) return with_retries(asked, until);
    TRY(const std::string request, rpc::encode(rpc::Codec::proto, asked.request));
    std::string key = key_of(asked.call, asked.method, request);
    const Deadline now = time_.now();
    const bool has_old = stale_.has(key, age_max);
    auto answered = with_retries(asked, has_old ? now + (until - now) / 2 : until);
    if (answered) {
        if (auto bytes = rpc::encode(rpc::Codec::proto, asked.reply))
            stale_.put(std::move(key), std::move(*bytes));
        return answered;
    }
    if (!cannot_be_asked(answered.error())) {
        stale_.forget(key);  // what is gone, or forbidden now, is not to come back
        return answered;
    }
    const auto old = stale_.get(key, age_max);
    if (!old || !rpc::decode(rpc::Codec::proto, *old, asked.reply)) return answered;
    ++stale_answers_;
    return {};
}

Result<void> GuardedChannel::with_retries(const Asked& asked, Deadline until) {
    for (int retries = 0;; ++retries) {
        auto answered = one_try(asked, until);
        if (answered || !wait_before_retry(asked, answered.error(), retries, until)) return answered;
        ++retries_;
    }
}

// False: the error stands.
bool GuardedChannel::wait_before_retry(const Asked& asked, const Error& error, int retries, Deadline until) {
    if (retries >= settings_.retry.max || !may_retry(asked, error)) return false;
    const auto longest = settings_.retry.backoff * (1 << std::min(retries, doublings_max));
    const std::chrono::duration<double, std::milli> wait =
        std::min<Millis>(longest, settings_.retry.backoff_max) * dice_.fraction();
    const Deadline again = time_.now() + std::chrono::duration_cast<std::chrono::nanoseconds>(wait);
    if (again >= until) return false;
    if (!budget_.take()) {
        ++retries_denied_;
        return false;
    }
    time_.sleep_until(again);
    return true;
}

bool GuardedChannel::may_retry(const Asked& asked, const Error& error) const {
    if (error.reason == rpc::left_alone || error.reason == rpc::queue_full)
        return false;  // it would be again
    const bool is_refused = error.reason == rpc::overloaded || error.reason == rpc::not_let_in ||
                            error.reason == rpc::not_trusted;
    if (is_refused) return endpoints_.size() > 1;  // another may have room, or know this machine
    if (rpc::has_not_happened(error)) return true;
    const bool in_doubt = error.code == Code::unavailable || error.reason == rpc::bad_answer;
    return in_doubt && rpc::may_be_repeated(asked.method, asked.call);
}

Result<void> GuardedChannel::one_try(const Asked& asked, Deadline until) {
    if (time_.now() >= until) return fail(Code::deadline, "The time was up before this began.");
    std::optional<Bulkhead::Pass> pass;
    if (!asked.method.waits) {
        auto entered = bulkhead_.enter(until - time_.ahead());
        if (!entered) return fail(entered.error());
        pass.emplace(std::move(*entered));
    }
    auto chosen = choose(asked.method.waits);
    if (!chosen) {
        ++left_alone_;
        return fail(error(Code::unavailable, "This part does not answer at the moment.")
                        .because(std::string(rpc::left_alone))
                        .after_s(retry_after_s)
                        .detailed("the breaker of " + neighbour_ + " is open"));
    }
    return sent(asked, *chosen, until);
}

Result<void> GuardedChannel::sent(const Asked& asked, Chosen& chosen, Deadline until) {
    auto& [endpoint, permit] = chosen;
    const Deadline begun = time_.now();
    Call call = asked.call;
    call.until = until - time_.ahead();
    ++tries_;
    auto answered = [&] {
        const LoadEstimate::InFlight in_flight{endpoint.estimate};
        return endpoint.channel->call(call, asked.method, asked.request, asked.reply);
    }();
    const Deadline now = time_.now();
    const Outcome outcome =
        answered ? Outcome::good : outcome_of(answered.error(), asked.method, until - begun);
    permit.report(outcome);
    if (outcome == Outcome::bad) endpoint.estimate.failed(now, now - begun);
    if (outcome == Outcome::good && !asked.method.waits) endpoint.estimate.answered(now, now - begun);
    return answered;
}

// The better of two by chance; nothing when all are left alone.
std::optional<GuardedChannel::Chosen> GuardedChannel::choose(bool waits) {
    if (endpoints_.size() == 1) {
        auto permit = endpoints_[0]->breaker.admit(waits);
        if (!permit) return std::nullopt;
        return Chosen{*endpoints_[0], std::move(*permit)};
    }
    const auto candidates = this->candidates();
    if (candidates.empty()) return std::nullopt;
    const std::size_t first = dice_.below(candidates.size());
    const std::size_t second =
        (first + 1 + dice_.below(std::max<std::size_t>(candidates.size() - 1, 1))) % candidates.size();
    const Deadline now = time_.now();
    const bool swap = candidates[second]->estimate.load(now) < candidates[first]->estimate.load(now);
    Endpoint& better = *candidates[swap ? second : first];
    if (auto permit = better.breaker.admit(waits)) return Chosen{better, std::move(*permit)};
    return Chosen{better, better.breaker.admit_anyway(waits)};
}

// Those whose breakers admit; when these are less than half, others as well; none when there is not one.
std::vector<GuardedChannel::Endpoint*> GuardedChannel::candidates() {
    std::vector<Endpoint*> well;
    std::vector<Endpoint*> ejected;
    for (const auto& endpoint : endpoints_)
        (endpoint->breaker.admits() ? well : ejected).push_back(endpoint.get());
    if (well.empty()) return well;
    const std::size_t ejected_max = endpoints_.size() / 2;
    for (std::size_t i = ejected_max; i < ejected.size(); ++i)
        well.push_back(ejected[i]);
    return well;
}

GuardView GuardedChannel::view() const {
    GuardView view{.neighbour = neighbour_,
                   .retry_balance = budget_.balance(),
                   .in_flight = bulkhead_.inside(),
                   .in_flight_max = settings_.in_flight_max,
                   .queued = bulkhead_.queued(),
                   .queue_max = settings_.queue_max,
                   .calls = calls_,
                   .tries = tries_,
                   .retries = retries_,
                   .retries_denied = retries_denied_,
                   .left_alone = left_alone_,
                   .queue_full = bulkhead_.refused(),
                   .stale_answers = stale_answers_,
                   .stale_entries = stale_.entries(),
                   .stale_bytes = stale_.bytes()};
    for (const auto& endpoint : endpoints_) {
        view.endpoints.push_back({endpoint->address.text(), endpoint->breaker.view(),
                                  endpoint->estimate.in_flight(), endpoint->estimate.latency(time_.now()),
                                  !endpoint->breaker.admits()});
    }
    return view;
}

void GuardedChannel::set_mode(BreakerMode mode) {
    for (const auto& endpoint : endpoints_)
        endpoint->breaker.set_mode(mode);
}

}  // namespace jebi::guard
