// Encryption for sockets: TLS 1.2 and 1.3 by OpenSSL (kit/fiber/tls.cpp is the only file that includes it).
//
// A socket that was secured (socket.h) is read and written like any other. What is offered is modern and the
// same for everybody: forward secrecy always, AES-GCM or ChaCha20-Poly1305, ALPN "http/1.1", no compression,
// no renegotiation. docs/decisions/0010-tls.md says why OpenSSL is used directly and not through Asio.
//
// What is made here is immutable, thread-safe and cheap to copy.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kit/base/result.h"

namespace jebi::fiber {

struct TlsContext;

// What a server shows: a certificate, the chain above it, and its key.
class TlsServer {
public:
    // Both files are PEM; the certificate's file may go on with those that signed it, in their order.
    // `invalid`, for the person who named the files: which file is wrong, why, and what to do.
    static Result<TlsServer> load(const std::string& certificate_file, const std::string& key_file);
    // What is odd but no reason not to start: a certificate that has expired or is not valid yet.
    const std::vector<std::string>& warnings() const { return warnings_; }

private:
    friend class TlsSession;
    std::shared_ptr<const TlsContext> context_;  // shared with the sessions that are made of it
    std::vector<std::string> warnings_;
};

// Whom a client trusts.
class TlsClient {
public:
    // The system's roots, or only those in a PEM file. `invalid` when that file cannot be used.
    static Result<TlsClient> open(const std::string& roots_file = {});

private:
    friend class TlsSession;
    std::shared_ptr<const TlsContext> context_;  // as above
};

}  // namespace jebi::fiber
