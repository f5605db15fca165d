#include <fcntl.h>
#include <sys/socket.h>

#include <boost/asio/posix/basic_stream_descriptor.hpp>

#include "kit/fiber/descriptor.h"
#include "kit/fiber/listening.h"
#include "kit/fiber/loop.h"

namespace jebi::fiber {

namespace {

constexpr int accepted_in_a_row_max = 64;        // then other fibers of the loop have their turn
constexpr Millis out_of_descriptors_pause{100};  // until some connection has ended
constexpr Millis answer_max{1'000};

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
            at.port = address_of(descriptor).value_or(at).port;
            TRY(address, kernel_address(at, in(answer_max)));
        }
        all.push_back(std::move(descriptor));
    }
    return all;
}

// A descriptor of its own for each loop, as each loop watches its own.
Result<std::vector<Descriptor>> duplicates(const ListeningSocket& socket, unsigned count) {
    std::vector<Descriptor> all;
    while (all.size() < count) {
        Descriptor one{::fcntl(socket.number(), F_DUPFD_CLOEXEC, 0)};
        if (!one) return refuse_listening(socket.address(), errno);
        all.push_back(std::move(one));
    }
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

    State(Loops& on, Address at, std::optional<ListeningSocket> from)
        : loops(on), address(std::move(at)), shared(std::move(from)) {}

    Loops& loops;
    Address address;
    std::optional<ListeningSocket> shared;  // by all loops; none: each has a socket of its own
    std::vector<Acceptor> acceptors;
    std::function<void(Socket)> serve;
    std::atomic<bool> closed = false;
    std::atomic<unsigned> next_loop = 0;
    Gate accepting;

    // Of a shared socket the loop that is awake first may get all there is: it hands connections round.
    Loop& loop_for_next(Loop& own) { return shared ? loops.at(next_loop++ % loops.size()) : own; }

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
        wait_for_begun();
        acceptors.clear();
        shared.reset();
    }

    // A loop begins its fibers in the order in which they were spawned.
    void wait_for_begun() {
        const Gate begun;
        for (unsigned i = 0; i < loops.size(); ++i)
            spawn(loops.at(i), [pass = std::make_shared<Gate::Pass>(begun.enter())] {});
        begun.close();
        begun.wait_until(Deadline::max());
    }

    void watch(std::vector<Descriptor> descriptors) {
        acceptors.reserve(descriptors.size());
        for (unsigned i = 0; i < descriptors.size(); ++i) {
            Loop& loop = loops.at(i);
            acceptors.push_back({loop, Watched{loop.context.get_executor(), descriptors[i].release()}});
        }
    }
};

Listener::Listener(std::unique_ptr<State> state) : state_(std::move(state)) {}
Listener::Listener(Listener&&) noexcept = default;
Listener& Listener::operator=(Listener&&) noexcept = default;
Listener::~Listener() {
    if (state_) state_->close();
}

Result<Listener> Listener::open(Loops& loops, const Address& at) {
    if (at.is_unix()) {
        TRY(auto socket, ListeningSocket::open(at));
        return open(loops, std::move(socket));
    }
    auto state = std::make_unique<State>(loops, at, std::nullopt);
    TRY(auto descriptors, tcp_listeners(state->address, loops.size()));
    state->watch(std::move(descriptors));
    return Listener{std::move(state)};
}

Result<Listener> Listener::open(Loops& loops, ListeningSocket socket) {
    TRY(auto descriptors, duplicates(socket, loops.size()));
    const Address at = socket.address();
    auto state = std::make_unique<State>(loops, at, std::move(socket));
    state->watch(std::move(descriptors));
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
