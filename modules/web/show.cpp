#include "modules/web/show.h"

#include <algorithm>
#include <array>

#include "kit/base/crypto.h"
#include "kit/base/unicode.h"
#include "modules/web/linkify.h"
#include "modules/web/templates/languages.h"
#include "modules/web/trends.h"

namespace jebi::web {

namespace {

constexpr std::int64_t notice_cookie_s = 30;
constexpr std::array<unsigned, 12> hues{14,  30,  44,  72,  120, 158,
                                        184, 202, 220, 250, 288, 338};  // as .hue-0 to .hue-11 of jebi.css
constexpr std::uint64_t golden_ratio = 0x9E3779B97F4A7C15;  // spreads ids evenly (Knuth, TAOCP 6.4)
constexpr std::uint32_t page_max = 1'000'000;
constexpr std::uint32_t unread_max = 99;  // beyond, "99+"

void add_cookies(http::Response& response, const Visit& visit) {
    for (const std::string& cookie : visit.cookies)
        response.fields.add("Set-Cookie", cookie);
}

// A number in the header; what cannot be told is left out, and the page goes on.
template <typename Reply>
void show_unread(Section me, const std::string& name, const Result<Reply>& unread) {
    const std::uint32_t count = unread ? unread->count() : 0;
    const std::string text = count >= unread_max ? std::to_string(unread_max) + "+" : std::to_string(count);
    me.set(name + "_COUNT", text);
    if (count == 0) me.show("NO_" + name);
}

// The same page in another language: a query alone, relative to the page, as its own path, given by whoever
// made the link to it ("//evil.example/"), could lead to another host. What was sent to cannot be opened, but
// the page with the form can.
std::string here_in(const Visit& visit, const std::string& language) {
    if (visit.request.method != http::Method::get) {
        const std::string_view opens_at = visit.opens_at.empty() ? "/" : std::string_view(visit.opens_at);
        return std::string(opens_at) + (opens_at.contains('?') ? "&lang=" : "?lang=") + language;
    }
    std::string query = "?";
    const auto form = http::form_from(visit.request.query).value_or(http::Fields<std::string>{});
    for (const auto& [name, value] : form.list) {
        if (name != "lang") query += http::percent_encoded(name) + "=" + http::percent_encoded(value) + "&";
    }
    return query + "lang=" + language;
}

void show_layout(const Site& site, const Visit& visit, Page& page) {
    page.set("CSS", site.assets.address("jebi.css"));
    page.set("JS", site.assets.address("jebi.js"));
    page.set("ICON", site.assets.address("favicon.svg"));
    page.set("THEME", visit.theme);
    page.set("OTHER_LANGUAGE", here_in(visit, site.templates.text(visit.language, "other_lang")));
    page.set("CSRF", csrf_token(visit));
    if (site.options.dev) page.show("DEV");
    if (!visit.notice.empty()) {
        const std::string notice = site.templates.text(visit.language, "notice_" + visit.notice);
        if (!notice.empty()) page.show("NOTICE", notice);
    }
    if (!visit.user) {
        page.show(visit.unknown ? "UNKNOWN" : "VISITOR");
        return;
    }
    Section me = page.section("ME");
    me.set("USERNAME", visit.user->username()).set("DISPLAY_NAME", visit.user->display_name());
    show_avatar(me, *visit.user);
    show_unread(me, "NOTIFICATIONS", site.notifications.unread(extras(visit.call), {}));
    show_unread(me, "MESSAGES", site.messages.unread(extras(visit.call), {}));
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

http::Response in_layout(const Site& site, Visit& visit, int status, std::string_view name, Page& page) {
    show_layout(site, visit, page);
    http::Response response = http::Response::html(status, site.templates.render(visit.language, name, page));
    response.fields.add("Content-Language", std::string(code(visit.language)));
    response.fields.add("Vary", "Accept-Language, Cookie");
    response.fields.add("Cache-Control", visit.user || visit.unknown ? "no-store" : "no-cache");
    if (status == 503 || status == 504) response.fields.add("Retry-After", std::to_string(retry_after_s));
    add_cookies(response, visit);
    return response;
}

// A page about an error. When it is that nobody can tell who this is, the page says so, and nothing above it.
http::Response told(const Site& site, Visit& visit, int status, std::string_view name, Page& page,
                    const Error& error) {
    page.set("MESSAGE", words_of(site, visit, error));
    if (visit.unknown && error.reason == visit.unknown->reason)
        return in_layout(site, visit, status, name, page);
    return shown(site, visit, status, name, page);
}

}  // namespace

http::Response shown(const Site& site, Visit& visit, int status, std::string_view name, Page& page) {
    if (visit.unknown) page.show("SEEN_AS_VISITOR");
    return in_layout(site, visit, status, name, page);
}

http::Response redirected(const Site& site, Visit& visit, std::string location, std::string_view notice) {
    if (!notice.empty()) visit.cookies.push_back(plain_cookie(site, "jebi_notice", notice, notice_cookie_s));
    http::Response response = http::Response::see_other(std::move(location));
    add_cookies(response, visit);
    return response;
}

http::Response refused(const Site& site, Visit& visit, const Error& error) {
    Page page;
    if (error.code == Code::unauthenticated && visit.unknown) return refused(site, visit, *visit.unknown);
    if (error.code == Code::unauthenticated) return sign_in_first(site, visit);
    if (error.code == Code::not_found) return shown(site, visit, 404, "not_found", page);
    if (error.reason == "csrf") return shown(site, visit, 403, "forbidden", page);
    const std::string trace = visit.request.trace.id_hex();
    if (error.code == Code::internal && error.reason.empty()) {
        page.set("TRACE", trace);
        return shown(site, visit, 500, "failure", page);
    }
    const int status = http::status_of(error.code);
    if (status >= 500) page.show("TRACE", trace);
    http::Response response = told(site, visit, status, "error", page, error);
    if (error.retry_after_s > 0) response.fields.set("Retry-After", std::to_string(error.retry_after_s));
    return response;
}

std::string words_of(const Site& site, const Visit& visit, const Error& error) {
    const std::string seconds = std::to_string(std::max<std::int64_t>(error.retry_after_s, 1));
    const std::array gaps{Gap{"seconds", seconds}};
    // Who reads has not done anything that might have been done.
    const bool reads = visit.request.method == http::Method::get && error.code == Code::deadline;
    const std::string_view code = reads ? name(Code::unavailable) : name(error.code);
    for (const std::string_view key : {std::string_view(error.reason), code}) {
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
           error.reason == "wrong_credentials" || is_away(error);
}

int form_status(const Error& error) {
    return error.code == Code::invalid ? 422 : http::status_of(error.code);
}

void show_stats(const Site& site, const Visit& visit, Section page) {
    const auto counted = site.stats.now(site.accounts, site.tweets, extras(visit.call));
    Section stats = page.section("STATS");
    show_totals(stats, counted);
    show_trends(site, visit, stats);
    const auto& used = counted.hashtags;
    if (used.empty()) return;
    Section trend = stats.section("TREND");
    for (const auto& hashtag : used)
        show_hashtag(trend.section("TREND_TAG"), hashtag.hashtag(), hashtag.tweets());
}

void show_totals(Section section, const Stats::Counted& counted) {
    if (counted.people) section.show("PEOPLE", grouped(*counted.people));
    if (counted.tweets) section.show("TWEETS", grouped(*counted.tweets));
}

void show_hashtag(Section section, const std::string& hashtag, std::uint64_t tweets) {
    section.set("TAG_NAME", hashtag).set("TAG_COUNT", grouped(tweets));
    section.set("TAG_ADDRESS", "/tweets/hashtag/" + http::percent_encoded(hashtag));
}

namespace {

std::size_t hue_index(const accounts::User& user) {
    return ((user.id() * golden_ratio) >> 32) % hues.size();
}

}  // namespace

std::string avatar_address(const accounts::User& user) {
    return "/avatars/" + std::to_string(user.id()) + (user.avatar().empty() ? "" : "/" + user.avatar());
}

unsigned hue_of(const accounts::User& user) {
    return hues[hue_index(user)];
}

void show_avatar(Section section, const accounts::User& user) {
    Section avatar = section.section("AVATAR");
    if (!user.avatar().empty()) {
        avatar.show("PICTURE", avatar_address(user));
        return;
    }
    avatar.section("BIRD").set("INITIAL", first_grapheme(user.display_name())).set("HUE", hue_index(user));
}

void show_person(const Site& site, const Visit& visit, Section section, const accounts::User& user) {
    section.set("USERNAME", user.username()).set("DISPLAY_NAME", user.display_name());
    show_avatar(section, user);
    section.set("JOINED", date(site.templates, visit.language, user.created_ms()));
    section.set("JOINED_ISO", iso8601(user.created_ms()));
    if (!user.bio().empty()) section.show("BIO", user.bio());
}

std::string excerpt_of(const std::string& text, std::size_t bytes_max) {
    std::string excerpt = text.substr(0, bytes_max);
    while (excerpt.size() < text.size() && !excerpt.empty() && (text[excerpt.size()] & 0xC0) == 0x80)
        excerpt.pop_back();
    if (excerpt.size() < text.size()) excerpt += "…";
    std::ranges::replace(excerpt, '\n', ' ');
    return excerpt;
}

void show_compose(Section page, std::string_view text) {
    page.set("KEY", new_key());
    page.set("TEXT", text);
}

std::string new_key() {
    return base64url(random_bytes(18));
}

http::Response kept(const Site& site, Visit& visit, const Unsent& unsent, const Error& error) {
    Page page;
    page.set("ADDRESS", unsent.address).set("TEXT", unsent.text);
    if (!unsent.key.empty()) page.show("KEY", unsent.key);
    page.set("TRACE", visit.request.trace.id_hex());
    return told(site, visit, form_status(error), "unsent", page, error);
}

Result<http::Response> form_or_kept(const Site& site, Visit& visit, Result<http::Response> again,
                                    const Unsent& unsent, const Error& wrong) {
    if (again || !is_away(again.error())) return again;
    return kept(site, visit, unsent, wrong);
}

Result<int> show_away(const Visit& visit, Section page, const Result<void>& shown) {
    if (shown) return 200;
    if (!is_away(shown.error())) return std::unexpected(shown.error());
    page.section("AWAY").set("TRACE", visit.request.trace.id_hex());
    return http::status_of(Code::unavailable);
}

void show_missing(const Site& site, const Visit& visit, Section page, const std::optional<Error>& missing) {
    if (!missing) return;
    const bool is_blocks = missing->reason == "seen_unknown";
    page.show("MISSING",
              site.templates.text(visit.language, is_blocks ? "missing_blocks" : "missing_people"));
}

void show_people(const Site& site, const Visit& visit, Section page, const std::vector<Person>& people) {
    for (const Person& person : people) {
        Section section = page.section("PERSON");
        show_person(site, visit, section, person.user);
        show_relationship(section, person);
    }
}

void show_relationship(Section section, const Person& person) {
    if (!person.relationship) return;
    if (person.relationship->followed_by()) section.show("FOLLOWS_YOU");
    if (person.relationship->blocking()) return;
    section.show(person.relationship->following() ? "UNFOLLOW" : "FOLLOW");
}

void show_tab(const Site& site, const Visit& visit, Section page, std::string_view words,
              std::string_view address, bool is_here) {
    Section tab = page.section("TAB");
    tab.set("LABEL", site.templates.text(visit.language, words)).set("ADDRESS", address);
    if (is_here) tab.show("HERE_NOW");
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

std::string came_from(const Visit& visit, std::string otherwise) {
    std::string_view referer = visit.request.fields.get("Referer").value_or("");
    const auto scheme_end = referer.find("://");
    if (scheme_end == std::string_view::npos) return otherwise;
    referer.remove_prefix(scheme_end + 3);
    const auto host_end = referer.find('/');
    if (host_end == std::string_view::npos || referer.substr(0, host_end) != visit.host()) return otherwise;
    const std::string path{referer.substr(host_end)};
    if (!is_own_path(path)) return otherwise;
    const auto fragment = otherwise.find('#');
    return path.substr(0, path.find('#')) + (fragment == std::string::npos ? "" : otherwise.substr(fragment));
}

bool wants_json(const Visit& visit) {
    return visit.request.fields.get("Accept").value_or("") == "application/json";
}

http::Response done(const Site& site, Visit& visit, std::string json, std::string otherwise,
                    std::string_view notice) {
    if (!wants_json(visit)) return redirected(site, visit, came_from(visit, std::move(otherwise)), notice);
    http::Response response = http::Response::json(200, std::move(json));
    response.fields.add("Cache-Control", "no-store");
    return response;
}

}  // namespace jebi::web
