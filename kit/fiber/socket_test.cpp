#include "kit/fiber/socket.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

using namespace jebi;
using namespace jebi::fiber;

namespace {

const auto soon = [] { return in(Millis{10'000}); };

// A folder for sockets that goes away with the test.
struct Folder {
    std::string path = [] {
        std::string name = "/tmp/jebi-fiber-XXXXXX";
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        return name;
    }();
    ~Folder() { std::filesystem::remove_all(path); }
};

// Sends back what comes until the other side finishes.
void echo(Socket socket) {
    std::array<char, 4096> buffer{};
    while (true) {
        const auto count = socket.read_some(buffer, soon());
        if (!count || *count == 0) return;
        if (!socket.write({buffer.data(), *count}, soon())) return;
    }
}

std::string read_exactly(Socket& socket, std::size_t size) {
    std::string text;
    std::array<char, 65536> buffer{};
    while (text.size() < size) {
        const auto count =
            socket.read_some({buffer.data(), std::min(buffer.size(), size - text.size())}, soon());
        if (!count || *count == 0) break;
        text.append(buffer.data(), *count);
    }
    return text;
}

void talk_to_echo(const Address& at) {
    auto socket = Socket::connect(at, soon()).value();
    const std::string_view pieces[] = {"one ", "", "two"};
    REQUIRE(socket.write(pieces, soon()));
    CHECK(read_exactly(socket, 7) == "one two");
    socket.finish_writing();
    std::array<char, 1> rest{};
    CHECK(socket.read_some(rest, soon()).value() == 0);
}

std::uint16_t port_of(int number) {
    sockaddr_in at{};
    socklen_t size = sizeof at;
    const bool found = ::getsockname(number, reinterpret_cast<sockaddr*>(&at), &size) == 0;
    return found && at.sin_family == AF_INET ? ntohs(at.sin_port) : 0;
}

// The number of this process's descriptor that was accepted at that port; -1: there is none.
int accepted_at(std::uint16_t port) {
    for (int number = 0; number < 1024; ++number) {
        sockaddr_in peer{};
        socklen_t size = sizeof peer;
        const bool connected = ::getpeername(number, reinterpret_cast<sockaddr*>(&peer), &size) == 0;
        if (connected && port_of(number) == port) return number;
    }
    return -1;
}

int option_of(int number, int level, int option) {
    int value = -1;
    socklen_t size = sizeof value;
    ::getsockopt(number, level, option, &value, &size);
    return value;
}

void on_every_kind_of_address(const std::function<void(const Address&)>& body) {
    const Folder folder;
    for (const std::string& text :
         {std::string("127.0.0.1:0"), std::string("[::1]:0"), "unix:" + folder.path + "/s"}) {
        CAPTURE(text);
        body(Address::from(text).value());
    }
}

}  // namespace

TEST_CASE("addresses are read and written back") {
    for (const char* text : {"127.0.0.1:3000", "[::1]:0", "localhost:80", "unix:/run/x.sock"}) {
        CHECK(Address::from(text).value().text() == text);
    }
    for (const char* text : {"", "3000", ":80", "host:", "host:65536", "host:-1", "host:8o", "unix:"}) {
        CAPTURE(text);
        CHECK(Address::from(text).error().code == Code::invalid);
    }
    CHECK_FALSE(Address::from("unix:/" + std::string(200, 'x')));
}

TEST_CASE("bytes go both ways, from plain threads and from fibers") {
    on_every_kind_of_address([](const Address& at) {
        Loops loops{2};
        auto listener = Listener::open(loops, at).value();
        listener.start(echo);
        talk_to_echo(listener.address());
        const Event done;
        spawn(loops.at(1), [&] {
            talk_to_echo(listener.address());
            done.set();
        });
        CHECK(done.wait_until(soon()));
    });
}

TEST_CASE("more than the kernel buffers goes through a reader that starts late") {
    Loops loops{1};
    const std::string large(32 << 20, 'x');
    const Event written;
    auto listener = Listener::open(loops, Address::from("127.0.0.1:0").value()).value();
    listener.start([&](Socket socket) {
        CHECK(socket.write(large, soon()));
        written.set();
    });
    auto socket = Socket::connect(listener.address(), soon()).value();
    CHECK_FALSE(written.wait_until(in(Millis{20})));
    CHECK(read_exactly(socket, large.size()) == large);
    CHECK(written.wait_until(soon()));
}

TEST_CASE("a read and a write give up at their deadline, a later read may go on") {
    Loops loops{1};
    const Event tried;
    auto listener = Listener::open(loops, Address::from("127.0.0.1:0").value()).value();
    listener.start([&](Socket socket) {
        std::array<char, 8> buffer{};
        CHECK(socket.read_some(buffer, in(Millis{5})).error().code == Code::deadline);
        CHECK(socket.write(std::string(64 << 20, 'x'), in(Millis{5})).error().code == Code::deadline);
        tried.set();
        CHECK(socket.read_some(buffer, soon()).value() == 2);
    });
    auto socket = Socket::connect(listener.address(), soon()).value();
    REQUIRE(tried.wait_until(soon()));
    CHECK(socket.write("go", soon()));
    std::array<char, 8> buffer{};
    CHECK(socket.read_some(buffer, soon()).value() == 8);
}

TEST_CASE("cancel ends another fiber's wait") {
    Loops loops{1};
    const Event waiting, ended;
    std::atomic<const Socket*> shared = nullptr;
    auto listener = Listener::open(loops, Address::from("127.0.0.1:0").value()).value();
    listener.start([&](Socket socket) {
        shared = &socket;
        waiting.set();
        std::array<char, 8> buffer{};
        CHECK(socket.read_some(buffer, soon()).error().code == Code::unavailable);
        ended.set();
    });
    const auto socket = Socket::connect(listener.address(), soon()).value();
    REQUIRE(waiting.wait_until(soon()));
    shared.load()->cancel();
    CHECK(ended.wait_until(soon()));
}

TEST_CASE("connections are served on every loop") {
    Loops loops{2};
    std::array<std::atomic<int>, 2> served{};
    const Folder folder;
    auto listener = Listener::open(loops, Address::from("unix:" + folder.path + "/s").value()).value();
    listener.start([&](Socket socket) {
        ++served[current_loop() == &loops.at(0) ? 0 : 1];
        echo(std::move(socket));
    });
    for (int i = 0; i < 8; ++i)
        talk_to_echo(listener.address());
    CHECK(served[0] == 4);
    CHECK(served[1] == 4);
}

// Nobody can vanish on a loopback, so the kernel is asked what it would do.
TEST_CASE("the kernel is told to give up connections whose other side has vanished") {
    Loops loops{1};
    auto listener = Listener::open(loops, Address::from("127.0.0.1:0").value()).value();
    listener.start(echo);
    Socket socket = Socket::connect(listener.address(), soon()).value();
    REQUIRE(socket.write("here", soon()));
    REQUIRE(read_exactly(socket, 4) == "here");
    const int number = accepted_at(listener.address().port);
    REQUIRE(number >= 0);
    CHECK(option_of(number, SOL_SOCKET, SO_KEEPALIVE) == 1);
    const int silence_s = option_of(number, IPPROTO_TCP, TCP_KEEPIDLE);
    const int unanswered_ms = option_of(number, IPPROTO_TCP, TCP_USER_TIMEOUT);
    CHECK(silence_s > 0);
    CHECK(unanswered_ms > 0);
    CHECK(silence_s * 1000 + unanswered_ms <= 120'000);
}

TEST_CASE("an address that somebody listens on is refused, by port and by path") {
    on_every_kind_of_address([](const Address& at) {
        Loops loops{1};
        const auto first = Listener::open(loops, at).value();
        const auto second = Listener::open(loops, first.address());
        REQUIRE_FALSE(second);
        CHECK(second.error().reason == "address_in_use");
        CHECK(second.error().message.find(first.address().text()) != std::string::npos);
    });
}

TEST_CASE("a socket file that a dead process left is replaced, another file is not") {
    const Folder folder;
    const auto at = Address::from("unix:" + folder.path + "/s").value();
    Loops loops{1};
    auto listener = Listener::open(loops, at).value();
    std::ofstream{folder.path + "/plain"} << "not a socket";
    CHECK_FALSE(Listener::open(loops, Address::from("unix:" + folder.path + "/plain").value()));
    // A name that nobody listens on any more, as a killed process leaves it.
    std::filesystem::create_hard_link(folder.path + "/s", folder.path + "/left");
    listener.close();
    CHECK(Listener::open(loops, Address::from("unix:" + folder.path + "/left").value()));
}

TEST_CASE("an inherited socket is served on every loop, and stays when its listener goes") {
    const Folder folder;
    for (const std::string& text : {std::string("127.0.0.1:0"), "unix:" + folder.path + "/s"}) {
        CAPTURE(text);
        const auto socket = ListeningSocket::open(Address::from(text).value()).value();
        CHECK(socket.address().port == port_of(socket.number()));
        for (int turn = 0; turn < 2; ++turn) {
            Loops loops{2};
            std::array<std::atomic<int>, 2> served{};
            auto own = ListeningSocket::inherited(::dup(socket.number())).value();
            CHECK((::fcntl(own.number(), F_GETFD) & FD_CLOEXEC) != 0);
            auto listener = Listener::open(loops, std::move(own)).value();
            CHECK(listener.address().text() == socket.address().text());
            listener.start([&](Socket client) {
                ++served.at(current_loop() == &loops.at(0) ? 0 : 1);
                echo(std::move(client));
            });
            for (int i = 0; i < 8; ++i)
                talk_to_echo(socket.address());
            listener.close();
            CHECK(served[0] == 4);
            CHECK(served[1] == 4);
        }
        CHECK(Socket::connect(socket.address(), soon()));  // into the backlog
    }
    CHECK(std::filesystem::is_empty(folder.path));
}

TEST_CASE("what is no socket that listens cannot be inherited") {
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    const int datagrams = ::socket(AF_INET, SOCK_DGRAM, 0);
    const int silent = ::socket(AF_INET, SOCK_STREAM, 0);
    for (const int number : {-1, 9999, STDIN_FILENO, ends[0], datagrams, silent}) {
        CAPTURE(number);
        const auto refused = ListeningSocket::inherited(number);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == Code::invalid);
        CHECK(refused.error().message.contains("Descriptor " + std::to_string(number)));
    }
    for (const int number : {ends[0], ends[1], datagrams, silent})
        ::close(number);
}

TEST_CASE("a closed listener refuses connections, and connecting to nobody is unavailable") {
    Loops loops{1};
    auto listener = Listener::open(loops, Address::from("127.0.0.1:0").value()).value();
    listener.start(echo);
    listener.close();
    CHECK(Socket::connect(listener.address(), soon()).error().code == Code::unavailable);
    CHECK(Socket::connect(Address::from("unix:/nonexistent").value(), soon()).error().code ==
          Code::unavailable);
}

TEST_CASE("a read ends when an event happens, whoever tells it, and takes nothing with it") {
    Loops loops{2};
    const Event begun, happened, woken, done;
    auto listener = Listener::open(loops, Address::from("127.0.0.1:0").value()).value();
    Code first{};
    bool again = true;
    std::string read;
    listener.start([&](Socket socket) {
        std::array<char, 16> bytes{};
        begun.set();
        first = socket.read_some(bytes, soon(), happened).error().code;
        woken.set();
        again = socket.read_some(bytes, soon(), happened).has_value();
        const Event never;
        const std::size_t count = socket.read_some(bytes, soon(), never).value_or(0);
        read.assign(bytes.data(), count);
        done.set();
    });
    auto client = Socket::connect(listener.address(), soon()).value();
    REQUIRE(begun.wait_until(soon()));
    spawn(loops.at(0), [&] { happened.set(); });
    REQUIRE(woken.wait_until(soon()));
    REQUIRE(client.write("late", soon()));
    REQUIRE(done.wait_until(soon()));
    CHECK(first == Code::deadline);
    CHECK_FALSE(again);
    CHECK(read == "late");
}

TEST_CASE("an event that happens after the read leaves the socket alone") {
    Loops loops{1};
    const Event read_once, done;
    auto listener = Listener::open(loops, Address::from("127.0.0.1:0").value()).value();
    bool second = false;
    listener.start([&](Socket socket) {
        std::array<char, 16> bytes{};
        const Event event;
        REQUIRE(socket.read_some(bytes, soon(), event));
        event.set();
        read_once.set();
        second = socket.read_some(bytes, soon()).has_value();
        done.set();
    });
    auto client = Socket::connect(listener.address(), soon()).value();
    REQUIRE(client.write("one", soon()));
    REQUIRE(read_once.wait_until(soon()));
    REQUIRE(client.write("two", soon()));
    REQUIRE(done.wait_until(soon()));
    CHECK(second);
}
