#include "kit/http/connection.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>
#include <span>

#include "kit/http/compression.h"
#include "kit/http/digest.h"

namespace jebi::http {

namespace {

constexpr std::size_t shared_write_bytes_max = 64 * 1024;  // of answers to pipelined requests
constexpr Millis shared_write_wait_max{1};                 // an answer does not wait longer for company
constexpr std::size_t copied_body_bytes_max = 4096;        // larger bodies are written from where they are
constexpr std::size_t write_bytes_max = 128 * 1024;        // with one deadline
constexpr std::size_t kept_out_bytes = 16 * 1024;          // of memory, while idle
constexpr Millis linger_max{1'000};
constexpr const char* not_of_its_digest =
    "The body is not the one of its Content-Digest: something was turned over on the way. Please send it "
    "again.\n";

Deadline now() {
    return std::chrono::steady_clock::now();
}

bool is_turned_over(const Request& request) {
    const auto told = request.fields.get(content_digest_field);
    return told && digest_fits(*told, request.body) == false;
}

void add_digest(const Request& request, Response& response) {
    if (response.stream || request.method == Method::head || has_no_body(response.status)) return;
    if (!wants_digest(request.fields.get(want_digest_field).value_or(""))) return;
    response.fields.set(std::string(content_digest_field), content_digest(response.body));
}

}  // namespace

// Writes a streamed body: in chunks, or as it is to a client that does not know them.
class Connection::Stream final : public BodyWriter {
public:
    Stream(Connection& connection, bool in_chunks) : connection_(connection), in_chunks_(in_chunks) {}

    bool write(std::string_view piece) override {
        while (there_ && !piece.empty()) {
            const auto part = piece.substr(0, write_bytes_max);
            there_ = write_part(part);
            piece.remove_prefix(part.size());
        }
        return there_;
    }

    bool wait_until(Deadline until) override {
        return wait([&](std::span<char> space) { return connection_.socket_.read_some(space, until); });
    }

    bool wait_until(Deadline until, const fiber::Event& event) override {
        return wait(
            [&](std::span<char> space) { return connection_.socket_.read_some(space, until, event); });
    }

    bool end() {
        if (!there_) return false;
        if (in_chunks_) connection_.out_ += "0\r\n\r\n";
        return connection_.flush();
    }

private:
    // What a client says meanwhile is kept for later, as far as there is space.
    template <typename Read>
    bool wait(Read read) {
        while (there_) {
            if (connection_.service_.stopping) return there_ = false;
            const auto space = connection_.reader_.space();
            connection_.in_stream_ = true;
            const auto count = space.empty() ? std::size_t{0} : read(space);
            connection_.in_stream_ = false;
            if (!count && count.error().code == Code::deadline) return true;
            if (!count || *count == 0) return there_ = false;
            connection_.reader_.arrived(*count);
        }
        return false;
    }

    bool write_part(std::string_view part) {
        connection_.sent_bytes_ += part.size();
        const Deadline until = in(connection_.limits_.write_ms);
        if (!in_chunks_) return connection_.socket_.write(part, until).has_value();
        std::array<char, 20> size;
        auto end = std::to_chars(size.begin(), size.end(), part.size(), 16).ptr;
        *end++ = '\r';
        *end++ = '\n';
        const std::array<std::string_view, 3> pieces{std::string_view{size.begin(), end}, part, "\r\n"};
        return connection_.socket_.write(pieces, until).has_value();
    }

