// Lists of tweets that nobody in particular wrote: one's home, everybody's, and those with a hashtag.
#include "kit/base/unicode.h"
#include "modules/web/pages.h"

namespace jebi::web {

namespace {

void show_home_tabs(const Site& site, const Visit& visit, Section page, bool at_home) {
    show_tab(site, visit, page, "tab_home", "/", at_home);
    show_tab(site, visit, page, "tab_everybody", "/tweets", !at_home);
}

// Older pages are not where new tweets come.
void show_feed(Section page, const List& list, std::string_view feed) {
    if (list.cursor == 0 && list.page <= 1) page.section("FEED").set("FEED", feed).set("FRESH", list.address);
}

Result<void> show_everybody(const Site& site, const Visit& visit, Section page, const List& list) {
    tweets::AllRequest request;
    *request.mutable_position() = position_of(list);
    TRY(auto tweets, site.tweets.all(visit.call, request));
    return show_tweets(site, visit, page, list, std::move(tweets));
}

Result<void> show_home(const Site& site, const Visit& visit, Section page, const List& list) {
    timelines::HomeRequest request;
    request.set_before(list.cursor);
    TRY(const auto home,
        home_of(site, visit.call, replaceable(visit.call), request, {.partly = true, .host = visit.host()}));
    show_posts(site, visit, page, list, home.posts, home.next);
    if (home.posts.list.empty()) page.show("QUIET_HOME");
    return {};
}

// Without its home one still has everybody's tweets.
Result<int> show_home_or_everybody(const Site& site, const Visit& visit, Section page, List list) {
    list.page = 0;  // homes are read by cursor only
    const auto at_home = show_home(site, visit, page, list);
    if (at_home) return 200;
    if (!is_away(at_home.error())) return std::unexpected(at_home.error());
    const auto of_all = show_everybody(site, visit, page, {.address = "/tweets"});
    if (of_all) page.show("HOME_AWAY");
    return show_away(visit, page, of_all);
}

}  // namespace

Shown home(const Site& site, Visit& visit) {
    if (!visit.user) return everybody(site, visit);
    Page page;
    page.show("AT_HOME").set("HEADING", site.templates.text(visit.language, "tab_home"));
    show_compose(page, "");
    show_home_tabs(site, visit, page, true);
    const List list = list_of(visit, "/");
    show_feed(page, list, "home");
    TRY(const int status, show_home_or_everybody(site, visit, page, list));
    show_stats(site, visit, page);
    return shown(site, visit, status, "home", page);
}

Shown everybody(const Site& site, Visit& visit) {
    const List list = list_of(visit, visit.user ? "/tweets" : std::string(visit.request.path));
    Page page;
    page.show("AT_HOME").set("HEADING", site.templates.text(visit.language, "tab_everybody"));
    if (visit.user) show_compose(page, "");
    show_home_tabs(site, visit, page, false);
    show_feed(page, list, "all");
    TRY(const int status, show_away(visit, page, show_everybody(site, visit, page, list)));
    show_stats(site, visit, page);
    return shown(site, visit, status, "home", page);
}

namespace {

Result<void> show_tagged(const Site& site, const Visit& visit, Section page, const List& list,
                         const std::string& tag) {
    tweets::ByHashtagRequest request;
    request.set_hashtag(tag);
    *request.mutable_position() = position_of(list);
    TRY(auto tweets, site.tweets.by_hashtag(visit.call, request));
    return show_tweets(site, visit, page, list, std::move(tweets));
}

}  // namespace

Shown hashtag(const Site& site, Visit& visit) {
    const std::string tag{visit.request.captured_as("tag")};
    if (!is_utf8(tag)) return fail(Code::not_found, "There is no such hashtag.");
    const List list = list_of(visit, "/tweets/hashtag/" + http::percent_encoded(tag));
    Page page;
    page.set("TAG", tag);
    show_feed(page, list, "tag:" + tag);
    TRY(const int status, show_away(visit, page, show_tagged(site, visit, page, list, tag)));
    show_stats(site, visit, page);
    return shown(site, visit, status, "hashtag", page);
}

}  // namespace jebi::web
