// Streaming: WebSocket in both of the ways that clients speak it, and over plain HTTP.
#include <thread>

#include "kit/http/server.h"
#include "kit/http/websocket_testing.h"
#include "tests/mastodon/client_under_test.h"

using namespace jebi;
using namespace jebi::test;
using http::WebSocketPeer;

namespace {

// Served on a socket, with what happens told when a test says so.
struct Served {
    Served() {
        twitter.tell();  // from now on
        const auto at = fiber::Address::from("127.0.0.1:0").value();
        server = http::Server::start(loops, at, {}, [this](http::Request& request) {
                     return twitter.router.answer(request);
                 }).value();
    }
    ~Served() { twitter.hub.end(); }

    WebSocketPeer connect(const std::string& query, const std::string& fields = "") const {
        return WebSocketPeer{server->address(), "/api/v1/streaming" + query, fields};
    }
    // Until so many streams are open: what a client says is heard a moment later.
    void await_streams(std::size_t count) const {
        const Deadline until = in(Millis{10'000});
        while (twitter.hub.subscriptions() != count && std::chrono::steady_clock::now() < until)
            std::this_thread::yield();
        REQUIRE(twitter.hub.subscriptions() == count);
    }

    Twitter twitter;
    fiber::Loops loops{2};
    std::unique_ptr<http::Server> server;
};

std::string token_of(const Client& client) {
    return client.fields.front().second.substr(std::string("Bearer ").size());
}

// What a message is about: "user update hello" for a status in the stream "user".
std::string told(const std::string& message) {
    INFO(message);
    const auto value = json::parse(message);
    REQUIRE(value);
    std::string about;
    for (const json::Value& name : *member(*value, "stream").array())
        about += *name.text() + " ";
    const std::string event = text(*value, "event");
    const std::string payload = text(*value, "payload");
    if (event == "delete") return about + event + " " + payload;
    return about + event + " " + text(json::parse(payload).value(), "content");
}

}  // namespace

TEST_CASE("a token may be the WebSocket's subprotocol, which is echoed, and streams are asked for later") {
    Served served;
    Client mira{served.twitter, "mira"};
    auto peer = served.connect("", "Sec-WebSocket-Protocol: " + token_of(mira) + "\r\n");
    CHECK(peer.answer.starts_with("HTTP/1.1 101 "));
    CHECK(has(peer.answer, "Sec-WebSocket-Protocol: " + token_of(mira) + "\r\n"));
    peer.say(R"({"type":"subscribe","stream":"user"})");
    served.await_streams(1);
    const std::string id = mira.write("hello");
    served.twitter.tell();
    CHECK(told(peer.hear()) == "user update <p>hello</p>");
    mira.change(http::Method::put, "/api/v1/statuses/" + id, R"({"status":"hallo"})");
    served.twitter.tell();
    CHECK(told(peer.hear()) == "user status.update <p>hallo</p>");
    mira.change(http::Method::del, "/api/v1/statuses/" + id);
    served.twitter.tell();
    CHECK(told(peer.hear()) == "user delete " + id);
}

TEST_CASE("a token and a stream may stand in the address, and the token in its usual field") {
    Served served;
    Client mira{served.twitter, "mira"};
    Client joon{served.twitter, "joon"};
    mira.follow(joon);
    auto query = served.connect("?stream=user&access_token=" + token_of(mira));
    auto field = served.connect("?stream=user", "Authorization: Bearer " + token_of(mira) + "\r\n");
    auto slash = served.connect("/?stream=user&access_token=" + token_of(mira));
    served.await_streams(3);
    joon.write("hello");
    served.twitter.tell();
    for (WebSocketPeer* peer : {&query, &field, &slash})
        CHECK(told(peer->hear()) == "user update <p>hello</p>");
}

TEST_CASE("a hashtag's stream has its tweets only, and names its tag") {
    Served served;
    Client mira{served.twitter, "mira"};
    auto peer = served.connect("?stream=hashtag&tag=%EC%A0%9C%EB%B9%84");
    served.await_streams(1);
    mira.write("nothing");
    mira.write("봄 #제비");
    served.twitter.tell();
    CHECK(told(peer.hear()).starts_with("hashtag 제비 update <p>봄 "));
}

TEST_CASE("the public stream has what the public list has: no replies, no reposts, nobody who is blocked") {
    Served served;
    Client mira{served.twitter, "mira"};
    Client joon{served.twitter, "joon"};
    Client sora{served.twitter, "sora"};
    mira.act("/api/v1/accounts/" + joon.id + "/block");
    auto peer = served.connect("?stream=public&access_token=" + token_of(mira));
    served.await_streams(1);
    joon.write("blocked");
    const std::string id = sora.write("first");
    sora.write("reply", id);
    sora.act("/api/v1/statuses/" + id + "/reblog");
    sora.write("second");
    served.twitter.tell();
    CHECK(told(peer.hear()) == "public update <p>first</p>");
    CHECK(told(peer.hear()) == "public update <p>second</p>");
}

TEST_CASE("what is unsubscribed is not told any more, and what is subscribed twice is told once") {
    Served served;
    Client mira{served.twitter, "mira"};
    auto peer = served.connect("?stream=public");
    peer.say(R"({"type":"subscribe","stream":"public"})");
    peer.say(R"({"type":"subscribe","stream":"hashtag","tag":"jebi"})");
    served.await_streams(2);
    peer.say(R"({"type":"unsubscribe","stream":"public"})");
    served.await_streams(1);
    mira.write("nothing");
    mira.write("about #jebi");
    served.twitter.tell();
    CHECK(told(peer.hear()).starts_with("hashtag jebi update <p>about "));
}

TEST_CASE("what cannot be listened to is told, and the connection goes on") {
    Served served;
    auto peer = served.connect("");
    const auto status_for = [&](const std::string& message) {
        peer.say(message);
        return number(json::parse(peer.hear()).value(), "status");
    };
    CHECK(status_for(R"({"type":"subscribe","stream":"everything"})") == 404);
    CHECK(status_for(R"({"type":"subscribe","stream":"user"})") == 401);
    CHECK(status_for(R"({"type":"subscribe","stream":"hashtag"})") == 400);
    CHECK(status_for(R"({"type":"dance"})") == 400);
    CHECK(status_for("not JSON") == 400);
    for (int i = 0; i < 20; ++i)
        peer.say(R"({"type":"subscribe","stream":"hashtag","tag":"tag)" + std::to_string(i) + "\"}");
    CHECK(status_for(R"({"type":"subscribe","stream":"hashtag","tag":"one more"})") == 429);
    CHECK(served.twitter.hub.subscriptions() == 20);
}

TEST_CASE("a wrong token opens nothing") {
    Served served;
    for (const char* query : {"?access_token=wrong", ""}) {
        const std::string protocol = *query == '\0' ? "Sec-WebSocket-Protocol: wrong\r\n" : "";
        CHECK(served.connect(query, protocol).answer.starts_with("HTTP/1.1 401 "));
    }
    CHECK(served.twitter.hub.subscriptions() == 0);
}

TEST_CASE("streams end with their connection, and connections with the hub") {
    Served served;
    {
        auto peer = served.connect("?stream=public");
        served.await_streams(1);
        peer.close(http::CloseCode::normal);
        CHECK(peer.closed() == http::CloseCode::normal);
        served.await_streams(0);
    }
    {
        const auto gone = served.connect("?stream=public");
        served.await_streams(1);
    }
    served.await_streams(0);
    auto peer = served.connect("?stream=public");
    served.await_streams(1);
    served.twitter.hub.end();
    CHECK(peer.closed() == http::CloseCode::try_later);
}

TEST_CASE("notifications come with one's own stream, and alone") {
    Served served;
    Client mira{served.twitter, "mira"};
    Client joon{served.twitter, "joon"};
    auto alone = served.connect("?stream=user:notification&access_token=" + token_of(mira));
    auto own = served.connect("?stream=user&access_token=" + token_of(mira));
    served.await_streams(2);
    mira.write("not for the first");
    joon.follow(mira);
    served.twitter.settle();
    served.twitter.tell();
    const auto event = json::parse(alone.hear());
    REQUIRE(event);
    CHECK(text(*event, "event") == "notification");
    const auto notification = json::parse(text(*event, "payload")).value();
    CHECK(text(notification, "type") == "follow");
    CHECK(text(member(notification, "account"), "acct") == "joon");
    CHECK(has(own.hear() + own.hear(), R"("event":"notification")"));
}

TEST_CASE("over plain HTTP events come as lines") {
    Served served;
    Client mira{served.twitter, "mira"};
    http::RawClient client{served.server->address()};
    client.send("GET /api/v1/streaming/user HTTP/1.1\r\nHost: jebi.example\r\nAuthorization: Bearer " +
                token_of(mira) + "\r\n\r\n");
    const std::string head = client.read_until("\r\n\r\n");
    CHECK(head.starts_with("HTTP/1.1 200 "));
    CHECK(has(head, "Content-Type: text/event-stream\r\n"));
    served.await_streams(1);
    const std::string id = mira.write("hello");
    served.twitter.tell();
    // An empty line would end an event.
    CHECK_FALSE(has(client.read_until("event: update\ndata: "), "\n\n"));
    const auto status = json::parse(client.read_until("\n\n"));
    REQUIRE(status);
    CHECK(text(*status, "id") == id);
    CHECK(text(member(*status, "account"), "avatar").starts_with("http://jebi.example/"));
}

TEST_CASE("streams over HTTP are for those who may, and their health is fine") {
    Served served;
    Client visitor{served.twitter};
    CHECK(visitor.get("/api/v1/streaming/user").status == 401);
    CHECK(visitor.get("/api/v1/streaming/user/notification").status == 401);
    CHECK(visitor.get("/api/v1/streaming/hashtag").status == 422);
    CHECK(visitor.get("/api/v1/streaming/list").status == 404);
    CHECK(visitor.get("/api/v1/streaming/health").body == "OK");
    CHECK(visitor.get("/api/v1/streaming").status == 426);
}
