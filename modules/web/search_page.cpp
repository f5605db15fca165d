// Finding tweets, people and hashtags: /search?q=&in=.
#include <algorithm>

#include "kit/base/unicode.h"
#include "modules/web/pages.h"

namespace jebi::web {

namespace {

constexpr std::uint32_t people_a_page = 20;
constexpr std::uint32_t pages_max = 50;  // of people: an offset is at most 1,000
constexpr std::uint32_t hashtags_max = 40;
constexpr std::uint32_t trend_days = 7;

enum class Among : std::uint8_t { posts, people, tags };

struct Asked {
    std::string text;
    Among among = Among::posts;

    std::string address(std::string_view in) const {
        return "/search?q=" + http::percent_encoded(text) + "&in=" + std::string(in);
    }
};

// Where nothing is chosen, the first sign tells.
Among among_of(const Visit& visit, std::string_view text) {
    const std::string chosen = visit.query("in");
    if (chosen == "people") return Among::people;
    if (chosen == "tags") return Among::tags;
    if (chosen == "posts") return Among::posts;
    if (text.starts_with('@')) return Among::people;
    return text.starts_with('#') ? Among::tags : Among::posts;
}

void show_tabs(const Site& site, const Visit& visit, Section page, const Asked& asked) {
    show_tab(site, visit, page, "tab_found_tweets", asked.address("posts"), asked.among == Among::posts);
    show_tab(site, visit, page, "tab_found_people", asked.address("people"), asked.among == Among::people);
    show_tab(site, visit, page, "tab_found_tags", asked.address("tags"), asked.among == Among::tags);
}

Result<void> show_posts_found(const Site& site, const Visit& visit, Section page, const Asked& asked) {
    const List list = list_of(visit, asked.address("posts"));
    search::TweetsRequest request;
    request.set_query(asked.text);
    request.set_before(list.cursor);
    TRY(const auto found, site.search.tweets(visit.call, request));
    TRY(const auto posts,
        posts_of(site, visit.call, ids_of(found.tweet_ids()), {.partly = true, .host = visit.host()}));
    for (const Post& post : posts.list)
        show_in_list(site, visit, page.section("TWEET"), post);
    if (posts.list.empty()) page.show("NOTHING");
    show_missing(site, visit, page, posts.missing);
    show_older(page, {.address = list.address, .cursor = list.cursor}, found.next());
    return {};
}

Result<void> show_people_found(const Site& site, const Visit& visit, Section page, const Asked& asked) {
    const List list{.address = asked.address("people"), .page = std::min(page_of(visit), pages_max)};
    search::PeopleRequest request;
    request.set_query(asked.text.starts_with('@') ? asked.text.substr(1) : asked.text);
    request.set_limit(people_a_page);
    request.set_offset((list.page - 1) * people_a_page);
    TRY(const auto found, site.search.people(visit.call, request));
    TRY(const auto people, some_people_of(site, visit.call, ids_of(found.user_ids())));
    if (people.list.empty()) {
        page.show("NOTHING");
    } else {
        show_people(site, visit, page.section("LISTED"), people.list);
    }
    show_missing(site, visit, page, people.missing);
    if (list.page > 1) page.show("NEWEST", list.address);
    if (found.more() && list.page < pages_max)
        page.show("OLDER", list.address + "&page=" + std::to_string(list.page + 1));
    return {};
}

Result<void> show_tags_found(const Site& site, const Visit& visit, Section page, const Asked& asked) {
    search::HashtagsRequest request;
    request.set_prefix(asked.text);
    request.set_limit(hashtags_max);
    TRY(const auto found, site.search.hashtags(visit.call, request));
    if (found.hashtags_size() == 0) {
        page.show("NOTHING");
        return {};
    }
    Section tags = page.section("TAGS");
    for (const auto& hashtag : found.hashtags())
        show_hashtag(tags.section("TAG"), hashtag.hashtag(), hashtag.tweets());
    return {};
}

// What stands there before one asks: the hashtags of the week.
Result<void> show_trend(const Site& site, const Visit& visit, Section page) {
    tweets::TopHashtagsRequest request;
    request.set_days(trend_days);
    request.set_limit(hashtags_max);
    TRY(const auto used, site.tweets.top_hashtags(visit.call, request));
    if (used.hashtags_size() == 0) return {};
    page.show("TRENDING");
    Section tags = page.section("TAGS");
    for (const auto& hashtag : used.hashtags())
        show_hashtag(tags.section("TAG"), hashtag.hashtag(), hashtag.tweets());
    return {};
}

Result<void> show_found(const Site& site, const Visit& visit, Section page, const Asked& asked) {
    if (asked.text.empty()) return show_trend(site, visit, page);
    page.show("ASKED");
    show_tabs(site, visit, page, asked);
    switch (asked.among) {
        case Among::people:
            return show_people_found(site, visit, page, asked);
        case Among::tags:
            return show_tags_found(site, visit, page, asked);
        case Among::posts:
            break;
    }
    return show_posts_found(site, visit, page, asked);
}

}  // namespace

Shown search(const Site& site, Visit& visit) {
    const std::string typed = visit.query("q");
    const std::string text{trimmed(typed)};
    const Asked asked{.text = text, .among = among_of(visit, text)};
    Page page;
    page.show("AT_SEARCH").set("Q", asked.text);
    const auto found = show_found(site, visit, page, asked);
    show_stats(site, visit, page);
    if (!found && found.error().code == Code::invalid) {
        page.show("Q_ERROR", words_of(site, visit, found.error()));
        return shown(site, visit, form_status(found.error()), "search", page);
    }
    TRY(const int status, show_away(visit, page, found));
    return shown(site, visit, status, "search", page);
}

}  // namespace jebi::web
