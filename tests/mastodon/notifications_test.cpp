// Notifications and markers.
#include "tests/mastodon/client_under_test.h"

using namespace jebi;
using namespace jebi::test;
using List = std::vector<std::string>;

namespace {

// Types and who did it, the newest first: "favourite joon".
List told(Client& client, const std::string& query = "") {
    List all;
    const auto notifications = client.read("/api/v1/notifications" + query);
    for (const json::Value& one : *notifications.array())
        all.push_back(text(one, "type") + " " + text(member(one, "account"), "acct"));
    return all;
}

struct Pair {
    // What joon does to mira, in this order.
    Pair() {
        status = mira.write("hello");
        joon.follow(mira);
        joon.act("/api/v1/statuses/" + status + "/favourite");
        joon.act("/api/v1/statuses/" + status + "/reblog");
        joon.write("@mira hi");
        joon.write("an answer", status);
        twitter.settle();
    }
    Twitter twitter;
    Client mira{twitter, "mira"};
    Client joon{twitter, "joon"};
    std::string status;
};

}  // namespace

TEST_CASE("notifications have Mastodon's types, and the status that they are about") {
    Pair pair;
    List all = told(pair.mira);
    std::ranges::sort(all);
    CHECK(all == List{"favourite joon", "follow joon", "mention joon", "mention joon", "reblog joon"});
    CHECK(told(pair.joon).empty());
    const auto liked = pair.mira.read("/api/v1/notifications?types[]=favourite");
    REQUIRE(liked.array()->size() == 1);
    const json::Value& one = liked.array()->front();
    CHECK(text(member(one, "status"), "id") == pair.status);
    CHECK(text(pair.mira.read("/api/v1/notifications/" + text(one, "id")), "type") == "favourite");
    CHECK(pair.joon.get("/api/v1/notifications/" + text(one, "id")).status == 404);
}

TEST_CASE("types are asked for and left out, and one that there is none of finds nothing") {
    Pair pair;
    CHECK(told(pair.mira, "?types[]=follow") == List{"follow joon"});
    CHECK(told(pair.mira, "?types[]=poll").empty());
    CHECK(told(pair.mira, "?exclude_types[]=mention&exclude_types[]=favourite&exclude_types[]=reblog") ==
          List{"follow joon"});
}

TEST_CASE("notifications are walked by the Link field") {
    Pair pair;
    List walked;
    std::string path = "/api/v1/notifications?limit=2";
    for (int pages = 0; pages < 5 && !path.empty(); ++pages) {
        const Answer answer = pair.mira.get(path);
        for (const std::string& id : ids_of(json_of(answer)))
            walked.push_back(id);
        const std::string link = field(answer, "Link");
        const auto begin = link.find("/api");
        path = has(link, "rel=\"next\"") ? link.substr(begin, link.find('>') - begin) : "";
    }
    CHECK(walked == ids_of(pair.mira.read("/api/v1/notifications")));
    CHECK(walked.size() == 5);
}

TEST_CASE("markers say how far one has read, in JSON and as a form, and never go back") {
    Pair pair;
    const auto ids = ids_of(pair.mira.read("/api/v1/notifications"));
    CHECK(number(pair.mira.read("/api/v1/notifications/unread_count"), "count") == 5);
    const auto marked =
        pair.mira.act("/api/v1/markers",
                      R"({"home":{"last_read_id":"1"},"notifications":{"last_read_id":")" + ids[1] + "\"}}");
    CHECK(text(member(marked, "notifications"), "last_read_id") == ids[1]);
    CHECK(marked.find("home") == nullptr);
    CHECK(number(pair.mira.read("/api/v1/notifications/unread_count"), "count") == 1);
    pair.mira.act("/api/v1/markers", "notifications[last_read_id]=" + ids[4]);
    const auto markers = pair.mira.read("/api/v1/markers?timeline[]=home&timeline[]=notifications");
    CHECK(text(member(markers, "notifications"), "last_read_id") == ids[1]);
    CHECK(pair.mira.read("/api/v1/markers?timeline[]=home").object()->empty());
}

TEST_CASE("notifications are dismissed one by one, and all at once") {
    Pair pair;
    const auto ids = ids_of(pair.mira.read("/api/v1/notifications"));
    CHECK(pair.mira.act("/api/v1/notifications/" + ids[0] + "/dismiss").object()->empty());
    CHECK(ids_of(pair.mira.read("/api/v1/notifications")).size() == 4);
    pair.mira.act("/api/v1/notifications/clear");
    CHECK(ids_of(pair.mira.read("/api/v1/notifications")).empty());
}

TEST_CASE("nobody is told by those whom they block") {
    Pair pair;
    pair.mira.act("/api/v1/accounts/" + pair.joon.id + "/block");
    CHECK(told(pair.mira).empty());
}
