// What every page does, and what one page owes to another.
#include "tests/pages/twitter_under_test.h"

using namespace jebi;
using namespace jebi::test;

TEST_CASE("sign up, write, read, edit, delete, sign out, sign in") {
    Twitter twitter;
    Browser minji{twitter};
    const Answer welcomed = minji.sign_up("minji");
    CHECK(welcomed.status == 303);
    CHECK(location(welcomed) == "/");
    CHECK(has(minji.get("/").body, "first note"));  // the notice, once
    CHECK_FALSE(has(minji.get("/").body, "first note fly"));

    CHECK(minji.submit("/", "/tweets", {{"text", "안녕 #제비\r\n둘째 줄"}, {"key", "k1"}}).status == 303);
    CHECK(has(minji.get("/").body, "href=\"/tweets/hashtag/%EC%A0%9C%EB%B9%84\""));
    CHECK(has(minji.get("/tweets/hashtag/%EC%A0%9C%EB%B9%84").body, "둘째 줄"));
    const std::string id = minji.newest();
    CHECK(minji.submit("/tweets/" + id + "/edit", "/tweets/" + id, {{"text", "고친 글"}}).status == 303);
    const Answer edited = minji.get("/tweets/" + id);
    CHECK(has(edited.body, "고친 글"));

    Browser visitor{twitter};
    CHECK(visitor.get("/tweets/" + id).status == 200);
    CHECK(has(visitor.get("/users/minji").body, "고친 글"));
    CHECK(minji.submit("/tweets/" + id + "/delete", "/tweets/" + id + "/delete", {}).status == 303);
    CHECK(visitor.get("/tweets/" + id).status == 404);

    const std::string old_session = minji.cookies.at("jebi");
    CHECK(location(minji.submit("/logout", "/logout", {})) == "/login");
    minji.cookies["jebi"] = old_session;
    CHECK(location(minji.get("/settings")) == "/login?next=%2Fsettings");
    const Answer again = minji.submit("/login", "/users/sessions",
                                      {{"username_or_email", "MINJI@example.org"},
                                       {"password", "a long enough one"},
                                       {"next", "/settings"}});
    CHECK(location(again) == "/settings");
    CHECK(minji.cookies.at("jebi") != old_session);
    CHECK(minji.get("/settings").status == 200);
}

TEST_CASE("a form that is refused keeps what was typed and says why beside the field") {
    Twitter twitter;
    Browser minji{twitter};
    const Answer refused = minji.submit("/signup", "/users",
                                        {{"username", "m!nji"},
                                         {"email", "minji@example.org"},
                                         {"password", "a long enough one"},
                                         {"display_name", "김민지"}});
    CHECK(refused.status == 422);
    CHECK(has(refused.body, "value=\"m!nji\""));
    CHECK(has(refused.body, "value=\"김민지\""));
    CHECK(has(refused.body, "aria-invalid=\"true\""));
    CHECK_FALSE(has(refused.body, "a long enough one"));
    minji.sign_up("minji");
    const Answer too_long = minji.submit("/", "/tweets", {{"text", std::string(281, 'a')}});
    CHECK(too_long.status == 422);
    CHECK(has(too_long.body, std::string(281, 'a')));
}

TEST_CASE("the same form sent twice makes one tweet") {
    Twitter twitter;
    Browser minji{twitter};
    minji.sign_up("minji");
    for (int i = 0; i < 2; ++i)
        CHECK(minji.submit("/", "/tweets", {{"text", "once"}, {"key", "same"}}).status == 303);
    const UserId everybody{};
    CHECK(twitter.tweets_store.counts(Call{}, {&everybody, 1}).value().at(0).tweets == 1);
}

