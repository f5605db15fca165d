#include "kit/place/credentials.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "kit/fiber/tls_testing.h"
#include "kit/http/router.h"
#include "kit/place/guarded.h"
#include "kit/rpc/errors.h"
#include "kit/rpc/testing/echo_service.h"
#include "kit/rpc/testing/socket_folder.h"

namespace jebi::place {

namespace {

namespace fs = std::filesystem;

using fiber::TestCertificates;
using rpc::testing::EchoClient;
using rpc::testing::EchoService;
using rpc::testing::SocketFolder;

// What an operator has: files, and a topology that names them.
struct Operator {
    TestCertificates certificates;

    Topology with_secret(const std::string& content) {
        const std::string file = certificates.file("secret");
        fs::remove(file);
        std::ofstream{file} << content;
        fs::permissions(file, fs::perms::owner_read);
        Topology topology{.file = "t.toml"};
        topology.processes.push_back({.name = "echo", .modules = {}});
        topology.processes[0].contracts.push_back(fiber::Address::from("127.0.0.1:1").value());
        topology.secret_file = file;
        return topology;
    }

    Topology with_tls(const TestCertificates::Wish& wish = {}) {
        Topology topology = with_secret(secret);
        const auto files = certificates.make("echo", wish);
        topology.tls_cert = files.certificate;
        topology.tls_key = files.key;
        topology.tls_roots = certificates.roots();
        return topology;
    }

    const std::string secret = std::string(40, 's');
};

// A machine whose Echo is called.
struct Called {
    Credentials credentials;
    fiber::Loops loops{1};
    EchoService service;
    http::Router router;
    std::string authorization;  // of the last request
    bool has_digest = false;    // has it?
    std::unique_ptr<http::Server> server;

    explicit Called(const Topology& topology, const std::string& at = "127.0.0.1:0")
        : credentials(Credentials::read(topology, true).value()) {
        rpc::serve(router, methods(service), {});
        http::ServerOptions options;
        options.tls = credentials.certificate();
        const auto answer = [this](http::Request& request) {
            authorization = request.fields.get("Authorization").value_or("");
            has_digest = request.fields.get("Content-Digest").has_value();
            const auto known = credentials.secret().check(request);
            return known ? router.answer(request) : rpc::answer_of_stranger(known.error());
        };
        server =
            http::Server::start(loops, fiber::Address::from(at).value(), std::move(options), answer).value();
    }

