// The HTTP/1.1 client: a bounded pool of keep-alive connections to one address.
//
// Thread-safe, also from plain threads; each loop keeps connections of its own, and the plain threads
// share some. The connection used last is used first, so that idle ones grow old and are closed (those of
// the plain threads only when the next request is sent).
// `connections_max` bounds what is in flight to this peer (a bulkhead). Ends before the Loops that use it.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "kit/fiber/socket.h"
#include "kit/http/message.h"

namespace jebi::http {

struct ClientOptions {
    fiber::Address address;
    std::size_t connections_max = 64;  // per loop; more callers wait, until their deadline
    std::size_t waiting_max = 1024;    // per loop; more callers are told `exhausted`
    std::size_t answer_bytes_max = 16 * 1024 * 1024;
    Millis idle_ms{30'000};  // a connection that has been idle for so long is closed
    // One that was idle for longer than this is looked at first, whether the other side has closed it. (It
    // costs a system call; a POST that meets a closed connection costs its caller an `unavailable`.)
    Millis trusted_ms{100};
    // When set, the peer is spoken to by HTTPS, and has to show that it is `address.host`.
    std::optional<fiber::TlsClient> tls{};
    std::string tls_name{};  // whom its certificate has to be for instead; empty: `address.host`
    // Digests both ways (digest.h), for ways without TLS: an answer with content and without the right one is
    // a `bad_answer`. The peer has to know RFC 9530; jebi's servers do.
    bool digests = false;
    // Header fields that every request gets besides its own.
    Fields<std::string> always{};
};

struct ClientRequest {
    Method method = Method::get;
    std::string target;          // "/path?query"
    Fields<std::string> fields;  // without Content-Length and Connection; Host is the address unless given
    std::string body;
    // May be sent twice although its method is not idempotent: it carries an idempotency key, or reads only.
    bool repeatable = false;
};

struct ClientResponse {
    int status = 0;
    Fields<std::string> fields;
    std::string body;  // decoded from chunks, and from gzip (Content-Encoding is taken out then)
};

class Client {
public:
    explicit Client(ClientOptions options);
    ~Client();
    Client(const Client&) = delete;

    // Errors: `unavailable` (cut off; with the reason "not_connected": nothing was sent; with "bad_answer":
    // the answer is no HTTP or too large; with "not_trusted": the peer's certificate is not right, the
    // message says why), `deadline`, `exhausted` (too many wait), `invalid` (the request cannot be sent). A
    // request on a reused connection that turns out to be closed before any byte of an answer came is sent
    // once more on a fresh one, when its method is idempotent (RFC 9110, 9.2.2) or it is `repeatable`.
    Result<ClientResponse> send(const ClientRequest& request, Deadline until);
    // The same, and in a fiber the wait for an answer ends with `deadline` also when `stop` happens, or has
    // happened.
    Result<ClientResponse> send(const ClientRequest& request, Deadline until, const fiber::Event& stop);

private:
    Result<ClientResponse> sent(const ClientRequest& request, Deadline until, const fiber::Event* stop);

    std::shared_ptr<class ClientPool> pool_;  // shared with the fibers that close its old connections
};

}  // namespace jebi::http
