#include <algorithm>

#include "modules/accounts/service_parts.h"

namespace jebi::accounts {

namespace {

constexpr std::uint32_t events_max = 1'000;
constexpr std::uint32_t wait_ms_max = 5'000;
// The answer to a wait has to be on its way before the call's time is up.
constexpr Millis answer_margin{100};

}  // namespace

Result<EventsReply> Service::events(const Call& call, const EventsRequest& request) {
    if (request.limit() == 0 || request.limit() > events_max)
        return out_of_range("The limit is 1 to 1000.", "limit");
    if (request.wait_ms() > wait_ms_max) return out_of_range("The longest wait is 5000 ms.", "wait_ms");
    const Deadline until = std::min(call.until - answer_margin, in(Millis{request.wait_ms()}));
    while (true) {
        const fiber::Event next = happened_.next();
        TRY(auto events, store_.events(call, request.after(), request.limit()));
        EventsReply reply;
        for (Event& event : events)
            *reply.add_events() = std::move(event);
        if (reply.events_size() > 0 || waits_ended_ || !next.wait_until(until)) return reply;
    }
}

Result<LastEventReply> Service::last_event(const Call& call, const Empty&) {
    TRY(const std::uint64_t last, store_.last_event(call));
    LastEventReply reply;
    reply.set_sequence(last);
    return reply;
}

void Service::end_waits() {
    waits_ended_ = true;
    happened_.tell();
}

}  // namespace jebi::accounts
