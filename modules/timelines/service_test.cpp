#include "modules/timelines/service.h"

#include <thread>

#include "modules/timelines/contract_test.h"

using namespace jebi;
using namespace jebi::timelines;

TEST_CASE("the service keeps the contract of Timelines in process") {
    run_contract([](const std::function<void(Timelines&, World&)>& with) {
        World world;
        with(world.service, world);
    });
}

TEST_CASE("the contract holds where nearly everybody is merged in at reading") {
    run_contract([](const std::function<void(Timelines&, World&)>& with) {
        World world{{.merge_above_followers = 0}};
        with(world.service, world);
    });
}

TEST_CASE("the contract holds where very few entries are kept") {
    run_contract([](const std::function<void(Timelines&, World&)>& with) {
        World world{{.kept_max = 3}};
        with(world.service, world);
    });
}

TEST_CASE("most homes are read without asking for other lists than one's own") {
    World world;
    world.follows.add_follow(minji, daniel);
    for (int i = 0; i < 30; ++i)
        world.tweets.add(daniel);
    world.settle();
    const auto before = world.tweets.lists_read;
    CHECK(home_of(world.service, minji, 20).entries_size() == 20);
    CHECK(world.tweets.lists_read - before == 1);
    HomeRequest without_newest;
    without_newest.set_without_newest_own(true);
    CHECK(world.service.home(as(minji), without_newest).value().entries_size() == 20);
    CHECK(world.tweets.lists_read - before == 1);
}

TEST_CASE("a rebuild makes the same homes, and answers when it is done") {
    World world;
    for (const auto person : {minji, daniel, haerin})
        world.accounts.people.push_back(person);
    world.follows.add_follow(minji, daniel);
    world.follows.add_follow(haerin, daniel);
    world.follows.add_mute(haerin, daniel);
    const auto tweet = world.tweets.add(daniel);
    world.settle();
    std::thread elsewhere{[&] {
        while (world.store.rebuild(as(0)).value().phase != Rebuild::Phase::done)
            world.builder.run(as(0)).value();
    }};
    const RebuildReply reply = world.service.rebuild(as(0), {}).value();
    elsewhere.join();
    CHECK(reply.people() == 3);
    CHECK(reply.entries() == 3);
    CHECK(ids_in(home_of(world.service, minji)) == Ids{tweet});
    CHECK(home_of(world.service, haerin).entries_size() == 0);
}

TEST_CASE("a rebuild that takes too long goes on by itself") {
    World world;
    const Call hurried{.until = in(Millis{500})};  // half of it to wait
    CHECK(world.service.rebuild(hurried, {}).error().reason == "still_rebuilding");
    world.settle();
    CHECK(world.store.rebuild(as(0)).value().phase == Rebuild::Phase::done);
}
