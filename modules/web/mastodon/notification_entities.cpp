#include "modules/web/mastodon/notification_entities.h"

#include <algorithm>

namespace jebi::web::mastodon {

namespace {

using notifications::Notification;

void keep_distinct(std::vector<std::uint64_t>& ids) {
    std::ranges::sort(ids);
    const auto repeated = std::ranges::unique(ids);
    ids.erase(repeated.begin(), repeated.end());
}

}  // namespace

Result<void> NotificationEntities::load(std::span<const Notification* const> notifications) {
    std::vector<std::uint64_t> actors;
    std::vector<std::uint64_t> tweets;
    for (const Notification* notification : notifications) {
        actors.push_back(notification->actor_id());
        if (notification->tweet_id() != 0) tweets.push_back(notification->tweet_id());
    }
    keep_distinct(actors);
    keep_distinct(tweets);
    TRY(people_, people_of(site_, call_, actors));
    TRY(posts_, posts_of(site_, call_, tweets, {.muted = Reading::Muted::shown, .with_beside = true}));
    for (const Person& person : people_)
        entities_.need(person.user);
    entities_.need(posts_);
    entities_.load();
    return {};
}

bool NotificationEntities::write(json::Writer& out, const Notification& notification) const {
    const auto type = std::ranges::find(notification_types, notification.kind(), &NotificationType::kind);
    const auto actor = std::ranges::find(people_, notification.actor_id(),
                                         [](const Person& person) { return person.user.id(); });
    const auto post = std::ranges::find(posts_.list, notification.tweet_id(), &Post::id);
    const bool lacks_its_tweet = notification.tweet_id() != 0 && post == posts_.list.end();
    if (type == notification_types.end() || actor == people_.end() || lacks_its_tweet) return false;
    out.begin_object().key("id").id(notification.id()).key("type").string(type->name);
    out.key("created_at").string(iso8601(notification.created_ms())).key("account");
    entities_.write(out, actor->user);
    if (post != posts_.list.end()) {
        out.key("status");
        entities_.write(out, *post);
    }
    out.end_object();
    return true;
}

}  // namespace jebi::web::mastodon
