#include "kit/watch/spans.h"

#include <algorithm>
#include <chrono>

#include "kit/base/ids.h"
#include "kit/base/json.h"
#include "kit/rpc/errors.h"
#include "kit/watch/requests.h"

namespace jebi::watch {

namespace {

constexpr int failed_from = 500;
constexpr std::size_t path_bytes_max = 256;
constexpr std::size_t message_bytes_max = 256;
constexpr std::size_t answer_bytes_max = 64 * 1024;

std::int64_t wall_ns() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

Span::Kind kind_of(rpc::Side side) {
    if (side == rpc::Side::client) return Span::Kind::client;
    return side == rpc::Side::server ? Span::Kind::server : Span::Kind::internal;
}

// Half of the pause, and up to half of it more, so that many senders do not come back in step.
Millis jittered(Millis pause) {
    const auto half = static_cast<std::uint64_t>(pause.count()) / 2;
    return Millis{static_cast<std::int64_t>(half + random_bits() % (half + 1))};
}

bool is_for_later(int status) {
    return status == 429 || status == 502 || status == 503 || status == 504;
}

// Spans that a receiver has taken the request without.
std::size_t refused_in(const http::ClientResponse& answer, std::size_t count) {
    const auto body = json::parse(answer.body);
    const json::Value* partial = body ? body->find("partialSuccess") : nullptr;
    const json::Value* rejected = partial != nullptr ? partial->find("rejectedSpans") : nullptr;
    if (rejected == nullptr) return 0;
    const auto number = rejected->text() != nullptr
                            ? id_from(*rejected->text())
                            : static_cast<std::optional<std::uint64_t>>(rejected->integer());
    return std::min<std::size_t>(number.value_or(0), count);
}

Millis asked_by(const http::ClientResponse& answer) {
    const auto seconds = id_from(answer.fields.get("Retry-After").value_or(""));
    return std::chrono::seconds{std::min<std::uint64_t>(seconds.value_or(0), 3'600)};
}

bool is_turned_away(const rpc::Observed& what) {
    return what.side == rpc::Side::server && what.error->reason == rpc::overloaded;
}

}  // namespace

Spans::Spans(SpansOptions options, fiber::Loops& loops, Metrics& metrics, Log& log)
    : options_(std::move(options)),
      log_(log),
      client_({.address = options_.address,
               .connections_max = 1,
               .answer_bytes_max = answer_bytes_max,
               .tls = options_.tls}) {
    show(metrics);
    const auto pass = std::make_shared<fiber::Gate::Pass>(exporter_.enter());
    fiber::spawn(loops.at(0), [this, pass] { run(); });
}

Spans::~Spans() {
    end(in(Millis{0}));
}

void Spans::show(Metrics& metrics) {
    const auto count = [&](const char* name, const char* help, const auto& counter) {
        metrics.gauge(name, help, [&counter] { return static_cast<double>(counter.load()); });
    };
    count("spans_sent_total", "Spans that their receiver has taken.", counts_.sent);
    count("spans_dropped_total", "Spans that found the queue full.", counts_.dropped);
    count("spans_refused_total", "Spans that their receiver refused for good.", counts_.refused);
    count("spans_lost_total", "Spans that could not be delivered.", counts_.lost);
    metrics.gauge("spans_waiting", "Spans on their way to their receiver.",
                  [this] { return static_cast<double>(waiting()); });
}

void Spans::told(const http::Served& what) {
    const http::Request& request = what.request;
    const bool failed = what.status >= failed_from && !what.turned_away;
    const bool slow = what.took >= options_.slow && !what.is_stream;
    if (!request.trace.sampled && !failed && !slow) return;
    if (is_method(request.route) || request.trace.span == 0) return;
    put({.of = Span::Of::request,
         .kind = Span::Kind::server,
         .trace = request.trace,
         .parent = request.parent_span,
         .start_ns = wall_ns() - what.took.count(),
         .took_ns = what.took.count(),
         .method = http::name(request.method),
         .name = std::string(request.route),
         .path = std::string(request.path.substr(0, path_bytes_max)),
         .host = std::string(request.fields.get("Host").value_or("").substr(0, path_bytes_max)),
         .status = what.status,
         .failed = failed});
}

void Spans::told(const rpc::Observed& what) {
    const bool failed = what.error != nullptr && is_our_fault(*what.error) && !is_turned_away(what);
    const bool slow = what.took >= options_.slow && !what.waits;
    if (!what.call.trace.sampled && !failed && !slow) return;
    Span span{.of = Span::Of::call,
              .kind = kind_of(what.side),
              .trace = what.call.trace,
              .parent = what.parent_span,
              .start_ns = wall_ns() - what.took.count(),
              .took_ns = what.took.count(),
              .method = what.method,
              .name = std::string(what.service),
              .failed = failed};
    if (what.error != nullptr) {
        span.code = what.error->code;
        span.message = what.error->message.substr(0, message_bytes_max);
    }
    put(std::move(span));
}

void Spans::put(Span&& span) {
    const std::lock_guard lock{mutex_};
    if (queue_.size() >= options_.queue_max) {
        ++counts_.dropped;
        return;
    }
    queue_.push_back(std::move(span));
}

std::size_t Spans::waiting() const {
    const std::lock_guard lock{mutex_};
    return queue_.size();
}

void Spans::end(Deadline until) {
    if (std::exchange(ended_, true)) return;
    ends_at_ = until;
    ending_.set();
    exporter_.close();
    exporter_.wait_until(std::max(until, in(options_.answer_max)) + options_.answer_max);
}

void Spans::run() {
    bool ending = false;
    while (!ending) {
        ending = ending_.wait_until(in(options_.pause));
        for (auto batch = next_batch(); !batch.empty(); batch = next_batch())
            deliver(batch);
    }
}

std::vector<Span> Spans::next_batch() {
    std::vector<Span> batch;
    const std::lock_guard lock{mutex_};
    const auto end =
        queue_.begin() + static_cast<std::ptrdiff_t>(std::min(queue_.size(), options_.batch_max));
    batch.assign(std::make_move_iterator(queue_.begin()), std::make_move_iterator(end));
    queue_.erase(queue_.begin(), end);
    return batch;
}

// What is asked at the process's end is asked once.
void Spans::deliver(const std::vector<Span>& spans) {
    const std::string body = otlp_json(options_.source, spans);
    Outcome outcome;
    Millis pause = options_.retry_min;
    for (unsigned tries = 1; tries <= options_.tries_max; ++tries) {
        outcome = send(body, spans.size());
        if (outcome.settled) return;
        const Millis asked = std::min(outcome.asked, options_.retry_max);
        if (tries == options_.tries_max || ending_.wait_until(in(std::max(jittered(pause), asked)))) break;
        pause = std::min(pause * 2, options_.retry_max);
    }
    counts_.lost += spans.size();
    tell_loss(outcome.why);
}

Spans::Outcome Spans::send(const std::string& body, std::size_t count) {
    http::ClientRequest request{
        .method = http::Method::post, .target = options_.path, .body = body, .repeatable = true};
    request.fields.add("Content-Type", "application/json");
    if (!options_.token.empty()) request.fields.add("Authorization", "Bearer " + options_.token);
    const auto answer = client_.send(request, answer_until());
    if (!answer) return {.why = answer.error().message};
    const std::string status = "It answers " + std::to_string(answer->status) + ".";
    if (is_for_later(answer->status)) return {.why = status, .asked = asked_by(*answer)};
    const std::size_t refused = answer->status == 200 ? refused_in(*answer, count) : count;
    counts_.sent += count - refused;
    counts_.refused += refused;
    if (refused > 0) tell_loss(status);
    return {.settled = true};
}

Deadline Spans::answer_until() const {
    return std::min(ends_at_.load(), in(options_.answer_max));
}

void Spans::tell_loss(std::string_view why) {
    if (!losses_.takes(std::chrono::steady_clock::now())) return;
    log_.warning("watch", "spans are lost, counted since the start",
                 {{"to", options_.address.text()},
                  {"why", why},
                  {"lost", static_cast<std::int64_t>(counts_.lost)},
                  {"refused", static_cast<std::int64_t>(counts_.refused)},
                  {"dropped", static_cast<std::int64_t>(counts_.dropped)}});
}

}  // namespace jebi::watch
