#include "modules/messages/departures.h"

namespace jebi::messages {

namespace {

constexpr std::uint32_t events_at_once_max = 100;

}  // namespace

Result<std::size_t> Departures::follow(const Call& call, Millis wait) {
    TRY(const std::uint64_t position, store_.accounts_position(call));
    accounts::EventsRequest request;
    request.set_after(position);
    request.set_limit(events_at_once_max);
    request.set_wait_ms(static_cast<std::uint32_t>(wait.count()));
    TRY(const auto reply, accounts_.events(call, request));
    for (const accounts::Event& event : reply.events())
        TRY_VOID(handle(call, event));
    return static_cast<std::size_t>(reply.events_size());
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
