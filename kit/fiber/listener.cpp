#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include "kit/fiber/descriptor.h"
#include "kit/fiber/loop.h"

namespace jebi::fiber {

namespace {

constexpr int backlog_max = 1024;
constexpr int accepted_in_a_row_max = 64;        // then other fibers of the loop have their turn
constexpr Millis out_of_descriptors_pause{100};  // until some connection has ended
constexpr Millis answer_max{1'000};
constexpr int asked_after_s = 60;  // of silence on a connection, whether the other side is still there
constexpr int asked_every_s = 15;
constexpr int unanswered_ms_max = 60'000;

std::unexpected<Error> refuse(const Address& at, int number) {
    const std::string hint =
        number == EADDRINUSE ? " Somebody else listens there: stop it, or choose another port."
        : number == EACCES   ? " This user may not: choose a port above 1023, or another folder."
                             : "";
    return fail(
        error(Code::unavailable, "Cannot listen on " + at.text() + ": " + reason_of(number) + "." + hint)
            .because(number == EADDRINUSE ? "address_in_use" : "address_refused"));
}

Result<Descriptor> bound(const Address& at, const KernelAddress& address, bool shared) {
    Descriptor descriptor{::socket(address.family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    if (!descriptor) return refuse(at, errno);
    const int on = 1;
    ::setsockopt(descriptor.number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (shared) ::setsockopt(descriptor.number(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    if (::bind(descriptor.number(), address.get(), address.size) != 0) return refuse(at, errno);
    return descriptor;
}

Result<Descriptor> listening(const Address& at, const KernelAddress& address, bool shared) {
    TRY(Descriptor descriptor, bound(at, address, shared));
    if (::listen(descriptor.number(), backlog_max) != 0) return refuse(at, errno);
    return descriptor;
}

// A machine that loses its network says nothing. Connections inherit this from the socket that accepts them.
void give_up_vanished(const Descriptor& descriptor) {
    const auto set = [&](int level, int option, int value) {
        ::setsockopt(descriptor.number(), level, option, &value, sizeof value);
    };
    set(SOL_SOCKET, SO_KEEPALIVE, 1);
    set(IPPROTO_TCP, TCP_KEEPIDLE, asked_after_s);
    set(IPPROTO_TCP, TCP_KEEPINTVL, asked_every_s);
    set(IPPROTO_TCP, TCP_USER_TIMEOUT, unanswered_ms_max);
}

std::uint16_t port_of(const Descriptor& descriptor) {
    sockaddr_storage at{};
    socklen_t size = sizeof at;
    ::getsockname(descriptor.number(), reinterpret_cast<sockaddr*>(&at), &size);
    return ntohs(at.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(at).sin6_port
                                          : reinterpret_cast<const sockaddr_in&>(at).sin_port);
}

// SO_REUSEPORT lets two programs of one user share a port without a word; so the port is asked for once
// without it, which fails when anybody listens there.
Result<std::vector<Descriptor>> tcp_listeners(Address& at, unsigned count) {
    TRY(KernelAddress address, kernel_address(at, in(answer_max)));
    if (const auto probe = listening(at, address, false); !probe) return fail(probe.error());
    std::vector<Descriptor> all;
    while (all.size() < count) {
        TRY(Descriptor descriptor, listening(at, address, true));
        give_up_vanished(descriptor);
        if (at.port == 0) {
            at.port = port_of(descriptor);
            TRY(address, kernel_address(at, in(answer_max)));
        }
        all.push_back(std::move(descriptor));
    }
    return all;
}

// A socket file outlives its process. One that nobody answers on is removed.
Result<void> clear_path(const Address& at, const KernelAddress& address) {
    struct stat found{};
    if (::lstat(at.path.c_str(), &found) != 0) return {};
    if (!S_ISSOCK(found.st_mode)) return refuse(at, EEXIST);
    const Descriptor probe{::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)};
    const bool nobody = ::connect(probe.number(), address.get(), address.size) != 0 && errno == ECONNREFUSED;
    if (!nobody) return refuse(at, EADDRINUSE);
    ::unlink(at.path.c_str());
    return {};
}

Result<std::vector<Descriptor>> unix_listener(const Address& at) {
    TRY(const KernelAddress address, kernel_address(at, in(answer_max)));
    TRY_VOID(clear_path(at, address));
    TRY(Descriptor descriptor, listening(at, address, false));
    std::vector<Descriptor> all;
    all.push_back(std::move(descriptor));
    return all;
}

bool out_of_descriptors(int number) {
    return number == EMFILE || number == ENFILE || number == ENOBUFS || number == ENOMEM;
}

}  // namespace

struct Listener::State {
    using Watched = boost::asio::posix::basic_stream_descriptor<Executor>;

    struct Acceptor {
        Loop& loop;
        Watched watched;
    };

    State(Loops& on, Address at) : loops(on), address(std::move(at)) {}

    Loops& loops;
    Address address;
    std::vector<Acceptor> acceptors;
    std::function<void(Socket)> serve;
    std::atomic<bool> closed = false;
    std::atomic<unsigned> next_loop = 0;
    Gate accepting;

    // A Unix socket has one acceptor for all loops: it hands connections round.
    Loop& loop_for_next(Loop& own) { return address.is_unix() ? loops.at(next_loop++ % loops.size()) : own; }

    void start_serving(Loop& on, int number) {
        spawn(on, [this_serve = serve, number, family = address.is_unix() ? AF_UNIX : AF_INET] {
            this_serve(adopt(Descriptor{number}, family));
        });
    }

    // What is there to accept now. False: nothing more can be accepted for a while.
    bool accept_some(Acceptor& acceptor) {
        for (int i = 0; i < accepted_in_a_row_max && !closed; ++i) {
            const int number =
                ::accept4(acceptor.watched.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (number < 0) return !out_of_descriptors(errno);
            start_serving(loop_for_next(acceptor.loop), number);
        }
        return true;
    }

    void accept_until_closed(Acceptor& acceptor) {
        while (!closed) {
            current()->wait(
                [&](auto token) { return acceptor.watched.async_wait(Watched::wait_read, token); });
            if (!closed && !accept_some(acceptor)) sleep_until(in(out_of_descriptors_pause));
        }
    }

    void start() {
        for (Acceptor& acceptor : acceptors) {
            spawn(acceptor.loop, [this, &acceptor, pass = std::make_shared<Gate::Pass>(accepting.enter())] {
                accept_until_closed(acceptor);
            });
        }
    }

    void close() {
        if (closed.exchange(true)) return;
        for (Acceptor& acceptor : acceptors) {
            spawn(acceptor.loop, [&acceptor, pass = std::make_shared<Gate::Pass>(accepting.enter())] {
                boost::system::error_code ignored;
                acceptor.watched.cancel(ignored);
            });
        }
        accepting.close();
        accepting.wait_until(Deadline::max());
        acceptors.clear();
        if (address.is_unix()) ::unlink(address.path.c_str());
    }
};

Listener::Listener(std::unique_ptr<State> state) : state_(std::move(state)) {}
Listener::Listener(Listener&&) noexcept = default;
Listener& Listener::operator=(Listener&&) noexcept = default;
Listener::~Listener() {
    if (state_) state_->close();
}

Result<Listener> Listener::open(Loops& loops, const Address& at) {
    auto state = std::make_unique<State>(loops, at);
    TRY(auto descriptors, at.is_unix() ? unix_listener(at) : tcp_listeners(state->address, loops.size()));
    state->acceptors.reserve(descriptors.size());
    for (unsigned i = 0; i < descriptors.size(); ++i) {
        Loop& loop = loops.at(i);
        state->acceptors.push_back(
            {loop, State::Watched{loop.context.get_executor(), descriptors[i].release()}});
    }
    return Listener{std::move(state)};
}

void Listener::start(std::function<void(Socket)> serve) {
    state_->serve = std::move(serve);
    state_->start();
}

void Listener::close() {
    state_->close();
}
const Address& Listener::address() const {
    return state_->address;
}

}  // namespace jebi::fiber
