// Following another module's events: the half of it that asks. The other half, the position that moves with
// the effect, is kit/sql/positions.h.
//
//     TRY(const std::uint64_t position, positions.of(call, "accounts"));
//     const auto take = [&](const accounts::Event& event) { return handle(call, event); };
//     return rpc::follow_events(call, accounts, &accounts::Accounts::events, {.after = position}, take);
#pragma once

#include <cstdint>

#include "kit/base/call.h"
#include "kit/base/result.h"

namespace jebi::rpc {

struct EventsWanted {
    std::uint64_t after = 0;  // the position
    std::uint32_t limit = 100;
    Millis wait{0};  // for the first one, when nothing has happened yet
};

// Asks once, and hands what has happened to `handle`, in order, one at a time; how many it took. `handle`
// answers a Result<void> and moves the position in the transaction of its effect. An error ends the round:
// what was handled stays handled, and the next round goes on from the position.
template <typename Contract, typename Request, typename Reply, typename Handle>
Result<std::size_t> follow_events(const Call& call, Contract& source,
                                  Result<Reply> (Contract::*events)(const Call&, const Request&),
                                  const EventsWanted& wanted, Handle handle) {
    Request request;
    request.set_after(wanted.after);
    request.set_limit(wanted.limit);
    request.set_wait_ms(static_cast<std::uint32_t>(wanted.wait.count()));
    Call asking = call;
    asking.background = true;
    TRY(const Reply reply, (source.*events)(asking, request));
    for (const auto& event : reply.events())
        TRY_VOID(handle(event));
    return static_cast<std::size_t>(reply.events_size());
}

}  // namespace jebi::rpc
