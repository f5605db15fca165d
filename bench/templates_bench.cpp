// What the templates alone cost: the values of a home page with 20 tweets set, and the page rendered, without
// the work of finding them out; with tweets that are made for the page, and with tweets that were made
// before.
#include <ctime>
#include <functional>
#include <memory>
#include <vector>

#include "bench/load.h"
#include "modules/web/templates/templates.h"
#include "modules/web/web_pages.h"
#include "modules/web/web_words.h"

namespace {

using namespace jebi;

constexpr int rounds = 9;
constexpr int pages_a_round = 2'000;
constexpr int tweets_a_page = 20;
constexpr std::string_view text_html =
    "오늘은 제비를 세 마리 봤다. <a class=\"tag\" href=\"/tweets/hashtag/제비\">#제비</a> <a class=\"tag\" "
    "href=\"/tweets/hashtag/서울\">#서울</a> <a class=\"at\" href=\"/users/person1\">@person1</a> 아침 "
    "공기가 "
    "좋다, <a class=\"link\" href=\"https://example.org/birds/1\" rel=\"nofollow noopener ugc\" "
    "title=\"https://example.org/birds/1\">example.org/birds/1</a>";

void set_avatar(web::Section section) {
    section.section("AVATAR").section("BIRD").set("INITIAL", "제").set("HUE", 7);
}

void set_tweet(web::Section tweet, std::uint64_t id) {
    tweet.set("ENTRY", id).set("ID", id).set("USERNAME", "person19").set("AUTHOR", "제비 19");
    set_avatar(tweet);
    tweet.set_html("TEXT_HTML", text_html).set("ISO", "2026-11-22T09:00:00Z").set("WHEN", "3분 전");
    tweet.set("REPLIES", "").set("REPOSTS", "1").set("LIKES", "12");
    tweet.section("ACTS")
        .set("REPOST_SET", "false")
        .set("REPOST_METHOD", "POST")
        .set("LIKE_SET", "true")
        .set("LIKE_METHOD", "DELETE");
}

using Post = std::shared_ptr<const std::string>;

Post made(const web::Templates& templates, int number) {
    web::Page values;
    set_tweet(values, 7'000'000'000'000'000'000U + static_cast<std::uint64_t>(number));
    return std::make_shared<const std::string>(
        templates.render(web::Language::korean, "post.fragment", values));
}

std::vector<Post> made(const web::Templates& templates) {
    std::vector<Post> posts;
    for (int i = 0; i < tweets_a_page; ++i)
        posts.push_back(made(templates, i));
    return posts;
}

void set_home(web::Page& page, const std::vector<Post>& posts) {
    page.show("AT_HOME").set("HEADING", "홈").set("KEY", "c2l4dGVlbiBieXRlcyBoZXJl").set("TEXT", "");
    page.set("CSS", "/assets/jebi.0123456789abcdef.css").set("JS", "/assets/jebi.0123456789abcdef.js");
    page.set("ICON", "/assets/favicon.svg").set("THEME", "auto").set("HERE", "");
    page.set("CSRF", "c2l4dGVlbiBieXRlcyBoZXJlLCBhbmQgc29tZSBtb3Jl");
    page.section("FEED").set("FEED", "home").set("FRESH", "/");
    for (const Post& post : posts)
        page.section("TWEET").set_html("POST_HTML", post);
    page.show("OLDER", "/?before=7000000000000000000");
    page.section("STATS").set("PEOPLE", "20").set("TWEETS", "200");
    web::Section me = page.section("ME");
    me.set("USERNAME", "person19")
        .set("DISPLAY_NAME", "제비 19")
        .show("NO_NOTIFICATIONS")
        .show("NO_MESSAGES");
    set_avatar(me);
}

double cpu_now_us() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

void measure(const char* which, const web::Templates& templates,
             const std::function<std::vector<Post>()>& posts) {
    std::vector<double> us;
    std::size_t bytes = 0;
    for (int i = 0; i < rounds; ++i) {
        const double before = cpu_now_us();
        for (int n = 0; n < pages_a_round; ++n) {
            web::Page page;
            set_home(page, posts());
            bytes = templates.render(web::Language::korean, "home", page).size();
        }
        us.push_back((cpu_now_us() - before) / pages_a_round);
    }
    const std::string what =
        "templates of a home page of " + std::to_string(bytes / 1024) + " KiB, tweets " + which + ": CPU us";
    bench::report(what.c_str(), bench::spread(us), "");
}

}  // namespace

int main() {
    const web::Templates templates{web::page_files(), web::word_files(), ""};
    const auto kept = made(templates);
    measure("made anew", templates, [&] { return made(templates); });
    measure("made before", templates, [&] { return kept; });
}
