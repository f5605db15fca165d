#include "kit/http/server.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "kit/http/connection.h"

namespace jebi::http {

namespace {

constexpr std::size_t turned_away_max = 100;  // at once; what comes beyond is closed without a word
constexpr Millis end_max{5'000};              // beyond what handlers have anyway

}  // namespace

struct Server::State : std::enable_shared_from_this<State> {
    State(fiber::Loops& on, ServerOptions options, std::function<Response(Request&)> handler)
        : loops(on), service{std::move(options), std::move(handler)}, shares(loops.size()) {}

    fiber::Loops& loops;
    Service service;
    std::vector<LoopShare> shares;  // one for each loop
    fiber::Gate gate;               // holds a pass for each connection

    LoopShare& share_of_current_loop() {
        unsigned index = 0;
        while (&loops.at(index) != fiber::current_loop())
            ++index;
        return shares[index];
    }

    void serve(fiber::Socket socket) {
        const auto pass = gate.enter();
        const std::size_t connections_max = service.options.limits.connections_max;
        const std::size_t inside = gate.inside();
        if (!pass || inside > connections_max + turned_away_max) return;
        Connection connection{service, share_of_current_loop(), std::move(socket)};
        if (inside > connections_max) {
            connection.turn_away();
        } else {
            connection.run();
        }
    }

    // Memory may be short for one connection; the others go on.
    void serve_without_throwing(fiber::Socket socket) {
        try {
            serve(std::move(socket));
        } catch (const std::exception& thrown) {
            std::fprintf(stderr, "jebi: a connection was dropped: %s\n", thrown.what());
        }
    }

    // Calls `what` with the connections of each loop, in a fiber there, soon.
    template <typename What>
    void for_shares(What what) {
        for (unsigned i = 0; i < loops.size(); ++i) {
            fiber::spawn(loops.at(i),
                         [self = shared_from_this(), i, what] { what(*self, self->shares[i].connections); });
        }
    }

    // Until the last one has gone: what a client sends in time is answered.
    void say_goodbye(const std::vector<Connection*>& connections) const {
        for (Connection* connection : connections)
            connection->say_goodbye();
        const Millis goodbye = service.options.limits.goodbye_ms;
        Deadline next;
        do {
            const Deadline now = in(Millis{0});
            next = now + goodbye;
            for (Connection* connection : connections)
                next = std::min(next, connection->end_if_unused_since(now - goodbye).value_or(now) + goodbye);
        } while (!gate.wait_until(next));
    }
};

Server::Server(fiber::Listener listener, std::shared_ptr<State> state)
    : listener_(std::move(listener)), state_(std::move(state)) {}

Result<std::unique_ptr<Server>> Server::start(fiber::Loops& loops, const fiber::Address& at,
                                              ServerOptions options,
                                              std::function<Response(Request&)> handler) {
    TRY(auto listener, fiber::Listener::open(loops, at));
    return start(loops, std::move(listener), std::move(options), std::move(handler));
}

Result<std::unique_ptr<Server>> Server::start(fiber::Loops& loops, fiber::ListeningSocket socket,
                                              ServerOptions options,
                                              std::function<Response(Request&)> handler) {
    TRY(auto listener, fiber::Listener::open(loops, std::move(socket)));
    return start(loops, std::move(listener), std::move(options), std::move(handler));
}

std::unique_ptr<Server> Server::start(fiber::Loops& loops, fiber::Listener listener, ServerOptions options,
                                      std::function<Response(Request&)> handler) {
    const auto state = std::make_shared<State>(loops, std::move(options), std::move(handler));
    std::unique_ptr<Server> server{new Server{std::move(listener), state}};
    server->listener_.start(
        [state](fiber::Socket socket) { state->serve_without_throwing(std::move(socket)); });
    return server;
}

Server::~Server() {  // NOLINT(bugprone-exception-escape): without memory to wait, the process ends
    stop(in(Millis{0}));
    const auto end_until = in(state_->service.options.limits.handler_ms + end_max);
    if (state_->gate.wait_until(end_until)) return;
    std::fputs("jebi: a handler still runs although its request's time is long up\n", stderr);
    std::abort();
}

const fiber::Address& Server::address() const {
    return listener_.address();
}

bool Server::stop(Deadline until) {
    if (state_->service.stopping.exchange(true)) return true;
    listener_.close();
    state_->gate.close();
    state_->for_shares([](const State& state, const auto& connections) { state.say_goodbye(connections); });
    if (state_->gate.wait_until(until)) return true;
    state_->for_shares([](const State&, const auto& connections) {
        for (Connection* connection : connections)
            connection->cut();
    });
    return false;
}

}  // namespace jebi::http
