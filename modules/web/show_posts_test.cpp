#include <doctest/doctest.h>

#include <functional>
#include <utility>
#include <vector>

#include "kit/http/assets.h"
#include "modules/web/hub.h"
#include "modules/web/show.h"
#include "modules/web/stats.h"
#include "modules/web/visits/analytics.h"
#include "modules/web/web_assets.h"
#include "modules/web/web_pages.h"
#include "modules/web/web_words.h"

using namespace jebi;
using namespace jebi::web;

namespace {

constexpr WallMs written_ms = 1'790'000'000'000;
constexpr WallMs hour_ms = 3'600'000;

const Templates& templates() {
    static const Templates site(page_files(), word_files(), "");
    return site;
}

accounts::User user(std::uint64_t id, std::string username) {
    accounts::User made;
    made.set_id(id);
    made.set_display_name("The " + username);
    made.set_username(std::move(username));
    return made;
}

// All that a post in a list may depend on.
struct Shown {
    WallMs now_ms = written_ms + hour_ms;
    Language language = Language::english;
    Standing standing = Standing::as_written;
    std::optional<accounts::User> reader = user(1, "minji");
    std::uint64_t entry = 10;
    tweets::Tweet tweet;
    tweets::Marks marks;
    accounts::User author = user(2, "daniel");
    std::optional<accounts::User> reposted_by, reply_to;
    std::optional<tweets::Tweet> quote;
    accounts::User quote_author = user(5, "haerin");

    Shown() {
        tweet.set_id(10);
        tweet.set_author_id(2);
        tweet.set_text("words");
        tweet.set_created_ms(written_ms);
        tweet.set_version(7);
    }
};

template <typename T>
const T* pointer(const std::optional<T>& value) {
    return value ? &*value : nullptr;
}

constexpr std::string_view first_line = "{{%AUTOESCAPE context=\"HTML\"}}\n";

// Templates of one fragment.
class Small {
public:
    explicit Small(std::string_view fragment) : fragment_(std::string(first_line) + std::string(fragment)) {}
    const Templates& templates() const { return templates_; }

private:
    std::string layout_ = std::string(first_line) + "{{>PAGE}}";
    std::string fragment_;
    std::array<Embedded, 2> files_{Embedded{.path = "layout.html", .content = layout_},
                                   Embedded{.path = "post.fragment.html", .content = fragment_}};
    Templates templates_{files_, word_files(), ""};
};

class Web {
public:
    explicit Web(const Templates& of = templates()) : templates_(of) {}

    // The post in a list of this web, alone on a page.
    std::string html(const Shown& shown) {
        clock_.advance(Millis{shown.now_ms - clock_.wall_ms()});
        const http::Request request;
        const Visit visit{.request = request, .call = {}, .language = shown.language, .user = shown.reader};
        Post post{.id = shown.entry, .tweet = &shown.tweet, .author = &shown.author, .marks = shown.marks};
        post.reposted_by = pointer(shown.reposted_by);
        post.reply_to = pointer(shown.reply_to);
        post.quote = pointer(shown.quote);
        if (shown.quote) post.quote_author = &shown.quote_author;
        Page page;
        show_in_list(site, visit, page.section("TWEET"), post, shown.standing);
        return list().render(shown.language, "list", page);
    }

private:
    static const Templates& list() {
        static const std::string layout = std::string(first_line) + "{{>PAGE}}";
        static const std::string content = std::string(first_line) + "{{#TWEET}}{{POST_HTML:none}}{{/TWEET}}";
        static const std::array files{Embedded{.path = "layout.html", .content = layout},
                                      Embedded{.path = "list.html", .content = content}};
        static const Templates made{files, word_files(), ""};
        return made;
    }
    static const http::Assets& assets() {
        static const http::Assets made{asset_files(), ""};
        return made;
    }

