// Taking one's account along, and bringing it to another jebi.
#include "kit/base/json.h"
#include "tests/pages/twitter_under_test.h"

using namespace jebi;
using namespace jebi::test;

namespace {

// Keeps the whole of a body.
class Kept final : public http::BodyWriter {
public:
    bool write(std::string_view piece) override {
        all += piece;
        return true;
    }
    bool wait_until(Deadline) override { return false; }
    bool wait_until(Deadline, const fiber::Event&) override { return false; }
    std::string all;
};

std::string exported(Member& member) {
    const Answer answer = member.submit("/settings", "/settings/export", {});
    REQUIRE(answer.status == 200);
    CHECK(has(std::string(answer.fields.get("Content-Disposition").value_or("")), "attachment"));
    Kept kept;
    answer.stream(kept);
    return kept.all;
}

Answer import_into(Member& member, const std::string& file) {
    const std::string token = Browser::token(member.get("/settings"));
    const std::string boundary = "----jebi-test";
    const auto part = [&](const std::string& head, const std::string& bytes) {
        return "--" + boundary + "\r\nContent-Disposition: form-data; " + head + "\r\n\r\n" + bytes + "\r\n";
    };
    member.fields = {{"Content-Type", "multipart/form-data; boundary=" + boundary}};
    Answer answer =
        member.send(http::Method::post, "/settings/import",
                    part("name=\"csrf\"", token) + part("name=\"file\"; filename=\"a.json\"", file) + "--" +
                        boundary + "--\r\n");
    member.fields.clear();
    return answer;
}

std::vector<std::string> texts_of(const std::string& file) {
    const auto document = json::parse(file).value();
    std::vector<std::string> texts;
    for (const json::Value& tweet : *document.find("tweets")->array())
        texts.push_back(*tweet.find("text")->text());
    return texts;
}

}  // namespace

TEST_CASE("an account's file holds all that is one's own, and nothing of others") {
    Twitter twitter;
    Member minji{twitter, "minji"}, daniel{twitter, "daniel"}, priya{twitter, "priya"};
    std::string last;
    for (int i = 0; i < 130; ++i)
        last = minji.write("tweet " + std::to_string(i));
    minji.reply(last, "an answer to oneself");
    const std::string his = daniel.write("daniel's words");
    minji.press("/tweets/" + his + "/favorites");
    minji.press("/tweets/" + his + "/reposts");
    minji.press("/users/daniel/follow");
    daniel.press("/users/minji/follow");
    minji.press("/users/priya/block");
    minji.submit("/messages/daniel", "/messages/daniel", {{"text", "between us"}});
    priya.submit("/messages/daniel", "/messages/daniel", {{"text", "of no concern"}});

    const std::string file = exported(minji);
    const auto document = json::parse(file).value();
    CHECK(document.find("complete")->flag() == true);
    CHECK(document.find("tweets")->array()->size() == 132);
    CHECK(*document.find("likes")->array()->front().find("author")->text() == "daniel");
    CHECK(*document.find("following")->array()->front().text() == "daniel");
    CHECK(*document.find("followers")->array()->front().text() == "daniel");
    CHECK(*document.find("blocked")->array()->front().text() == "priya");
    CHECK(has(file, "between us"));
    CHECK(has(file, "minji@example.org"));
    CHECK_FALSE(has(file, "of no concern"));
    CHECK_FALSE(has(file, "daniel@example.org"));
    CHECK_FALSE(has(file, "argon2"));
    CHECK(location(Browser{twitter}.submit("/login", "/settings/export", {})) == "/login");
}

TEST_CASE("what was exported from one jebi stands in another as it was, also when it is brought twice") {
    Twitter from, to;
    Member minji{from, "minji"}, daniel{from, "daniel"};
    minji.submit("/settings", "/settings/profile",
                 {{"display_name", "김민지"}, {"bio", "두 줄\n소개"}, {"link", "https://example.org/"}});
    const std::string first = minji.write("첫 글 #제비 <b>");
    minji.write("둘째 글");
    minji.reply(first, "첫 글에 답글");
    minji.press("/tweets/" + daniel.write("not mine") + "/reposts");
    minji.press("/users/daniel/follow");
    const std::string file = exported(minji);

    Member again{to, "minji2"}, daniel_there{to, "daniel"};
    const Answer done = import_into(again, file);
    CHECK(done.status == 200);
    CHECK(has(done.body, "All of the file is here now"));
    CHECK(has(done.body, "Tweets: 3"));
    const std::string profile = again.get("/users/minji2/replies").body;
    CHECK(has(profile, "김민지"));
    CHECK(count_of(profile, "class=\"tweet\"") == 3);
    CHECK(has(profile, "edited"));
    CHECK(profile.find("둘째 글") < profile.find("첫 글 <a"));
    CHECK(has(again.get("/tweets/hashtag/%EC%A0%9C%EB%B9%84").body, "&lt;b&gt;"));
    CHECK(has(daniel_there.get("/users/daniel/followers").body, "@minji2<"));
    CHECK(has(profile, "Replying to @minji2"));

    CHECK(import_into(again, file).status == 200);
    const std::string there = exported(again);
    CHECK(texts_of(there).size() == 3);
    std::smatch time;
    REQUIRE(std::regex_search(file, time, std::regex{"#제비[^}]*\"created_ms\":([0-9]+)"}));
    CHECK(has(there, "\"created_ms\":" + time[1].str() + ",\"edited_ms\""));
}

TEST_CASE("a file that is none, is cut off or too large is refused with the reason, and nothing is brought") {
    Twitter twitter;
    Member minji{twitter, "minji"};
    const std::string good = exported(minji);
    std::string many = R"({"format":"jebi-account","version":1,"complete":true,"following":[)";
    for (int i = 0; i < 10'001; ++i)
        many += "\"x\",";
    many += "\"x\"]}";
    const std::vector<std::pair<std::string, std::string>> refused{
        {"no json", "cannot be read"},
        {good.substr(0, good.size() / 2), "cannot be read"},
        {R"({"format":"jebi-account","version":1,"tweets":[]})", "cut off"},
        {R"({"format":"jebi-account","version":2,"complete":true})", "newer"},
        {R"({"tweets":[{"id":"1","text":"x"}]})", "newer"},
        {many, "more than can be brought"},
    };
    for (const auto& [file, why] : refused) {
        CAPTURE(why);
        const Answer answer = import_into(minji, file);
        CHECK(answer.status == 422);
        CHECK(has(answer.body, why));
    }
    CHECK(has(import_into(minji, "").body, "Choose a file"));
    CHECK(has(minji.get("/users/minji").body, "Tweets: 0"));
}

TEST_CASE("members of a file that make no sense are refused one by one, and the rest is brought") {
    Twitter twitter;
    Member minji{twitter, "minji"};
    const std::string file = R"({"format":"jebi-account","version":1,"complete":true,"profile":7,"tweets":[)"
                             R"({"id":"5","text":"good","created_ms":1760000000000,"reply_to":"5"},)"
                             R"({"id":"6","text":"","created_ms":-9},{"id":7},5,null,)"
                             R"({"id":"8","text":"from the future","created_ms":9999999999999},)"
                             R"({"id":"9","text":"from before all","created_ms":1}],)"
                             R"("following":["minji","nobody",3],"muted":{"a":1}})";
    const Answer done = import_into(minji, file);
    CHECK(has(done.body, "Tweets: 2"));
    CHECK(has(done.body, "cannot be kept here: 5"));
    CHECK(has(done.body, "nobody has here: 1"));
    CHECK(has(minji.get("/users/minji").body, "from before all"));
}
