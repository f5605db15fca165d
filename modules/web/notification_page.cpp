// What others did that concerns oneself: /notifications, the original's /activities.
#include <algorithm>

#include "kit/base/unicode.h"
#include "modules/web/pages.h"
#include "modules/web/templates/languages.h"

namespace jebi::web {

namespace {

using notifications::Notification;

constexpr std::size_t excerpt_bytes_max = 160;

struct Look {
    std::string_view icon;   // of _symbols.html
    std::string_view words;  // "{name} followed you"
};

Look look_of(Notification::Kind kind) {
    switch (kind) {
        case Notification::KIND_MENTIONED:
            return {"at", "told_mentioned"};
        case Notification::KIND_REPLIED:
            return {"reply", "told_replied"};
        case Notification::KIND_FAVOURITED:
            return {"like", "told_favourited"};
        case Notification::KIND_REPOSTED:
            return {"repost", "told_reposted"};
        default:
            return {"person", "told_followed"};
    }
}

// Who did it, and the tweets that it is about, where the reader may see them.
struct Around {
    People people;
    Posts posts;
    bool without_posts = false;  // they cannot be had

    const accounts::User* person(std::uint64_t id) const {
        const auto found =
            std::ranges::find(people.list, id, [](const Person& one) { return one.user.id(); });
        return found == people.list.end() ? nullptr : &found->user;
    }
    const Post* post(std::uint64_t id) const {
        const auto found = std::ranges::find(posts.list, id, &Post::id);
        return found == posts.list.end() ? nullptr : &*found;
    }
};

Result<Around> around(const Site& site, const Visit& visit, const notifications::NotificationPage& told) {
    std::vector<std::uint64_t> people;
    tweets::ByIdsRequest tweets;
    for (const Notification& one : told.notifications()) {
        people.push_back(one.actor_id());
        if (one.tweet_id() != 0) tweets.add_ids(one.tweet_id());
    }
    Around around;
    // First, as people are remembered when there is no time left for them, and tweets are not.
    auto about = site.tweets.by_ids(replaceable(visit.call), tweets);
    TRY(around.people, some_people_of(site, visit.call, people));
    around.without_posts = !about;
    if (!about) return around;
    auto posts = posts_of(site, visit.call, taken(std::move(*about)),
                          {.muted = Reading::Muted::shown, .partly = true});
    if (posts) around.posts = std::move(*posts);
    return around;
}

void show_told(const Site& site, const Visit& visit, Section page, const Notification& one,
               const accounts::User& actor, const Post* post) {
    Section told = page.section("TOLD");
    show_person(site, visit, told, actor);
    const Look look = look_of(one.kind());
    const std::array gaps{Gap{"name", actor.display_name()}};
    told.set("ICON", look.icon).set("SAYING", site.templates.text(visit.language, look.words, gaps));
    told.set("ISO", iso8601(one.created_ms()));
    told.set("WHEN", ago(site.templates, visit.language, one.created_ms(), site.clock.wall_ms()));
    if (!one.read()) told.show("NEW");
    if (post == nullptr) return;
    told.section("EXCERPT")
        .set("EXCERPT", excerpt_of(post->tweet->text(), excerpt_bytes_max))
        .set("EXCERPT_ID", post->tweet->id());
}

Result<void> show_list(const Site& site, const Visit& visit, Section page, const List& list) {
    notifications::ListRequest request;
    request.set_before(list.cursor);
    TRY(const auto told, site.notifications.list(visit.call, request));
    TRY(const Around known, around(site, visit, told));
    bool any = false;
    bool any_new = false;
    for (const Notification& one : told.notifications()) {
        const accounts::User* const actor = known.person(one.actor_id());
        if (actor == nullptr) continue;  // gone, or not for this reader any more
        show_told(site, visit, page, one, *actor, known.post(one.tweet_id()));
        any = true;
        any_new = any_new || !one.read();
    }
    page.show(any ? "CLEAR" : "EMPTY");
    show_missing(site, visit, page, known.people.missing);
    if (known.without_posts) page.show("MISSING", site.templates.text(visit.language, "missing_tweets"));
    if (any_new) page.section("MARK").set("NEWEST_ID", told.notifications(0).id());
    show_older(page, list, told.next());
    return {};
}

}  // namespace

Shown notifications_list(const Site& site, Visit& visit) {
    TRY_VOID(signed_in(visit));
    Page page;
    page.show("AT_NOTIFICATIONS");
    TRY(const int status,
        show_away(visit, page, show_list(site, visit, page, list_of(visit, "/notifications"))));
    return shown(site, visit, status, "notifications", page);
}

Shown read_notifications(const Site& site, Visit& visit, const Form& form) {
    TRY_VOID(signed_in(visit));
    notifications::ByIdRequest request;
    request.set_id(id_from(value(form, "id")).value_or(0));
    TRY(const auto left, site.notifications.mark_read(visit.call, request));
    return done(site, visit, "{\"unread\":" + std::to_string(left.count()) + "}", "/notifications", "read");
}

Shown clear_notifications(const Site& site, Visit& visit, const Form&) {
    TRY_VOID(signed_in(visit));
    TRY_VOID(site.notifications.clear(visit.call, {}));
    return redirected(site, visit, "/notifications", "cleared");
}

}  // namespace jebi::web
