// Tweets as pages show them: home, threads, and their buttons.
#include "tests/pages/twitter_under_test.h"

using namespace jebi;
using namespace jebi::test;

TEST_CASE("home holds one's own tweets at once, and those of whom one follows") {
    Twitter twitter;
    Member minji{twitter, "minji"}, daniel{twitter, "daniel"};
    daniel.write("before");
    CHECK_FALSE(has(minji.get("/").body, "before"));
    CHECK(has(minji.get("/").body, "Quiet so far"));
    CHECK(has(minji.get("/tweets").body, "before"));
    CHECK(minji.press("/users/daniel/follow").status == 303);
    twitter.settle();
    CHECK(has(minji.get("/").body, "before"));
    minji.write("words of her own");
    CHECK(has(minji.get("/").body, "words of her own"));
    CHECK_FALSE(has(daniel.get("/").body, "words of her own"));
    CHECK(minji.press("/users/daniel/follow", false).status == 303);
    twitter.settle();
    CHECK_FALSE(has(minji.get("/").body, "before"));
}

TEST_CASE("home goes on in pages, and the page of everybody too") {
    Twitter twitter;
    Member minji{twitter, "minji"};
    for (int i = 0; i < 25; ++i)
        minji.write("tweet number " + std::to_string(i) + ".");
    for (const char* path : {"/", "/tweets"}) {
        CAPTURE(path);
        std::string at = path;
        std::size_t seen = 0, pages = 0;
        std::smatch older;
        for (std::string body; !at.empty(); ++pages) {
            REQUIRE(pages < 5);
            body = minji.get(at).body;
            seen += count_of(body, "tweet number");
            at = std::regex_search(body, older, std::regex{"rel=\"next\" href=\"([^\"]+)\""}) ? older[1].str()
                                                                                              : "";
        }
        CHECK(seen == 25);
        CHECK(pages == 2);
    }
}