    Connection& connection_;
    bool in_chunks_;
    bool there_ = true;  // the client
};

Connection::Connection(const Service& service, LoopShare& share, fiber::Socket socket)
    : service_(service),
      limits_(service.options.limits),
      share_(share),
      socket_(std::move(socket)),
      reader_(limits_) {
    share_.connections.push_back(this);
    reader_.request().peer = socket_.peer();
}

Connection::~Connection() {
    std::erase(share_.connections, this);
}

void Connection::run() {
    if (!shake_hands()) return;
    while (await_request() && answer())
        reader_.next();
    if (flush() && answered_) linger();
}

// A handshake costs more than the answer to a small request, so the bound is on how many are under way.
bool Connection::shake_hands() {
    const auto& tls = service_.options.tls;
    if (!tls) return true;
    const bool begun = service_.handshakes++ < limits_.handshakes_max;
    const bool done = begun && socket_.secure(*tls, in(limits_.handshake_ms)).has_value();
    --service_.handshakes;
    now_ = now();
    return done;
}

void Connection::turn_away() {
    if (service_.options.tls) return;
    refuse({503, "There are too many connections."});
    if (flush()) linger();
}

void Connection::say_goodbye() {
    if (upgraded_ != nullptr && upgraded_->on_goodbye) upgraded_->on_goodbye();
    if (!in_stream_) return;
    ended_ = true;
    socket_.cancel();
}

std::optional<Deadline> Connection::end_if_unused_since(Deadline then) {
    if (!is_unused_) return std::nullopt;
    if (unused_since_ > then) return unused_since_;
    ended_ = true;
    socket_.end_wait();
    return std::nullopt;
}

// False: there will be none.
bool Connection::await_request() {
    while (true) {
        const Stage stage = reader_.stage();
        if (stage == Stage::whole) return true;
        if (stage == Stage::refused) return refuse(reader_.refusal());
        if (stage == Stage::body && reader_.wants_continue()) out_ += "HTTP/1.1 100 Continue\r\n\r\n";
        if (!read_more(stage)) return false;
    }
}

bool Connection::read_more(Stage stage) {
    if (stage != timed_stage_) {
        timed_stage_ = stage;
        stage_until_ = now_ + (stage == Stage::idle   ? limits_.idle_ms
                               : stage == Stage::head ? limits_.head_ms
                                                      : limits_.body_ms);
    }
    if (!flush()) return false;
    if (out_.capacity() > kept_out_bytes) out_ = {};
    if (stage == Stage::idle && !std::exchange(is_unused_, true)) unused_since_ = now_;
    auto count = socket_.read_some(reader_.space(), stage_until_);
    // A request that has come at the same moment as the end is answered.
    if (ended_ && !count) count = socket_.read_some(reader_.space(), now());
    is_unused_ = is_unused_ && (!count || *count == 0);
    now_ = now();
    if (count && *count > 0) {
        reader_.arrived(*count);
        return true;
    }
    const bool too_slow = !count && count.error().code == Code::deadline && stage != Stage::idle;
    return too_slow && refuse({408, "The request did not arrive in time."});
}

bool Connection::refuse(const Refusal& why) {
    const Deadline since = now_;
    Request request;
    request.peer = reader_.request().peer;
    Response response = Response::text(why.status, std::string(why.why) + "\n");
    if (why.status == 503) response.fields.add("Retry-After", "1");
    append_answer_head(request, response, false);
    out_ += response.body;
    tell({request, why.status, response.body.size(), now_ - since, false, why.status == 503});
    return false;
}

// Has the request handled and sends the answer. False: the connection ends with it.
bool Connection::answer() {
    Request& request = reader_.request();
    const Deadline since = now_;
    if (!out_.empty() && since - out_since_ > shared_write_wait_max && !flush()) return false;
    if (out_.empty()) out_since_ = since;
    prepare(request);
    timed_stage_ = Stage::whole;
    Response response = handled(request);
    finish(request, response);
    now_ = now();
    sent_bytes_ = 0;
    if (response.raw) return send_raw(request, response, since);
    if (response.upgrade) return upgrade(request, response, since);
    const bool keep_alive = reader_.keep_alive() && goes_on() && (!response.stream || reader_.is_1_1());
    const bool sent = send(request, response, keep_alive);
    if (response.stream) now_ = now();
    tell({request, response.status, sent_bytes_, now_ - since, response.stream != nullptr || response.waited,
          response.turned_away});
    return sent && keep_alive;
}

// What a client has sent already is answered, also while the server stops.
bool Connection::goes_on() const {
    return !service_.stopping || !reader_.rest().empty();
}

void Connection::prepare(Request& request) const {
    const auto parent = request.fields.get("traceparent");
    const auto trace = parent ? trace_from(*parent) : std::nullopt;
    request.trace = trace ? trace->child() : Trace::start();
    request.parent_span = trace ? trace->span : 0;
    if (!trace) request.trace.sampled = request.trace.is_within(service_.options.sampled_share);
    request.until = now_ + limits_.handler_ms;
}

Response Connection::handled(Request& request) const {
    try {
        const auto& before = service_.options.before;
        if (auto answered = before ? before(request) : std::nullopt) return std::move(*answered);
        if (is_turned_over(request)) return Response::text(400, not_of_its_digest);
        return service_.handler(request);
    } catch (const std::exception& thrown) {
        tell_mistake(request, thrown.what());
    } catch (...) {
        tell_mistake(request, "something that is no std::exception");
    }
    return Response::text(500, "Something went wrong here. Trace: " + request.trace.id_hex() + "\n");
}

void Connection::finish(const Request& request, Response& response) const {
    if (response.upgrade) {
        if (reader_.is_1_1()) return;
        response = Response::text(426, "HTTP/1.0 cannot be upgraded.\n");
    }
    if (response.status < 200 || response.status > 599) {
        tell_mistake(request, "a handler answered with a status that is none");
        response = Response::text(500, "Something went wrong here.\n");
    }
    // Whoever reports a failure can say which, whatever its body looks like.
    if (response.status >= 500) response.fields.set("Trace-Id", request.trace.id_hex());
    compress_for(request, response);
    add_digest(request, response);
}

bool Connection::send(const Request& request, const Response& response, bool keep_alive) {
    append_answer_head(request, response, keep_alive);
    if (request.method == Method::head || has_no_body(response.status)) return true;
    if (response.stream) return send_stream(request, response);
    sent_bytes_ = response.body.size();
    return send_body(response.body);
}

void Connection::append_answer_head(const Request& request, const Response& response, bool keep_alive) {
    const AnswerShape shape{.keep_alive = keep_alive,
                            .to_1_1 = reader_.stage() != Stage::whole || reader_.is_1_1(),
                            .in_chunks = response.stream != nullptr};
    const auto date_line = share_.date.at(std::time(nullptr));
    const std::size_t dropped = append_head(out_, response, shape, date_line, service_.always);
    if (dropped > 0) tell_mistake(request, "a header field of an answer cannot be sent, and was dropped");
}

// What is thrown ends the connection; a stream without its last chunk, so that the client sees the cut.
template <typename Serve>
bool Connection::without_throwing(const Request& request, Serve serve) const {
    try {
        serve();
        return true;
    } catch (const std::exception& thrown) {
        tell_mistake(request, thrown.what());
    } catch (...) {
        tell_mistake(request, "something that is no std::exception");
    }
    return false;
}

bool Connection::send_stream(const Request& request, const Response& response) {
    if (!flush()) return false;
    Stream stream{*this, reader_.is_1_1()};
    if (without_throwing(request, [&] { response.stream(stream); })) return stream.end();
    out_.clear();
    return false;
}

bool Connection::send_raw(const Request& request, const Response& response, Deadline since) {
    sent_bytes_ = response.raw->size();
    out_ += *response.raw;
    flush();
    tell({request, response.status, sent_bytes_, now_ - since, false});
    return false;
}

// It counts as answered with its head: how long the two talk then says nothing about us.
bool Connection::upgrade(const Request& request, const Response& response, Deadline since) {
    append_answer_head(request, response, false);
    const bool sent = flush();
    now_ = now();
    tell({request, response.status, 0, now_ - since, false});
    if (!sent) return false;
    Upgraded upgraded{.socket = socket_, .early = reader_.rest(), .stopping = service_.stopping};
    upgraded_ = &upgraded;
    without_throwing(request, [&] { response.upgrade(upgraded); });
    upgraded_ = nullptr;
    return false;
}

// Behind what is in out_: small bodies wait there for the next answer, large ones go out with it.
bool Connection::send_body(std::string_view body) {
    if (body.size() <= copied_body_bytes_max) {
        out_ += body;
        return out_.size() < shared_write_bytes_max || flush();
    }
    answered_ = true;
    while (!body.empty() || !out_.empty()) {
        const auto piece = body.substr(0, write_bytes_max);
        const std::array<std::string_view, 2> pieces{out_, piece};
        if (!socket_.write(pieces, in(limits_.write_ms))) return false;
        out_.clear();
        body.remove_prefix(piece.size());
    }
    now_ = now();
    return true;
}

bool Connection::flush() {
    if (out_.empty()) return true;
    answered_ = true;
    const bool written = socket_.write(out_, now_ + limits_.write_ms).has_value();
    out_.clear();
    return written;
}

// Closing with unread bytes in the kernel resets the connection, which may destroy the answer before the
// client has read it. So what still comes is read and thrown away, for a while.
void Connection::linger() {
    socket_.finish_writing();
    const Deadline until = in(linger_max);
    std::array<char, 4096> thrown_away;
    while (now() < until) {
        const auto count = socket_.read_some(thrown_away, until);
        if (!count || *count == 0) return;
    }
}

void Connection::tell(const Served& served) const {
    if (service_.options.observer) service_.options.observer(served);
}

void Connection::tell_mistake(const Request& request, std::string_view what) const {
    if (service_.options.on_mistake) service_.options.on_mistake(request, what);
}

}  // namespace jebi::http
