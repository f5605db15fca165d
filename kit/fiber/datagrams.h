// Datagrams over UDP.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "kit/base/clock.h"
#include "kit/base/result.h"
#include "kit/fiber/socket.h"

namespace jebi::fiber {

// A UDP socket. Belongs to one fiber (or plain thread), that which first receives; errors as Socket's.
class Datagrams {
public:
    // Receives what is sent to `at`. `unavailable` when the address cannot be bound; the message names it.
    // Port 0 picks a free port.
    static Result<Datagrams> open(const Address& at);
    // Sends to `to`.
    static Result<Datagrams> connect(const Address& to);

    // Waits until there is one, then shows `take` each that is there, at most `count_max`. How many there
    // were.
    Result<std::size_t> receive(std::size_t count_max, Deadline until,
                                const std::function<void(std::string_view)>& take);
    // One datagram. Sending may succeed although nobody receives.
    Result<void> send(std::string_view bytes, Deadline until);

    const Address& address() const;  // with the port that was picked
    // How many the kernel had to drop since its buffer was full, as known when the last one was received.
    // Safe from another thread.
    std::uint64_t dropped() const;
    // Ends the wait of a fiber with `unavailable`; safe from another thread. A plain thread waits on to its
    // deadline.
    void cancel() const;

    Datagrams(Datagrams&&) noexcept;
    Datagrams& operator=(Datagrams&&) noexcept;
    ~Datagrams();

    static constexpr std::size_t datagram_bytes_max = 65'535;
    static constexpr int kernel_buffer_bytes = 4 * 1024 * 1024;  // asked for; the system may give less

private:
    struct State;
    explicit Datagrams(std::shared_ptr<State> state);
    std::shared_ptr<State> state_;  // shared with cancel() and the timer
};

}  // namespace jebi::fiber
