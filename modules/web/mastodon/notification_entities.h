// Mastodon's entity Notification: who did something, and the tweet that it is about, as one reader may see
// them.
#pragma once

#include <array>
#include <span>

#include "modules/web/mastodon/entities.h"

namespace jebi::web::mastodon {

struct NotificationType {
    std::string_view name;  // Mastodon's, which has replies among mentions
    notifications::Notification::Kind kind;
};
inline constexpr std::array<NotificationType, 5> notification_types{
    {{"follow", notifications::Notification::KIND_FOLLOWED},
     {"mention", notifications::Notification::KIND_MENTIONED},
     {"mention", notifications::Notification::KIND_REPLIED},
     {"favourite", notifications::Notification::KIND_FAVOURITED},
     {"reblog", notifications::Notification::KIND_REPOSTED}}};

// Of one answer. Site and call outlive it.
class NotificationEntities {
public:
    NotificationEntities(const Site& site, const Call& call, std::string origin)
        : site_(site), call_(call), entities_(site, call, std::move(origin)) {}

    // Reads what all of these need.
    Result<void> load(std::span<const notifications::Notification* const> notifications);
    // False, and nothing is written, when the person or the tweet is not to be seen any more.
    bool write(json::Writer& out, const notifications::Notification& notification) const;

private:
    const Site& site_;
    const Call& call_;
    Entities entities_;
    std::vector<Person> people_;
    Posts posts_;
};

}  // namespace jebi::web::mastodon
