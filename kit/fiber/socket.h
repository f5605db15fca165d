// Stream sockets for fibers: TCP, Unix and TLS, the same face for all.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "kit/base/clock.h"
#include "kit/base/result.h"
#include "kit/fiber/fiber.h"
#include "kit/fiber/tls.h"

namespace jebi::fiber {

// Where to listen or connect: "127.0.0.1:3000", "[::1]:3000", "localhost:80" or "unix:/path/to/socket".
struct Address {
    std::string host;  // empty for a Unix socket
    std::uint16_t port = 0;
    std::string path;  // empty for TCP

    bool is_unix() const { return !path.empty(); }
    std::string text() const;
    // `invalid`, with what is wrong, when the text is no address.
    static Result<Address> from(std::string_view text);
};

// A connection. Belongs to the fiber that uses it; one read and one write at a time.
// Errors: `unavailable` (the other side is gone), `deadline`.
class Socket {
public:
    static Result<Socket> connect(const Address& to, Deadline until);

    // Encrypts what is read and written from here on, once the other side has shaken hands. After an error
    // the socket is of no use any more. As a client: `unavailable` with the reason "not_trusted" when the
    // other side cannot show that it is `host`; the message says why.
    Result<void> secure(const TlsServer& as, Deadline until);
    Result<void> secure(const TlsClient& as, const std::string& host, Deadline until);

    // Some bytes, at least one; 0 means that the other side has finished.
    Result<std::size_t> read_some(std::span<char> into, Deadline until);
    // The same, and in a fiber it ends with `deadline` also when `event` happens, or has happened.
    Result<std::size_t> read_some(std::span<char> into, Deadline until, const Event& event);
    // All of it, in one system call where the kernel takes it.
    Result<void> write(std::string_view bytes, Deadline until);
    Result<void> write(std::span<const std::string_view> pieces, Deadline until);
    // Ends waits of the owner with `unavailable`; safe from another thread.
    void cancel() const;
    // Ends the wait that the owner is in with `deadline`, unless it has got something; on the owner's loop.
    void end_wait() const;
    // Says that nothing more will be written.
    void finish_writing() const;
    // "203.0.113.7" for TCP, "unix" for a Unix socket.
    std::string peer() const;

    Socket(Socket&&) noexcept;
    Socket& operator=(Socket&&) noexcept;
    ~Socket();

    struct State;
    explicit Socket(std::shared_ptr<State> state);

private:
    std::shared_ptr<State> state_;  // shared with cancel() and the lazy timer
};

// A socket that listens and that nobody accepts from yet: opened for a program that is about to be started,
// or inherited from whoever started this one. Callers wait in its backlog (1024) meanwhile, and also between
// the end of one program and the start of the next.
class ListeningSocket {
public:
    // Errors as for Listener::open.
    static Result<ListeningSocket> open(const Address& at);
    // Takes the descriptor over, and keeps it from programs that are started from here. `invalid` when it is
    // no TCP or Unix socket that listens. Closing it closes it for this process only; a Unix socket's file
    // stays for whoever opened it.
    static Result<ListeningSocket> inherited(int descriptor);

    const Address& address() const;  // with the port that was picked
    int number() const;              // the descriptor, which stays this one's
    void leave_file();               // a Unix socket's, for another process that has the socket too

    ListeningSocket(ListeningSocket&&) noexcept;
    ListeningSocket& operator=(ListeningSocket&&) noexcept;
    ~ListeningSocket();

private:
    struct State;
    explicit ListeningSocket(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

// Accepts connections on every loop (SO_REUSEPORT for TCP, so that loops do not share an acceptor)
// and starts a fiber for each. A TCP connection whose other side has vanished without a word (a phone that
// lost its network) is `unavailable` after two minutes at most, also to who only reads.
class Listener {
public:
    // `unavailable` when the address cannot be bound; the message names it. Port 0 picks a free port.
    // A Unix socket file left by a dead process is replaced, one that somebody answers on is not.
    static Result<Listener> open(Loops& loops, const Address& at);
    // On a socket that listens already. All loops accept from it, and hand what they accept round.
    static Result<Listener> open(Loops& loops, ListeningSocket socket);
    // Calls `serve` in a fiber of its own for each connection; returns at once.
    void start(std::function<void(Socket)> serve);
    // No new connections from here on; for each one that was accepted, `serve` has begun.
    void close();
    const Address& address() const;  // with the port that was picked

    Listener(Listener&&) noexcept;
    Listener& operator=(Listener&&) noexcept;
    ~Listener();

private:
    struct State;
    explicit Listener(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace jebi::fiber
