#include "modules/messages/departures.h"

#include "kit/rpc/follow_events.h"

namespace jebi::messages {

Result<std::size_t> Departures::follow(const Call& call, Millis wait) {
    TRY(const std::uint64_t position, store_.accounts_position(call));
    return rpc::follow_events(call, accounts_, &accounts::Accounts::events, {.after = position, .wait = wait},
                              [&](const accounts::Event& event) { return handle(call, event); });
}

Result<void> Departures::handle(const Call& call, const accounts::Event& event) {
    if (event.has_deleted()) {
        const UserId person{event.deleted().user_id()};
        TRY_VOID(store_.refuse_person(call, person));
        // Ends: each round removes something, and nothing new comes. The call's time bounds it as well.
        bool more = true;
        while (more) {
            TRY(more, store_.forget_some(call, person, rows_at_once_max));
        }
    }
    return store_.move_accounts_position(call, event.sequence());
}

}  // namespace jebi::messages
