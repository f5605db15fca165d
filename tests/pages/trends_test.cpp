// What trends, beside the pages: with a stand-in for the module that counts.
#include "modules/web/trends.h"

#include "tests/pages/twitter_under_test.h"

using namespace jebi;
using namespace jebi::test;

namespace {

class Counted final : public trending::TrendingAbsent {
public:
    Result<trending::TopReply> top(const Call& call, const trending::TopRequest& request) override {
        ++asked;
        until = call.until;
        if (is_away) return TrendingAbsent::top(call, request);
        trending::TopReply reply;
        for (const auto& [hashtag, tweets] : hashtags) {
            auto& one = *reply.add_hashtags();
            one.set_hashtag(hashtag);
            one.set_tweets(tweets);
        }
        return reply;
    }
    std::vector<std::pair<std::string, std::uint64_t>> hashtags{{"제비", 1'234}, {"<b>", 2}};
    bool is_away = false;
    int asked = 0;
    Deadline until{};
};

constexpr std::string_view heading = "Trending today";

}  // namespace

TEST_CASE("what trends stands beside home and search, and leads to its tweets") {
    Twitter twitter;
    Counted counted;
    web::Trends trends{counted};
    twitter.site.trends = &trends;
    Browser browser{twitter};
    for (const char* path : {"/", "/search"}) {
        const auto body = browser.get(path).body;
        CHECK(body.contains(heading));
        CHECK(body.contains(R"(href="/tweets/hashtag/%EC%A0%9C%EB%B9%84")"));
        CHECK(body.contains("1,234"));
        CHECK_FALSE(body.contains("<b></b>"));
        CHECK(body.contains("&lt;b&gt;"));
    }
    CHECK(counted.asked == 1);
    CHECK(counted.until <= in(web::Trends::asked_max));
}

TEST_CASE("where nobody counts, or nothing trends, there is no word of it") {
    Twitter twitter;
    Browser browser{twitter};
    CHECK_FALSE(browser.get("/").body.contains(heading));
    Counted counted;
    counted.hashtags.clear();
    web::Trends trends{counted};
    twitter.site.trends = &trends;
    CHECK_FALSE(browser.get("/").body.contains(heading));
}

TEST_CASE("a module that is away costs one question in some seconds, and no page") {
    Twitter twitter;
    Counted counted;
    counted.is_away = true;
    web::Trends trends{counted};
    twitter.site.trends = &trends;
    Browser browser{twitter};
    for (int i = 0; i < 3; ++i) {
        const auto answer = browser.get("/");
        CHECK(answer.status == 200);
        CHECK_FALSE(answer.body.contains(heading));
    }
    CHECK(counted.asked == 1);
    CHECK(twitter.failures.empty());
}

TEST_CASE("what was known last stands until it is too old, and comes back when the module does") {
    Counted counted;
    web::Trends trends{counted};
    const Deadline begin{};
    const Call call{.until = in(Millis{2'000})};
    Deadline now = begin + web::Trends::kept;
    CHECK(trends.at(now, call).size() == 2);
    counted.is_away = true;
    CHECK(trends.at(now + web::Trends::known_max - Millis{1}, call).size() == 2);
    CHECK(counted.asked == 2);
    CHECK(trends.at(now + web::Trends::known_max, call).empty());  // not asked again so soon
    CHECK(counted.asked == 2);
    counted.is_away = false;
    now += web::Trends::known_max + web::Trends::kept;
    CHECK(trends.at(now, call).size() == 2);
    CHECK(counted.asked == 3);
}

TEST_CASE("a page whose time for extras is used up does not ask, and leaves the turn to the next") {
    Twitter twitter;
    Counted counted;
    web::Trends trends{counted};
    twitter.site.trends = &trends;
    const http::Request request;
    web::Visit visit{.request = request, .call = {.until = in(web::request_max - web::extras_max)}};
    web::Page page;
    web::show_trends(twitter.site, visit, page);
    CHECK(counted.asked == 0);
    visit.call.until = in(web::request_max);
    web::show_trends(twitter.site, visit, page);
    CHECK(counted.asked == 1);
}
