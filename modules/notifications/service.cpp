#include "modules/notifications/service.h"

#include <algorithm>

namespace jebi::notifications {

namespace {

constexpr std::uint32_t page_size = 20;
constexpr std::uint32_t page_size_max = 100;

Notification message_of(const StoredNotification& stored) {
    Notification notification;
    notification.set_id(stored.id.value);
    notification.set_kind(stored.kind);
    notification.set_user_id(stored.user.value);
    notification.set_actor_id(stored.actor.value);
    notification.set_tweet_id(stored.tweet.value);
    notification.set_created_ms(stored.created_ms);
    notification.set_read(stored.read);
    return notification;
}

std::uint64_t bounded(std::uint64_t id) {
    return std::min<std::uint64_t>(id, INT64_MAX);
}

// The kinds that there are among those asked for, once each.
std::vector<Notification::Kind> kinds_of(const ListRequest& request) {
    std::vector<Notification::Kind> kinds;
    for (const int kind : request.kinds()) {
        if (Notification::Kind_IsValid(kind)) kinds.push_back(static_cast<Notification::Kind>(kind));
    }
    std::ranges::sort(kinds);
    kinds.erase(std::ranges::unique(kinds).begin(), kinds.end());
    std::erase(kinds, Notification::KIND_UNSPECIFIED);
    return kinds;
}

// With one notification more than is shown: it tells whether there is a next page.
Result<Store::Slice> slice_of(const ListRequest& request) {
    if (request.limit() > page_size_max) {
        return fail(
            error(Code::invalid, "A page has at most 100 notifications.").because("bad_page").at("limit"));
    }
    Store::Slice slice{.newer_than = bounded(request.newer_than()),
                       .from_oldest = request.from_oldest(),
                       .limit = (request.limit() == 0 ? page_size : request.limit()) + 1,
                       .kinds = kinds_of(request)};
    if (request.before() != 0) slice.before = bounded(request.before());
    return slice;
}

}  // namespace

Result<NotificationPage> Service::list(const Call& call, const ListRequest& request) {
    TRY(const UserId me, signed_in(call));
    TRY(Store::Slice slice, slice_of(request));
    NotificationPage page;
    if (request.kinds_size() > 0 && slice.kinds.empty()) return page;  // kinds that nobody knows
    if (slice.from_oldest) slice.limit -= 1;
    TRY(const auto found, store_.list(call, me, slice));
    const std::size_t shown =
        slice.from_oldest ? found.size() : std::min<std::size_t>(found.size(), slice.limit - 1);
    for (std::size_t i = 0; i < shown; ++i)
        *page.add_notifications() = message_of(found[i]);
    if (found.size() > shown) page.set_next(found[shown - 1].id.value);
    return page;
}

Result<Notification> Service::by_id(const Call& call, const ByIdRequest& request) {
    TRY(const UserId me, signed_in(call));
    TRY(const auto found, store_.by_id(call, me, NotificationId{bounded(request.id())}));
    return message_of(found);
}

Result<UnreadReply> Service::unread(const Call& call, const Empty&) {
    TRY(const UserId me, signed_in(call));
    UnreadReply reply;
    TRY(const std::uint32_t count, store_.unread(call, me, unread_max));
    TRY(const NotificationId last_read, store_.last_read(call, me));
    reply.set_count(count);
    reply.set_last_read_id(last_read.value);
    return reply;
}

Result<UnreadReply> Service::mark_read(const Call& call, const ByIdRequest& request) {
    TRY(const UserId me, signed_in(call));
    TRY_VOID(store_.mark_read(call, me, NotificationId{bounded(request.id())}));
    return unread(call, {});
}

Result<Empty> Service::dismiss(const Call& call, const ByIdRequest& request) {
    TRY(const UserId me, signed_in(call));
    TRY_VOID(store_.dismiss(call, me, NotificationId{bounded(request.id())}));
    return Empty{};
}

Result<Empty> Service::clear(const Call& call, const Empty&) {
    TRY(const UserId me, signed_in(call));
    TRY_VOID(store_.clear(call, me));
    return Empty{};
}

Result<EventsReply> Service::events(const Call& call, const EventsRequest& request) {
    return told_.answer<EventsReply>(call, request, [&](EventsReply& reply) -> Result<void> {
        TRY(const auto events, store_.events(call, bounded(request.after()), request.limit()));
        for (const StoredEvent& stored : events) {
            auto& event = *reply.add_events();
            event.set_sequence(stored.sequence);
            *event.mutable_notification() = message_of(stored.notification);
        }
        return {};
    });
}

Result<LastEventReply> Service::last_event(const Call& call, const Empty&) {
    LastEventReply reply;
    TRY(const std::uint64_t sequence, store_.last_event(call));
    reply.set_sequence(sequence);
    return reply;
}

Result<void> Service::sweep(const Call& call) {
    return store_.sweep(call, clock_.wall_ms() - events_kept.count());
}

}  // namespace jebi::notifications
