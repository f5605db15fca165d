// The proxy before a real server, on TCP and on Unix sockets.
#include "kit/chaos/proxy.h"

#include <algorithm>

#include "kit/guard/guard_testing.h"
#include "kit/guard/guarded_channel.h"
#include "kit/rpc/errors.h"
#include "kit/rpc/testing/echo_contract.h"
#include "kit/rpc/testing/echo_service.h"
#include "kit/rpc/testing/socket_folder.h"

namespace jebi::chaos {

namespace {

using namespace rpc::testing;
using guard::testing::ManualTime;

// An Echo, a proxy before it, and a channel through it.
struct Trial {
    explicit Trial(const std::string& at) : server(at.contains("unix:") ? at + ".real" : at, {}) {
        proxy = Proxy::start(loops, *fiber::Address::from(at), server.address(), time).value();
        fresh_channel();
    }
    void fresh_channel() { channel = guard::plain_http()(proxy->address()); }

    // The code of what Say answers within `wait`.
    std::string say(Millis wait = Millis{30'000}) {
        const auto reply = EchoClient(*channel).say(Call{.until = in(wait)}, {});
        return reply ? "ok" : std::string(name(reply.error().code));
    }

    ManualTime time;
    EchoServer server;
    fiber::Loops loops{1};
    std::unique_ptr<Proxy> proxy;
    std::unique_ptr<rpc::Channel> channel;
};

template <typename Try>
void on_both_kinds_of_sockets(Try attempt) {
    const SocketFolder folder;
    for (const std::string& at : {std::string("127.0.0.1:0"), folder.address("p")}) {
        CAPTURE(at);
        Trial trial{at};
        attempt(trial);
        trial.proxy->set({});
        trial.fresh_channel();
        CHECK(trial.say() == "ok");
    }
}

}  // namespace

TEST_CASE("without trouble nobody notices that it is there") {
    on_both_kinds_of_sockets([](Trial& trial) {
        EchoClient echo(*trial.channel);
        echo_keeps_its_contract(echo);
        CHECK(trial.proxy->connections() > 0);
    });
}

TEST_CASE("who connects is not accepted, and then is after all; open connections go on") {
    on_both_kinds_of_sockets([](Trial& trial) {
        CHECK(trial.say() == "ok");
        trial.proxy->set({.trouble = Trouble::no_accept});
        CHECK(trial.say() == "ok");
        const auto open = trial.proxy->connections();
        trial.fresh_channel();
        CHECK(trial.say(Millis{50}) == "deadline");
        CHECK(trial.proxy->connections() <= open);
    });
}

TEST_CASE("what is asked gets there, and no answer comes back") {
    on_both_kinds_of_sockets([](Trial& trial) {
        trial.proxy->set({.trouble = Trouble::no_answer});
        CHECK(trial.say(Millis{100}) == "deadline");
        trial.proxy->set({});
        trial.fresh_channel();
        CHECK(trial.say() == "ok");
        CHECK(trial.server.service().begun() == 2);
    });
}

TEST_CASE("an answer comes so much later") {
    on_both_kinds_of_sockets([](Trial& trial) {
        trial.proxy->set({.trouble = Trouble::delay, .delay = Millis{700}});
        const Deadline before = trial.time.now();
        CHECK(trial.say() == "ok");
        CHECK(trial.time.now() - before >= Millis{700});
    });
}

TEST_CASE("a connection that is half closed is no answer") {
    on_both_kinds_of_sockets([](Trial& trial) {
        trial.proxy->set({.trouble = Trouble::half_close});
        CHECK(trial.say() == "unavailable");
    });
}

TEST_CASE("corrupt answers are found out, or differ in nothing but some bytes") {
    on_both_kinds_of_sockets([](Trial& trial) {
        const auto seed = guard::testing::seed();
        CAPTURE(seed);
        trial.proxy->set({.trouble = Trouble::corrupt, .share = 1, .seed = seed});
        CHECK(trial.say(Millis{2'000}) != "ok");
        trial.proxy->set({.trouble = Trouble::corrupt, .share = 0.001, .seed = seed});
        trial.fresh_channel();
        EchoClient echo(*trial.channel);
        LargeRequest request;
        request.set_bytes(100'000);
        for (int i = 0; i < 10; ++i) {
            const auto reply = echo.large(Call{.until = in(Millis{2'000})}, request);
            if (reply) CHECK(std::ranges::count(reply->text(), 'a') < 100'000);
        }
    });
}

TEST_CASE("a narrow way takes its time, and loses nothing") {
    on_both_kinds_of_sockets([](Trial& trial) {
        trial.proxy->set({.trouble = Trouble::bandwidth, .bytes_per_second = 10'000});
        const Deadline before = trial.time.now();
        EchoClient echo(*trial.channel);
        LargeRequest request;
        request.set_bytes(20'000);
        const auto reply = echo.large(Call{.until = in(Millis{30'000})}, request);
        REQUIRE(reply.has_value());
        CHECK(reply->text() == std::string(20'000, 'a'));
        CHECK(trial.time.now() - before >= Millis{2'000});
    });
}

TEST_CASE("a server that is not there is a connection that closes, and a proxy that ends cuts what is open") {
    const SocketFolder folder;
    const guard::SteadyTime time;
    fiber::Loops loops{1};
    auto proxy = Proxy::start(loops, *fiber::Address::from("127.0.0.1:0"),
                              *fiber::Address::from(folder.address("nobody")), time)
                     .value();
    const auto channel = guard::plain_http()(proxy->address());
    CHECK(EchoClient(*channel).say(a_call(), {}).error().code == Code::unavailable);
    proxy.reset();

    Trial trial{"127.0.0.1:0"};
    CHECK(trial.say() == "ok");
    trial.proxy.reset();
    CHECK(trial.say() == "unavailable");
}

}  // namespace jebi::chaos