TEST_CASE("without timelines one sees what everybody writes, and is told so") {
    Twitter twitter;
    timelines::TimelinesAbsent absent;
    const web::Site site{
        twitter.accounts, twitter.follows, twitter.tweets,    absent,         twitter.notifications,
        twitter.messages, twitter.search,  twitter.templates, twitter.assets, twitter.clock,
        twitter.stats,    twitter.events,  twitter.analytics, twitter.hub,    {}};
    http::Router router;
    web::bind(router, site, [](const http::Request&, const Error&) {});
    Member minji{twitter, "minji"};
    minji.write("still here");
    http::Request request;
    request.path = "/";
    request.until = in(Millis{10'000});
    const std::string cookie = "jebi=" + minji.cookies.at("jebi");
    request.fields.add("Cookie", cookie);
    const Answer answer = router.answer(request);
    CHECK(answer.status == 200);
    CHECK(has(answer.body, "cannot be put together"));
    CHECK(has(answer.body, "still here"));
}

TEST_CASE("a thread is shown in its order, with what it answers above and answers below") {
    Twitter twitter;
    Member minji{twitter, "minji"}, daniel{twitter, "daniel"};
    const std::string first = minji.write("the first");
    const std::string second = daniel.reply(first, "the second");
    const std::string third = minji.reply(second, "the third");
    daniel.reply(third, "the fourth");
    const std::string body = Browser{twitter}.get("/tweets/" + second).body;
    CHECK(body.find("the first") < body.find("class=\"single\""));
    CHECK(body.find("class=\"single\"") < body.find("the third"));
    CHECK(body.find("the third") < body.find("the fourth"));
    CHECK(has(body, "nested-0"));
    CHECK(has(body, "nested-1"));
    CHECK(has(body, "Replying to @minji"));
    CHECK_FALSE(has(body, "name=\"text\""));  // a visitor cannot answer
    CHECK(has(daniel.get("/tweets/" + second).body, "action=\"/tweets/" + second + "/comments\""));
}

TEST_CASE("a deleted tweet with answers leaves a gap, one without leaves nothing") {
    Twitter twitter;
    Member minji{twitter, "minji"}, daniel{twitter, "daniel"};
    const std::string first = minji.write("to be deleted");
    const std::string answer = daniel.reply(first, "what did you say");
    CHECK(minji.submit("/", "/tweets/" + first + "/delete", {}).status == 303);
    const Answer gone = daniel.get("/tweets/" + first);
    CHECK(gone.status == 200);
    CHECK(has(gone.body, "not available"));
    CHECK(has(gone.body, "what did you say"));
    CHECK_FALSE(has(gone.body, "to be deleted"));
    CHECK(has(daniel.get("/tweets/" + answer).body, "not available"));
    CHECK(daniel.submit("/", "/tweets/" + first + "/comments", {{"text", "too late"}}).status == 404);
    CHECK(daniel.submit("/", "/tweets/" + answer + "/delete", {}).status == 303);
    CHECK(daniel.get("/tweets/" + answer).status == 404);
}

TEST_CASE("a reply is deleted by its own id below the tweet that it answers, by one of the two authors") {
    Twitter twitter;
    Member minji{twitter, "minji"}, daniel{twitter, "daniel"}, haerin{twitter, "haerin"};
    const std::string first = minji.write("a question");
    const std::string other = minji.write("another");
    const std::string answer = daniel.reply(first, "an answer");
    const std::string unwelcome = daniel.reply(first, "an unwelcome one");
    const std::string at = "/tweets/" + first + "/comments";
    CHECK(haerin.submit("/", at, {{"_method", "DELETE"}, {"comment", answer}}).status == 403);
    CHECK(minji.submit("/", at, {{"_method", "DELETE"}, {"comment", unwelcome}}).status == 303);
    CHECK(daniel.get("/tweets/" + unwelcome).status == 404);
    CHECK(daniel.submit("/", "/tweets/" + other + "/comments", {{"_method", "DELETE"}, {"comment", answer}})
              .status == 404);
    CHECK(daniel.submit("/", at, {{"_method", "DELETE"}, {"comment", "x"}}).status == 404);
    CHECK(daniel.submit("/", at, {{"_method", "DELETE"}, {"comment", answer}}).status == 303);
    CHECK(daniel.get("/tweets/" + answer).status == 404);
    CHECK(location(daniel.get(at)) == "/tweets/" + first + "#reply");  // the original added one by GET
}

TEST_CASE("a reply that is refused keeps what was typed, on its thread") {
    Twitter twitter;
    Member minji{twitter, "minji"};
    const std::string first = minji.write("a question");
    const Answer refused =
        minji.submit("/", "/tweets/" + first + "/comments", {{"text", std::string(281, 'b')}});
    CHECK(refused.status == 422);
    CHECK(has(refused.body, std::string(281, 'b')));
    CHECK(has(refused.body, "a question"));
}

TEST_CASE("likes and reposts are set and unset, each as often as one wants, with the same effect") {
    Twitter twitter;
    Member minji{twitter, "minji"}, daniel{twitter, "daniel"};
    const std::string id = minji.write("like me");
    for (const std::string what : {"favorites", "reposts"}) {
        CAPTURE(what);
        const std::string at = "/tweets/" + id + "/" + what;
        const std::string set =
            "formaction=\"" + at + "\" name=\"_method\" value=\"DELETE\" aria-pressed=\"true\"";
        for (int twice = 0; twice < 2; ++twice) {
            CHECK(daniel.press(at).status == 303);
            CHECK(has(daniel.get("/tweets/" + id).body, set));
        }
        CHECK(has(minji.get(at).body, "@daniel"));
        CHECK(has(minji.get("/tweets/" + id).body, "<span class=\"n\">1</span>"));
        for (int twice = 0; twice < 2; ++twice) {
            // As the original: by the method DELETE; the token may come in a field of the request.
            const std::string token = Browser::token(daniel.get("/"));
            daniel.fields = {{"X-CSRF-Token", token}, {"Accept", "application/json"}};
            const Answer answer = daniel.send(http::Method::del, at, "");
            daniel.fields.clear();
            CHECK(answer.status == 200);
            CHECK(answer.body == R"({"set":false,"count":""})");
        }
        CHECK_FALSE(has(daniel.get("/tweets/" + id).body, set));
        CHECK(has(minji.get(at).body, "Nobody"));
    }
}

TEST_CASE("a button leads back to where it was pressed, and to no other site") {
    Twitter twitter;
    Member minji{twitter, "minji"};
    const std::string id = minji.write("press me");
    const std::string at = "/tweets/" + id + "/favorites";
    const std::string token = Browser::token(minji.get("/"));
    const auto pressed_from = [&](const std::string& referer) {
        minji.fields = {{"Referer", referer}};
        return location(minji.post(at, {{"csrf", token}}));
    };
    CHECK(pressed_from("http://jebi.example/users/minji?before=9") == "/users/minji?before=9#t" + id);
    CHECK(pressed_from("http://evil.example/") == "/tweets/" + id + "#t" + id);
    CHECK(pressed_from("http://jebi.example//evil.example") == "/tweets/" + id + "#t" + id);
    CHECK(pressed_from("") == "/tweets/" + id + "#t" + id);
}

TEST_CASE("a repost stands in lists with who reposted it, and its own address leads to the original") {
    Twitter twitter;
    Member minji{twitter, "minji"}, daniel{twitter, "daniel"}, priya{twitter, "priya"};
    const std::string id = minji.write("worth repeating");
    daniel.press("/tweets/" + id + "/reposts");
    priya.press("/users/daniel/follow");
    twitter.settle();
    const std::string home = priya.get("/").body;
    CHECK(has(home, "worth repeating"));
    CHECK(has(home, "daniel reposted"));
    const std::string entry = priya.newest();
    CHECK(entry != id);
    CHECK(location(priya.get("/tweets/" + entry)) == "/tweets/" + id);
    CHECK(has(Browser{twitter}.get("/users/daniel").body, "worth repeating"));
}

TEST_CASE("a pinned tweet stands first on its author's page, and only the author pins") {
    Twitter twitter;
    Member minji{twitter, "minji"}, daniel{twitter, "daniel"};
    const std::string old = minji.write("an old one");
    minji.write("a new one");
    CHECK(daniel.press("/tweets/" + old + "/pin").status == 403);
    CHECK(minji.press("/tweets/" + old + "/pin").status == 303);
    const std::string body = daniel.get("/users/minji").body;
    CHECK(has(body, "Pinned tweet"));
    CHECK(body.find("an old one") < body.find("a new one"));
    minji.press("/tweets/" + old + "/pin", false);
    CHECK_FALSE(has(daniel.get("/users/minji").body, "Pinned tweet"));
}

TEST_CASE("a tweet with another's address shows that one") {
    Twitter twitter;
    Member minji{twitter, "minji"};
    minji.host = "jebi.example.org";  // a name that texts are searched for addresses by
    const std::string id = minji.write("the quoted one");
    minji.write("look: http://jebi.example.org/tweets/" + id);
    CHECK(count_of(minji.get("/").body, "the quoted one") == 2);
    CHECK(has(minji.get("/").body, "class=\"quoted\""));
}
