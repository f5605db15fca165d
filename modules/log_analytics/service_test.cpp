#include "modules/log_analytics/service.h"

#include <doctest/doctest.h>

#include <array>
#include <thread>

#include "kit/base/compress.h"
#include "kit/base/crypto.h"
#include "kit/base/json.h"
#include "kit/fiber/socket.h"
#include "kit/http/client.h"
#include "kit/http/server.h"
#include "kit/watch/metrics.h"
#include "modules/log_analytics/store/testing.h"

namespace jebi::log_analytics {
namespace {

Deadline soon() {
    return in(Millis{20'000});
}

struct Answer {
    int status;
    std::string body;
    http::Fields<std::string> fields;
};

// The service with a server in front, and a client.
struct Fixture {
    Fixture() {
        REQUIRE(start_crypto());
        StoreOptions store;
        store.free_bytes_min = 0;
        tenants = Tenants::open(folder.path(), store, disk, clock).value();
        service = std::make_unique<Service>(*tenants, clock, log, ServiceOptions{});
        service->bind(router);
        http::ServerOptions options;
        options.limits.body_bytes_max = 8 * 1024 * 1024;
        server = http::Server::start(loops, fiber::Address::from("127.0.0.1:0").value(), options,
                                     [this](http::Request& request) { return router.answer(request); })
                     .value();
        client = std::make_unique<http::Client>(http::ClientOptions{.address = server->address()});
    }

    Answer send(http::ClientRequest request) const {
        auto answer = client->send(request, soon()).value();
        return {.status = answer.status, .body = std::move(answer.body), .fields = std::move(answer.fields)};
    }
    Answer post(const std::string& target, const std::string& body,
                const http::Fields<std::string>& fields = {}) const {
        return send({.method = http::Method::post, .target = target, .fields = fields, .body = body});
    }
    Answer get(const std::string& target, const http::Fields<std::string>& fields = {}) const {
        return send({.target = target, .fields = fields});
    }
    std::string query(const std::string& sql, const http::Fields<std::string>& fields = {}) const {
        return post("/query", sql, fields).body;
    }

    TestFolder folder;
    SystemClock clock;
    disk::Disk& disk = disk::real_disk();
    watch::Log log{watch::Level::error, watch::Format::text};
    fiber::Loops loops{2};
    std::unique_ptr<Tenants> tenants;
    std::unique_ptr<Service> service;
    http::Router router;
    std::unique_ptr<http::Server> server;
    std::unique_ptr<http::Client> client;
};

// What comes of a live tail.
struct Followed {
    Followed(const Fixture& fixture, const std::string& target)
        : socket(fiber::Socket::connect(fixture.server->address(), soon()).value()) {
        REQUIRE(socket.write("GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", soon()));
    }
    void read_until(std::string_view wanted) {
        std::array<char, 4096> buffer;
        while (!read.contains(wanted)) {
            const auto count = socket.read_some(buffer, soon());
            REQUIRE(count);
            REQUIRE(*count > 0);
            read.append(buffer.data(), *count);
        }
    }
    // The digits that rows had as "n".
    std::string seen() const {
        std::string digits;
        for (std::size_t at = read.find("\"n\":"); at != read.npos; at = read.find("\"n\":", at + 1))
            digits += read[at + 4];
        return digits;
    }

    fiber::Socket socket;
    std::string read;
};

http::Fields<std::string> with(std::string name, std::string value) {
    http::Fields<std::string> fields;
    fields.add(std::move(name), std::move(value));
    return fields;
}

http::Fields<std::string> bearer(const std::string& token) {
    return with("Authorization", "Bearer " + token);
}

}  // namespace

TEST_CASE("the workshop's requests are taken as they are, and every field comes back") {
    const Fixture fixture;
    const auto script =
        fixture.post("/log", R"({"ip":"10.0.0.1","originalUrl":"/users?page=2","userID":"5f1c"})",
                     with("Content-Type", "text/plain;charset=UTF-8"));
    CHECK(script.status == 200);
    CHECK(script.body == R"({"taken":1})");
    const auto postman = fixture.post("/log", R"({"originalUrl":"/a","req":{"method":"GET"},"user":7})",
                                      with("Content-Type", "application/json"));
    CHECK(postman.status == 200);
    CHECK(fixture.query("SELECT ip, originalUrl, userID FROM logs WHERE userID = '5f1c'") ==
          "{\"ip\":\"10.0.0.1\",\"originalUrl\":\"/users?page=2\",\"userID\":\"5f1c\"}\n");
    CHECK(fixture.query("SELECT originalUrl, req.method, user FROM logs WHERE user = 7") ==
          "{\"originalUrl\":\"/a\",\"req.method\":\"GET\",\"user\":7}\n");
}

TEST_CASE("good events of a batch are kept, and bad ones are named") {
    const Fixture fixture;
    const auto answer = fixture.post("/log", "{\"n\":1}\n{broken\n{\"n\":3}\n{}\n");
    CHECK(answer.status == 200);
    const auto body = json::parse(answer.body).value();
    CHECK(body.find("taken")->integer() == 2);
    CHECK(body.find("refused")->integer() == 2);
    CHECK(body.find("refusals")->array()->at(0).find("index")->integer() == 1);
    CHECK(body.find("refusals")->array()->at(1).find("index")->integer() == 3);
    CHECK(fixture.query("SELECT count() AS n FROM logs") == "{\"n\":2}\n");
}

TEST_CASE("what holds no event is refused with a reason, and never answered with 200") {
    const Fixture fixture;
    for (const char* body : {"", "   ", "{broken", "42", "\"text\"", "{}", "[]", "null", "{\"a\":null}"}) {
        CAPTURE(body);
        const auto answer = fixture.post("/log", body);
        CHECK(answer.status == 400);
        CHECK_FALSE(json::parse(answer.body)->find("error")->find("message")->text()->empty());
    }
    CHECK(fixture.query("SELECT count() AS n FROM logs") == "{\"n\":0}\n");
}

TEST_CASE("large and compressed bodies are taken, up to a bound") {
    const Fixture fixture;
    std::string lines;
    for (int i = 0; i < 10'000; ++i)
        lines += "{\"n\":" + std::to_string(i) + ",\"text\":\"some text that makes the line longer\"}\n";
    CHECK(fixture.post("/log", lines).body == R"({"taken":10000})");
    CHECK(fixture.post("/log", gzipped(lines, 6), with("Content-Encoding", "gzip")).body ==
          R"({"taken":10000})");
    CHECK(fixture.query("SELECT count() AS n, sum(n) AS s FROM logs") == "{\"n\":20000,\"s\":99990000}\n");
    CHECK(fixture.post("/log", std::string(9 * 1024 * 1024, ' ')).status == 413);
    const std::string bomb = gzipped(std::string(64 * 1024 * 1024, ' '), 9);
    CHECK(fixture.post("/log", bomb, with("Content-Encoding", "gzip")).status >= 400);
}

TEST_CASE("an event that arrives twice is kept once, and the answer says so") {
    const Fixture fixture;
    CHECK(fixture.post("/log", R"({"event_id":"a","n":1})").body == R"({"taken":1})");
    CHECK(fixture.post("/log", R"({"event_id":"a","n":1})").body == R"({"taken":1,"duplicates":1})");
    CHECK(fixture.query("SELECT count() AS n FROM logs") == "{\"n\":1}\n");
}

TEST_CASE("the agents' intakes answer as their senders expect") {
    const Fixture fixture;
    const auto bulk = fixture.post("/_bulk", "{\"create\":{\"_index\":\"web\"}}\n{\"message\":\"hello\"}\n");
    CHECK(bulk.status == 200);
    CHECK(json::parse(bulk.body)->find("errors")->flag() == false);
    CHECK(bulk.fields.get("X-Elastic-Product") == "Elasticsearch");
    CHECK(fixture.post("/web/_bulk", "{\"index\":{}}\n{\"message\":\"again\"}\n").status == 200);
    const auto loki = fixture.post(
        "/loki/api/v1/push",
        R"({"streams":[{"stream":{"service":"web"},"values":[["1763812685000000000","sent by loki"]]}]})",
        with("Content-Type", "application/json"));
    CHECK(loki.status == 204);
    const auto otlp = fixture.post(
        "/v1/logs",
        R"({"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"1763812685000000000","body":{"stringValue":"sent by otlp"}}]}]}]})",
        with("Content-Type", "application/json"));
    CHECK(otlp.status == 200);
    CHECK(fixture.post("/v1/logs", "x", with("Content-Type", "text/css")).status == 415);
    CHECK(fixture.query("SELECT count() AS n FROM logs WHERE message IN ('hello','again','sent by "
                        "loki','sent by otlp')") == "{\"n\":4}\n");
}

