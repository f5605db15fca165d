#include "modules/notifications/meaning.h"

#include <algorithm>

#include "kit/base/unicode.h"

namespace jebi::notifications {

namespace {

using Told = std::vector<StoredNotification>;

void add(Told& told, const StoredNotification& one) {
    const bool is_told =
        std::ranges::any_of(told, [&](const StoredNotification& other) { return other.user == one.user; });
    if (one.user != one.actor && one.user.value != 0 && !is_told) told.push_back(one);
}

// Brought from elsewhere (an import): it was said long ago, and is no news to anybody.
bool is_brought(const tweets::Tweet& written) {
    return written.edited_ms() != 0;
}

std::vector<UserId> mentioned(const tweets::Event& event, const Named& named) {
    std::vector<UserId> people;
    for (const std::string& name : names_in(event)) {
        if (const auto found = named.find(name); found != named.end()) people.push_back(found->second);
    }
    return people;
}

// Whoever is answered is told that, and not that they were mentioned as well.
Told told_by_text(const tweets::Tweet& tweet, bool is_new, WallMs at_ms, const std::vector<UserId>& people) {
    StoredNotification one{.kind = Notification::KIND_REPLIED,
                           .user = UserId{tweet.reply_to_author_id()},
                           .actor = UserId{tweet.author_id()},
                           .tweet = TweetId{tweet.id()},
                           .created_ms = at_ms};
    Told told;
    if (is_new && tweet.reply_to_id() != 0) add(told, one);
    one.kind = Notification::KIND_MENTIONED;
    for (const UserId person : people) {
        one.user = person;
        add(told, one);
    }
    return told;
}

}  // namespace

std::vector<std::string> names_in(const tweets::Event& event) {
    std::vector<std::string> names;
    const auto& entities = event.has_edited() ? event.edited().entities() : event.written().entities();
    for (const tweets::Entity& entity : entities) {
        if (entity.kind() != tweets::Entity::KIND_MENTION) continue;
        const std::string name = lower(entity.value());
        if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
    return names;
}

Told told_by(const follows::Event& event, const Named&) {
    Told told;
    if (event.kind() == follows::Event::KIND_FOLLOWED) {
        add(told, {.kind = Notification::KIND_FOLLOWED,
                   .user = UserId{event.target_id()},
                   .actor = UserId{event.user_id()},
                   .created_ms = event.at_ms()});
    }
    return told;
}

Told told_by(const tweets::Event& event, const Named& named) {
    Told told;
    if (event.has_written() && event.written().repost_of_id() != 0) {
        const tweets::Tweet& repost = event.written();
        add(told, {.kind = Notification::KIND_REPOSTED,
                   .user = UserId{repost.repost_of_author_id()},
                   .actor = UserId{repost.author_id()},
                   .tweet = TweetId{repost.repost_of_id()},
                   .created_ms = event.at_ms()});
    } else if (event.has_written() && !is_brought(event.written())) {
        told = told_by_text(event.written(), true, event.at_ms(), mentioned(event, named));
    } else if (event.has_edited()) {
        told = told_by_text(event.edited(), false, event.at_ms(), mentioned(event, named));
    } else if (event.has_favourited()) {
        add(told, {.kind = Notification::KIND_FAVOURITED,
                   .user = UserId{event.favourited().author_id()},
                   .actor = UserId{event.favourited().user_id()},
                   .tweet = TweetId{event.favourited().tweet_id()},
                   .created_ms = event.at_ms()});
    }
    return told;
}

void take_back(const follows::Event& event, const Named&, Changes& changes) {
    const UserId user{event.user_id()};
    const UserId target{event.target_id()};
    switch (event.kind()) {
        case follows::Event::KIND_UNFOLLOWED:
            changes.take_back_follow(user, target);
            break;
        case follows::Event::KIND_BLOCKED:
            changes.take_back_between(user, target);
            changes.take_back_between(target, user);
            break;
        case follows::Event::KIND_MUTED:
            changes.take_back_between(user, target);
            break;
        default:
            break;  // takes nothing back
    }
}

void take_back(const tweets::Event& event, const Named& named, Changes& changes) {
    if (event.has_deleted()) {
        const tweets::TweetDeleted& deleted = event.deleted();
        changes.take_back_tweet(TweetId{deleted.id()});
        if (deleted.repost_of_id() != 0) {
            changes.take_back(Notification::KIND_REPOSTED, UserId{deleted.author_id()},
                              TweetId{deleted.repost_of_id()});
        }
    } else if (event.has_unfavourited()) {
        changes.take_back(Notification::KIND_FAVOURITED, UserId{event.unfavourited().user_id()},
                          TweetId{event.unfavourited().tweet_id()});
    } else if (event.has_edited()) {
        changes.keep_mentions(TweetId{event.edited().id()}, mentioned(event, named));
    }
}

}  // namespace jebi::notifications
