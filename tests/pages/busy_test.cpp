// What is answered when more is asked of the site than it can do.
#include "kit/guard/server_limit.h"
#include "tests/pages/twitter_under_test.h"

using namespace jebi;
using namespace jebi::test;

namespace {

// A site that answers one request at a time, and one that is under way.
struct Busy {
    guard::SteadyTime time;
    guard::ServerLimit limit{{.gradient = {.min = 1, .max = 1, .initial = 1}}, time};
    Twitter twitter;
    std::optional<guard::ServerLimit::Pass> other;

    Busy() { twitter.site.limit = &limit; }
    void begin_another() { other.emplace(limit.enter(false).value()); }
};

std::string_view field_of(const Answer& answer, std::string_view name) {
    return answer.fields.get(name).value_or("");
}

}  // namespace

TEST_CASE("with more asked than can be done, people get a plain page in their language, and 503") {
    Busy busy;
    Browser browser{busy.twitter};
    CHECK(browser.get("/").status == 200);
    busy.begin_another();
    browser.fields = {{"Accept-Language", "ko"}};
    const Answer answer = browser.get("/");
    CHECK(answer.status == 503);
    CHECK(field_of(answer, "Retry-After") == "1");
    CHECK(field_of(answer, "Cache-Control") == "no-store");
    CHECK(has(answer.body, "지금 찾아온 사람이 많아요"));
    CHECK_FALSE(has(answer.body, "<form"));
    CHECK(answer.turned_away);
    CHECK(busy.limit.view().shed_users == 1);
    busy.other.reset();
    CHECK(browser.get("/").status == 200);
}

TEST_CASE("what somebody has written is in that page, and is there once when it is sent again") {
    Busy busy;
    Member minji{busy.twitter, "minji"};
    const std::string csrf = Browser::token(minji.get("/"));
    busy.begin_another();
    const Answer answer =
        minji.post("/tweets", {{"text", "\"seen\" & <b>"}, {"key", "a key of the form"}, {"csrf", csrf}});
    CHECK(answer.status == 503);
    CHECK(has(answer.body, "<form method=\"post\" action=\"/tweets\">"));
    CHECK(has(answer.body, "name=\"text\" value=\"&quot;seen&quot; &amp; &lt;b&gt;\""));
    CHECK(has(answer.body, "name=\"key\" value=\"a key of the form\""));
    busy.other.reset();
    for (int i = 0; i < 2; ++i)
        CHECK(
            minji.post("/tweets", {{"text", "seen"}, {"key", "a key of the form"}, {"csrf", csrf}}).status ==
            303);
    CHECK(count_of(minji.get("/users/minji").body, "id=\"t") == 1);
}

TEST_CASE("no password is in a page of refusal") {
    Busy busy;
    Browser browser{busy.twitter};
    busy.begin_another();
    const Answer answer =
        browser.post("/users/sessions", {{"username", "minji"}, {"password", "a long one"}});
    CHECK(answer.status == 503);
    CHECK_FALSE(has(answer.body, "a long one"));
    CHECK_FALSE(has(answer.body, "<form"));
}

TEST_CASE("what was sent to a path that reads as another host is not offered to be sent again") {
    Busy busy;
    Browser browser{busy.twitter};
    busy.begin_another();
    const Answer answer = browser.post("//evil.example/", {{"text", "forged"}});
    CHECK(answer.status == 503);
    CHECK_FALSE(has(answer.body, "evil.example"));
}

TEST_CASE("programs and scripts are told in their own shape") {
    Busy busy;
    Browser browser{busy.twitter};
    busy.begin_another();
    for (const char* path : {"/api/v1/tweets", "/api/v1/nothing-here"}) {
        const Answer ours = browser.get(path);
        CHECK(ours.status == 503);
        CHECK(field_of(ours, "Retry-After") == "1");
        CHECK(has(ours.body, "{\"error\":{\"code\":\"overloaded\""));
        CHECK(has(ours.body, browser.last_trace));
    }
    CHECK(has(browser.get("/api/v1/timelines/public").body, "{\"error\":\"Too much is asked"));
    browser.fields = {{"Accept", "application/json"}};
    CHECK(has(browser.post("/tweets/1/favorites", {}).body, "\"overloaded\""));
}

TEST_CASE("assets are given out however much is asked, and an open stream takes nobody's place") {
    Busy busy;
    Member minji{busy.twitter, "minji"};
    const Answer stream = minji.get("/events?feed=all");
    CHECK(stream.stream);
    CHECK(busy.limit.view().users == 0);
    busy.begin_another();
    CHECK(minji.get(busy.twitter.assets.address("jebi.css")).status == 200);
    CHECK(minji.get("/events?feed=all").status == 503);
}

TEST_CASE("who fails leaves their place") {
    Busy busy;
    Browser browser{busy.twitter};
    CHECK(browser.get("/nothing/here").status == 404);
    CHECK(browser.get("/tweets/1").status == 404);
    CHECK(busy.limit.view().users == 0);
}