TEST_CASE("every route that changes something refuses a request without its token") {
    Twitter twitter;
    Browser minji{twitter};
    minji.sign_up("minji");
    minji.submit("/", "/tweets", {{"text", "mine"}});
    const std::string id = minji.newest();
    int checked = 0;
    for (const auto& [method, pattern] : twitter.router.routes()) {
        // Programs send no cookies, and forms nothing else.
        const bool is_for_programs =
            pattern.starts_with("/api/") || pattern == "/oauth/token" || pattern == "/oauth/revoke";
        if (method == http::Method::get || is_for_programs) continue;
        CAPTURE(pattern);
        const std::string path = std::regex_replace(pattern, std::regex{"\\{id\\}"}, id);
        CHECK(minji.send(method, path, "text=x&password=a+long+enough+one").status == 403);
        CHECK(minji.send(method, path, "csrf=AAAA&text=x").status == 403);
        ++checked;
    }
    CHECK(checked > 20);
    CHECK(has(minji.get("/tweets/" + id).body, "mine"));
    CHECK(minji.get("/settings").status == 200);

    // A good token does not help a request that another site has sent.
    const std::string token = Browser::token(minji.get("/logout"));
    minji.fields = {{"Origin", "https://evil.example"}};
    CHECK(minji.post("/logout", {{"csrf", token}}).status == 403);
}

TEST_CASE("a cookie signs nobody in at the API, and a token of the API opens no page") {
    Twitter twitter;
    Browser minji{twitter};
    minji.sign_up("minji");
    CHECK(minji.send(http::Method::post, "/api/v1/tweets", "{\"text\":\"x\"}").status == 401);
    Browser script{twitter};
    script.fields = {{"Authorization", "Bearer " + minji.cookies.at("jebi")}};
    CHECK(
        script.send(http::Method::post, "/api/v1/tweets", "{\"text\":\"x\",\"author_id\":\"7\",\"id\":\"9\"}")
            .status == 201);
    CHECK(location(script.get("/settings")) == "/login?next=%2Fsettings");
}

TEST_CASE("every page answers visitors, members and nonsense without a failure") {
    Twitter twitter;
    Browser minji{twitter}, visitor{twitter};
    minji.sign_up("minji");
    minji.submit("/", "/tweets", {{"text", "hello"}});
    const std::string id = minji.newest();
    for (const auto& [method, pattern] : twitter.router.routes()) {
        if (method != http::Method::get || pattern.starts_with("/api/")) continue;
        if (pattern == "/avatars/{id}/{version}") continue;  // no page: a picture, or a refusal
        for (const std::string& filling : {id, std::string("minji"), std::string("%FF"), std::string("0"),
                                           std::string(300, 'x'), std::string("%00")}) {
            for (const char* query :
                 {"", "?page=2", "?page=-1", "?before=zzz", "?page=99999999999", "?lang=xx", "?%ZZ"}) {
                const std::string path =
                    std::regex_replace(pattern, std::regex{"\\{[a-z]+\\}"}, filling) + query;
                CAPTURE(path);
                CHECK(visitor.get(path).status < 500);
                CHECK(minji.get(path).status < 500);
            }
        }
    }
    CHECK(twitter.failures.empty());
}

TEST_CASE("what people write is never markup") {
    Twitter twitter;
    Browser minji{twitter};
    minji.sign_up("minji");
    const std::vector<std::string> payloads{
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "</textarea><script>x</script>",
        "javascript:alert(1)//https://a.org",
        "{{CSRF}}",
        "{{#ME}}x{{/ME}}",
        "<svg/onload=alert(1)>",
        "&lt;b&gt;",
    };
    for (const std::string& payload : payloads) {
        CAPTURE(payload);
        minji.submit("/settings", "/settings/profile",
                     {{"display_name", payload},
                      {"bio", payload},
                      {"link", "https://a.org/" + http::percent_encoded(payload)}});
        CHECK(minji.submit("/", "/tweets", {{"text", payload}}).status == 303);
        const std::string id = minji.newest();
        const std::string encoded = http::percent_encoded(payload);
        for (const std::string& path :
             {std::string("/"), "/tweets/" + id, "/tweets/" + id + "/edit", std::string("/users/minji"),
              std::string("/userslist"), std::string("/settings"), "/tweets/hashtag/" + encoded,
              "/login?next=" + encoded, "/?before=" + encoded}) {
            CAPTURE(path);
            const std::string body = minji.get(path).body;
            CHECK_FALSE(has(body, "<script>"));
            CHECK_FALSE(has(body, "<img src=x"));
            CHECK_FALSE(has(body, "<svg/onload"));
            CHECK_FALSE(has(body, "' onmouseover='"));
            CHECK_FALSE(has(body, "href=\"javascript:"));
        }
    }
    Browser visitor{twitter};
    CHECK(has(
        visitor.submit("/login", "/users/sessions", {{"username_or_email", "\"><script>"}, {"password", "x"}})
            .body,
        "&quot;&gt;&lt;script&gt;"));
}

