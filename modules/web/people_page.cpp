// The list of everybody, five a page.
#include "modules/web/pages.h"
#include "modules/web/templates/languages.h"

namespace jebi::web {

namespace {

constexpr std::uint32_t people_a_page = 5;

// How many tweets each has, in their order; nothing when it cannot be told.
std::optional<tweets::CountsReply> counts_of(const Site& site, const Visit& visit,
                                             const std::vector<Person>& people) {
    tweets::CountsRequest request;
    for (const Person& person : people)
        request.add_author_ids(person.user.id());
    const auto counts = site.tweets.counts(extras(visit.call), request);
    if (!counts || static_cast<std::size_t>(counts->counts_size()) != people.size()) return std::nullopt;
    return *counts;
}

Result<void> show_counted(const Site& site, const Visit& visit, Section page,
                          std::span<const std::uint64_t> ids) {
    TRY(const auto known, some_people_of(site, visit.call, ids));
    const std::vector<Person>& people = known.list;
    show_missing(site, visit, page, known.missing);
    const auto counts = counts_of(site, visit, people);
    for (std::size_t i = 0; i < people.size(); ++i) {
        Section section = page.section("PERSON");
        show_person(site, visit, section, people[i].user);
        show_relationship(section, people[i]);
        if (counts)
            section.section("TWEETS_KNOWN").set("TWEET_COUNT", grouped(counts->counts(static_cast<int>(i))));
    }
    return {};
}

}  // namespace

Shown people(const Site& site, Visit& visit) {
    const std::uint32_t here = page_of(visit);
    accounts::UsersRequest request;
    request.set_page(here);
    request.set_size(people_a_page);
    TRY(const auto all, site.accounts.users(visit.call, request));
    std::vector<std::uint64_t> ids;
    for (const accounts::User& user : all.users())
        ids.push_back(user.id());
    Page page;
    page.show("AT_PEOPLE").set("TOTAL", grouped(all.total()));
    TRY(const int status, show_away(visit, page, show_counted(site, visit, page, ids)));
    if (all.users_size() == 0) page.show("EMPTY");
    const auto last = static_cast<std::uint32_t>((all.total() + people_a_page - 1) / people_a_page);
    show_pager(page, "/userslist", here, last);
    show_stats(site, visit, page);
    return shown(site, visit, status, "users", page);
}

}  // namespace jebi::web