TEST_CASE("tenants see their own rows and nobody else's") {
    Fixture fixture;
    const std::string blue = add_tenant(fixture.disk, fixture.folder.path(), "blue").value();
    const std::string red = add_tenant(fixture.disk, fixture.folder.path(), "red").value();
    CHECK(add_tenant(fixture.disk, fixture.folder.path(), "red").error().code == Code::conflict);
    for (const char* bad : {"", "Red", "../etc", "default", "a b"})
        CHECK(add_tenant(fixture.disk, fixture.folder.path(), bad).error().code == Code::invalid);
    // As after a start, or a second later: names are read again at most once a second.
    fixture.server.reset();
    fixture.service.reset();
    fixture.tenants.reset();
    fixture.tenants = Tenants::open(fixture.folder.path(), {}, fixture.disk, fixture.clock).value();
    const auto tenant_of = [&](const std::string& authorization) {
        http::Request request;
        request.peer = "203.0.113.7";
        request.fields.add("Authorization", authorization);
        return fixture.tenants->of(request);
    };
    Tenant* const first = tenant_of("Bearer " + blue).value();
    Tenant* const second = tenant_of("Bearer " + red).value();
    CHECK(first->name == "blue");
    CHECK(second->name == "red");
    std::mt19937_64 random{1};
    REQUIRE(first->store->write(random_rows(random, 3), soon()));
    CHECK(first->store->stats().rows == 3);
    CHECK(second->store->stats().rows == 0);
    CHECK(fixture.tenants->standard().store->stats().rows == 0);
    CHECK(tenant_of("Bearer x").error().code == Code::unauthenticated);
    CHECK(tenant_of("Basic x").error().code == Code::forbidden);
    CHECK_FALSE(content_of(fixture.folder.path() + "/tenants").contains(blue));
}

