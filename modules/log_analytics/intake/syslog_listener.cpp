#include "modules/log_analytics/intake/syslog_listener.h"

#include <atomic>

#include "kit/fiber/datagrams.h"
#include "modules/log_analytics/intake/syslog.h"

namespace jebi::log_analytics {

namespace {

constexpr std::size_t read_bytes = 32 * 1024;
constexpr std::size_t datagrams_in_a_batch_max = 512;

using Count = std::atomic<std::uint64_t>;

}  // namespace

struct SyslogListener::State {
    State(fiber::Loops& on, const SyslogOptions& how, const Clock& time, SyslogSink to)
        : loops(on), options(how), clock(time), sink(std::move(to)) {}

    Result<void> open() {
        if (options.tcp) {
            TRY(auto listening, fiber::Listener::open(loops, *options.tcp));
            tcp.emplace(std::move(listening));
        }
        if (options.udp) {
            TRY(auto receiving, fiber::Datagrams::open(*options.udp));
            udp.emplace(std::move(receiving));
        }
        return {};
    }

    void start() {
        if (tcp) tcp->start([this](fiber::Socket socket) { serve(std::move(socket)); });
        if (!udp) return;
        fiber::spawn(loops.at(0),
                     [this, pass = std::make_shared<fiber::Gate::Pass>(gate.enter())] { receive(); });
    }

    void close() {
        if (closing.exchange(true)) return;
        if (tcp) tcp->close();
        if (udp) udp->cancel();
        gate.close();
        gate.wait_until(Deadline::max());
    }

    // The rows to the sink, while it is full again and again. False: they are lost.
    bool deliver(Batch& batch, Millis full_ms) {
        messages += batch.events();
        refused += batch.refused;
        const Deadline until = in(full_ms);
        while (!batch.rows.empty()) {
            const auto status = sink(batch.rows);
            if (status) return true;
            const bool again = status.error().code == Code::exhausted && !closing &&
                               std::chrono::steady_clock::now() < until;
            if (!again) {
                lost += batch.rows.count();
                return false;
            }
            fiber::sleep_until(in(options.again_ms));
        }
        return true;
    }

    void take(std::string_view message, Batch& batch) {
        RowMaker maker{batch};
        take_syslog(message, clock.wall_ms(), options.offset_minutes, maker);
    }

    void serve(fiber::Socket socket) {
        const auto pass = gate.enter();
        if (!pass) return;
        if (++connections > options.connections_max) {
            ++turned_away;
        } else {
            read_messages(socket);
        }
        --connections;
    }

    void read_messages(fiber::Socket& socket) {
        SyslogFrames frames;
        std::vector<char> buffer(read_bytes);
        while (!closing) {
            const auto size = socket.read_some(buffer, in(options.notice_ms));
            if (!size && size.error().code == Code::deadline) continue;
            const bool ended = !size || *size == 0;
            Batch batch;
            if (!ended) frames.append({buffer.data(), *size});
            while (const auto message = frames.next())
                take(*message, batch);
            if (const auto last = ended ? frames.rest() : std::nullopt) take(*last, batch);
            if (frames.failed()) batch.refuse("The framing is neither a line nor a count of bytes.");
            if (!deliver(batch, options.full_ms) || ended || frames.failed()) return;
        }
    }

    void receive() {
        while (!closing) {
            Batch batch;
            const auto count = udp->receive(datagrams_in_a_batch_max, in(options.notice_ms),
                                            [&](std::string_view message) { take(message, batch); });
            deliver(batch, options.datagram_full_ms);
            // An error that stays (no descriptor) must not make a busy loop.
            if (!count && count.error().code != Code::deadline) fiber::sleep_until(in(options.again_ms));
        }
    }

    fiber::Loops& loops;
    SyslogOptions options;
    const Clock& clock;
    SyslogSink sink;
    std::optional<fiber::Listener> tcp;
    std::optional<fiber::Datagrams> udp;
    fiber::Gate gate;
    std::atomic<bool> closing = false;
    Count messages = 0, refused = 0, lost = 0, connections = 0, turned_away = 0;
};

SyslogListener::SyslogListener(std::unique_ptr<State> state) : state_(std::move(state)) {}
SyslogListener::SyslogListener(SyslogListener&&) noexcept = default;
SyslogListener& SyslogListener::operator=(SyslogListener&&) noexcept = default;
SyslogListener::~SyslogListener() {
    if (state_) state_->close();
}

Result<SyslogListener> SyslogListener::open(fiber::Loops& loops, const SyslogOptions& options,
                                            const Clock& clock, SyslogSink sink) {
    auto state = std::make_unique<State>(loops, options, clock, std::move(sink));
    TRY_VOID(state->open());
    state->start();
    return SyslogListener{std::move(state)};
}

std::optional<fiber::Address> SyslogListener::tcp() const {
    return state_->tcp ? std::optional{state_->tcp->address()} : std::nullopt;
}
std::optional<fiber::Address> SyslogListener::udp() const {
    return state_->udp ? std::optional{state_->udp->address()} : std::nullopt;
}

SyslogStats SyslogListener::stats() const {
    const State& state = *state_;
    return {.messages = state.messages,
            .refused = state.refused,
            .lost = state.lost,
            .dropped = state.udp ? state.udp->dropped() : 0,
            .connections = state.connections,
            .turned_away = state.turned_away};
}

void SyslogListener::close() {
    state_->close();
}

}  // namespace jebi::log_analytics
