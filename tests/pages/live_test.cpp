// The news that an open page is told.
#include "tests/pages/twitter_under_test.h"

using namespace jebi;
using namespace jebi::test;

namespace {

// A connection whose client leaves after so many pieces.
class Connection final : public http::BodyWriter {
public:
    explicit Connection(std::size_t pieces_max) : pieces_max_(pieces_max) {}
    bool write(std::string_view piece) override {
        all += piece;
        return ++pieces_ < pieces_max_;
    }
    bool wait_until(Deadline) override { return false; }
    bool wait_until(Deadline, const fiber::Event&) override { return false; }

    std::string all;

private:
    std::size_t pieces_max_, pieces_ = 0;
};

}  // namespace

TEST_CASE("a page hears how many tweets its list has got, and no word of them") {
    Twitter twitter;
    Member minji{twitter, "minji"}, daniel{twitter, "daniel"};
    twitter.tell();
    const Answer answer = minji.get("/events?feed=all");
    CHECK(answer.fields.get("Content-Type") == "text/event-stream");
    const std::string first = daniel.write("a secret #tag");
    daniel.reply(first, "an answer, which that list does not have");
    minji.write("one's own is no news");
    daniel.write("another");
    twitter.tell();
    Connection connection{3};
    answer.stream(connection);
    CHECK(connection.all ==
          "retry: 5000\n\nevent: news\ndata: {\"count\":1}\n\nevent: news\ndata: {\"count\":2}\n\n");
}

TEST_CASE("home's news are those of people whom one follows, and what one missed") {
    Twitter twitter;
    Member minji{twitter, "minji"}, daniel{twitter, "daniel"}, priya{twitter, "priya"};
    minji.press("/users/daniel/follow");
    const std::string seen = minji.write("seen");
    daniel.write("missed");
    twitter.settle();
    twitter.tell();
    const Answer answer = minji.get("/events?feed=home&since=" + seen);
    priya.write("of no concern");
    daniel.write("new");
    twitter.tell();
    Connection connection{3};
    answer.stream(connection);
    CHECK(has(connection.all, "{\"count\":1}"));
    CHECK(has(connection.all, "{\"count\":2}"));
}

TEST_CASE("whom one mutes or blocks makes no news") {
    Twitter twitter;
    Member minji{twitter, "minji"}, daniel{twitter, "daniel"}, priya{twitter, "priya"},
        tomas{twitter, "tomas"};
    minji.press("/users/daniel/mute");
    priya.press("/users/minji/block");
    twitter.tell();
    const Answer answer = minji.get("/events?feed=all");
    daniel.write("muted");
    priya.write("blocking");
    tomas.write("heard");
    twitter.tell();
    Connection connection{2};
    answer.stream(connection);
    CHECK(has(connection.all, "{\"count\":1}"));
}

TEST_CASE("a message makes the count in the header of whom it is for") {
    Twitter twitter;
    Member minji{twitter, "minji"}, daniel{twitter, "daniel"};
    twitter.tell();
    const Answer answer = minji.get("/events");
    daniel.submit("/messages/minji", "/messages/minji", {{"text", "hello"}});
    twitter.tell();
    Connection connection{2};
    answer.stream(connection);
    CHECK(has(connection.all, "event: messages\ndata: {\"count\":1}"));
}

TEST_CASE("streams end with the hub, and beyond their bound there are none") {
    Twitter twitter;
    Member minji{twitter, "minji"};
    const Answer answer = minji.get("/events?feed=home");
    std::vector<Answer> more;
    for (std::size_t i = 1; i < web::Hub::subscriptions_a_user_max; ++i)
        more.push_back(minji.get("/events"));
    CHECK(minji.get("/events").status == 429);
    twitter.hub.end();
    Connection connection{9};
    answer.stream(connection);
    CHECK(connection.all == "retry: 5000\n\n");
}