TEST_CASE("without a token only programs on this machine come in") {
    const Fixture fixture;
    const std::string sql = "SELECT count() AS n FROM logs";
    CHECK(fixture.post("/query", sql).status == 200);
    CHECK(fixture.post("/query", sql, with("X-Forwarded-For", "127.0.0.1")).status == 403);
    CHECK(fixture.post("/query", sql, with("Host", "attacker.example")).status == 403);
    CHECK(fixture.get("/query?q=" + http::percent_encoded(sql), with("Host", "attacker.example:12345"))
              .status == 403);
    CHECK(fixture.post("/query", sql, with("Host", "localhost:12345")).status == 200);
    CHECK(fixture.post("/query", sql, bearer("wrong")).status == 401);
    CHECK(fixture.post("/log", R"({"a":1})", with("Origin", "https://attacker.example")).status == 403);
    CHECK(fixture.get("/tail", with("X-Forwarded-For", "::1")).status == 403);
    CHECK(fixture.query(sql) == "{\"n\":0}\n");
}

TEST_CASE("a query is answered in four formats, and a wrong one with what is wrong") {
    const Fixture fixture;
    REQUIRE(fixture.post("/log", R"([{"path":"/a","status":200},{"path":"/b","status":500}])").status == 200);
    const std::string sql = http::percent_encoded("SELECT path, status FROM logs ORDER BY path");
    CHECK(fixture.get("/query?format=csv&q=" + sql).body == "path,status\r\n/a,200\r\n/b,500\r\n");
    CHECK(fixture.get("/query?format=jsonl&q=" + sql).body ==
          "{\"path\":\"/a\",\"status\":200}\n{\"path\":\"/b\",\"status\":500}\n");
    const auto whole = json::parse(fixture.get("/query?q=" + sql).body).value();
    CHECK(whole.find("rows")->array()->size() == 2);
    CHECK(whole.find("cost")->find("rows_read")->integer() == 2);
    CHECK(fixture.get("/query?format=table&q=" + sql).body.contains("/b"));
    CHECK(fixture.get("/query?format=xml&q=" + sql).status == 400);
    CHECK(fixture.get("/query").status == 400);
    const auto wrong = fixture.post("/query", "SELECT pth FROM logs");
    CHECK(wrong.status == 400);
    CHECK(wrong.body.contains("path"));
    const auto newest = json::parse(fixture.get("/query?after=1&q=" + sql).body).value();
    CHECK(newest.find("rows")->array()->size() == 1);
    CHECK(newest.find("row_highest")->integer() == 2);
}

