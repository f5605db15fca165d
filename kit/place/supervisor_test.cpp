#include "kit/place/supervisor.h"

#include <doctest/doctest.h>
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

struct Place {
    Place() { REQUIRE(::mkdtemp(folder.data()) != nullptr); }
    ~Place() { std::filesystem::remove_all(folder); }
    Place(const Place&) = delete;

    ChildPlan plan(const std::string& name, const std::string& says) const {
        return {.name = name,
                .command = {JEBI_PLACE_CHILD, says},
                .sockets = {ChildPlan::Socket::open("pages", at(name)).value()}};
    }
    fiber::Address at(const std::string& name) const {
        return fiber::Address::from("unix:" + folder + "/" + name).value();
    }
    SupervisorOptions options() const {
        SupervisorOptions all{.run_folder = folder};
        all.live_every = Millis{20};
        all.live_max = Millis{500};
        return all;
    }
    std::unique_ptr<Supervisor> start(std::vector<ChildPlan> plans) {
        return Supervisor::start(loops, options(), std::move(plans)).value();
    }

    std::string folder = "/tmp/jebi-supervisor-XXXXXX";
    fiber::Loops loops{2};
};

std::string page(const Place& place, const std::string& child) {
    http::Client client{{.address = place.at(child)}};
    return client.send({.target = "/"}, soon()).value().body;
}

ChildStatus status_of(const Supervisor& supervisor, std::size_t index = 0) {
    return supervisor.status().at(index);
}

template <typename Condition>
void wait_for(Condition condition) {
    const Deadline until = soon();
    while (!condition()) {
        REQUIRE(in(Millis{0}) < until);
        std::this_thread::yield();
    }
}

// Reads pages on a kept connection without a pause, until it is destroyed.
struct Caller {
    explicit Caller(const fiber::Address& at)
        : thread([this, at] {
              http::Client client{{.address = at}};
              while (!done) {
                  const auto answer = client.send({.target = "/"}, soon());
                  if (!answer || answer->status != 200) ++failed;
                  ++calls;
              }
          }) {}
    ~Caller() {
        done = true;
        thread.join();
    }
    std::atomic<bool> done = false;
    std::atomic<int> calls = 0;
    std::atomic<int> failed = 0;
    std::thread thread;
};

bool runs(pid_t pid) {
    return ::kill(pid, 0) == 0;
}

}  // namespace

TEST_CASE("children are started when those before them are ready, and say who they are") {
    Place place;
    auto web = place.plan("web", "web-1");
    web.after = {"tweets"};
    const auto supervisor = place.start({web, place.plan("tweets", "tweets-1")});
    REQUIRE(supervisor->wait_until_ready(soon()));
    const auto first = status_of(*supervisor, 1);
    const auto second = status_of(*supervisor, 0);
    CHECK(first.since <= second.since);
    CHECK(first.version == "tweets-1");
    CHECK(first.memory_bytes > 0);
    CHECK(first.restarts == 0);
    CHECK(page(place, "web") == "web-1");
    wait_for([&] { return !supervisor->lines("web").empty(); });
    CHECK(supervisor->lines("web") == std::vector<std::string>{"web-1 has begun"});
    CHECK(supervisor->end(soon()));
    CHECK_FALSE(runs(first.pid));
    CHECK_FALSE(runs(second.pid));
}

TEST_CASE("plans that contradict each other are refused, and a socket that is taken") {
    Place place;
    auto one = place.plan("one", "one");
    auto two = place.plan("two", "two");
    one.after = {"two"};
    two.after = {"one"};
    CHECK_FALSE(Supervisor::start(place.loops, place.options(), {one, two}));
    two.after = {"three"};
    CHECK_FALSE(Supervisor::start(place.loops, place.options(), {one, two}));
    CHECK_FALSE(Supervisor::start(place.loops, place.options(), {one, one}));
    const auto refused = ChildPlan::Socket::open("pages", place.at("one"));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().reason == "address_in_use");
}

TEST_CASE("a child that is killed is restarted at once, and callers wait in the socket meanwhile") {
    Place place;
    const auto supervisor = place.start({place.plan("web", "web-1")});
    REQUIRE(supervisor->wait_until_ready(soon()));
    const pid_t old = status_of(*supervisor).pid;
    REQUIRE(supervisor->signal("web", SIGKILL));
    wait_for([&] { return status_of(*supervisor).restarts == 1; });
    CHECK(page(place, "web") == "web-1");
    CHECK(supervisor->wait_until_ready(soon()));
    CHECK(status_of(*supervisor).pid != old);
    CHECK(status_of(*supervisor).last_end == "killed by signal 9");
}

TEST_CASE("a child that does not answer any more is killed and restarted") {
    Place place;
    const auto supervisor = place.start({place.plan("web", "web-1")});
    REQUIRE(supervisor->wait_until_ready(soon()));
    REQUIRE(supervisor->signal("web", SIGSTOP));
    wait_for([&] { return status_of(*supervisor).restarts == 1; });
    CHECK(status_of(*supervisor).last_end == "did not answer");
    CHECK(page(place, "web") == "web-1");
}