    // As one who has what `topology` names calls it.
    Result<rpc::testing::SayReply> asked_with(const Topology& topology) {
        const auto others = Credentials::read(topology, false).value();
        const auto channel = others.ways(4)(server->address());
        return EchoClient{*channel}.say(Call{.until = in(Millis{20'000})}, {});
    }
};

// Refused before anything was done, for the operator's eyes only.
void check_refused(Called& called, const Topology& caller, std::string_view reason, std::string_view detail) {
    const auto reply = called.asked_with(caller);
    REQUIRE_FALSE(reply);
    CHECK(reply.error().code == Code::unavailable);
    CHECK(reply.error().reason == reason);
    CAPTURE(reply.error().detail);
    CHECK(reply.error().detail.contains(detail));
    CHECK_FALSE(reply.error().message.contains("certificate"));
    CHECK(called.service.begun() == 0);
}

}  // namespace

TEST_CASE("who has the secret calls, by TCP and by TLS") {
    Operator here;
    for (const Topology& topology : {here.with_secret(here.secret), here.with_tls()}) {
        Called called{topology};
        CHECK(called.asked_with(topology).has_value());
        CHECK(called.authorization == "Bearer " + here.secret);
        CHECK(called.has_digest == topology.tls_cert.empty());  // TLS has a check of its own
    }
}

TEST_CASE("another secret is refused, and that is no 'please sign in' for a user") {
    Operator here;
    Operator elsewhere;
    Called called{here.with_tls()};
    Topology caller = here.with_tls();
    caller.secret_file = elsewhere.with_secret(std::string(40, 't')).secret_file;
    check_refused(called, caller, rpc::not_let_in, "The shared secret is another one here.");
    caller.secret_file = elsewhere.with_secret(here.secret).secret_file;
    CHECK(called.asked_with(caller).has_value());
}

TEST_CASE("a certificate that is foreign, expired, not valid yet or for another is not trusted, and why") {
    Operator here;
    Operator foreign;
    Called called{here.with_tls()};
    Topology caller = here.with_tls();
    caller.tls_roots = foreign.certificates.roots();
    check_refused(called, caller, rpc::not_trusted, "127.0.0.1 is not trusted: ");
    const std::pair<TestCertificates::Wish, std::string_view> cases[] = {
        {{.valid_from_s = -7'200, .valid_until_s = -3'600}, "has expired"},
        {{.valid_from_s = 3'600}, "not yet valid"},
        {{.names = "DNS:elsewhere,IP:127.0.0.9"}, "mismatch"},
        {{.self_signed = true}, "self"}};
    for (const auto& [wish, why] : cases) {
        Called odd{here.with_tls(wish)};
        check_refused(odd, here.with_tls(), rpc::not_trusted, why);
    }
    CHECK_FALSE(Credentials::read(here.with_tls(cases[0].first), true).value().warnings().empty());
}

TEST_CASE("one name may be in all certificates, wherever the machines are") {
    Operator here;
    Topology topology = here.with_tls({.names = "DNS:jebi.internal"});
    Called called{topology};
    check_refused(called, topology, rpc::not_trusted, "mismatch");
    topology.tls_name = "jebi.internal";
    CHECK(called.asked_with(topology).has_value());
}

TEST_CASE("plain text to a TLS port, and TLS to a plain one, get nothing done") {
    Operator here;
    Called secured{here.with_tls()};
    const auto plain = secured.asked_with(here.with_secret(here.secret));
    REQUIRE_FALSE(plain);
    CHECK(plain.error().code == Code::unavailable);
    CHECK(secured.service.begun() == 0);
    Called open{here.with_secret(here.secret)};
    const auto by_tls = open.asked_with(here.with_tls());
    REQUIRE_FALSE(by_tls);
    CHECK(by_tls.error().code == Code::unavailable);
    CHECK(open.service.begun() == 0);
}

TEST_CASE("the secret does not go to a Unix socket") {
    const SocketFolder folder;
    Operator here;
    Called called{here.with_secret(here.secret), folder.address("echo.sock")};
    CHECK_FALSE(called.asked_with(here.with_tls()).has_value());
    CHECK(called.authorization.empty());
}

TEST_CASE("the breaker opens before those who do not let one in") {
    Operator here;
    Operator elsewhere;
    Called called{here.with_secret(here.secret)};
    const auto others = Credentials::read(elsewhere.with_secret(std::string(40, 't')), false).value();
    watch::Metrics metrics;
    watch::Log log{watch::Level::error, watch::Format::text, [](std::string_view) {}};
    watch::Requests requests{metrics, log};
    const guard::Settings settings{.breaker = {.calls_min = 5, .patience = Millis{0}}};
    const auto find = [&](std::string_view, std::string_view) -> std::optional<WayTo> {
        return WayTo{"echo", {called.server->address()}, settings, others.ways(4)};
    };
    GuardedWays ways(find, requests, log);
    Neighbours neighbours(ways.watch(), ways.way());
    auto& echo = neighbours.get<rpc::testing::Echo>("web");
    const Call call{.until = in(Millis{20'000})};
    for (int i = 0; i < 5; ++i)
        CHECK(echo.say(call, {}).error().reason == rpc::not_let_in);
    CHECK(echo.say(call, {}).error().reason == rpc::left_alone);
}

TEST_CASE("without contracts by TCP no file is read; with them, what is wrong with one is said") {
    Topology none{.file = "t.toml"};
    none.secret_file = "/nowhere/secret";
    CHECK(Credentials::read(none, true).has_value());
    Operator here;
    Topology topology = here.with_tls();
    topology.tls_key = here.certificates.make("other").key;
    const auto read = Credentials::read(topology, true);
    REQUIRE_FALSE(read);
    CHECK(read.error().message.contains("do not belong together"));
    CHECK(Credentials::read(topology, false).has_value());  // who only calls needs no key
    topology.tls_roots = here.certificates.file("nothing.pem");
    CHECK_FALSE(Credentials::read(topology, false));
    topology.secret_file = "/nowhere/secret";
    CHECK(Credentials::read(topology, false).error().message.contains("/nowhere/secret"));
}

}  // namespace jebi::place
