#include "kit/fiber/datagrams.h"

#include <doctest/doctest.h>

#include <atomic>

using namespace jebi;
using namespace jebi::fiber;

namespace {

const auto soon = [] { return in(Millis{10'000}); };

Datagrams opened(const char* at) {
    return Datagrams::open(Address::from(at).value()).value();
}

std::vector<std::string> received(Datagrams& datagrams, std::size_t count) {
    std::vector<std::string> all;
    while (all.size() < count) {
        const auto got = datagrams.receive(count - all.size(), soon(),
                                           [&](std::string_view bytes) { all.emplace_back(bytes); });
        REQUIRE(got);
    }
    return all;
}

void talk(Datagrams& receiver) {
    auto sender = Datagrams::connect(receiver.address()).value();
    const std::string large(60'000, 'x');
    for (const std::string_view text : {std::string_view{"one"}, std::string_view{}, std::string_view{large}})
        REQUIRE(sender.send(text, soon()));
    CHECK(received(receiver, 3) == std::vector<std::string>{"one", "", large});
    CHECK(receiver.dropped() == 0);
}

}  // namespace

TEST_CASE("datagrams arrive whole, on plain threads and in fibers, over IPv4 and IPv6") {
    for (const char* at : {"127.0.0.1:0", "[::1]:0"}) {
        CAPTURE(at);
        auto receiver = opened(at);
        CHECK(receiver.address().port != 0);
        talk(receiver);
        Loops loops{1};
        const Event done;
        spawn(loops.at(0), [&] {
            auto own = opened(at);
            talk(own);
            done.set();
        });
        CHECK(done.wait_until(soon()));
    }
}

TEST_CASE("receiving shows at most as many datagrams as asked for") {
    auto receiver = opened("127.0.0.1:0");
    auto sender = Datagrams::connect(receiver.address()).value();
    for (int i = 0; i < 5; ++i)
        REQUIRE(sender.send(std::to_string(i), soon()));
    std::string text;
    const auto take = [&](std::string_view bytes) { text += bytes; };
    CHECK(receiver.receive(2, soon(), take).value() == 2);
    CHECK(receiver.receive(1, soon(), take).value() == 1);
    CHECK(received(receiver, 2) == std::vector<std::string>{"3", "4"});
    CHECK(text == "012");
}

TEST_CASE("a wait for datagrams ends at its deadline, and a later one may go on") {
    Loops loops{1};
    const Event done;
    const auto wait_twice = [] {
        auto receiver = opened("127.0.0.1:0");
        const auto take = [](std::string_view) {};
        CHECK(receiver.receive(1, in(Millis{5}), take).error().code == Code::deadline);
        talk(receiver);
        CHECK(receiver.receive(1, in(Millis{5}), take).error().code == Code::deadline);
    };
    wait_twice();
    spawn(loops.at(0), [&] {
        wait_twice();
        done.set();
    });
    CHECK(done.wait_until(soon()));
}

TEST_CASE("cancel ends a fiber's wait for datagrams") {
    Loops loops{1};
    const Event ended;
    auto receiver = opened("127.0.0.1:0");
    std::atomic<bool> cancelled = false;
    spawn(loops.at(0), [&] {
        const auto status = receiver.receive(1, soon(), [](std::string_view) {});
        CHECK(status.error().code == Code::unavailable);
        CHECK(cancelled);
        ended.set();
    });
    cancelled = true;
    receiver.cancel();
    CHECK(ended.wait_until(soon()));
}

TEST_CASE("what the kernel drops is counted") {
    auto receiver = opened("127.0.0.1:0");
    auto sender = Datagrams::connect(receiver.address()).value();
    const std::string large(60'000, 'x');
    constexpr std::size_t sent = 400;  // more than the buffer holds
    for (std::size_t i = 0; i < sent; ++i)
        REQUIRE(sender.send(large, soon()));
    std::size_t count = 0;
    const auto take = [&](std::string_view) { ++count; };
    REQUIRE(receiver.receive(sent, soon(), take));
    REQUIRE(count < sent);
    // The next one tells.
    REQUIRE(sender.send("last", soon()));
    REQUIRE(receiver.receive(sent, soon(), take));
    CHECK(count + receiver.dropped() == sent + 1);
}

TEST_CASE("an address that somebody receives on is refused, and so is a Unix path") {
    const auto first = opened("127.0.0.1:0");
    const auto second = Datagrams::open(first.address());
    REQUIRE_FALSE(second);
    CHECK(second.error().reason == "address_in_use");
    CHECK(second.error().message.find(first.address().text()) != std::string::npos);
    CHECK(Datagrams::open(Address::from("unix:/tmp/x").value()).error().code == Code::invalid);
}
