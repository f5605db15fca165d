#include "modules/accounts/service_parts.h"

namespace jebi::accounts {

namespace {

// The answer to a wait has to be on its way before the call's time is up.

}  // namespace

Result<EventsReply> Service::events(const Call& call, const EventsRequest& request) {
    return happened_.answer<EventsReply>(call, request, [&](EventsReply& reply) -> Result<void> {
        TRY(auto events, store_.events(call, request.after(), request.limit()));
        for (Event& event : events)
            *reply.add_events() = std::move(event);
        return {};
    });
}

Result<LastEventReply> Service::last_event(const Call& call, const Empty&) {
    TRY(const std::uint64_t last, store_.last_event(call));
    LastEventReply reply;
    reply.set_sequence(last);
    return reply;
}

void Service::end_waits() {
    happened_.end_waits();
}

}  // namespace jebi::accounts