TEST_CASE("a child is replaced under load without a failed request") {
    Place place;
    auto plan = place.plan("web", "web-1");
    plan.environment = {{"DATA", place.folder}};  // so that the successor has to stand by
    const auto supervisor = place.start({plan});
    REQUIRE(supervisor->wait_until_ready(soon()));
    const Caller one{place.at("web")};
    const Caller two{place.at("web")};
    for (int version = 2; version < 6; ++version) {
        const std::string says = "web-" + std::to_string(version);
        plan.command = {JEBI_PLACE_CHILD, says};
        REQUIRE(supervisor->replace("web", plan));
        CHECK(page(place, "web") == says);
        CHECK(status_of(*supervisor).version == says);
    }
    CHECK(one.calls > 0);
    CHECK(one.failed == 0);
    CHECK(two.failed == 0);
    CHECK(status_of(*supervisor).restarts == 0);
}

TEST_CASE("a successor that ends or does not get ready is undone") {
    Place place;
    auto options = place.options();
    options.start_max = Millis{500};
    const auto supervisor = Supervisor::start(place.loops, options, {place.plan("web", "web-1")}).value();
    REQUIRE(supervisor->wait_until_ready(soon()));
    const Caller caller{place.at("web")};
    for (const std::string bad : {"fails", "silent"}) {
        const auto undone = supervisor->replace("web", {.command = {JEBI_PLACE_CHILD, bad}});
        REQUIRE_FALSE(undone);
        CHECK(undone.error().reason == "rolled_back");
    }
    const auto missing = supervisor->replace("web", {.command = {"/nonexistent/program"}});
    REQUIRE_FALSE(missing);
    CHECK(missing.error().message.contains("cannot be started"));
    CHECK(page(place, "web") == "web-1");
    CHECK(caller.failed == 0);
}

TEST_CASE("a child that dies again and again is started by what it is replaced with") {
    Place place;
    auto options = place.options();
    options.backoff.first = Millis{600'000};  // so that nothing but the replacement starts it
    options.backoff.max = Millis{600'000};
    auto plan = place.plan("web", "fails");
    const auto supervisor = Supervisor::start(place.loops, options, {plan}).value();
    wait_for([&] {
        return status_of(*supervisor).restarts >= 2 &&
               status_of(*supervisor).state == ChildState::backing_off;
    });
    REQUIRE(supervisor->replace("web", {.command = {JEBI_PLACE_CHILD, "web-2"}}));
    REQUIRE(supervisor->wait_until_ready(soon()));
    CHECK(page(place, "web") == "web-2");
}

TEST_CASE("a child that talks to its last moment is ended and restarted like any other") {
    Place place;
    const ChildPlan plan{
        .name = "talker", .command = {"/bin/sh", "-c", "while :; do echo word; done"}, .has_control = false};
    for (int round = 0; round < 10; ++round) {
        const auto supervisor = place.start({plan});
        REQUIRE(supervisor->wait_until_ready(soon()));
        REQUIRE(supervisor->signal("talker", SIGKILL));
        wait_for([&] { return status_of(*supervisor).restarts == 1; });
        REQUIRE(supervisor->wait_until_ready(soon()));
        wait_for([&] { return !supervisor->lines("talker").empty(); });
        supervisor->end(in(Millis{0}));
    }
}

TEST_CASE("when the supervisor is killed its children end") {
    Place place;
    std::string told;
    std::mutex mutex;
    const auto child = Child::start(
                           {.words = {JEBI_PLACE_CHILD, "supervises", place.folder}},
                           [&](std::string_view line) {
                               const std::lock_guard lock{mutex};
                               told = line;
                           },
                           [] {})
                           .value();
    wait_for([&] {
        const std::lock_guard lock{mutex};
        return !told.empty();
    });
    const pid_t grandchild = std::stoi(told);
    REQUIRE(runs(grandchild));
    child->signal(SIGKILL);
    CHECK(child->ended().wait_until(soon()));
    wait_for([&] { return !runs(grandchild) || !std::filesystem::exists("/proc/" + told + "/exe"); });
}

TEST_CASE("pauses before a restart grow up to their bound, and are none after a good while") {
    const BackoffBounds bounds{.first = Millis{100}, .max = Millis{1'000}, .settled = Millis{5'000}};
    for (unsigned seed = 0; seed < 50; ++seed) {
        CAPTURE(seed);
        Backoff backoff{bounds, seed};
        CHECK(backoff.pause_after(Millis{0}) == Millis{0});
        for (const int longest : {100, 200, 400, 800, 1'000, 1'000}) {
            const Millis pause = backoff.pause_after(Millis{0});
            CHECK(pause >= Millis{longest / 2});
            CHECK(pause <= Millis{longest});
        }
        CHECK(backoff.pause_after(Millis{5'000}) == Millis{0});
        for (int i = 0; i < 100; ++i)
            CHECK(backoff.pause_after(Millis{0}) <= bounds.max);
    }
}

}  // namespace jebi::place