TEST_CASE("a client that leaves stops its query") {
    Fixture fixture;
    watch::Metrics metrics;
    fixture.service->add_metrics(metrics);
    std::string lines, slow = "SELECT count() FROM logs WHERE 1 = 2";
    for (int i = 0; i < 20'000; ++i)
        lines += R"({"msg":")" + std::to_string(i) + std::string(200, 'a') + "\"}\n";
    REQUIRE(fixture.post("/log", lines).status == 200);
    for (int i = 0; i < 60; ++i)
        slow += " OR match(concat(msg, '" + std::to_string(i) + "'), '(a|b)*[0-9]c')";
    {
        auto socket = fiber::Socket::connect(fixture.server->address(), soon()).value();
        const std::string request =
            "POST /query HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + std::to_string(slow.size()) +
            "\r\n\r\n" + slow;
        REQUIRE(socket.write(request, soon()));
        std::array<char, 4096> head;
        REQUIRE(socket.read_some(head, soon()));  // comes while the query still runs
    }
    const Deadline until = soon();
    const auto is_stopped = [&] { return metrics.text().contains("logs_queries_stopped_total 1"); };
    while (!is_stopped() && std::chrono::steady_clock::now() < until)
        std::this_thread::yield();
    CHECK(is_stopped());
}

TEST_CASE("searches become conditions, fields are listed, figures are told") {
    const Fixture fixture;
    REQUIRE(fixture.post("/log", R"({"path":"/a","status":500,"msg":"a deadlock"})").status == 200);
    const auto where =
        json::parse(fixture.get("/where?q=" + http::percent_encoded("status:>=500 deadlock")).body).value();
    CHECK(fixture.query("SELECT count() AS n FROM logs WHERE " + *where.find("where")->text()) ==
          "{\"n\":1}\n");
    CHECK(fixture.get("/where?q=" + http::percent_encoded("status:>=500 (")).status == 400);
    CHECK(fixture.get("/fields").body.contains(R"({"name":"msg","kinds":["text"]})"));
    CHECK(fixture.get("/stats").body.contains("\"rows\":1"));
    CHECK(fixture.get("/").status == 200);
    CHECK(fixture.get("/report").status == 200);
}

TEST_CASE("new rows that match the search follow as server-sent events") {
    const Fixture fixture;
    REQUIRE(fixture.post("/log", R"({"n":1,"level":"error"})").status == 200);
    Followed tail(fixture, "/tail?q=level:error");
    tail.read_until(": following");
    CHECK(tail.read.contains("text/event-stream"));
    REQUIRE(fixture.post("/log", R"([{"n":2,"level":"info"},{"n":3,"level":"error"}])").status == 200);
    tail.read_until("\"n\":3");
    CHECK(tail.seen() == "3");
}

TEST_CASE("the latest rows come before the new ones when they are asked for, each once") {
    const Fixture fixture;
    std::string lines;
    for (int i = 1; i <= 5; ++i)
        lines +=
            R"({"ts":"2026-11-22T00:00:0)" + std::to_string(i) + R"(Z","n":)" + std::to_string(i) + "}\n";
    REQUIRE(fixture.post("/log", lines).status == 200);
    Followed tail(fixture, "/tail?q=n:*&last=2");
    tail.read_until("\"n\":5");
    REQUIRE(fixture.post("/log", R"({"n":6})").status == 200);
    tail.read_until("\"n\":6");
    CHECK(tail.seen() == "456");
    CHECK(fixture.get("/tail?last=501").status == 400);
    CHECK(fixture.get("/tail?last=x").status == 400);
}

}  // namespace jebi::log_analytics
