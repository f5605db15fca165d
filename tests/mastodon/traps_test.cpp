// What real clients stumble over: one test for each trap.
#include <algorithm>
#include <regex>

#include "tests/mastodon/client_under_test.h"

using namespace jebi;
using namespace jebi::test;

namespace {

bool has_milliseconds(const std::string& time) {
    static const std::regex wanted{R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"};
    return std::regex_match(time, wanted);
}

}  // namespace

TEST_CASE("times have milliseconds and a Z") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    const auto status = mira.read("/api/v1/statuses/" + mira.write("hello"));
    CHECK(has_milliseconds(text(status, "created_at")));
    CHECK(has_milliseconds(text(member(status, "account"), "created_at")));
    CHECK(is_null(status, "edited_at"));
    const auto edited =
        mira.change(http::Method::put, "/api/v1/statuses/" + text(status, "id"), R"({"status":"hallo"})");
    CHECK(has_milliseconds(text(edited, "edited_at")));
}

TEST_CASE("nodeinfo says jebi, and names Mastodon as what it is like") {
    Twitter twitter;
    Client visitor{twitter};
    const auto found = visitor.read("/.well-known/nodeinfo");
    const auto& link = member(found, "links").array()->front();
    CHECK(text(link, "rel") == "http://nodeinfo.diaspora.software/ns/schema/2.0");
    CHECK(text(link, "href") == "http://jebi.example/nodeinfo/2.0");
    const auto nodeinfo = visitor.read("/nodeinfo/2.0");
    CHECK(text(member(nodeinfo, "software"), "name") == "jebi");
    CHECK(text(member(member(nodeinfo, "metadata"), "upstream"), "name") == "mastodon");
}

TEST_CASE("the version begins with digits, on both instances, with and without a slash") {
    Twitter twitter{{.version = "1.2.3"}};
    Client visitor{twitter};
    for (const char* path :
         {"/api/v1/instance", "/api/v1/instance/", "/api/v2/instance", "/api/v2/instance/"})
        CHECK(text(visitor.read(path), "version") == "4.2.0 (compatible; jebi 1.2.3)");
    const auto instance = visitor.read("/api/v1/instance");
    CHECK(text(member(instance, "urls"), "streaming_api") == "ws://jebi.example");
    CHECK(number(instance, "max_toot_chars") == 280);
    CHECK(number(member(member(instance, "configuration"), "statuses"), "characters_reserved_per_url") == 23);
    const auto second = visitor.read("/api/v2/instance");
    CHECK(text(member(member(second, "configuration"), "urls"), "streaming") == "ws://jebi.example");
}

TEST_CASE("the Link field has whole addresses, the next page first, and an empty page has none") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    std::vector<std::string> written;
    for (int i = 0; i < 5; ++i)
        written.push_back(mira.write("number " + std::to_string(i)));
    std::ranges::reverse(written);

    std::vector<std::string> walked;
    std::string path = "/api/v1/accounts/" + mira.id + "/statuses?limit=2&exclude_replies=true";
    static const std::regex next{
        R"re(^<http://jebi\.example([^>]+)>; rel="next", <http[^>]+>; rel="prev"$)re"};
    for (int pages = 0; pages < 5 && !path.empty(); ++pages) {
        const Answer answer = mira.get(path);
        const auto ids = ids_of(json_of(answer));
        walked.insert(walked.end(), ids.begin(), ids.end());
        std::smatch found;
        const std::string link = field(answer, "Link");
        const bool goes_on = std::regex_search(link, found, next);
        if (goes_on) CHECK(has(link, "exclude_replies=true"));
        if (ids.empty()) CHECK(link.empty());
        path = goes_on ? std::string(found[1]) : "";
    }
    CHECK(walked == written);
    CHECK(field(mira.get("/api/v1/accounts/" + mira.id + "/statuses?max_id=" + written.back()), "Link") ==
          "");
}

TEST_CASE("a token in the address is not repeated in the Link field") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    mira.write("hello");
    const Answer answer = mira.get("/api/v1/timelines/public?access_token=secret&limit=1");
    CHECK(has(field(answer, "Link"), "rel=\"prev\""));
    CHECK_FALSE(has(field(answer, "Link"), "secret"));
}

TEST_CASE("ids are strings that sort by time, and bound lists from both sides") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    std::vector<std::string> ids;
    for (int i = 0; i < 6; ++i)
        ids.push_back(mira.write("number " + std::to_string(i)));
    CHECK(std::ranges::is_sorted(ids, {}, [](const std::string& id) { return std::stoull(id); }));
    using List = std::vector<std::string>;
    const auto listed = [&](const std::string& query) {
        return ids_of(mira.read("/api/v1/timelines/public?" + query));
    };
    CHECK(listed("max_id=" + ids[2]) == List{ids[1], ids[0]});
    CHECK(listed("since_id=" + ids[1] + "&limit=2") == List{ids[5], ids[4]});
    CHECK(listed("min_id=" + ids[1] + "&limit=2") == List{ids[3], ids[2]});
    CHECK(listed("since_id=" + ids[1] + "&max_id=" + ids[3]) == List{ids[2]});
    CHECK(listed("limit=1000").size() == 6);
}

TEST_CASE("an act may come without a body, also when it says that it is JSON") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    Client joon{twitter, "joon"};
    const std::string id = mira.write("hello");
    CHECK(flag(joon.act("/api/v1/statuses/" + id + "/favourite"), "favourited"));
    joon.fields.emplace_back("Content-Type", "application/json");
    CHECK(flag(joon.act("/api/v1/statuses/" + id + "/reblog"), "reblogged"));
    CHECK(flag(joon.act("/api/v1/accounts/" + mira.id + "/follow"), "following"));
}

