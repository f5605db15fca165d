#include "kit/place/process.h"

#include <doctest/doctest.h>
#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "kit/http/client.h"

namespace jebi::place {

namespace {

Deadline soon() {
    return in(Millis{20'000});
}

// A data folder that goes away with the test, and a control socket in it.
struct Place {
    Place() { REQUIRE(::mkdtemp(folder.data()) != nullptr); }
    ~Place() { std::filesystem::remove_all(folder); }
    Place(const Place&) = delete;

    ProcessOptions options(Millis wait = Millis{0}) const {
        ProcessOptions all{.data_folder = folder, .database_wait_ms = wait, .version = "7.0"};
        all.loops = 2;
        all.log_level = watch::Level::error;
        return all;
    }
    fiber::Address control_address() const { return fiber::Address::from("unix:" + folder + "/c").value(); }

    std::string folder = "/tmp/jebi-process-XXXXXX";
};

http::ClientResponse ask(const fiber::Address& at, const std::string& target) {
    http::Client client{{.address = at}};
    return client.send({.target = target}, soon()).value();
}

void wait_for_text(const fiber::Address& at, std::string_view text) {
    const Deadline until = soon();
    while (!ask(at, "/readyz?verbose").body.contains(text)) {
        REQUIRE(in(Millis{0}) < until);
        std::this_thread::yield();
    }
}

}  // namespace

TEST_CASE("a process that is to take over stands by until its predecessor has closed the database") {
    const Place place;
    auto old = Process::open(place.options()).value();
    auto control = fiber::ListeningSocket::open(place.control_address()).value();
    std::unique_ptr<Process> next;
    std::thread opening{
        [&] { next = Process::open(place.options(Millis{20'000}), std::move(control)).value(); }};
    wait_for_text(place.control_address(), "standing by");
    CHECK(ask(place.control_address(), "/livez").status == 200);
    CHECK(ask(place.control_address(), "/version").body == "7.0\n");
    CHECK(ask(place.control_address(), "/readyz").status == 503);
    CHECK(ask(place.control_address(), "/metrics").status == 503);
    old.reset();
    opening.join();
    CHECK(ask(place.control_address(), "/readyz").body.contains("starting"));
    next->control().on(http::Method::get, "/mine",
                       [](const http::Request&) { return http::Response::text(200, "mine"); });
    next->ready();
    CHECK(ask(place.control_address(), "/readyz?verbose").body.contains("[+]database ok"));
    CHECK(ask(place.control_address(), "/metrics").status == 200);
    CHECK(ask(place.control_address(), "/mine").body == "mine");
    CHECK(next->end(soon()));
    CHECK(ask(place.control_address(), "/readyz").status == 503);
    CHECK(ask(place.control_address(), "/livez").status == 200);
}

TEST_CASE("a process that is not to wait refuses a database that is in use") {
    const Place place;
    const auto old = Process::open(place.options()).value();
    const auto refused = Process::open(place.options());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().reason == "in_use");
    const auto tired = Process::open(place.options(Millis{20}));
    REQUIRE_FALSE(tired);
    CHECK(tired.error().reason == "in_use");
}

TEST_CASE("a process that is told to end while it stands by ends") {
    const Place place;
    const auto old = Process::open(place.options()).value();
    auto control = fiber::ListeningSocket::open(place.control_address()).value();
    std::string reason;
    std::thread opening{[&] {
        sigset_t term;
        sigemptyset(&term);
        sigaddset(&term, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &term, nullptr);
        const auto ended = Process::open(place.options(Millis{20'000}), std::move(control));
        if (!ended) reason = ended.error().reason;
    }};
    wait_for_text(place.control_address(), "standing by");
    pthread_kill(opening.native_handle(), SIGTERM);
    opening.join();
    CHECK(reason == "ended");
}

TEST_CASE("a process serves on several sockets, its own and inherited ones, and ends all of them") {
    const Place place;
    const auto process = Process::open(place.options()).value();
    const auto hello = [](const std::string& text) {
        return [text](const http::Request&) { return http::Response::text(200, text); };
    };
    http::Router pages;
    http::Router contracts;
    pages.on(http::Method::get, "/hello", hello("pages"));
    contracts.on(http::Method::get, "/hello", hello("contracts"));
    auto socket =
        fiber::ListeningSocket::open(fiber::Address::from("unix:" + place.folder + "/k").value()).value();
    const fiber::Address contracts_at = socket.address();
    REQUIRE(process->serve(fiber::Address::from("127.0.0.1:0").value(), pages, {}));
    REQUIRE(process->serve(std::move(socket), contracts, {}));
    process->ready();
    CHECK(ask(process->address(), "/hello").body == "pages");
    CHECK(ask(contracts_at, "/hello").body == "contracts");
    CHECK(ask(contracts_at, "/readyz").status == 200);
    CHECK(process->end(soon()));
    CHECK_FALSE(fiber::Socket::connect(process->address(), soon()));
    CHECK_FALSE(fiber::Socket::connect(contracts_at, soon()));
}

}  // namespace jebi::place