TEST_CASE("signing in leads to a page of this site, never to another") {
    Twitter twitter;
    Browser minji{twitter};
    minji.sign_up("minji");
    for (const char* next : {"https://evil.example", "//evil.example", "/\\evil.example",
                             "javascript:alert(1)", "/a\r\nSet-Cookie: x=y", ""}) {
        CAPTURE(next);
        Browser again{twitter};
        const Answer answer =
            again.submit("/login", "/users/sessions",
                         {{"username_or_email", "minji"}, {"password", "a long enough one"}, {"next", next}});
        CHECK(answer.status == 303);
        CHECK(location(answer) == "/");
    }
}

TEST_CASE("no link of a page leads where a hostile path says") {
    Twitter twitter;
    Browser visitor{twitter};
    CHECK_FALSE(has(visitor.get("//evil.example/").body, "evil.example"));
    CHECK_FALSE(has(visitor.get("/%22%3E%3Cscript%3E").body, "script%3E"));
}

TEST_CASE("cookies are hidden from scripts, and bound to the host where there is https") {
    for (const bool secure : {false, true}) {
        Twitter twitter{{.secure = secure}};
        Browser minji{twitter};
        const Answer signed_up = minji.sign_up("minji");
        CHECK(minji.cookies.contains(secure ? "__Host-jebi" : "jebi"));
        for (const auto& [name, value] : signed_up.fields.list) {
            if (name != "Set-Cookie") continue;
            CAPTURE(value);
            CHECK(has(value, "; HttpOnly"));
            CHECK(has(value, "; SameSite=Lax"));
            CHECK(has(value, "; Path=/"));
            CHECK(has(value, "; Secure") == secure);
        }
    }
}

TEST_CASE("browsers are told to come by https alone only where that is asked for") {
    CHECK_FALSE(web::security_fields({.secure = true}).get("Strict-Transport-Security"));
    const auto fields = web::security_fields({.secure = true, .https_only = std::chrono::days{1}});
    CHECK(fields.get("Strict-Transport-Security") == "max-age=86400");
}

TEST_CASE("only the author reaches the edit page, the delete page and the change") {
    Twitter twitter;
    Browser minji{twitter}, daniel{twitter}, visitor{twitter};
    minji.sign_up("minji");
    daniel.sign_up("daniel");
    minji.submit("/", "/tweets", {{"text", "mine"}});
    const std::string at = "/tweets/" + minji.newest();
    CHECK(daniel.get(at + "/edit").status == 403);
    CHECK(daniel.get(at + "/delete").status == 403);
    CHECK(daniel.submit("/", at, {{"text", "his"}}).status == 403);
    CHECK(daniel.submit("/", at + "/delete", {}).status == 403);
    CHECK(daniel.submit("/", at, {{"_method", "DELETE"}}).status == 403);
    CHECK(location(visitor.get(at + "/edit")) == "/login?next=" + http::percent_encoded(at + "/edit"));
    CHECK(minji.submit("/", at, {{"_method", "delete"}}).status == 303);
}