TEST_CASE("the same Idempotency-Key twice makes one status") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    mira.fields.emplace_back("Idempotency-Key", "once");
    const std::string first = mira.write("안녕하세요");
    CHECK(mira.write("안녕하세요") == first);
    mira.fields.pop_back();
    CHECK(mira.write("안녕하세요") != first);
    CHECK(ids_of(mira.read("/api/v1/timelines/public")).size() == 2);
}

TEST_CASE("arrays and booleans are understood in all the ways that clients write them") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    Client joon{twitter, "joon"};
    Client sora{twitter, "sora"};
    mira.follow(joon);
    const auto both = mira.read("/api/v1/accounts/relationships?id[]=" + joon.id + "&id[]=" + sora.id);
    CHECK(ids_of(both) == std::vector<std::string>{joon.id, sora.id});
    CHECK(flag(both.array()->front(), "following"));
    CHECK_FALSE(flag(both.array()->back(), "following"));
    CHECK(ids_of(mira.read("/api/v1/accounts/relationships?id=" + sora.id)).size() == 1);
    CHECK(ids_of(mira.read("/api/v1/accounts/relationships")).empty());
    joon.write("one");
    for (const char* yes : {"true", "True", "1"})
        CHECK(ids_of(mira.read("/api/v1/timelines/public?remote=" + std::string(yes))).empty());
    for (const char* no : {"false", "False", "0"})
        CHECK(ids_of(mira.read("/api/v1/timelines/public?remote=" + std::string(no))).size() == 1);
}

TEST_CASE("pages of other sites may read answers and see where a list goes on") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    mira.fields.emplace_back("Origin", "https://phanpy.example");
    for (const char* path :
         {"/api/v1/instance", "/.well-known/nodeinfo", "/nodeinfo/2.0", "/api/v1/nothing"}) {
        const Answer answer = mira.get(path);
        CHECK(field(answer, "Access-Control-Allow-Origin") == "*");
        CHECK(has(field(answer, "Access-Control-Expose-Headers"), "Link"));
    }
    mira.fields.emplace_back("Access-Control-Request-Method", "POST");
    const Answer allowed = mira.send(http::Method::options, "/api/v1/statuses", "");
    CHECK(has(field(allowed, "Access-Control-Allow-Headers"), "Idempotency-Key"));
}

TEST_CASE("where the site is reached by https its addresses say so") {
    Twitter twitter{{.secure = true}};
    Client mira{twitter, "mira"};
    const auto status = mira.read("/api/v1/statuses/" + mira.write("hello"));
    CHECK(text(status, "url").starts_with("https://jebi.example/"));
    CHECK(text(member(status, "account"), "avatar").starts_with("https://jebi.example/"));
    CHECK(text(member(mira.read("/api/v1/instance"), "urls"), "streaming_api") == "wss://jebi.example");
}

TEST_CASE("errors are JSON with words, and the counts of requests come with every answer") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    const auto error_of = [](const Answer& answer) { return text(json_of(answer), "error"); };
    const Answer missing = mira.get("/api/v1/statuses/123");
    CHECK(missing.status == 404);
    CHECK(error_of(missing) == "Record not found");
    const Answer unknown = mira.get("/api/v1/does/not/exist");
    CHECK(unknown.status == 404);
    CHECK(error_of(unknown) == "Record not found");
    const Answer invalid = mira.send(http::Method::post, "/api/v1/statuses", R"({"status":""})");
    CHECK(invalid.status == 422);
    CHECK(error_of(invalid).starts_with("Validation failed: "));
    CHECK(std::stoi(field(invalid, "X-RateLimit-Limit")) == 300);
    CHECK(field(invalid, "X-RateLimit-Remaining") == "298");
    CHECK(has_milliseconds(field(invalid, "X-RateLimit-Reset")));
    mira.use("wrong");
    const Answer refused = mira.get("/api/v1/accounts/verify_credentials");
    CHECK(refused.status == 401);
    CHECK(error_of(refused) == "The access token is invalid");
}

TEST_CASE("content is HTML: paragraphs, line breaks and links, and everything else is escaped") {
    Twitter twitter;
    Client mira{twitter, "mira"};
    Client joon{twitter, "joon"};
    const auto content = [&](const std::string& written) {
        return text(mira.read("/api/v1/statuses/" + mira.write(written)), "content");
    };
    CHECK(content("one\ntwo\n\nthree") == "<p>one<br>two</p><p>three</p>");
    CHECK(content("<script>alert(\"1\")</script> & 'x'") ==
          "<p>&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;x&#39;</p>");
    CHECK(
        content("#제비 hi") ==
        R"(<p><a href="http://jebi.example/tweets/hashtag/%EC%A0%9C%EB%B9%84" class="mention hashtag" rel="tag">#제비</a> hi</p>)");
    CHECK(content("@Joon hi") ==
          R"(<p><a href="http://jebi.example/users/joon" class="u-url mention">@Joon</a> hi</p>)");
    CHECK(content("@nobody hi") == "<p>@nobody hi</p>");
    CHECK(has(
        content("see https://example.org/?a=1&b=2"),
        R"(<a href="https://example.org/?a=1&amp;b=2" target="_blank" rel="nofollow noopener noreferrer">)"));
}