    const Templates& templates_;
    accounts::AccountsAbsent accounts_;
    follows::FollowsAbsent follows_;
    tweets::TweetsAbsent tweets_;
    timelines::TimelinesAbsent timelines_;
    notifications::NotificationsAbsent notifications_;
    messages::MessagesAbsent messages_;
    search::SearchAbsent search_;
    ManualClock clock_;
    Stats stats_;
    Events events_{std::nullopt};
    Analytics analytics_{std::nullopt};
    Hub hub_{tweets_, follows_, notifications_, messages_};

public:
    Site site{accounts_,  follows_, tweets_, timelines_, notifications_, messages_,  search_,
              templates_, assets(), clock_,  stats_,     events_,        analytics_, hub_};
};

struct Change {
    const char* what;
    std::function<void(Shown&)> make;
};

// Each makes something else of the post.
const std::vector<Change>& changes() {
    static const std::vector<Change> all{
        {"another language", [](Shown& shown) { shown.language = Language::korean; }},
        {"time has passed", [](Shown& shown) { shown.now_ms += hour_ms; }},
        {"pinned", [](Shown& shown) { shown.standing = Standing::pinned; }},
        {"a visitor", [](Shown& shown) { shown.reader.reset(); }},
        {"the author reads", [](Shown& shown) { shown.reader = shown.author; }},
        {"the author reads what they have pinned",
         [](Shown& shown) {
             shown.reader = shown.author;
             shown.marks.set_pinned(true);
         }},
        {"liked by the reader", [](Shown& shown) { shown.marks.set_favourited(true); }},
        {"reposted by the reader", [](Shown& shown) { shown.marks.set_reposted(true); }},
        {"a new version, with a like",
         [](Shown& shown) {
             shown.tweet.set_favourites(1);
             shown.tweet.set_version(8);
         }},
        {"edited",
         [](Shown& shown) {
             shown.tweet.set_text("other words");
             shown.tweet.set_edited_ms(written_ms + 1);
             shown.tweet.set_version(9);
         }},
        {"no version",
         [](Shown& shown) {
             shown.tweet.set_version(0);
             shown.tweet.set_text("words of a list");
         }},
        {"no version, with a reply",
         [](Shown& shown) {
             shown.tweet.set_version(0);
             shown.tweet.set_text("words of a list");
             shown.tweet.set_replies(3);
         }},
        {"another tweet", [](Shown& shown) { shown.tweet.set_id(11); }},
        {"a repost's own id", [](Shown& shown) { shown.entry = 12; }},
        {"a repost", [](Shown& shown) { shown.reposted_by = user(3, "jisoo"); }},
        {"a repost by another", [](Shown& shown) { shown.reposted_by = user(4, "hyunwoo"); }},
        {"the author has another name", [](Shown& shown) { shown.author.set_display_name("Dan"); }},
        {"the author has another user name", [](Shown& shown) { shown.author.set_username("dan"); }},
        {"the author has a picture", [](Shown& shown) { shown.author.set_avatar("abcdef"); }},
        {"an answer", [](Shown& shown) { shown.reply_to = user(3, "jisoo"); }},
        {"an answer to another", [](Shown& shown) { shown.reply_to = user(4, "hyunwoo"); }},
        {"a quote",
         [](Shown& shown) {
             shown.quote.emplace().set_id(6);
             shown.quote->set_text("quoted words");
         }},
        {"an edited quote",
         [](Shown& shown) {
             shown.quote.emplace().set_id(6);
             shown.quote->set_text("other quoted words");
         }},
        {"another quote",
         [](Shown& shown) {
             shown.quote.emplace().set_id(8);
             shown.quote->set_text("quoted words");
         }},
        {"a quote of somebody with another name",
         [](Shown& shown) {
             shown.quote.emplace().set_id(6);
             shown.quote->set_text("quoted words");
             shown.quote_author.set_display_name("Rin");
         }},
    };
    return all;
}

Shown changed(const Change& change) {
    Shown shown;
    change.make(shown);
    return shown;
}

}  // namespace

TEST_CASE("a post in a list is shown as it is, whatever was shown before") {
    Web before;
    const std::string base = before.html({});
    CHECK(base.find("words") != std::string::npos);
    for (const Change& change : changes()) {
        CAPTURE(change.what);
        const std::string fresh = Web{}.html(changed(change));
        CHECK(fresh != base);
        for (const Change& earlier : changes()) {
            CAPTURE(earlier.what);
            Web web;
            web.html({});
            web.html(changed(earlier));
            CHECK(web.html(changed(change)) == fresh);
        }
    }
}

TEST_CASE("the same post is made once, but each time where templates are being changed") {
    const Small before{"<p>before</p>"}, after{"<p>after</p>"};
    Web old{before.templates()}, now{after.templates()};
    old.html({});
    now.site.fragments = std::move(old.site.fragments);
    CHECK(now.html({}).starts_with("<p>before</p>"));
    now.site.options.dev = true;
    CHECK(now.html({}).starts_with("<p>after</p>"));
}
