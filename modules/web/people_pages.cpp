// People: the list of everybody, five a page, and a person's own page.
#include "modules/web/pages.h"
#include "modules/web/templates/languages.h"

namespace jebi::web {

namespace {

constexpr std::uint32_t people_a_page = 5;

Result<tweets::CountsReply> counts_of(const Site& site, const Visit& visit,
                                      const accounts::UsersPage& people) {
    tweets::CountsRequest request;
    for (const accounts::User& user : people.users())
        request.add_author_ids(user.id());
    return site.tweets.counts(visit.call, request);
}

std::string without_scheme(std::string_view link) {
    const auto scheme_end = link.find("://");
    if (scheme_end != std::string_view::npos) link.remove_prefix(scheme_end + 3);
    if (link.ends_with('/')) link.remove_suffix(1);
    return std::string(link);
}

}  // namespace

Shown people(const Site& site, Visit& visit) {
    const std::uint32_t here = page_of(visit);
    accounts::UsersRequest request;
    request.set_page(here);
    request.set_size(people_a_page);
    TRY(const auto people, site.accounts.users(visit.call, request));
    TRY(const auto counts, counts_of(site, visit, people));
    Page page;
    page.show("AT_PEOPLE");
    for (int i = 0; i < people.users_size(); ++i) {
        Section person = page.section("PERSON");
        show_person(site, visit, person, people.users(i));
        person.set("TWEET_COUNT", grouped(counts.counts(i)));
    }
    if (people.users_size() == 0) page.show("EMPTY");
    page.set("TOTAL", grouped(people.total()));
    const auto last = static_cast<std::uint32_t>((people.total() + people_a_page - 1) / people_a_page);
    show_pager(page, "/userslist", here, last);
    show_stats(site, visit, page);
    return shown(site, visit, 200, "users", page);
}

Shown profile(const Site& site, Visit& visit) {
    accounts::UserByNameRequest by_name;
    by_name.set_username(std::string(visit.request.captured_as("name")));
    TRY(const auto user, site.accounts.user_by_name(visit.call, by_name));
    const List list = list_of(visit, "/users/" + user.username());
    tweets::ByAuthorRequest request;
    request.set_author_id(user.id());
    *request.mutable_position() = position_of(list);
    TRY(const auto tweets, site.tweets.by_author(visit.call, request));
    accounts::UsersPage alone;
    *alone.add_users() = user;
    TRY(const auto counts, counts_of(site, visit, alone));
    Page page;
    show_person(site, visit, page, user);
    page.set("TWEET_COUNT", grouped(counts.counts(0)));
    if (!user.link().empty())
        page.section("LINK").set("LINK", user.link()).set("LINK_TEXT", without_scheme(user.link()));
    if (visit.user && visit.user->id() == user.id()) page.show("OWN").show("AT_PROFILE");
    TRY_VOID(show_tweets(site, visit, page, list, tweets));
    show_stats(site, visit, page);
    return shown(site, visit, 200, "profile", page);
}

}  // namespace jebi::web
