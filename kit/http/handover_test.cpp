// A server ends and another one goes on on the same socket, as when a process is replaced.
#include <doctest/doctest.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "kit/http/server_testing.h"

namespace jebi::http {

namespace {

// Of one socket that stays open, as a supervisor's does, and of the servers that take turns on it.
struct Turns {
    explicit Turns(bool on_unix)
        : socket(fiber::ListeningSocket::open(
                     fiber::Address::from(on_unix ? "unix:" + folder.path() + "/s" : "127.0.0.1:0").value())
                     .value()) {}

    std::unique_ptr<Server> serve(const std::string& as) {
        auto own = fiber::ListeningSocket::inherited(::dup(socket.number())).value();
        return Server::start(loops, std::move(own), {}, [as](Request&) { return Response::text(200, as); })
            .value();
    }

    Folder folder;
    fiber::Loops loops{2};
    fiber::ListeningSocket socket;
};

// Sends one request after the other, on one connection as long as the server keeps it.
struct Caller {
    explicit Caller(const fiber::Address& at) : thread([this, at] { call(at); }) {}

    void call(const fiber::Address& at) {
        while (!done) {
            RawClient client{at};
            bool open = true;
            while (open && !done) {
                const bool sent = client.send(get_hello);
                const std::string answer = client.read_answer();
                if (!sent || status_of_answer(answer) != 200) ++failed;
                open = !answer.empty() && !has_line(answer, "Connection: close");
                ++calls;
            }
            client.finish();  // or the server would linger
        }
    }
    void end() {
        done = true;
        thread.join();
    }

    std::atomic<bool> done = false;
    std::atomic<int> calls = 0;
    std::atomic<int> failed = 0;
    std::thread thread;
};

void wait_for_calls(const std::vector<std::unique_ptr<Caller>>& callers, int more) {
    for (const auto& caller : callers) {
        const int wanted = caller->calls + more;
        while (caller->calls < wanted)
            std::this_thread::yield();
    }
}

}  // namespace

TEST_CASE("callers that keep sending notice nothing when one server ends and another goes on") {
    for (const bool on_unix : {false, true}) {
        CAPTURE(on_unix);
        Turns turns{on_unix};
        auto server = turns.serve("first");
        std::vector<std::unique_ptr<Caller>> callers;
        for (int i = 0; i < 8; ++i)
            callers.push_back(std::make_unique<Caller>(turns.socket.address()));
        for (int turn = 0; turn < 20; ++turn) {
            wait_for_calls(callers, 20);
            CHECK(server->stop(soon()));
            server = turns.serve("next");
        }
        wait_for_calls(callers, 20);
        for (const auto& caller : callers) {
            caller->end();
            CHECK(caller->failed == 0);
        }
        CHECK(server->stop(soon()));
    }
}

TEST_CASE("two servers on one socket share what comes, and one may end before the other") {
    Turns turns{true};
    auto old = turns.serve("old");
    const auto next = turns.serve("next");
    CHECK(old->address().text() == turns.socket.address().text());
    CHECK(old->stop(soon()));
    old.reset();
    RawClient client{turns.socket.address()};
    client.send(get_hello_and_close);
    CHECK(body_of_answer(client.read_to_end()) == "next");
}

TEST_CASE("who comes between two servers waits in the socket's backlog") {
    Turns turns{false};
    turns.serve("first");
    RawClient early{turns.socket.address()};
    CHECK(early.send(get_hello_and_close));
    const auto next = turns.serve("next");
    CHECK(body_of_answer(early.read_to_end()) == "next");
}

}  // namespace jebi::http
