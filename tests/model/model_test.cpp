// The whole system against the model of it. The seed is told; JEBI_SEED takes it up again: the acts are the
// same, and in the first case so are the moments at which events are followed. JEBI_ROUNDS=4 lives for a
// minute.
#include <atomic>
#include <cstdlib>
#include <thread>

#include "tests/model/life.h"

using namespace jebi;
using namespace jebi::model;

namespace {

constexpr int rests_a_round = 16;
constexpr int acts_between_rests = 120;

std::uint64_t number_from(const char* name, std::uint64_t otherwise) {
    const char* given = std::getenv(name);
    return given != nullptr ? std::strtoull(given, nullptr, 10) : otherwise;
}

void live(const timelines::Options& options, const std::function<void(World&, Life&)>& live_until_rest) {
    const std::uint64_t seed = number_from("JEBI_SEED", std::random_device{}());
    MESSAGE("JEBI_SEED=" << seed);
    World world{options};
    Life life{world, seed};
    const std::uint64_t rests = rests_a_round * number_from("JEBI_ROUNDS", 1);
    for (std::uint64_t rest = 0; rest < rests; ++rest) {
        CAPTURE(rest);
        live_until_rest(world, life);
        world.settle();
        life.look_at_everything();
    }
}

void act_and_look(Life& life) {
    life.act();
    if (life.below(3) == 0) life.look_at_home();
}

}  // namespace

TEST_CASE("at rest everything is what the model says, whenever events are followed") {
    live({}, [](World& world, Life& life) {
        const Call call{.until = in(Millis{60'000})};
        for (int act = 0; act < acts_between_rests; ++act) {
            act_and_look(life);
            if (life.below(20) == 0) REQUIRE(world.builder.run(call));
            if (life.below(20) == 0) REQUIRE(world.teller.run(call));
        }
    });
}

TEST_CASE("at rest everything is what the model says, while events are followed all the time") {
    live({.merge_above_followers = 3, .kept_max = 30}, [](World& world, Life& life) {
        std::atomic<bool> over = false;
        const auto follow = [&over](auto& follower) {
            while (!over)
                follower.run(Call{.until = in(Millis{10'000})}).value();
        };
        std::thread homes{[&] { follow(world.builder); }};
        std::thread told{[&] { follow(world.teller); }};
        for (int act = 0; act < acts_between_rests; ++act)
            act_and_look(life);
        over = true;
        homes.join();
        told.join();
    });
}
