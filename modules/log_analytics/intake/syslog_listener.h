// Receives syslog over TCP and UDP and hands it on in batches (syslog.h says what becomes of a message).
//
// Syslog has no acknowledgement. Over TCP a sink that is full makes the listener stop reading, so that the
// sender waits (and keeps what it has); when that lasts longer than `full_ms`, the connection is closed. Over
// UDP nobody waits: what finds the kernel's buffer full, or the sink for longer than `datagram_full_ms`, is
// dropped and counted.
//
// Memory: at most some 300 KiB for each connection (its stack, what has been read, its rows), and 4 MiB for
// UDP.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "kit/base/clock.h"
#include "kit/fiber/socket.h"
#include "modules/log_analytics/intake/batch.h"

namespace jebi::log_analytics {

struct SyslogOptions {
    std::optional<fiber::Address> tcp, udp;
    int offset_minutes = 0;  // the time zone of RFC 3164's senders, east of UTC
    std::size_t connections_max = 256;
    Millis full_ms{60'000};
    Millis datagram_full_ms{1'000};
    Millis again_ms{50};    // between two tries of a full sink
    Millis notice_ms{250};  // how long closing may take to be noticed
};

struct SyslogStats {
    std::uint64_t messages = 0;     // received
    std::uint64_t refused = 0;      // that break a bound of a row, or a connection's framing
    std::uint64_t lost = 0;         // received, and not taken by the sink
    std::uint64_t dropped = 0;      // datagrams that the kernel dropped
    std::uint64_t connections = 0;  // now
    std::uint64_t turned_away = 0;  // connections beyond connections_max
};

// Waits until the rows are kept. `exhausted` means that nothing was taken, and is tried again.
using SyslogSink = std::function<Result<void>(const Rows&)>;

class SyslogListener {
public:
    // Starts at once. `clock` and `loops` outlive the listener; `sink` is called in fibers, several at a
    // time. Errors: `unavailable` when an address cannot be bound.
    static Result<SyslogListener> open(fiber::Loops& loops, const SyslogOptions& options, const Clock& clock,
                                       SyslogSink sink);
    // With the ports that were picked; nothing where it does not listen.
    std::optional<fiber::Address> tcp() const;
    std::optional<fiber::Address> udp() const;
    SyslogStats stats() const;  // thread-safe
    // Waits until what has been read is with the sink.
    void close();

    SyslogListener(SyslogListener&&) noexcept;
    SyslogListener& operator=(SyslogListener&&) noexcept;
    ~SyslogListener();

private:
    struct State;
    explicit SyslogListener(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace jebi::log_analytics
