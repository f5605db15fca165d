// Tweets on pages.
#include "modules/web/fragments.h"
#include "modules/web/linkify.h"
#include "modules/web/show.h"
#include "modules/web/templates/languages.h"

namespace jebi::web {

namespace {

// What a count says beside its button: nothing when it is 0.
std::string counted(std::uint64_t count) {
    return count == 0 ? "" : grouped(count);
}

// Values of the buttons: what they say that is set, and what pressing them does.
void show_button(Section section, const std::string& name, bool is_set) {
    section.set(name + "_SET", is_set ? "true" : "false").set(name + "_METHOD", is_set ? "DELETE" : "POST");
}

bool is_own(const Visit& visit, const Post& post) {
    return visit.user && visit.user->id() == post.author->id();
}

std::string when(const Site& site, const Visit& visit, std::int64_t at_ms) {
    return ago(site.templates, visit.language, at_ms, site.clock.wall_ms());
}

void show_buttons(const Visit& visit, Section section, const Post& post) {
    section.set("REPLIES", counted(post.tweet->replies()));
    section.set("REPOSTS", counted(post.tweet->reposts())).set("LIKES", counted(post.tweet->favourites()));
    if (!visit.user) {
        section.show("NO_ACTS");
        return;
    }
    Section acts = section.section("ACTS");
    show_button(acts, "REPOST", post.marks.reposted());
    show_button(acts, "LIKE", post.marks.favourited());
    if (is_own(visit, post)) show_button(section.section("MINE"), "PIN", post.marks.pinned());
}

void show_around(Section section, const Post& post) {
    if (post.reposted_by != nullptr) {
        section.section("REPOSTED")
            .set("REPOSTER", post.reposted_by->username())
            .set("REPOSTER_NAME", post.reposted_by->display_name());
    }
    if (post.reply_to != nullptr) section.section("REPLYING").set("REPLY_TO", post.reply_to->username());
    if (post.quote == nullptr) return;
    section.section("QUOTE")
        .set("QUOTE_ID", post.quote->id())
        .set("QUOTE_TEXT", post.quote->text())
        .set("QUOTE_USERNAME", post.quote_author->username())
        .set("QUOTE_AUTHOR", post.quote_author->display_name());
}

}  // namespace

void show_post(const Site& site, const Visit& visit, Section section, const Post& post) {
    const tweets::Tweet& tweet = *post.tweet;
    section.set("ENTRY", post.id).set("ID", tweet.id());
    section.set("USERNAME", post.author->username()).set("AUTHOR", post.author->display_name());
    show_avatar(section, *post.author);
    section.set_html("TEXT_HTML", linkified(tweet));
    section.set("ISO", iso8601(tweet.created_ms())).set("WHEN", when(site, visit, tweet.created_ms()));
    if (tweet.edited_ms() != 0) {
        section.section("EDITED")
            .set("EDITED_WHEN", when(site, visit, tweet.edited_ms()))
            .set("EDITED_ISO", iso8601(tweet.edited_ms()));
    }
    show_around(section, post);
    show_buttons(visit, section, post);
}

namespace {

void add_person(MadeFrom& from, const accounts::User* user) {
    from.add(user != nullptr);
    if (user != nullptr) from.add(user->username()).add(user->display_name()).add(user->avatar());
}

// All that show_post() looks at.
MadeFrom made_from(const Site& site, const Visit& visit, const Post& post, Standing standing) {
    const tweets::Tweet& tweet = *post.tweet;
    MadeFrom from;
    from.add(post.id).add(tweet.id()).add(tweet.version());
    if (tweet.version() == 0) from.add(tweet.SerializeAsString());
    from.add(when(site, visit, tweet.created_ms()));
    add_person(from, post.author);
    add_person(from, post.reposted_by);
    add_person(from, post.reply_to);
    add_person(from, post.quote_author);
    if (post.quote != nullptr) from.add(post.quote->id()).add(post.quote->text());
    from.add(static_cast<int>(visit.language)).add(static_cast<int>(standing));
    from.add(visit.user.has_value()).add(is_own(visit, post));
    return from.add(post.marks.reposted()).add(post.marks.favourited()).add(post.marks.pinned());
}

// Readers of another language, visitors and authors see something else of the same post.
std::uint64_t place_of(const Visit& visit, const Post& post) {
    return post.id * 8 + static_cast<std::uint64_t>(visit.language) * 4 + (visit.user.has_value() ? 2 : 0) +
           (is_own(visit, post) ? 1 : 0);
}

SharedHtml made(const Site& site, const Visit& visit, const Post& post, Standing standing) {
    Page values;
    show_post(site, visit, values, post);
    if (standing == Standing::pinned) values.show("PINNED");
    return std::make_shared<const std::string>(
        site.templates.render(visit.language, "post.fragment", values));
}

}  // namespace

void show_in_list(const Site& site, const Visit& visit, Section section, const Post& post,
                  Standing standing) {
    const std::uint64_t place = place_of(visit, post);
    const MadeFrom from = made_from(site, visit, post, standing);
    SharedHtml html = site.options.dev ? nullptr : site.fragments->find(place, from);
    if (html == nullptr) {
        html = made(site, visit, post, standing);
        site.fragments->keep(place, from, html);
    }
    section.set_html("POST_HTML", std::move(html));
}

List list_of(const Visit& visit, std::string address) {
    List list{.address = std::move(address)};
    list.cursor = id_from(visit.query("before")).value_or(0);
    if (list.cursor == 0) list.page = page_of(visit);
    return list;
}

tweets::Position position_of(const List& list) {
    tweets::Position position;
    position.set_cursor(list.cursor);
    position.set_page(list.page);
    return position;
}

Result<void> show_tweets(const Site& site, const Visit& visit, Section page, const List& list,
                         tweets::TweetPage tweets, Reading::Muted muted) {
    TRY(const auto posts,
        posts_of(site, visit.call, taken(tweets), {.muted = muted, .partly = true, .host = visit.host()}));
    show_posts(site, visit, page, list, posts, tweets.next_cursor());
    return {};
}

void show_posts(const Site& site, const Visit& visit, Section page, const List& list, const Posts& posts,
                std::uint64_t next) {
    for (const Post& post : posts.list)
        show_in_list(site, visit, page.section("TWEET"), post);
    if (posts.list.empty()) page.show("EMPTY");
    show_missing(site, visit, page, posts.missing);
    show_older(page, list, next);
}

void show_older(Section page, const List& list, std::uint64_t next) {
    const bool is_first = list.cursor == 0 && list.page <= 1;
    const char begin = list.address.contains('?') ? '&' : '?';
    if (!is_first) page.show("NEWEST", list.address);
    if (next == 0) return;
    page.show("OLDER", list.page > 1 ? list.address + begin + "page=" + std::to_string(list.page + 1)
                                     : list.address + begin + "before=" + std::to_string(next));
}

}  // namespace jebi::web
