// Whom one blocks and mutes: /settings/blocked, /settings/muted. Nobody else sees these lists.
#include "modules/web/pages.h"

namespace jebi::web {

namespace {

using Follows = Result<follows::UserPage> (follows::Follows::*)(const Call&, const follows::ListRequest&);

struct Look {
    std::string_view heading;  // words
    const char* undo;          // a section: the button beside each
    std::string address;
};

// Not people_of(), which leaves out whom one blocks.
Result<void> show_list(const Site& site, const Visit& visit, Section page, Follows hidden_of,
                       const Look& look) {
    const List list = list_of(visit, look.address);
    follows::ListRequest request;
    request.set_before(list.cursor);
    TRY(const auto hidden, (site.follows.*hidden_of)(visit.call, request));
    accounts::UsersByIdsRequest wanted;
    *wanted.mutable_ids() = hidden.user_ids();
    TRY(const auto users, site.accounts.users_by_ids(visit.call, wanted));
    for (const accounts::User& user : users.users()) {
        Section person = page.section("PERSON");
        show_person(site, visit, person, user);
        person.show(look.undo);
    }
    if (users.users_size() == 0) page.show("EMPTY");
    show_older(page, list, hidden.next());
    return {};
}

Shown hidden_page(const Site& site, Visit& visit, Follows hidden_of, const Look& look) {
    TRY_VOID(signed_in(visit));
    Page page;
    page.show("AT_SETTINGS").set("HEADING", site.templates.text(visit.language, look.heading));
    TRY(const int status, show_away(visit, page, show_list(site, visit, page, hidden_of, look)));
    return shown(site, visit, status, "hidden_people", page);
}

}  // namespace

Shown blocked_people(const Site& site, Visit& visit) {
    return hidden_page(site, visit, &follows::Follows::blocked,
                       {.heading = "settings_blocked", .undo = "UNBLOCK", .address = "/settings/blocked"});
}

Shown muted_people(const Site& site, Visit& visit) {
    return hidden_page(site, visit, &follows::Follows::muted,
                       {.heading = "settings_muted", .undo = "UNMUTE", .address = "/settings/muted"});
}

}  // namespace jebi::web
