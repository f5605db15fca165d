// Visits, people and tweets in numbers: /analytics, as the original has it.
//
// Addresses are personal data. The original showed everybody's to everybody; here visitors see the counts,
// and who is signed in sees their own visits besides.
#include "modules/web/visits/analytics.h"

#include <algorithm>

#include "kit/base/unicode.h"
#include "modules/web/pages.h"
#include "modules/web/templates/languages.h"

namespace jebi::web {

namespace {

// "2026-11-22T13:58:05.000Z" -> "2026-11-22 13:58:05 UTC"; a script puts the reader's own time in its place.
std::string without_letters(const std::string& iso) {
    return iso.size() < 20 ? iso : iso.substr(0, 10) + " " + iso.substr(11, 8) + " UTC";
}

// "/tweets/hashtag/%EC%A0%9C%EB%B9%84" as people read it.
std::string readable(const std::string& address) {
    const auto decoded = http::percent_decoded(address);
    return decoded && is_utf8(*decoded) && !has_controls(*decoded) ? *decoded : address;
}

void show_visit(Section page, const LoggedVisit& visit) {
    Section row = page.section("VISIT");
    row.set("ISO", visit.when)
        .set("WHEN", without_letters(visit.when))
        .set("PAGE", readable(visit.page))
        .set("ADDRESS", visit.address);
    if (visit.status != 0) row.show("STATUS", std::to_string(visit.status));
}

void show_own_visits(Visit& visit, Section page, const LoggedVisits& known) {
    Section own = page.section("OWN");
    own.set("TOTAL", grouped(known.total));
    for (const LoggedVisit& logged : known.visits)
        show_visit(own, logged);
    own.show(known.visits.empty() ? "NO_VISITS" : "ANY_VISITS");
    const std::uint64_t pages = (known.total + Analytics::page_size - 1) / Analytics::page_size;
    show_pager(page, "/analytics", page_of(visit),
               static_cast<std::uint32_t>(std::min<std::uint64_t>(pages, Analytics::pages_max)));
}

}  // namespace

Shown analytics(const Site& site, Visit& visit) {
    Page page;
    page.show("AT_ANALYTICS");
    show_totals(page, site.stats.now(site.accounts, site.tweets, extras(visit.call)));
    const Deadline until = std::min(visit.call.until, in(Analytics::answer_max));
    const auto visits = site.analytics.visits(until);
    if (visits) page.show("VISITS", grouped(*visits));
    if (visits && visit.user) {
        if (const auto own = site.analytics.visits_of(visit.call.user, page_of(visit), until)) {
            show_own_visits(visit, page, *own);
            return shown(site, visit, 200, "analytics", page);
        }
    }
    if (!visits) page.show("VISITS_UNKNOWN");
    if (!visits || visit.user) page.show(site.analytics.is_on() ? "AWAY" : "OFF");
    return shown(site, visit, 200, "analytics", page);
}

}  // namespace jebi::web