TEST_CASE("pages are in the language that was asked for, and a choice is remembered") {
    Twitter twitter;
    Browser browser{twitter};
    browser.fields = {{"Accept-Language", "ko-KR,ko;q=0.9"}};
    CHECK(has(browser.get("/login").body, "<html lang=\"ko\""));
    CHECK(has(browser.get("/login?lang=en").body, "<html lang=\"en\""));
    CHECK(has(browser.get("/signup").body, "<html lang=\"en\""));
    browser.sign_up("minji");
    browser.submit("/settings", "/settings/look", {{"language", "ko"}, {"theme", "dark"}});
    CHECK(has(browser.get("/").body, "<html lang=\"ko\" data-theme=\"dark\""));
}

TEST_CASE("the link to the other language stays on the page, with what was asked") {
    Twitter twitter;
    Browser browser{twitter};
    const auto link = [&](const std::string& path) {
        std::smatch found;
        const std::string body = browser.get(path).body;
        REQUIRE(std::regex_search(body, found, std::regex{"href=\"([^\"]*lang=..)\""}));
        return std::string(found[1]);
    };
    CHECK(link("/login?lang=en") == "?lang=ko");
    CHECK(link("/login?next=%2Foauth%2Fauthorize%3Fa%3Db%26c&lang=en") ==
          "?next=%2Foauth%2Fauthorize%3Fa%3Db%26c&amp;lang=ko");
    CHECK(link("/search?q=a+%22b&in=people") == "?q=a%20%22b&amp;in=people&amp;lang=ko");
    CHECK(link("/login?%ZZ") == "?lang=ko");
    CHECK(link("/login?javascript:alert(1)") == "?javascript%3Aalert%281%29=&amp;lang=ko");
    CHECK(link("/login?next=//evil.example/") == "?next=%2F%2Fevil.example%2F&amp;lang=ko");
}

TEST_CASE("after a form was refused, the link to the other language leads to the page with the form") {
    Twitter twitter;
    Member minji{twitter, "minji"}, daniel{twitter, "daniel"};
    const std::string tweet = minji.write("words"), long_text(300, 'x');
    const auto leads_to = [](const Answer& answer, const std::string& address) {
        return has(answer.body, "href=\"" + address + "lang=ko\"");
    };
    Browser visitor{twitter};
    visitor.fields = {};
    CHECK(leads_to(visitor.submit("/signup", "/users", {}), "/signup?"));
    CHECK(leads_to(visitor.submit("/login", "/users/sessions", {{"next", "/settings?a=b"}}),
                   "/login?next=%2Fsettings%3Fa%3Db&amp;"));
    CHECK(leads_to(visitor.submit("/login", "/users/sessions", {}), "/login?"));
    CHECK(leads_to(minji.submit("/settings", "/settings/password", {}), "/settings?"));
    CHECK(leads_to(minji.submit("/settings/delete", "/settings/delete", {}), "/settings/delete?"));
    CHECK(leads_to(minji.submit("/", "/tweets/" + tweet, {{"text", long_text}}),
                   "/tweets/" + tweet + "/edit?"));
    CHECK(leads_to(minji.submit("/", "/tweets/" + tweet + "/comments", {{"text", ""}}),
                   "/tweets/" + tweet + "?"));
    CHECK(leads_to(minji.submit("/", "/messages/daniel", {{"text", ""}}), "/messages/daniel?"));
    CHECK(leads_to(visitor.post("/users", {}), "/?"));
}

TEST_CASE("five people a page, numbered, and a page beyond the last is empty") {
    Twitter twitter;
    for (int i = 0; i < 11; ++i) {
        Browser each{twitter};
        each.fields = {};
        REQUIRE(each.sign_up("person" + std::to_string(i)).status == 303);
    }
    Browser visitor{twitter};
    const auto people_on = [&](const std::string& path) {
        const std::string body = visitor.get(path).body;
        int count = 0;
        for (int i = 0; i < 11; ++i)
            count += has(body, "@person" + std::to_string(i) + "<") ? 1 : 0;
        return count;
    };
    CHECK(people_on("/userslist") == 5);
    CHECK(people_on("/userslist?page=2") == 5);
    CHECK(people_on("/userslist?page=3") == 1);
    CHECK(visitor.get("/userslist?page=4").status == 200);
    CHECK(people_on("/userslist?page=4") == 0);
    CHECK(has(visitor.get("/userslist?page=2").body, "href=\"/userslist?page=3\""));
}

