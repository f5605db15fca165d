// Notifications, and how far one has read (markers).
#include <algorithm>
#include <array>

#include "modules/web/mastodon/notification_entities.h"
#include "modules/web/mastodon/operations.h"
#include "modules/web/mastodon/paging.h"

namespace jebi::web::mastodon {

namespace {

using enum http::Method;
using notifications::Notification;

constexpr Limits limits{.standard = 40, .max = 80};

bool lists(const std::vector<std::string>& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

// Which kinds are asked for; none when jebi has none of them.
Result<std::vector<Notification::Kind>> kinds_of(const Asked& asked) {
    TRY(const auto wanted, asked.given.list("types"));
    TRY(const auto unwanted, asked.given.list("exclude_types"));
    std::vector<Notification::Kind> kinds;
    for (const NotificationType& type : notification_types) {
        if ((wanted.empty() || lists(wanted, type.name)) && !lists(unwanted, type.name))
            kinds.push_back(type.kind);
    }
    return kinds;
}

notifications::ListRequest list_request(const Window& window, std::span<const Notification::Kind> kinds) {
    notifications::ListRequest request;
    request.set_before(window.max_id);
    request.set_newer_than(window.newer_than());
    request.set_from_oldest(window.from_oldest());
    request.set_limit(window.limit);
    for (const Notification::Kind kind : kinds)
        request.add_kinds(kind);
    return request;
}

Answer list(const Asked& asked) {
    TRY(const Window window, window_of(asked, limits));
    TRY(const auto kinds, kinds_of(asked));
    if (kinds.empty()) return http::Response::json(200, "[]");
    TRY(const auto page, asked.site.notifications.list(asked.call, list_request(window, kinds)));
    std::vector<const Notification*> all;
    for (const Notification& notification : page.notifications())
        all.push_back(&notification);
    NotificationEntities entities{asked.site, asked.call, asked.origin()};
    TRY_VOID(entities.load(all));
    json::Writer out;
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    out.begin_array();
    for (const Notification* notification : all) {
        if (!entities.write(out, *notification)) continue;
        if (first == 0) first = notification->id();
        last = notification->id();
    }
    out.end_array();
    http::Response response = http::Response::json(200, out.take());
    if (first != 0) add_link(response, asked, {window.from_oldest() ? last : page.next(), first});
    return response;
}

Answer one(const Asked& asked) {
    notifications::ByIdRequest request;
    TRY(const std::uint64_t id, asked.id_in_path());
    request.set_id(id);
    TRY(const auto notification, asked.site.notifications.by_id(asked.call, request));
    const std::array all{&notification};
    NotificationEntities entities{asked.site, asked.call, asked.origin()};
    TRY_VOID(entities.load(all));
    json::Writer out;
    if (!entities.write(out, notification))
        return fail(Code::not_found, "It is about something that is gone.");
    return http::Response::json(200, out.take());
}

http::Response empty_answer() {
    return http::Response::json(200, "{}");
}

Answer dismiss(const Asked& asked) {
    notifications::ByIdRequest request;
    TRY(const std::uint64_t id, asked.id_in_path());
    request.set_id(id);
    TRY_VOID(asked.site.notifications.dismiss(asked.call, request));
    return empty_answer();
}

Answer clear(const Asked& asked) {
    TRY_VOID(asked.site.notifications.clear(asked.call, {}));
    return empty_answer();
}

Answer unread(const Asked& asked) {
    TRY(const auto reply, asked.site.notifications.unread(asked.call, {}));
    json::Writer out;
    out.begin_object().key("count").integer(reply.count()).end_object();
    return http::Response::json(200, out.take());
}

// ---- Markers: only the one of the notifications is kept; a home has none. ----

Answer marker_answer(const Asked& asked, std::uint64_t last_read_id) {
    json::Writer out;
    out.begin_object();
    if (last_read_id != 0) {
        out.key("notifications")
            .begin_object()
            .key("last_read_id")
            .id(last_read_id)
            .key("version")
            .integer(1);
        out.key("updated_at").string(iso8601(asked.site.clock.wall_ms())).end_object();
    }
    out.end_object();
    return http::Response::json(200, out.take());
}

Answer markers(const Asked& asked) {
    TRY(const auto timelines, asked.given.list("timeline"));
    if (!lists(timelines, "notifications")) return marker_answer(asked, 0);
    TRY(const auto reply, asked.site.notifications.unread(asked.call, {}));
    return marker_answer(asked, reply.last_read_id());
}

Answer mark(const Asked& asked) {
    notifications::ByIdRequest request;
    TRY(const std::uint64_t id, asked.given.id("notifications[last_read_id]"));
    if (id == 0) return marker_answer(asked, 0);
    request.set_id(id);
    TRY(const auto reply, asked.site.notifications.mark_read(asked.call, request));
    return marker_answer(asked, reply.last_read_id());
}

Operation changing(std::string_view pattern, std::string_view id, std::string_view summary,
                   api::Function function) {
    return acting(post, "notifications", {pattern, id, summary, function, "write:notifications", "Nothing"});
}

}  // namespace

std::vector<Operation> notification_operations() {
    const auto reading_own = [](std::string_view pattern, std::string_view id, std::string_view summary,
                                api::Function function, std::string_view reply) {
        return own("notifications", {pattern, id, summary, function, "read:notifications", reply});
    };
    return {
        own("notifications",
            {"/api/v1/notifications", "listNotifications", "What others did, the newest first.", list,
             "read:notifications", "[MastodonNotification]",
             paged({{"types", "Only these: follow, mention, favourite, reblog.", Kind::list},
                    {"exclude_types", "Not these.", Kind::list}})}),
        reading_own("/api/v1/notifications/unread_count", "countUnreadNotifications",
                    "How many are new, at most 99.", unread, "UnreadCount"),
        reading_own("/api/v1/notifications/{id}", "getNotification", "One of them.", one,
                    "MastodonNotification"),
        changing("/api/v1/notifications/{id}/dismiss", "dismissNotification", "Remove one.", dismiss),
        changing("/api/v1/notifications/clear", "clearNotifications", "Remove all.", clear),
        own("notifications", {"/api/v1/markers",
                              "listMarkers",
                              "How far one has read.",
                              markers,
                              "read:statuses",
                              "Anything",
                              {{"timeline", "notifications: no other is kept.", Kind::list}}}),
        acting(post, "notifications",
               {"/api/v1/markers",
                "setMarkers",
                "One has read so far; it never goes back.",
                mark,
                "write:statuses",
                "Anything",
                {{"notifications[last_read_id]", "The last notification that was read.", Kind::id}}}),
    };
}

}  // namespace jebi::web::mastodon
