// A way to a server that can be made bad from outside, whatever is spoken on it: TCP or Unix sockets on
// either side.
//
//     TRY(auto proxy, chaos::Proxy::start(loops, at, to, time));
//     proxy->set({.trouble = chaos::Trouble::corrupt, .share = 0.1});
//
// A trouble holds for connections that are open too, from their next bytes on, until another is set.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

#include "kit/fiber/socket.h"
#include "kit/guard/dice.h"
#include "kit/guard/time.h"

namespace jebi::chaos {

enum class Trouble : std::uint8_t {
    none,
    no_accept,   // who connects waits in the backlog; open connections go on
    no_answer,   // what is asked gets there, what is answered does not come back
    delay,       // each piece of an answer comes so much later
    half_close,  // instead of an answer the connection is closed for writing, and stays open for reading
    corrupt,     // a bit of some bytes of answers is turned over
    bandwidth,   // both ways are narrow
};

struct ProxyTrouble {
    Trouble trouble = Trouble::none;
    Millis delay{100};                     // at most 60 seconds count
    double share = 0.01;                   // of the bytes, for corrupt
    std::size_t bytes_per_second = 1'000;  // for bandwidth; at least 1
    std::uint64_t seed = 1;
};

// Thread-safe. The loops and `time` outlive it.
class Proxy {
public:
    // `unavailable` when it cannot listen there. Nobody need be at `to`: then connections are closed.
    static Result<std::unique_ptr<Proxy>> start(fiber::Loops& loops, const fiber::Address& at,
                                                fiber::Address to, const guard::Time& time);
    // Cuts what is open.
    ~Proxy();
    const fiber::Address& address() const { return door_.address(); }

    void set(const ProxyTrouble& trouble);
    std::size_t connections() const { return connections_; }

private:
    struct Pair;
    Proxy(fiber::Loops& loops, fiber::ListeningSocket door, fiber::Address to, const guard::Time& time);
    Result<void> accept();
    ProxyTrouble trouble() const;
    void carry(fiber::Socket client);
    void ask(Pair& pair);
    void answer(Pair& pair);
    bool pass_answer(fiber::Socket& client, std::span<char> bytes);
    bool pass(fiber::Socket& into, std::string_view bytes, const ProxyTrouble& now);

    static constexpr Millis idle_max{600'000};

    fiber::Loops& loops_;
    const fiber::ListeningSocket door_;
    const fiber::Address to_;
    const guard::Time& time_;
    fiber::Gate gate_;
    fiber::Event over_;
    std::atomic<std::size_t> connections_ = 0;
    mutable std::mutex mutex_;  // of all below
    ProxyTrouble trouble_;
    std::optional<guard::Dice> dice_;
    std::optional<fiber::Listener> listener_;
};

}  // namespace jebi::chaos
