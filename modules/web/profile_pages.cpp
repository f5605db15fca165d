// A person's own pages: what they wrote and answered, what one likes oneself, whom they follow and who
// follows them.
#include <algorithm>

#include "modules/web/pages.h"
#include "modules/web/templates/languages.h"

namespace jebi::web {

namespace {

std::string without_scheme(std::string_view link) {
    const auto scheme_end = link.find("://");
    if (scheme_end != std::string_view::npos) link.remove_prefix(scheme_end + 3);
    if (link.ends_with('/')) link.remove_suffix(1);
    return std::string(link);
}

// Whom a page is about, as the reader may see them.
struct Subject {
    accounts::User user;
    bool is_own = false;
    std::optional<follows::Relationship> relationship;  // nothing for visitors, and when it cannot be told
    bool follows_away = false;                          // then follows is not asked for more

    bool is_blocked() const { return relationship && relationship->blocking(); }
    std::string address() const { return "/users/" + user.username(); }
};

// While it cannot be told whether they block the reader: were they somebody whom the reader may see?
Result<void> check_seen_lately(const Site& site, const Visit& visit, std::uint64_t id, const Error& why) {
    if (!is_away(why)) return std::unexpected(why);
    const auto hidden = site.recall->was_hidden(visit.call.user, id, Recall::Hiding::blocks,
                                                std::chrono::steady_clock::now());
    if (hidden && !*hidden) return {};
    return fail(Error(why).because("seen_unknown"));
}

Result<Subject> person_in_path(const Site& site, const Visit& visit) {
    TRY(auto user, user_in_path(site, visit));
    Subject person{.user = std::move(user), .is_own = false, .relationship = {}};
    if (!visit.user) return person;
    person.is_own = visit.user->id() == person.user.id();
    if (person.is_own) return person;
    follows::UserIdsRequest request;
    request.add_user_ids(person.user.id());
    const auto reply = site.follows.relationships(replaceable(visit.call), request);
    if (!reply) {
        TRY_VOID(check_seen_lately(site, visit, person.user.id(), reply.error()));
        person.follows_away = true;
        return person;
    }
    if (reply->relationships_size() == 1) person.relationship = reply->relationships(0);
    // Who blocks the reader is nobody to them. Whom the reader blocks must be found, to be unblocked.
    if (person.relationship && person.relationship->blocked_by() && !person.relationship->blocking())
        return fail(error(Code::not_found, "There is nobody of that name.").because("user_gone"));
    return person;
}

void show_counts(const Site& site, const Visit& visit, Section who, const Subject& person) {
    const std::uint64_t id = person.user.id();
    tweets::CountsRequest of_tweets;
    of_tweets.add_author_ids(id);
    const auto tweets = site.tweets.counts(extras(visit.call), of_tweets);
    if (tweets && tweets->counts_size() == 1)
        who.section("TWEETS_KNOWN").set("TWEET_COUNT", grouped(tweets->counts(0)));
    follows::UserIdsRequest of_follows;
    of_follows.add_user_ids(id);
    if (person.follows_away) return;
    const auto follows = site.follows.counts(extras(visit.call), of_follows);
    if (!follows || follows->counts_size() != 1) return;
    who.section("FOLLOWS_KNOWN")
        .set("FOLLOWERS", grouped(follows->counts(0).followers()))
        .set("FOLLOWING", grouped(follows->counts(0).following()));
}

void show_buttons(Section who, const Subject& person) {
    if (!person.relationship) return;
    const follows::Relationship& known = *person.relationship;
    if (known.followed_by()) who.show("FOLLOWS_YOU");
    Section others = who.section("OTHERS");
    if (known.blocking()) {
        others.show("UNBLOCK");
        return;
    }
    others.show(known.following() ? "UNFOLLOW" : "FOLLOW").show("MAY_WRITE").show("BLOCK");
    others.show(known.muting() ? "UNMUTE" : "MUTE");
}

void show_who(const Site& site, const Visit& visit, Section page, const Subject& person) {
    const accounts::User& user = person.user;
    page.set("USERNAME", user.username()).set("DISPLAY_NAME", user.display_name());  // for the title
    Section who = page.section("WHO");
    show_person(site, visit, who, user);
    show_counts(site, visit, who, person);
    if (!user.link().empty())
        who.section("LINK").set("LINK", user.link()).set("LINK_TEXT", without_scheme(user.link()));
    if (!person.is_own) return show_buttons(who, person);
    who.show("OWN");
    page.show("AT_PROFILE");
}

void show_tabs(const Site& site, const Visit& visit, Section page, const Subject& person,
               std::string_view here) {
    const auto tab = [&](std::string_view part, std::string_view words) {
        show_tab(site, visit, page, words, person.address() + std::string(part), part == here);
    };
    tab("", "tab_tweets");
    tab("/replies", "tab_replies");
    if (person.is_own) tab("/favorites", "tab_likes");
    tab("/following", "tab_following");
    tab("/followers", "tab_followers");
}

// What stands on each of these pages. BLOCKED: then there is nothing more to show.
bool begin(const Site& site, const Visit& visit, Page& page, const Subject& person, std::string_view here) {
    show_who(site, visit, page, person);
    show_tabs(site, visit, page, person, here);
    show_stats(site, visit, page);
    if (person.is_blocked()) page.show("BLOCKED");
    return !person.is_blocked();
}

Result<void> show_written(const Site& site, const Visit& visit, Section page, const Subject& person,
                          std::string address, bool with_replies) {
    const List list = list_of(visit, std::move(address));
    tweets::ByAuthorRequest request;
    request.set_author_id(person.user.id());
    request.set_without_replies(!with_replies);
    *request.mutable_position() = position_of(list);
    TRY(auto tweets, site.tweets.by_author(visit.call, request));
    return show_tweets(site, visit, page, list, std::move(tweets), Reading::Muted::shown);
}

// An extra: without it the page still reads well.
void show_pinned(const Site& site, const Visit& visit, Section page, std::uint64_t author) {
    tweets::PinnedRequest request;
    request.set_author_id(author);
    auto pinned = site.tweets.pinned(extras(visit.call), request);
    if (!pinned || pinned->tweets_size() == 0) return;
    const auto posts = posts_of(site, visit.call, taken(std::move(*pinned)),
                                {.muted = Reading::Muted::shown, .host = visit.host()});
    if (!posts || posts->list.empty()) return;
    show_in_list(site, visit, page.section("PINNED_TWEET").section("TWEET"), posts->list.front(),
                 Standing::pinned);
}

Result<void> show_likes(const Site& site, const Visit& visit, Section page, std::string address) {
    const List list = list_of(visit, std::move(address));
    tweets::FavouritesRequest request;
    request.set_before(list.cursor);
    TRY(auto likes, site.tweets.favourites(visit.call, request));
    return show_tweets(site, visit, page, list, std::move(likes), Reading::Muted::shown);
}

using Follows = Result<follows::UserPage> (follows::Follows::*)(const Call&, const follows::ListRequest&);

Result<void> show_follows(const Site& site, const Visit& visit, Section page, const Subject& person,
                          std::string address, Follows follows_of) {
    const List list = list_of(visit, std::move(address));
    follows::ListRequest request;
    request.set_user_id(person.user.id());
    request.set_before(list.cursor);
    TRY(const auto users, (site.follows.*follows_of)(visit.call, request));
    TRY(const auto people, some_people_of(site, visit.call, ids_of(users.user_ids())));
    if (people.list.empty()) {
        page.show("EMPTY");
    } else {
        show_people(site, visit, page.section("LISTED"), people.list);
    }
    show_missing(site, visit, page, people.missing);
    show_older(page, list, users.next());
    return {};
}

Shown follows_page(const Site& site, Visit& visit, std::string_view part, std::string_view heading,
                   Follows follows_of) {
    TRY(const Subject person, person_in_path(site, visit));
    int status = 200;
    Page page;
    page.set("HEADING", site.templates.text(visit.language, heading));
    if (begin(site, visit, page, person, part)) {
        const std::string address = person.address() + std::string(part);
        TRY(status, show_away(visit, page, show_follows(site, visit, page, person, address, follows_of)));
    }
    return shown(site, visit, status, "follows", page);
}

}  // namespace

Result<accounts::User> user_in_path(const Site& site, const Visit& visit) {
    return user_named(site, visit, std::string(visit.request.captured_as("name")));
}

Result<accounts::User> user_named(const Site& site, const Visit& visit, const std::string& name) {
    auto user = person_named(site, visit.call, name);
    const auto id = id_from(name);
    if (user || user.error().code != Code::not_found || !id) return user;
    accounts::UsersByIdsRequest by_id;
    by_id.add_ids(*id);
    TRY(auto users, site.accounts.users_by_ids(visit.call, by_id));
    if (users.users_size() != 1) return user;
    return std::move(*users.mutable_users(0));
}

Shown profile(const Site& site, Visit& visit) {
    TRY(const Subject person, person_in_path(site, visit));
    int status = 200;
    Page page;
    page.set("HEADING", site.templates.text(visit.language, "their_tweets"));
    if (begin(site, visit, page, person, "")) {
        TRY(status, show_away(visit, page, show_written(site, visit, page, person, person.address(), false)));
        if (visit.request.query.empty() && status == 200) show_pinned(site, visit, page, person.user.id());
    }
    return shown(site, visit, status, "profile", page);
}

Shown profile_replies(const Site& site, Visit& visit) {
    TRY(const Subject person, person_in_path(site, visit));
    int status = 200;
    Page page;
    page.set("HEADING", site.templates.text(visit.language, "tab_replies"));
    if (begin(site, visit, page, person, "/replies")) {
        const std::string address = person.address() + "/replies";
        TRY(status, show_away(visit, page, show_written(site, visit, page, person, address, true)));
    }
    return shown(site, visit, status, "profile", page);
}

Shown profile_likes(const Site& site, Visit& visit) {
    TRY_VOID(signed_in(visit));
    TRY(const Subject person, person_in_path(site, visit));
    if (!person.is_own) return fail(Code::forbidden, "What others like is theirs.");
    int status = 200;
    Page page;
    page.set("HEADING", site.templates.text(visit.language, "tab_likes"));
    begin(site, visit, page, person, "/favorites");
    TRY(status, show_away(visit, page, show_likes(site, visit, page, person.address() + "/favorites")));
    return shown(site, visit, status, "profile", page);
}

Shown followers(const Site& site, Visit& visit) {
    return follows_page(site, visit, "/followers", "tab_followers", &follows::Follows::followers);
}

Shown following(const Site& site, Visit& visit) {
    return follows_page(site, visit, "/following", "tab_following", &follows::Follows::following);
}

}  // namespace jebi::web
