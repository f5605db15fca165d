// Inside kit/fiber only: the encryption of one connection, step by step. It never waits: it says what to wait
// for.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "kit/fiber/tls.h"

struct ssl_st;

namespace jebi::fiber {

struct TlsStep {
    enum class Next : std::uint8_t {
        done,
        wait_readable,  // and take the step again
        wait_writable,
        failed,
    } next = Next::done;
    std::size_t count = 0;  // bytes; of a read, 0: the other side has finished
    std::string why{};      // it failed
};

// Used on one thread at a time. The descriptor is the socket's, and outlives the session.
class TlsSession {
public:
    TlsSession(const TlsServer& server, int descriptor);
    // `host` is whom the certificate must be for: a name, or an address.
    TlsSession(const TlsClient& client, const std::string& host, int descriptor);
    ~TlsSession();
    TlsSession(const TlsSession&) = delete;

    TlsStep handshake();
    TlsStep read(std::span<char> into);
    // Some of it. After a wait the same bytes must be given again.
    TlsStep write(std::string_view bytes);
    // Tells the other side that nothing more will be written, as far as it can be told now.
    void finish_writing();
    // Why the other side is not trusted; empty when that is not what is wrong.
    std::string distrust() const;

private:
    TlsSession(std::shared_ptr<const TlsContext> context, int descriptor);
    TlsStep step_of(int status) const;

    std::shared_ptr<const TlsContext> context_;
    ssl_st* ssl_;
};

}  // namespace jebi::fiber