TEST_CASE("sessions can be seen and ended, and deleting an account ends them all") {
    Twitter twitter;
    Browser phone{twitter}, laptop{twitter};
    phone.fields = {{"User-Agent", "Mozilla/5.0 (Android 14) Firefox/128.0"}};
    phone.sign_up("minji");
    laptop.submit("/login", "/users/sessions",
                  {{"username_or_email", "minji"}, {"password", "a long enough one"}});
    CHECK(has(laptop.get("/settings").body, "Firefox, Android"));
    CHECK(laptop.submit("/settings", "/settings/sessions/end-others", {}).status == 303);
    CHECK(phone.get("/settings").status == 303);
    CHECK(laptop.submit("/settings/delete", "/settings/delete", {{"password", "wrong"}}).status == 422);
    CHECK(location(laptop.submit("/settings/delete", "/settings/delete",
                                 {{"password", "a long enough one"}})) == "/");
    CHECK(laptop.get("/settings").status == 303);
    CHECK(laptop.get("/users/minji").status == 404);
}

namespace {

// A Tweets that cannot do its work.
class BrokenTweets final : public tweets::TweetsAbsent {
public:
    explicit BrokenTweets(Code code) : code_(code) {}
    Result<tweets::Tweet> write(const Call&, const tweets::WriteRequest&) override { return broken(); }
    Result<tweets::Tweet> edit(const Call&, const tweets::EditRequest&) override { return broken(); }
    Result<tweets::Empty> delete_(const Call&, const tweets::DeleteRequest&) override { return broken(); }
    Result<tweets::Tweet> by_id(const Call&, const tweets::ByIdRequest&) override { return broken(); }
    Result<tweets::ThreadReply> thread(const Call&, const tweets::ByIdRequest&) override {
        throw std::runtime_error("secret thrown");
    }
    Result<tweets::TweetPage> all(const Call&, const tweets::AllRequest&) override { return broken(); }
    Result<tweets::TweetPage> by_author(const Call&, const tweets::ByAuthorRequest&) override {
        return broken();
    }
    Result<tweets::TweetPage> by_hashtag(const Call&, const tweets::ByHashtagRequest&) override {
        return broken();
    }
    Result<tweets::CountsReply> counts(const Call&, const tweets::CountsRequest&) override {
        return broken();
    }
    Result<tweets::MeasureReply> measure(const Call&, const tweets::MeasureRequest&) override {
        return broken();
    }
    Result<tweets::EventsReply> events(const Call&, const tweets::EventsRequest&) override {
        return broken();
    }

private:
    std::unexpected<Error> broken() const {
        return fail(error(code_, "Something broke.").detailed("secret detail"));
    }
    Code code_;
};

}  // namespace

TEST_CASE("a failure inside shows its trace id and nothing of the inside, and is told to the log") {
    BrokenTweets broken{Code::internal};
    Twitter twitter{{}, &broken};
    Browser visitor{twitter};
    for (const char* path : {"/", "/tweets/7", "/api/v1/tweets", "/api/v1/tweets/7"}) {
        CAPTURE(path);
        const Answer answer = visitor.get(path);
        CHECK(answer.status == (path == std::string("/") ? 503 : 500));  // a page without its list
        CHECK_FALSE(has(answer.body, "secret"));
        CHECK(has(answer.body, visitor.last_trace));
    }
    CHECK(twitter.failures.size() >= 3);
}

TEST_CASE("a module that cannot be asked makes a page that says so") {
    BrokenTweets gone{Code::unavailable};
    Twitter twitter{{}, &gone};
    Browser visitor{twitter};
    const Answer answer = visitor.get("/");
    CHECK(answer.status == 503);
    CHECK(has(answer.body, "cannot be had right now"));
    CHECK_FALSE(has(answer.body, "secret"));
    CHECK(visitor.get("/login").status == 200);
}
