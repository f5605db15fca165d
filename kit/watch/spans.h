// Spans: pieces of requests as OpenTelemetry tells them, sent to whoever takes OTLP over HTTP (log-analytics,
// a collector).
//
// Made of what the observers of kit/http and kit/rpc are told: a span for each request, and one for each side
// of each call between modules, with W3C ids and the names of OpenTelemetry's semantic conventions 1.45. (A
// request that is a call of a contract is one span, the call's.) Kept are all spans of a sampled trace (the
// flag crosses to every process, so it has all of them or none), and of the others those that failed on our
// side (but what was turned away here, which under an overload is most of all) or took `slow` and longer
// (streams, and calls that wait for something to happen, are never slow): a failure tells itself all the way
// up, so its path is there, and what stood beside it is not.
//
// Costs a request some nanoseconds where nothing is kept, and a span that is kept some four microseconds of
// CPU, of which the request waits for half of one. The queue has a bound; what does not fit, and what cannot
// be delivered, is counted and forgotten: no request waits for it.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "kit/fiber/fiber.h"
#include "kit/http/client.h"
#include "kit/http/server.h"
#include "kit/rpc/rpc.h"
#include "kit/watch/log.h"
#include "kit/watch/metrics.h"
#include "kit/watch/rarely.h"

namespace jebi::watch {

struct Span {
    // As OTLP numbers them.
    enum class Kind : std::uint8_t { internal = 1, server = 2, client = 3 };
    enum class Of : std::uint8_t { request, call };

    Of of{};
    Kind kind{};
    Trace trace{};  // its id and the span's own
    std::uint64_t parent = 0;
    std::int64_t start_ns = 0;  // since 1970
    std::int64_t took_ns = 0;
    std::string_view method{};   // "GET", or "Write"; a literal
    std::string name{};          // the route, or the service
    std::string path{};          // of a request, without its query
    std::string host{};          // of a request, as its client named it
    int status = 0;              // of a request
    std::optional<Code> code{};  // of a call that failed
    std::string message{};       // for people
    bool failed = false;         // on our side
};

// Who sends them.
struct SpanSource {
    std::string service;      // "web"
    std::string version;      // "0.3.0"
    std::string instance_id;  // of this process alone
    bool is_https = false;
};
// A body for POST /v1/traces, as JSON.
std::string otlp_json(const SpanSource& source, const std::vector<Span>& spans);

struct SpansOptions {
    fiber::Address address;
    std::string path = "/v1/traces";
    std::string token;  // sent as a bearer token; empty: none
    std::optional<fiber::TlsClient> tls{};
    SpanSource source;
    Millis slow{500};
    std::size_t queue_max = 8'192;  // spans, some 300 bytes each
    std::size_t batch_max = 128;    // spans; writing them takes the loop some 400 us
    Millis pause{500};              // then looks whether there are new ones
    Millis answer_max{2'000};
    unsigned tries_max = 5;  // of one batch, when nobody is there or the answer is 429, 502, 503 or 504
    Millis retry_min{250};   // doubles, with jitter; or what Retry-After asks for, up to retry_max
    Millis retry_max{10'000};
};

class Spans {
public:
    struct Counts {
        std::atomic<std::uint64_t> sent = 0;
        std::atomic<std::uint64_t> dropped = 0;  // the queue was full
        std::atomic<std::uint64_t> refused = 0;  // by the receiver, for good
        std::atomic<std::uint64_t> lost = 0;     // after all tries, or at the end
    };

    // Sends on the first of the loops until end(). The rest outlives this.
    Spans(SpansOptions options, fiber::Loops& loops, Metrics& metrics, Log& log);
    // Ends as end(now).
    ~Spans();
    Spans(const Spans&) = delete;

    // What the observers of kit/http and kit/rpc are told. Thread-safe, and do not wait.
    void told(const http::Served& what);
    void told(const rpc::Observed& what);

    // What waits is sent, as far as that goes by then; what comes later is dropped. Once only.
    void end(Deadline until);

    const Counts& counts() const { return counts_; }
    std::size_t waiting() const;

private:
    void put(Span&& span);
    void show(Metrics& metrics);
    void run();
    std::vector<Span> next_batch();
    void deliver(const std::vector<Span>& spans);
    struct Outcome {
        bool settled = false;  // delivered, or refused for good
        std::string why{};     // it is not
        Millis asked{};        // to wait
    };
    Outcome send(const std::string& body, std::size_t count);
    Deadline answer_until() const;
    void tell_loss(std::string_view why);
    static constexpr Millis tell_every{60'000};

    const SpansOptions options_;
    Log& log_;
    http::Client client_;
    Counts counts_;
    mutable std::mutex mutex_;  // of the queue
    std::deque<Span> queue_;
    fiber::Event ending_;
    std::atomic<Deadline> ends_at_ = Deadline::max();
    Rarely losses_{tell_every};  // on the exporter's fiber
    fiber::Gate exporter_;
    bool ended_ = false;
};

}  // namespace jebi::watch
