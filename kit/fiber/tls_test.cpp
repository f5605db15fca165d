#include "kit/fiber/tls.h"

#include <doctest/doctest.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "kit/fiber/signal.h"
#include "kit/fiber/socket.h"
#include "kit/fiber/tls_testing.h"

using namespace jebi;
using namespace jebi::fiber;

namespace {

const auto soon = [] { return in(Millis{10'000}); };

// Secures each connection and sends back what comes. How the handshakes went is kept.
class EchoServer {
public:
    explicit EchoServer(const TestCertificates::Files& files, Millis handshake = Millis{10'000})
        : tls_(TlsServer::load(files.certificate, files.key).value()) {
        listener_.start([this, handshake, gate = gate_](Socket socket) {
            const auto pass = gate.enter();
            const auto secured = socket.secure(tls_, in(handshake));
            ++(secured ? secured_ : refused_);
            handshakes_.tell();
            if (secured) echo(socket);
        });
    }
    ~EchoServer() {
        listener_.close();
        gate_.close();
        gate_.wait_until(soon());
    }

    Result<Socket> connect(const TlsClient& client, const std::string& host = "localhost") const {
        TRY(Socket socket, Socket::connect(address(), soon()));
        TRY_VOID(socket.secure(client, host, soon()));
        return socket;
    }
    Socket connect_plain() const { return Socket::connect(address(), soon()).value(); }
    const Address& address() const { return listener_.address(); }
    void wait_for_refused() const {
        while (true) {
            const Event next = handshakes_.next();
            if (refused_ > 0) return;
            REQUIRE(next.wait_until(soon()));
        }
    }
    bool secured_some() const { return secured_ > 0; }

private:
    static void echo(Socket& socket) {
        std::array<char, 4096> buffer{};
        while (true) {
            const auto count = socket.read_some(buffer, soon());
            if (!count) return;
            if (*count == 0) return socket.finish_writing();
            if (!socket.write({buffer.data(), *count}, soon())) return;
        }
    }

    Loops loops_{2};
    TlsServer tls_;
    std::atomic<int> secured_ = 0, refused_ = 0;
    Signal handshakes_;
    Gate gate_;
    Listener listener_ = Listener::open(loops_, Address::from("127.0.0.1:0").value()).value();
};

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

std::string why_not(const std::string& certificate, const std::string& key) {
    const auto server = TlsServer::load(certificate, key);
    return server ? "it was loaded" : server.error().message;
}

void talk(const EchoServer& server, const TlsClient& client) {
    Socket socket = server.connect(client).value();
    const std::string_view pieces[] = {"one ", "", "two"};
    REQUIRE(socket.write(pieces, soon()));
    CHECK(read_exactly(socket, 7) == "one two");
    socket.finish_writing();
    std::array<char, 1> rest{};
    CHECK(socket.read_some(rest, soon()).value() == 0);
}

}  // namespace

TEST_CASE("a secured socket is read and written like any other, in a fiber and on a thread") {
    TestCertificates certificates;
    const EchoServer server{certificates.make("server")};
    const TlsClient client = TlsClient::open(certificates.roots()).value();
    talk(server, client);
    Loops loops{1};
    const Event done;
    spawn(loops.at(0), [&] {
        talk(server, client);
        done.set();
    });
    REQUIRE(done.wait_until(soon()));
}

TEST_CASE("large texts come through whole, however they are cut") {
    TestCertificates certificates;
    const EchoServer server{certificates.make("server")};
    Socket socket = server.connect(TlsClient::open(certificates.roots()).value()).value();
    std::string text;
    for (int i = 0; text.size() < 400'000; ++i)
        text += std::to_string(i);
    for (std::string_view rest = text; !rest.empty();) {
        const auto part = rest.substr(0, 100'000);
        const std::string_view pieces[] = {part.substr(0, 3), part.substr(3, 40'000), part.substr(40'003)};
        REQUIRE(socket.write(pieces, soon()));
        REQUIRE(read_exactly(socket, part.size()) == part);
        rest.remove_prefix(part.size());
    }
}

TEST_CASE("a client that does not trust the server says why") {
    TestCertificates certificates, strangers;
    const TlsClient client = TlsClient::open(certificates.roots()).value();
    const auto why = [&](const TestCertificates::Files& files, const std::string& host = "localhost") {
        const EchoServer server{files};
        const auto socket = server.connect(client, host);
        REQUIRE_FALSE(socket);
        CHECK(socket.error().code == Code::unavailable);
        CHECK(socket.error().reason == "not_trusted");
        return socket.error().message;
    };
    CHECK(why(strangers.make("stranger")).contains("certificate signature failure"));
    CHECK(why(certificates.make("alone", {.self_signed = true})).contains("self-signed certificate"));
    CHECK(why(certificates.make("old", {.valid_until_s = -60})).contains("has expired"));
    CHECK(why(certificates.make("new", {.valid_from_s = 3600})).contains("not yet valid"));
    CHECK(why(certificates.make("other", {.names = "DNS:example.org"})).contains("hostname mismatch"));
    CHECK(why(certificates.make("another", {.names = "DNS:localhost"}), "127.0.0.1")
              .contains("IP address mismatch"));
    CHECK(why(certificates.make("wild", {.names = "DNS:l*"})).contains("hostname mismatch"));
}

TEST_CASE("the system's roots do not know the test's authority") {
    TestCertificates certificates;
    const EchoServer server{certificates.make("server")};
    CHECK(server.connect(TlsClient::open().value()).error().reason == "not_trusted");
}

TEST_CASE("addresses are names too") {
    TestCertificates certificates;
    const EchoServer server{certificates.make("server")};
    CHECK(server.connect(TlsClient::open(certificates.roots()).value(), "127.0.0.1"));
}

TEST_CASE("what is no TLS is refused, and others are served") {
    TestCertificates certificates;
    const EchoServer server{certificates.make("server")};
    for (const std::string& text :
         {std::string("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), std::string(2000, '\x16'),
          std::string("\x16\x03\x01\xff\xff", 5) + std::string(70'000, 'x')}) {
        Socket plain = server.connect_plain();
        (void)plain.write(text, soon());
        std::array<char, 4096> answer{};
        while (true) {  // an alert may come first
            const auto count = plain.read_some(answer, soon());
            if (!count || *count == 0) break;
        }
    }
    server.wait_for_refused();
    CHECK_FALSE(server.secured_some());
    talk(server, TlsClient::open(certificates.roots()).value());
}

TEST_CASE("a handshake that does not come ends with its deadline") {
    TestCertificates certificates;
    const EchoServer server{certificates.make("server"), Millis{20}};
    const Socket silent = server.connect_plain();
    server.wait_for_refused();
    CHECK_FALSE(server.secured_some());
}

TEST_CASE("a client waits for a handshake no longer than it wants to") {
    Loops loops{1};
    Listener silent = Listener::open(loops, Address::from("127.0.0.1:0").value()).value();
    Socket socket = Socket::connect(silent.address(), soon()).value();
    CHECK(socket.secure(TlsClient::open().value(), "localhost", in(Millis{20})).error().code ==
          Code::deadline);
}

TEST_CASE("a connection that ends without a word is cut off, not finished") {
    TestCertificates certificates;
    Loops loops{1};
    const TlsServer tls =
        TlsServer::load(certificates.make("server").certificate, certificates.file("server.key")).value();
    Listener listener = Listener::open(loops, Address::from("127.0.0.1:0").value()).value();
    listener.start([&](Socket socket) { (void)socket.secure(tls, soon()); });
    Socket socket = Socket::connect(listener.address(), soon()).value();
    REQUIRE(socket.secure(TlsClient::open(certificates.roots()).value(), "localhost", soon()));
    std::array<char, 1> byte{};
    CHECK(socket.read_some(byte, soon()).error().code == Code::unavailable);
}

TEST_CASE("what is wrong with the files is said plainly") {
    TestCertificates certificates;
    const auto good = certificates.make("good");
    const auto other = certificates.make("other");
    const std::string none = certificates.file("none.pem");
    std::ofstream{certificates.file("empty.pem")};
    std::ofstream{certificates.file("text.pem")} << "no certificate";
    std::ofstream{certificates.file("locked.key")}
        << "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIGjMF8GCSqGSIb3DQEFDTBSMDEGCSqGSIb3DQEFDDAkBBA=\n"
           "-----END ENCRYPTED PRIVATE KEY-----\n";
    CHECK(why_not(good.certificate, good.key) == "it was loaded");
    CHECK(why_not(none, good.key) ==
          "Cannot read the certificate " + none +
              ": No such file or directory. Name a PEM file that this user may read.");
    CHECK(why_not(good.certificate, none).starts_with("Cannot read the key " + none + ": No such file"));
    CHECK(why_not(certificates.file("empty.pem"), good.key).contains("it is empty"));
    CHECK(why_not(certificates.file(""), good.key).contains("Is a directory"));
    CHECK(why_not(certificates.file("text.pem"), good.key).contains("no start line"));
    CHECK(why_not(good.certificate, certificates.file("text.pem")).contains("without a passphrase"));
    CHECK(why_not(good.certificate, certificates.file("locked.key")).contains("without a passphrase"));
    CHECK(why_not(good.certificate, other.key).contains("they do not belong together"));
    CHECK(TlsClient::open(none).error().message.contains("No such file"));
    CHECK(TlsClient::open(certificates.file("text.pem")).error().message.contains("Cannot use"));
}

TEST_CASE("a certificate that has expired, or is not valid yet, is a warning") {
    TestCertificates certificates;
    const auto warnings = [&](const TestCertificates::Files& files) {
        return TlsServer::load(files.certificate, files.key).value().warnings();
    };
    CHECK(warnings(certificates.make("good")).empty());
    CHECK(warnings(certificates.make("old", {.valid_until_s = -60})).at(0).contains("has expired"));
    CHECK(warnings(certificates.make("new", {.valid_from_s = 3600})).at(0).contains("is not valid yet"));
}
