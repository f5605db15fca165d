// The rules of notifications, in this process: what people ask of them. teller.h makes them.
#pragma once

#include "kit/rpc/event_source.h"
#include "modules/notifications/notifications.jebi.h"
#include "modules/notifications/store.h"

namespace jebi::notifications {

inline constexpr std::uint32_t unread_max = 99;
inline constexpr Millis events_kept{24LL * 3600 * 1000};

// Thread-safe; keeps nothing but what the store keeps. `told` says when there is something new; the teller
// tells it.
class Service final : public NotificationsAbsent {
public:
    Service(Store& store, const rpc::EventSource& told, const Clock& clock)
        : store_(store), told_(told), clock_(clock) {}

    Result<NotificationPage> list(const Call& call, const ListRequest& request) override;
    Result<Notification> by_id(const Call& call, const ByIdRequest& request) override;
    Result<UnreadReply> unread(const Call& call, const Empty& request) override;
    Result<UnreadReply> mark_read(const Call& call, const ByIdRequest& request) override;
    Result<Empty> dismiss(const Call& call, const ByIdRequest& request) override;
    Result<Empty> clear(const Call& call, const Empty& request) override;
    Result<EventsReply> events(const Call& call, const EventsRequest& request) override;
    Result<LastEventReply> last_event(const Call& call, const Empty& request) override;

    // Throws away what has been kept long enough. Called now and then by whoever runs the module.
    Result<void> sweep(const Call& call);

private:
    Store& store_;
    const rpc::EventSource& told_;
    const Clock& clock_;
};

}  // namespace jebi::notifications
