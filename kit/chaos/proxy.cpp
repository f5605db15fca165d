#include "kit/chaos/proxy.h"

#include <fcntl.h>

#include <algorithm>
#include <array>

namespace jebi::chaos {

namespace {

constexpr std::size_t piece_bytes = 16 * 1024;
constexpr std::size_t steps_per_second = 20;  // of a narrow way
constexpr Millis connect_max{5'000};
constexpr Millis write_max{30'000};
constexpr Millis delay_max{60'000};

}  // namespace

// The two ends of a connection, on one loop.
struct Proxy::Pair {
    fiber::Socket client;
    fiber::Socket server;
    fiber::Event over;  // one end has closed
};

Result<std::unique_ptr<Proxy>> Proxy::start(fiber::Loops& loops, const fiber::Address& at, fiber::Address to,
                                            const guard::Time& time) {
    TRY(auto door, fiber::ListeningSocket::open(at));
    std::unique_ptr<Proxy> proxy{new Proxy{loops, std::move(door), std::move(to), time}};
    TRY_VOID(proxy->accept());
    return proxy;
}

Proxy::Proxy(fiber::Loops& loops, fiber::ListeningSocket door, fiber::Address to, const guard::Time& time)
    : loops_(loops), door_(std::move(door)), to_(std::move(to)), time_(time) {}

Proxy::~Proxy() {
    if (listener_) listener_->close();
    over_.set();
    gate_.close();
    gate_.wait_until(Deadline::max());  // all that waits inside has an end
}

// On a descriptor of its own: closing it leaves the door, and its backlog, as it is.
Result<void> Proxy::accept() {
    TRY(auto socket, fiber::ListeningSocket::inherited(::fcntl(door_.number(), F_DUPFD_CLOEXEC, 0)));
    TRY(auto listener, fiber::Listener::open(loops_, std::move(socket)));
    listener_.emplace(std::move(listener));
    listener_->start([this](fiber::Socket client) {
        if (const auto pass = gate_.enter()) carry(std::move(client));
    });
    return {};
}

void Proxy::set(const ProxyTrouble& trouble) {
    const std::lock_guard lock{mutex_};
    trouble_ = trouble;
    trouble_.delay = std::min(trouble.delay, delay_max);
    trouble_.bytes_per_second = std::max<std::size_t>(trouble.bytes_per_second, 1);
    dice_.emplace(trouble.seed);
    const bool accepts = trouble.trouble != Trouble::no_accept;
    if (accepts && !listener_) (void)accept();
    if (accepts || !listener_) return;
    listener_->close();
    listener_.reset();
}

ProxyTrouble Proxy::trouble() const {
    const std::lock_guard lock{mutex_};
    return trouble_;
}

void Proxy::carry(fiber::Socket client) {
    auto server = fiber::Socket::connect(to_, in(connect_max));
    if (!server) return;
    ++connections_;
    Pair pair{.client = std::move(client), .server = std::move(*server), .over = {}};
    const fiber::Gate asking;
    fiber::spawn(*fiber::current_loop(),
                 [this, &pair, pass = std::make_shared<fiber::Gate::Pass>(asking.enter())] { ask(pair); });
    answer(pair);
    pair.over.set();
    asking.close();
    asking.wait_until(Deadline::max());
    --connections_;
}

void Proxy::ask(Pair& pair) {
    std::array<char, piece_bytes> bytes;
    while (const auto count = pair.client.read_some(bytes, in(idle_max), pair.over).value_or(0)) {
        if (!pass(pair.server, {bytes.data(), count}, trouble())) break;
    }
    pair.server.finish_writing();
}

void Proxy::answer(Pair& pair) {
    std::array<char, piece_bytes> bytes;
    while (const auto count = pair.server.read_some(bytes, in(idle_max), over_).value_or(0)) {
        if (!pass_answer(pair.client, {bytes.data(), count})) break;
    }
    pair.client.finish_writing();
}

bool Proxy::pass_answer(fiber::Socket& client, std::span<char> bytes) {
    const ProxyTrouble now = trouble();
    if (now.trouble == Trouble::no_answer) return true;
    if (now.trouble == Trouble::half_close) {
        client.finish_writing();
        return true;
    }
    if (now.trouble == Trouble::delay) time_.sleep_until(time_.now() + now.delay);
    if (now.trouble == Trouble::corrupt) {
        const std::lock_guard lock{mutex_};
        for (char& byte : bytes) {
            if (dice_->fraction() < now.share) byte = static_cast<char>(byte ^ (1 << dice_->below(8)));
        }
    }
    return pass(client, {bytes.data(), bytes.size()}, now);
}

bool Proxy::pass(fiber::Socket& into, std::string_view bytes, const ProxyTrouble& now) {
    if (now.trouble != Trouble::bandwidth) return into.write(bytes, in(write_max)).has_value();
    const std::size_t step = std::max<std::size_t>(now.bytes_per_second / steps_per_second, 1);
    const auto pause = std::chrono::nanoseconds{std::chrono::seconds{1}} * step / now.bytes_per_second;
    while (!bytes.empty() && !over_.is_set()) {
        time_.sleep_until(time_.now() + pause);
        if (!into.write(bytes.substr(0, step), in(write_max))) return false;
        bytes.remove_prefix(std::min(step, bytes.size()));
    }
    return bytes.empty();
}

}  // namespace jebi::chaos
