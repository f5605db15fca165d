// The contracts between the modules, to be read.
#include "tests/pages/twitter_under_test.h"

using namespace jebi;
using namespace jebi::test;

TEST_CASE("the contracts are listed with their calls, in both languages") {
    Twitter twitter;
    Browser browser{twitter};
    for (const char* language : {"ko", "en"}) {
        const auto body = browser.get(std::string("/contracts?lang=") + language).body;
        for (const char* name : {"accounts", "follows", "messages", "notifications", "search", "timelines",
                                 "trending", "tweets"})
            CHECK(body.contains(std::string("href=\"/contracts/") + name + '"'));
        CHECK(body.contains("href=\"/contracts/tweets#Write\""));
    }
}

TEST_CASE("a contract's page has each call with its comment and a curl line, and each message") {
    Twitter twitter;
    Browser browser{twitter};
    const auto answer = browser.get("/contracts/tweets");
    CHECK(answer.status == 200);
    CHECK(answer.body.contains("Writes a tweet as the calling user."));
    CHECK(answer.body.contains("curl --unix-socket data/run/tweets.sock"));
    CHECK(answer.body.contains("http://jebi/jebi.tweets.v1.Tweets/ByIds"));
    CHECK(answer.body.contains("id=\"m-HashtagList.Used\""));
    CHECK(answer.body.contains("as it was last typed, without its sign"));
}

TEST_CASE("a contract's page says what may be repeated, what stands for what, and shows code as code") {
    Twitter twitter;
    Browser browser{twitter};
    const auto trending = browser.get("/contracts/trending?lang=en").body;
    CHECK(trending.contains("<span class=\"badge\">changes nothing</span>"));
    CHECK_FALSE(trending.contains("<span class=\"badge\">may be repeated</span>"));
    CHECK(trending.contains("<code>unavailable</code> and <code>deadline</code> from every call."));
    CHECK(trending.contains("<a href=\"#m-TopReply.Hashtag\">repeated TopReply.Hashtag</a>"));
    const auto tweets = browser.get("/contracts/tweets?lang=en").body;
    CHECK(tweets.contains("<span class=\"badge\">may be repeated</span>"));
    CHECK(tweets.contains("As <a href=\"#"));
    CHECK(tweets.contains(" · one of "));
    CHECK(tweets.contains("<span class=\"badge\">enum</span>"));
}

TEST_CASE("a contract that is not there is not found") {
    Twitter twitter;
    CHECK(Browser{twitter}.get("/contracts/nothing").status == 404);
}

TEST_CASE("the contracts are there as data") {
    Twitter twitter;
    const auto answer = Browser{twitter}.get("/contracts.binpb");
    CHECK(answer.status == 200);
    CHECK(answer.fields.get("Content-Type") == "application/protobuf");
    CHECK(answer.body.contains("jebi.trending.v1"));
    CHECK(answer.body.contains("jebi.rpc.v1"));
}
