#include "tests/degradation/rows.h"

namespace jebi::test {

namespace {

using Form = std::vector<std::pair<std::string, std::string>>;
using Path = std::function<std::string(const Town&)>;
using enum http::Method;

constexpr std::string_view by_jun = "jun&#39;s word to";
constexpr std::string_view by_minji = "minji&#39;s first";

Path at(std::string path) {
    return [path = std::move(path)](const Town&) { return path; };
}
Path of_juns_tweet(const std::string& before, const std::string& after = "") {
    return [=](const Town& town) { return before + town.juns_tweet + after; };
}
Path of_minjis_tweet(const std::string& before, const std::string& after = "") {
    return [=](const Town& town) { return before + town.minjis_tweet + after; };
}

Asked asked(Browser& browser, Answer answer) {
    return {.answer = std::move(answer), .trace = browser.last_trace};
}

// Each try to sign in or up comes from another address, so that nobody is slowed down.
void move_on(Browser& browser) {
    static int moves = 0;
    ++moves;
    browser.fields = {
        {"X-Forwarded-For", "10.0." + std::to_string(moves / 250) + "." + std::to_string(moves % 250 + 1)}};
}

std::string unique_name() {
    static int names = 0;
    return "new" + std::to_string(++names);
}

Row page(std::string_view name, const Path& path, std::string_view content = "") {
    return {.name = name,
            .begin =
                [path](Town&) {
                    return [path](Town& town) { return asked(town.minji, town.minji.get(path(town))); };
                },
            .content = std::string(content)};
}

Row visitors(std::string_view name, const Path& path, std::string_view content = "") {
    return {.name = name,
            .begin =
                [path](Town&) {
                    return [path](Town& town) { return asked(town.visitor, town.visitor.get(path(town))); };
                },
            .content = std::string(content)};
}

Row form(std::string_view name, const Path& path, const Form& fields, Sent sent = {}) {
    return {.name = name,
            .begin =
                [=](Town& town) {
                    Form all = fields;
                    all.emplace_back("csrf", Browser::token(town.minji.get("/settings")));
                    return [=](Town& now) { return asked(now.minji, now.minji.post(path(now), all)); };
                },
            .sent = std::move(sent)};
}

// A text with a key of its own, which is another one each time.
Row writing(std::string_view name, const Path& path) {
    static int keys = 0;
    Row row = form(name, path, {});
    row.sent = {.text = "not to be lost <&>", .key = "the-same-key", .name = ""};
    row.begin = [path](Town& town) {
        const std::string key = "the-same-key-" + std::to_string(++keys);
        const Form all{{"text", "not to be lost <&>"},
                       {"key", key},
                       {"csrf", Browser::token(town.minji.get("/settings"))}};
        return [=](Town& now) { return asked(now.minji, now.minji.post(path(now), all)); };
    };
    return row;
}

Row deleting(std::string_view name) {
    return {.name = name, .begin = [](Town& town) {
                const std::string id = town.minji.write("to be deleted");
                const Form all{{"csrf", Browser::token(town.minji.get("/settings"))}};
                return [=](Town& now) {
                    return asked(now.minji, now.minji.post("/tweets/" + id + "/delete", all));
                };
            }};
}

Row signing_in(std::string_view name) {
    return {.name = name,
            .begin =
                [](Town& town) {
                    const auto browser = std::make_shared<Browser>(town.router);
                    move_on(*browser);
                    const Form all{{"username_or_email", "minji"},
                                   {"password", "a long enough one"},
                                   {"csrf", Browser::token(browser->get("/login"))}};
                    return [=](Town&) { return asked(*browser, browser->post("/users/sessions", all)); };
                },
            .sent = {.text = "", .key = "", .name = "minji"}};
}

Row signing_up(std::string_view name) {
    return {.name = name,
            .begin =
                [](Town& town) {
                    const auto browser = std::make_shared<Browser>(town.router);
                    move_on(*browser);
                    const std::string who = unique_name();
                    const Form all{{"username", who},
                                   {"email", who + "@example.org"},
                                   {"password", "a long enough one"},
                                   {"display_name", "somebody new"},
                                   {"key", who},
                                   {"csrf", Browser::token(browser->get("/signup"))}};
                    return [=](Town&) { return asked(*browser, browser->post("/users", all)); };
                },
            .sent = {.text = "", .key = "new", .name = "somebody new"}};
}

Row signing_out(std::string_view name) {
    return {.name = name, .begin = [](Town& town) {
                const auto browser = std::make_shared<Browser>(town.router);
                move_on(*browser);
                browser->submit("/login", "/users/sessions",
                                {{"username_or_email", "minji"}, {"password", "a long enough one"}});
                const Form all{{"csrf", Browser::token(browser->get("/settings"))}};
                return [=](Town&) { return asked(*browser, browser->post("/logout", all)); };
            }};
}

// What a browser hears before it would have to wait.
class Ear final : public http::BodyWriter {
public:
    bool write(std::string_view piece) override {
        all += piece;
        return ++pieces_ < 2;
    }
    bool wait_until(Deadline) override { return false; }
    bool wait_until(Deadline, const fiber::Event&) override { return false; }
    std::string all;

private:
    int pieces_ = 0;
};

// The news since the first tweet: there are some, so the second piece comes at once.
Row news(std::string_view name) {
    return {.name = name, .begin = [](Town&) {
                return [](Town& town) {
                    Asked heard = asked(town.minji, town.minji.get("/events?feed=all&since=1"));
                    Ear ear;
                    if (town.is_failing("accounts") && heard.answer.stream) heard.answer.stream(ear);
                    heard.answer.body = ear.all;
                    return heard;
                };
            }};
}

// A program with minji's token.
Row program(std::string_view name, http::Method method, const Path& path, const std::string& body = "",
            std::string_view content = "") {
    return {.name = name,
            .begin =
                [=](Town& town) {
                    const auto browser = std::make_shared<Browser>(town.router);
                    browser->fields = {{"Authorization", "Bearer " + town.minji.cookies.at("jebi")}};
                    if (!body.empty()) browser->fields.emplace_back("Content-Type", "application/json");
                    return [=](Town& now) { return asked(*browser, browser->send(method, path(now), body)); };
                },
            .content = std::string(content)};
}

Path of_jun(const std::string& before, const std::string& after = "") {
    return [=](const Town& town) { return before + town.juns_id + after; };
}

void add(std::vector<Row>& all, std::vector<Row> some) {
    std::ranges::move(some, std::back_inserter(all));
}

std::vector<Row> reading_pages() {
    return {
        page("home", at("/"), by_jun),
        page("everybody's tweets", at("/tweets"), by_jun),
        page("profile", at("/users/jun"), by_jun),
        page("profile, replies", at("/users/jun/replies"), by_jun),
        page("profile, likes (one's own)", at("/users/minji/favorites"), by_jun),
        page("profile, following", at("/users/jun/following"), "@minji"),
        page("profile, followers", at("/users/jun/followers"), "@minji"),
        page("thread", of_minjis_tweet("/tweets/"), by_minji),
        page("who likes a tweet", of_minjis_tweet("/tweets/", "/favorites"), "@jun"),
        page("hashtag", at("/tweets/hashtag/swallow"), by_jun),
        page("search: hashtags of the week", at("/search"), "swallow"),
        page("search: tweets", at("/search?q=word&in=posts"), by_jun),
        page("search: people", at("/search?q=jun&in=people"), "@jun"),
        page("search: hashtags", at("/search?q=swal&in=tags"), "swallow"),
        page("notifications", at("/notifications"), "href=\"/users/jun\""),
        page("messages", at("/messages"), "jun&#39;s message"),
        page("conversation", at("/messages/jun"), "jun&#39;s message"),
        page("user list", at("/userslist"), "@jun"),
        page("settings", at("/settings"), "name=\"display_name\""),
        page("blocked people", at("/settings/blocked")),
        page("analytics", at("/analytics"), "<dl class=\"counts wide\">"),
        page("picture", of_jun("/avatars/"), "<svg"),
        page("page to compose", at("/tweets/new"), "name=\"key\""),
        visitors("home, as a visitor", at("/"), by_jun),
        visitors("profile, as a visitor", at("/users/jun"), by_jun),
        visitors("thread, as a visitor", of_minjis_tweet("/tweets/"), by_minji),
        visitors("search, as a visitor", at("/search?q=word&in=posts"), by_jun),
        visitors("page to sign in", at("/login"), "name=\"password\""),
        visitors("page to sign up", at("/signup"), "name=\"password\""),
    };
}

std::vector<Row> forms() {
    return {
        writing("write a tweet", at("/tweets")),
        writing("reply", of_juns_tweet("/tweets/", "/comments")),
        writing("write a message", at("/messages/jun")),
        form("edit a tweet", of_minjis_tweet("/tweets/"), {{"text", "not to be lost <&>"}},
             {.text = "not to be lost <&>", .key = "", .name = ""}),
        deleting("delete a tweet"),
        form("favourite", of_juns_tweet("/tweets/", "/favorites"), {}),
        form("repost", of_juns_tweet("/tweets/", "/reposts"), {}),
        form("follow", at("/users/jun/follow"), {}),
        form("mute", at("/users/jun/mute"), {{"_method", "DELETE"}}),
        form("change the profile", at("/settings/profile"), {{"display_name", "minji"}}),
        form("choose language and look", at("/settings/look"), {{"theme", "dark"}}),
        form("export", at("/settings/export"), {}),
        signing_in("sign in"),
        signing_up("sign up"),
        signing_out("sign out"),
    };
}

std::vector<Row> streams() {
    return {
        news("news of an open page (SSE)"),
        program("Mastodon: stream of one's home", get, at("/api/v1/streaming/user")),
        program("Mastodon: stream of everybody's tweets", get, at("/api/v1/streaming/public")),
    };
}

std::vector<Row> own_api() {
    return {
        program("GET /api/v1/tweets", get, at("/api/v1/tweets"), "", "jun's word"),
        program("GET /api/v1/tweets/{id}", get, of_juns_tweet("/api/v1/tweets/"), "", "jun's word"),
        program("GET /api/v1/tweets/{id}/thread", get, of_juns_tweet("/api/v1/tweets/", "/thread"), "",
                "jun's word"),
        program("GET /api/v1/users/{name}", get, at("/api/v1/users/jun"), "", "\"jun\""),
        program("GET /api/v1/users/{name}/followers", get, at("/api/v1/users/jun/followers"), "",
                "\"minji\""),
        program("GET /api/v1/search", get, at("/api/v1/search?q=word"), "", "jun's word"),
        program("POST /api/v1/tweets", post, at("/api/v1/tweets"), R"({"text":"by a program"})"),
        program("PUT /api/v1/tweets/{id}/favourite", put, of_juns_tweet("/api/v1/tweets/", "/favourite")),
        program("PUT /api/v1/users/{name}/follow", put, at("/api/v1/users/jun/follow")),
    };
}

std::vector<Row> mastodon_api() {
    return {
        program("Mastodon: home timeline", get, at("/api/v1/timelines/home"), "", "jun&#39;s word"),
        program("Mastodon: public timeline", get, at("/api/v1/timelines/public"), "", "jun&#39;s word"),
        program("Mastodon: hashtag timeline", get, at("/api/v1/timelines/tag/swallow"), "", "jun&#39;s word"),
        program("Mastodon: status", get, of_juns_tweet("/api/v1/statuses/"), "", "jun&#39;s word"),
        program("Mastodon: context", get, of_minjis_tweet("/api/v1/statuses/", "/context"), "",
                "jun&#39;s answer"),
        program("Mastodon: oneself", get, at("/api/v1/accounts/verify_credentials"), "", "\"minji\""),
        program("Mastodon: account", get, of_jun("/api/v1/accounts/"), "", "\"jun\""),
        program("Mastodon: account's statuses", get, of_jun("/api/v1/accounts/", "/statuses"), "",
                "jun&#39;s word"),
        program("Mastodon: relationships", get, of_jun("/api/v1/accounts/relationships?id="), "",
                "following"),
        program("Mastodon: notifications", get, at("/api/v1/notifications"), "", "\"jun\""),
        program("Mastodon: search", get, at("/api/v2/search?q=word"), "", "jun&#39;s word"),
        program("Mastodon: instance", get, at("/api/v2/instance"), "", "\"jebi\""),
        program("Mastodon: post a status", post, at("/api/v1/statuses"), R"({"status":"by a client"})"),
        program("Mastodon: favourite", post, of_juns_tweet("/api/v1/statuses/", "/favourite")),
        program("Mastodon: follow", post, of_jun("/api/v1/accounts/", "/follow")),
    };
}

}  // namespace

std::vector<Row> rows() {
    std::vector<Row> all;
    for (auto some : {reading_pages(), forms(), streams(), own_api(), mastodon_api()})
        add(all, std::move(some));
    return all;
}

}  // namespace jebi::test
