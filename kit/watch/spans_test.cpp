#include "kit/watch/spans.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <thread>

#include "kit/base/json.h"
#include "kit/http/server.h"
#include "kit/rpc/errors.h"

using namespace jebi;
using namespace jebi::watch;

namespace {

Deadline soon() {
    return in(Millis{20'000});
}

// Takes POST /v1/traces, and answers what the test says.
class Receiver {
public:
    Receiver() {
        server_ = http::Server::start(loops_, fiber::Address::from("127.0.0.1:0").value(), {},
                                      [this](http::Request& request) { return take(request); })
                      .value();
    }
    ~Receiver() { server_->stop(soon()); }

    const fiber::Address& address() const { return server_->address(); }
    // Statuses of the next answers; 200 when there are none.
    void answer(std::vector<int> statuses, std::string body = "{}") {
        const std::lock_guard lock{mutex_};
        statuses_ = std::move(statuses);
        body_ = std::move(body);
    }
    std::size_t requests() const { return requests_; }
    // The spans of the answers 200, once there are so many.
    std::vector<json::Value> spans(std::size_t count) {
        const Deadline until = soon();
        while (true) {
            const fiber::Event next = next_event();
            {
                const std::lock_guard lock{mutex_};
                if (spans_.size() >= count) return spans_;
            }
            if (!next.wait_until(until)) FAIL("the spans did not come");
        }
    }
    std::string field(std::string_view name) {
        const std::lock_guard lock{mutex_};
        return fields_.find(std::string(name))->second;
    }

private:
    fiber::Event next_event() {
        const std::lock_guard lock{mutex_};
        return arrived_;
    }
    http::Response take(const http::Request& request) {
        const std::lock_guard lock{mutex_};
        ++requests_;
        for (const char* name : {"Authorization", "Content-Type"})
            fields_[name] = request.fields.get(name).value_or("");
        int status = 200;
        if (!statuses_.empty()) {
            status = statuses_.front();
            statuses_.erase(statuses_.begin());
        }
        if (status == 200) keep(request.body);
        std::exchange(arrived_, {}).set();
        return http::Response::json(status, body_);
    }
    void keep(std::string_view body) {
        const auto all = json::parse(body).value();
        for (const auto& resource : *all.find("resourceSpans")->array())
            for (const auto& scope : *resource.find("scopeSpans")->array())
                for (const auto& span : *scope.find("spans")->array())
                    spans_.push_back(span);
    }

    std::mutex mutex_;
    fiber::Event arrived_;
    std::vector<int> statuses_;
    std::string body_ = "{}";
    std::vector<json::Value> spans_;
    std::map<std::string, std::string> fields_;
    std::atomic<std::size_t> requests_ = 0;
    fiber::Loops loops_{1};
    std::unique_ptr<http::Server> server_;
};

struct TestSpans {
    explicit TestSpans(fiber::Address to, const std::function<void(SpansOptions&)>& adjust = {}) {
        SpansOptions options{.address = std::move(to),
                             .token = "secret",
                             .source = {.service = "web", .version = "1.2.3", .instance_id = "here-1"},
                             .pause = Millis{1},
                             .retry_min = Millis{1},
                             .retry_max = Millis{2}};
        if (adjust) adjust(options);
        spans.emplace(std::move(options), loops, metrics, log);
    }

    void call(const Call& call, const Error* error = nullptr, Millis took = Millis{2},
              rpc::Side side = rpc::Side::client) {
        spans->told(rpc::Observed{"jebi.tweets.v1.Tweets", "Write", side, call, 7, error, took});
    }
    void request(const http::Request& request, int status, Millis took = Millis{2}, bool is_stream = false) {
        spans->told(http::Served{request, status, 0, took, is_stream});
    }
    void turned_away(const http::Request& request) {
        spans->told(http::Served{request, 503, 0, Millis{0}, false, true});
    }

    std::vector<std::string> lines;
    Metrics metrics;
    Log log{Level::info, Format::text, [this](std::string_view line) { lines.emplace_back(line); }};
    fiber::Loops loops{1};
    std::optional<Spans> spans;
};

// What comes waits for the end, or for the test.
void send_at_the_end(SpansOptions& options) {
    options.pause = Millis{60'000};
}

const Call sampled{.trace = Trace::start(true)};
const Call not_sampled{.trace = Trace::start()};

std::string attribute(const json::Value& span, std::string_view name) {
    for (const auto& one : *span.find("attributes")->array()) {
        if (*one.find("key")->text() != name) continue;
        const auto* text = one.find("value")->find("stringValue");
        return text != nullptr ? *text->text() : *one.find("value")->find("intValue")->text();
    }
    return "";
}

std::string text(const json::Value& span, std::string_view name) {
    const auto* value = span.find(name);
    return value == nullptr ? "" : *value->text();
}

}  // namespace

TEST_CASE("a call of a sampled trace becomes a span with its ids, names and times") {
    Receiver receiver;
    TestSpans test{receiver.address()};
    test.call(sampled);
    const auto span = receiver.spans(1)[0];
    CHECK(text(span, "traceId") == sampled.trace.id_hex());
    CHECK(text(span, "spanId") == sampled.trace.traceparent().substr(36, 16));
    CHECK(text(span, "parentSpanId") == "0000000000000007");
    CHECK(text(span, "name") == "jebi.tweets.v1.Tweets/Write");
    CHECK(span.find("kind")->integer() == 3);
    CHECK(std::stoll(text(span, "endTimeUnixNano")) - std::stoll(text(span, "startTimeUnixNano")) ==
          2'000'000);
    CHECK(attribute(span, "rpc.system.name") == "connectrpc");
    CHECK(attribute(span, "rpc.method") == "jebi.tweets.v1.Tweets/Write");
    CHECK(attribute(span, "rpc.status_code") == "ok");
    CHECK(attribute(span, "server.service.name") == "tweets");
    CHECK(span.find("status")->find("code") == nullptr);
    CHECK(receiver.field("Authorization") == "Bearer secret");
    CHECK(receiver.field("Content-Type") == "application/json");
}

TEST_CASE("a request becomes a span with its route, and one that begins a trace has no parent") {
    Receiver receiver;
    TestSpans test{receiver.address()};
    http::Request request;
    request.route = "/users/{name}";
    request.path = "/users/minji";
    request.fields.add("Host", "jebi.example:3000");
    request.trace = sampled.trace;
    test.request(request, 503);
    const auto span = receiver.spans(1)[0];
    CHECK(text(span, "name") == "GET /users/{name}");
    CHECK(span.find("parentSpanId") == nullptr);
    CHECK(span.find("kind")->integer() == 2);
    CHECK(attribute(span, "http.request.method") == "GET");
    CHECK(attribute(span, "http.route") == "/users/{name}");
    CHECK(attribute(span, "url.path") == "/users/minji");
    CHECK(attribute(span, "url.scheme") == "http");
    CHECK(attribute(span, "server.address") == "jebi.example");
    CHECK(attribute(span, "http.response.status_code") == "503");
    CHECK(attribute(span, "error.type") == "503");
    CHECK(span.find("status")->find("code")->integer() == 2);
}

TEST_CASE("of a trace that is not sampled, what failed inside or was slow is kept, and nothing else") {
    Receiver receiver;
    TestSpans test{receiver.address()};
    const Error gone{.code = Code::unavailable, .message = "Nobody is there."};
    const Error nobody{.code = Code::not_found, .message = "There is no such tweet."};
    test.call(not_sampled);
    test.call(not_sampled, &nobody);
    test.call(not_sampled, nullptr, Millis{499});
    test.spans->told(rpc::Observed{.service = "jebi.tweets.v1.Tweets",
                                   .method = "Events",
                                   .side = rpc::Side::local,
                                   .call = not_sampled,
                                   .parent_span = 7,
                                   .error = nullptr,
                                   .took = Millis{2'000},
                                   .waits = true});
    test.call(not_sampled, &gone);
    test.call(not_sampled, nullptr, Millis{500});
    http::Request request;
    request.trace = not_sampled.trace;
    test.request(request, 200);
    test.request(request, 404);
    test.request(request, 200, Millis{60'000}, true);  // a stream
    test.request(request, 500);
    test.spans->end(soon());
    const auto spans = receiver.spans(3);
    REQUIRE(spans.size() == 3);
    CHECK(attribute(spans[0], "error.type") == "unavailable");
    CHECK(text(*spans[0].find("status"), "message") == "Nobody is there.");
    CHECK(attribute(spans[1], "error.type").empty());
    CHECK(attribute(spans[2], "error.type") == "500");
}

TEST_CASE("what was turned away here is kept of a sampled trace only, and what another turned away always") {
    Receiver receiver;
    TestSpans test{receiver.address(), send_at_the_end};
    http::Request request;
    request.trace = not_sampled.trace;
    test.turned_away(request);
    const Error full{
        .code = Code::unavailable, .message = "Too much.", .reason = std::string(rpc::overloaded)};
    test.call(not_sampled, &full, Millis{0}, rpc::Side::server);
    CHECK(test.spans->waiting() == 0);
    test.call(not_sampled, &full, Millis{0}, rpc::Side::client);
    request.trace = sampled.trace;
    test.turned_away(request);
    CHECK(test.spans->waiting() == 2);
}

TEST_CASE("a service that says no is no failure, but its answer is told") {
    Receiver receiver;
    TestSpans test{receiver.address()};
    const Error nobody{.code = Code::not_found, .message = "There is no such tweet."};
    test.call(sampled, &nobody);
    const auto span = receiver.spans(1)[0];
    CHECK(attribute(span, "rpc.status_code") == "not_found");
    CHECK(attribute(span, "error.type").empty());
    CHECK(span.find("status")->find("code") == nullptr);
}

TEST_CASE("a request that is a call of a contract is one span, the call's") {
    Receiver receiver;
    TestSpans test{receiver.address()};
    http::Request request;
    request.route = "/jebi.tweets.v1.Tweets/Write";
    request.trace = sampled.trace;
    test.request(request, 200);
    test.call(sampled, nullptr, Millis{2}, rpc::Side::server);
    test.spans->end(soon());
    const auto spans = receiver.spans(1);
    REQUIRE(spans.size() == 1);
    CHECK(spans[0].find("kind")->integer() == 2);
    CHECK(attribute(spans[0], "server.service.name").empty());
}

TEST_CASE("a receiver that is busy is asked again, and nothing is lost") {
    Receiver receiver;
    receiver.answer({503, 429, 502, 504});
    TestSpans test{receiver.address()};
    test.call(sampled);
    CHECK(receiver.spans(1).size() == 1);
    test.spans->end(soon());
    CHECK(receiver.requests() == 5);
    CHECK(test.spans->counts().sent == 1);
    CHECK(test.spans->counts().lost == 0);
}

TEST_CASE("after all tries a batch is given up, counted and told") {
    Receiver receiver;
    receiver.answer(std::vector<int>(5, 503));
    TestSpans test{receiver.address()};
    test.call(sampled);
    test.call(sampled);
    for (const Deadline until = soon(); test.spans->counts().lost < 2;) {
        REQUIRE(std::chrono::steady_clock::now() < until);
        std::this_thread::yield();
    }
    test.spans->end(soon());
    CHECK(receiver.requests() == 5);
    CHECK(test.spans->counts().lost == 2);
    CHECK(test.spans->counts().sent == 0);
    CHECK(test.metrics.text().find("spans_lost_total 2") != std::string::npos);
    REQUIRE(test.lines.size() == 1);
    CHECK(test.lines[0].find("503") != std::string::npos);
}

TEST_CASE("what a receiver refuses is not sent again") {
    Receiver receiver;
    receiver.answer({400});
    TestSpans test{receiver.address(), [](SpansOptions& options) { options.batch_max = 1; }};
    test.call(sampled);
    test.call(sampled);
    CHECK(receiver.spans(1).size() == 1);
    test.spans->end(soon());
    CHECK(receiver.requests() == 2);
    CHECK(test.spans->counts().refused == 1);
    CHECK(test.spans->counts().sent == 1);
}

TEST_CASE("what a receiver took a batch without is counted as refused") {
    Receiver receiver;
    receiver.answer({}, R"({"partialSuccess": {"rejectedSpans": "2", "errorMessage": "too old"}})");
    TestSpans test{receiver.address(), send_at_the_end};
    for (int i = 0; i < 3; ++i)
        test.call(sampled);
    test.spans->end(soon());
    CHECK(test.spans->counts().sent == 1);
    CHECK(test.spans->counts().refused == 2);
}

TEST_CASE("a full queue drops what comes, and counts it") {
    Receiver receiver;
    TestSpans test{receiver.address(), [](SpansOptions& options) {
                       options.queue_max = 3;
                       send_at_the_end(options);
                   }};
    for (int i = 0; i < 5; ++i)
        test.call(sampled);
    CHECK(test.spans->waiting() == 3);
    CHECK(test.spans->counts().dropped == 2);
    test.spans->end(soon());
    CHECK(test.spans->counts().sent == 3);
}

TEST_CASE("at the end all that waits is sent, in batches") {
    Receiver receiver;
    TestSpans test{receiver.address(), [](SpansOptions& options) {
                       options.batch_max = 4;
                       send_at_the_end(options);
                   }};
    for (int i = 0; i < 10; ++i)
        test.call(sampled);
    test.spans->end(soon());
    CHECK(receiver.requests() == 3);
    CHECK(test.spans->counts().sent == 10);
    CHECK(test.spans->waiting() == 0);
}

TEST_CASE("a receiver that is not there keeps nobody waiting at the end") {
    fiber::Address nobody;
    {
        const Receiver gone;
        nobody = gone.address();
    }
    TestSpans test{nobody, send_at_the_end};
    test.call(sampled);
    test.spans->end(in(Millis{0}));
    CHECK(test.spans->counts().lost == 1);
}
