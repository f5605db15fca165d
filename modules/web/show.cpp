#include "modules/web/show.h"

#include <algorithm>
#include <array>

#include "kit/base/crypto.h"
#include "kit/base/unicode.h"
#include "modules/web/linkify.h"
#include "modules/web/templates/languages.h"

namespace jebi::web {

namespace {

constexpr std::int64_t notice_cookie_s = 30;
constexpr unsigned hues = 12;
constexpr std::uint64_t golden_ratio = 0x9E3779B97F4A7C15;  // spreads ids evenly (Knuth, TAOCP 6.4)
constexpr std::uint32_t page_max = 1'000'000;

void add_cookies(http::Response& response, const Visit& visit) {
    for (const std::string& cookie : visit.cookies)
        response.fields.add("Set-Cookie", cookie);
}

void show_layout(const Site& site, const Visit& visit, Page& page) {
    page.set("CSS", site.assets.address("jebi.css"));
    page.set("JS", site.assets.address("jebi.js"));
    page.set("ICON", site.assets.address("favicon.svg"));
    page.set("THEME", visit.theme);
    // The language links are "?lang=", relative to the page; its own path, given by whoever made the link to
    // it
    // ("//evil.example/"), could lead to another host.
    page.set("HERE", visit.request.method == http::Method::get ? "" : "/");
    page.set("CSRF", csrf_token(visit));
    if (site.options.dev) page.show("DEV");
    if (!visit.notice.empty()) {
        const std::string notice = site.templates.text(visit.language, "notice_" + visit.notice);
        if (!notice.empty()) page.show("NOTICE", notice);
    }
    if (!visit.user) {
        page.show("VISITOR");
        return;
    }
    Section me = page.section("ME");
    me.set("USERNAME", visit.user->username()).set("DISPLAY_NAME", visit.user->display_name());
    show_avatar(me, *visit.user);
}

// "current_password" -> "CURRENT_PASSWORD_ERROR".
std::string error_slot(const std::string& field) {
    std::string slot;
    for (const char c : field)
        slot += static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return slot + "_ERROR";
}

http::Response sign_in_first(const Site& site, Visit& visit) {
    const bool comes_back = visit.request.method == http::Method::get;
    const std::string next = comes_back ? "?next=" + http::percent_encoded(visit.request.path) : "";
    return redirected(site, visit, "/login" + next);
}

}  // namespace

http::Response shown(const Site& site, Visit& visit, int status, std::string_view name, Page& page) {
    show_layout(site, visit, page);
    http::Response response = http::Response::html(status, site.templates.render(visit.language, name, page));
    response.fields.add("Content-Language", std::string(code(visit.language)));
    response.fields.add("Vary", "Accept-Language, Cookie");
    response.fields.add("Cache-Control", visit.user ? "no-store" : "no-cache");
    add_cookies(response, visit);
    return response;
}

http::Response redirected(const Site& site, Visit& visit, std::string location, std::string_view notice) {
    if (!notice.empty()) visit.cookies.push_back(plain_cookie(site, "jebi_notice", notice, notice_cookie_s));
    http::Response response = http::Response::see_other(std::move(location));
    add_cookies(response, visit);
    return response;
}

http::Response refused(const Site& site, Visit& visit, const Error& error) {
    Page page;
    if (error.code == Code::unauthenticated) return sign_in_first(site, visit);
    if (error.code == Code::not_found) return shown(site, visit, 404, "not_found", page);
    if (error.reason == "csrf") return shown(site, visit, 403, "forbidden", page);
    const std::string trace = visit.request.trace.id_hex();
    if (error.code == Code::internal) {
        page.set("TRACE", trace);
        return shown(site, visit, 500, "failure", page);
    }
    const int status = http::status_of(error.code);
    page.set("MESSAGE", words_of(site, visit, error));
    if (status >= 500) page.show("TRACE", trace);
    http::Response response = shown(site, visit, status, "error", page);
    if (error.retry_after_s > 0) response.fields.add("Retry-After", std::to_string(error.retry_after_s));
    return response;
}

std::string words_of(const Site& site, const Visit& visit, const Error& error) {
    const std::string seconds = std::to_string(std::max<std::int64_t>(error.retry_after_s, 1));
    const std::array gaps{Gap{"seconds", seconds}};
    for (const std::string_view key : {std::string_view(error.reason), name(error.code)}) {
        std::string text = site.templates.text(visit.language, "error_" + std::string(key), gaps);
        if (!key.empty() && !text.empty()) return text;
    }
    return error.message;
}

void show_error(const Site& site, const Visit& visit, Section page, const Error& error) {
    page.show(error.field.empty() ? "FORM_ERROR" : error_slot(error.field), words_of(site, visit, error));
}

bool is_for_the_form(const Error& error) {
    return error.code == Code::invalid || error.code == Code::conflict || error.code == Code::exhausted ||
           error.reason == "wrong_credentials";
}

int form_status(const Error& error) {
    return error.code == Code::invalid ? 422 : http::status_of(error.code);
}

void show_stats(const Site& site, const Visit& visit, Section page) {
    const auto counted = site.stats.now(site.accounts, site.tweets, visit.call);
    page.section("STATS").set("PEOPLE", grouped(counted.people)).set("TWEETS", grouped(counted.tweets));
}

void show_avatar(Section section, const accounts::User& user) {
    section.set("INITIAL", first_grapheme(user.display_name()));
    section.set("HUE", hue_of(user));
}

std::size_t hue_of(const accounts::User& user) {
    return ((user.id() * golden_ratio) >> 32) % hues;
}

void show_person(const Site& site, const Visit& visit, Section section, const accounts::User& user) {
    section.set("USERNAME", user.username()).set("DISPLAY_NAME", user.display_name());
    show_avatar(section, user);
    section.set("JOINED", date(site.templates, visit.language, user.created_ms()));
    section.set("JOINED_ISO", iso8601(user.created_ms()));
    if (!user.bio().empty()) section.show("BIO", user.bio());
}

void show_compose(Section page, std::string_view text) {
    page.set("KEY", base64url(random_bytes(18)));
    page.set("TEXT", text);
}

void show_tweet(const Site& site, const Visit& visit, Section section, const tweets::Tweet& tweet,
                const accounts::User& author) {
    section.set("ID", tweet.id()).set("USERNAME", author.username()).set("AUTHOR", author.display_name());
    show_avatar(section, author);
    section.set_html("TEXT_HTML", linkified(tweet));
    section.set("ISO", iso8601(tweet.created_ms()));
    section.set("WHEN", ago(site.templates, visit.language, tweet.created_ms(), site.clock.wall_ms()));
    if (tweet.edited_ms() != 0) {
        section.show("EDITED", ago(site.templates, visit.language, tweet.edited_ms(), site.clock.wall_ms()));
        section.set("EDITED_ISO", iso8601(tweet.edited_ms()));
    }
    if (visit.user && visit.user->id() == tweet.author_id()) section.show("MINE");
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
                         const tweets::TweetPage& tweets) {
    accounts::UsersByIdsRequest request;
    for (const tweets::Tweet& tweet : tweets.tweets())
        request.add_ids(tweet.author_id());
    std::ranges::sort(*request.mutable_ids());
    const auto repeated = std::ranges::unique(*request.mutable_ids());
    request.mutable_ids()->Truncate(static_cast<int>(repeated.begin() - request.ids().begin()));
    std::map<std::uint64_t, const accounts::User*> authors;
    TRY(const auto users, site.accounts.users_by_ids(visit.call, request));
    for (const accounts::User& user : users.users())
        authors[user.id()] = &user;
    bool any = false;
    for (const tweets::Tweet& tweet : tweets.tweets()) {
        const auto author = authors.find(tweet.author_id());
        if (author == authors.end()) continue;
        show_tweet(site, visit, page.section("TWEET"), tweet, *author->second);
        any = true;
    }
    if (!any) page.show("EMPTY");
    const bool is_first = list.cursor == 0 && list.page <= 1;
    if (!is_first) page.show("NEWEST", list.address);
    if (tweets.next_cursor() != 0) {
        page.show("OLDER", list.page > 1 ? list.address + "?page=" + std::to_string(list.page + 1)
                                         : list.address + "?before=" + std::to_string(tweets.next_cursor()));
    }
    return {};
}

std::uint32_t page_of(const Visit& visit) {
    const auto number = id_from(visit.query("page"));
    return number && *number <= page_max ? static_cast<std::uint32_t>(*number) : 1;
}

void show_pager(Section page, const std::string& address, std::uint32_t here, std::uint32_t last) {
    if (last < 2) return;
    const auto to = [&](std::uint32_t number) { return address + "?page=" + std::to_string(number); };
    Section pager = page.section("PAGER");
    if (here > 1) pager.show("PREVIOUS", to(std::min(here - 1, last)));
    if (here < last) pager.show("NEXT", to(here + 1));
    std::uint32_t before = 0;
    for (const std::uint32_t number : {1u, here - 1, here, here + 1, last}) {
        if (number < 1 || number > last || number <= before) continue;
        if (number > before + 1) pager.section("STEP").show("STEP_GAP");
        Section step = pager.section("STEP");
        if (number == here) {
            step.show("STEP_HERE", std::to_string(number));
        } else {
            step.section("STEP_LINK").set("ADDRESS", to(number)).set("NUMBER", number);
        }
        before = number;
    }
}

}  // namespace jebi::web
