#include "modules/tweets/departures.h"

#include "kit/rpc/follow_events.h"

namespace jebi::tweets {

Result<std::size_t> Departures::follow(const Call& call, Millis wait) {
    TRY(const std::uint64_t position, store_.accounts_position(call));
    return rpc::follow_events(call, accounts_, &accounts::Accounts::events, {.after = position, .wait = wait},
                              [&](const accounts::Event& event) { return handle(call, event); });
}

Result<void> Departures::handle(const Call& call, const accounts::Event& event) {
    if (!event.has_deleted()) return store_.move_accounts_position(call, event.sequence());
    return store_.forget_author(call, UserId{event.deleted().user_id()}, clock_.wall_ms(), event.sequence());
}

}  // namespace jebi::tweets
