#include "kit/http/client.h"

#include <algorithm>
#include <array>

#include "kit/base/compress.h"
#include "kit/http/client_pool.h"
#include "kit/http/digest.h"

namespace jebi::http {

namespace {

std::unexpected<Error> bad_answer(std::string_view why) {
    return fail(error(Code::unavailable, "The other side's answer cannot be read.")
                    .because("bad_answer")
                    .detailed(std::string(why)));
}

bool is_sendable_target(std::string_view target) {
    const bool visible = std::ranges::all_of(target, [](char c) { return c > ' ' && c != 0x7f; });
    return visible && (target.starts_with('/') || target == "*");
}

bool is_ours(std::string_view name) {
    constexpr std::array<std::string_view, 3> ours{"Content-Length", "Transfer-Encoding", "Connection"};
    return std::ranges::any_of(ours, [&](std::string_view one) { return equal_without_case(one, name); });
}

bool has_body(const ClientRequest& request) {
    return !request.body.empty() || request.method == Method::post || request.method == Method::put ||
           request.method == Method::patch;
}

// Some servers know their own name only without the port that goes without saying.
std::string host_of(const ClientOptions& options) {
    const fiber::Address& to = options.address;
    if (to.is_unix()) return "localhost";
    std::string host = to.text();
    const std::string_view usual = options.tls ? ":443" : ":80";
    if (host.ends_with(usual)) host.resize(host.size() - usual.size());
    return host;
}

Result<void> add_fields(const Fields<std::string>& fields, std::string& head) {
    for (const auto& [key, value] : fields.list) {
        if (is_ours(key) || !is_token(key) || !is_field_value(value))
            return fail(Code::invalid, "A header field of the request cannot be sent.");
        head.append(key).append(": ").append(value).append("\r\n");
    }
    return {};
}

Result<std::string> head_of(const ClientRequest& request, const ClientOptions& options) {
    if (!is_sendable_target(request.target)) return fail(Code::invalid, "The request's target is malformed.");
    std::string head;
    head.reserve(256);
    head.append(name(request.method)).append(" ").append(request.target).append(" HTTP/1.1\r\n");
    if (!request.fields.get("Host")) head.append("Host: ").append(host_of(options)).append("\r\n");
    TRY_VOID(add_fields(options.always, head));
    TRY_VOID(add_fields(request.fields, head));
    if (options.digests) head.append(want_digest_field).append(": sha-256=1\r\n");
    if (options.digests && has_body(request))
        head.append(content_digest_field).append(": ").append(content_digest(request.body)).append("\r\n");
    if (has_body(request))
        head.append("Content-Length: ").append(std::to_string(request.body.size())).append("\r\n");
    return head.append("\r\n");
}

bool may_be_sent_twice(const ClientRequest& request) {
    return request.repeatable || (request.method != Method::post && request.method != Method::patch);
}

// How long an answer is waited for.
struct Patience {
    Deadline until;
    const fiber::Event* stop;  // null: nothing else ends the wait
};

Result<std::size_t> read_some(ClientConnection& connection, const Patience& patience) {
    const auto space = connection.reader.space();
    return patience.stop == nullptr ? connection.socket.read_some(space, patience.until)
                                    : connection.socket.read_some(space, patience.until, *patience.stop);
}

Result<void> read_answer(ClientConnection& connection, const Patience& patience) {
    while (!connection.reader.whole()) {
        TRY(const std::size_t count, read_some(connection, patience));
        const auto read = count > 0 ? connection.reader.arrived(count) : connection.reader.connection_ended();
        if (read) continue;
        if (count > 0) return bad_answer(read.error().why);
        return fail(
            error(Code::unavailable, "The connection was cut off.").detailed(std::string(read.error().why)));
    }
    return {};
}

// As it came, so before anything is unzipped.
Result<void> check_digest(const ClientRequest& request, const ClientResponse& response) {
    if (request.method == Method::head || has_no_body(response.status)) return {};
    const auto told = response.fields.get(content_digest_field);
    if (!told) return bad_answer("there is no Content-Digest, which was asked for");
    if (digest_fits(*told, response.body) != true)
        return bad_answer("its Content-Digest is not that of the body: something was turned over on the way");
    return {};
}

Result<ClientResponse> unzipped(ClientResponse response, std::size_t bytes_max) {
    const auto coding = response.fields.get("Content-Encoding");
    if (!coding || !equal_without_case(*coding, "gzip") || response.body.empty()) return response;
    auto body = gunzipped(response.body, bytes_max);
    if (!body) return bad_answer(body.error().message);
    response.body = std::move(*body);
    std::erase_if(response.fields.list,
                  [](const auto& field) { return equal_without_case(field.first, "Content-Encoding"); });
    return response;
}

// No byte of the request has left.
Error not_connected(Error error) {
    if (error.code == Code::unavailable && error.reason.empty()) error.reason = "not_connected";
    return error;
}

// Even when the request could not be written whole, the other side may have answered (413, and closed).
Result<ClientResponse> exchange(ClientPool::Lease& lease, std::string_view head, const ClientRequest& request,
                                const ClientOptions& options, const Patience& patience) {
    ClientConnection& connection = *lease.connection();
    connection.reader.expect_answer(request.method == Method::head);
    const std::array<std::string_view, 2> pieces{head, request.body};
    const auto written = connection.socket.write(pieces, patience.until);
    if (!written && written.error().code == Code::deadline) return fail(written.error());
    TRY_VOID(read_answer(connection, patience));
    const bool reusable = written && connection.reader.reusable();
    ClientResponse response = connection.reader.take();
    if (options.digests) TRY_VOID(check_digest(request, response));
    if (reusable) lease.keep();
    return unzipped(std::move(response), options.answer_bytes_max);
}

}  // namespace

Client::Client(ClientOptions options) : pool_(std::make_shared<ClientPool>(std::move(options))) {}
Client::~Client() {
    pool_->close();
}

Result<ClientResponse> Client::send(const ClientRequest& request, Deadline until) {
    return sent(request, until, nullptr);
}

Result<ClientResponse> Client::send(const ClientRequest& request, Deadline until, const fiber::Event& stop) {
    return sent(request, until, &stop);
}

Result<ClientResponse> Client::sent(const ClientRequest& request, Deadline until, const fiber::Event* stop) {
    const Patience patience{until, stop};
    const ClientOptions& options = pool_->options();
    TRY(const std::string head, head_of(request, options));
    auto lease = pool_->lease(until);
    if (!lease) return fail(not_connected(lease.error()));
    if (lease->connection() == nullptr) {
        if (const auto connected = lease->connect(until); !connected)
            return fail(not_connected(connected.error()));
    }
    const bool reused = !lease->is_fresh();
    auto answer = exchange(*lease, head, request, options, patience);
    const bool was_dead =
        !answer && answer.error().code == Code::unavailable && !lease->connection()->reader.begun();
    if (!was_dead || !reused || !may_be_sent_twice(request)) return answer;
    TRY_VOID(lease->reconnect(until));
    return exchange(*lease, head, request, options, patience);
}

}  // namespace jebi::http
