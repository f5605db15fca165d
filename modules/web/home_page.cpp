// Lists of everybody's tweets: home, and the tweets with a hashtag.
#include "kit/base/unicode.h"
#include "modules/web/pages.h"

namespace jebi::web {

Shown home(const Site& site, Visit& visit) {
    return home_as(site, visit, "/");
}

Shown home_as(const Site& site, Visit& visit, std::string address) {
    const List list = list_of(visit, std::move(address));
    tweets::AllRequest request;
    *request.mutable_position() = position_of(list);
    TRY(const auto tweets, site.tweets.all(visit.call, request));
    Page page;
    page.show("AT_HOME");
    TRY_VOID(show_tweets(site, visit, page, list, tweets));
    if (visit.user) show_compose(page, "");
    show_stats(site, visit, page);
    return shown(site, visit, 200, "home", page);
}

Shown hashtag(const Site& site, Visit& visit) {
    const std::string tag{visit.request.captured_as("tag")};
    if (!is_utf8(tag)) return fail(Code::not_found, "There is no such hashtag.");
    const List list = list_of(visit, "/tweets/hashtag/" + http::percent_encoded(tag));
    tweets::ByHashtagRequest request;
    request.set_hashtag(tag);
    *request.mutable_position() = position_of(list);
    TRY(const auto tweets, site.tweets.by_hashtag(visit.call, request));
    Page page;
    page.set("TAG", tag);
    TRY_VOID(show_tweets(site, visit, page, list, tweets));
    show_stats(site, visit, page);
    return shown(site, visit, 200, "hashtag", page);
}

}  // namespace jebi::web
