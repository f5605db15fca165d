// Random people do random things; at rest every home is what the simplest rule says (World::expected).
#include <random>

#include "modules/timelines/contract_test.h"

using namespace jebi;
using namespace jebi::timelines;

namespace {

constexpr std::uint64_t people = 6;
constexpr int acts = 250;
constexpr int acts_between_rests = 50;

class Life {
public:
    Life(World& world, std::uint64_t seed) : world_(world), random_(seed) {
        for (std::uint64_t person = people; person >= 1; --person)
            world.accounts.people.push_back(person);
    }

    std::uint64_t below(std::uint64_t bound) {
        return std::uniform_int_distribution<std::uint64_t>{0, bound - 1}(random_);
    }

    void act() {
        const std::uint64_t who = 1 + below(people);
        const std::uint64_t whom = 1 + below(people);
        switch (below(20)) {
            case 0:
            case 1:
            case 2:
                return world_.follows.add_follow(who, whom);
            case 3:
                return world_.follows.end_follow(who, whom);
            case 4:
                return world_.follows.add_mute(who, whom);
            case 5:
            case 6:
                return world_.follows.end_mute(who, whom);
            case 7:
                return world_.follows.add_block(who, whom);
            case 8:
            case 9:
                return world_.follows.end_block(who, whom);
            case 10:
                return remove();
            case 11:
            case 12:
                return repost(who);
            case 13:
                return world_.clock.advance(Millis{static_cast<Millis::rep>(below(30'000))});
            default:
                world_.tweets.add(who);
        }
    }

    // At rest, however it is walked.
    void look_at_homes() {
        for (std::uint64_t person = 1; person <= people; ++person) {
            CAPTURE(person);
            const Ids expected = world_.expected(person);
            const auto limit = static_cast<std::uint32_t>(1 + below(12));
            CHECK(walked(world_.service, person, limit) == expected);
            CHECK(walked(world_.service, person, limit, true) == expected);
        }
    }

    // At any time: what somebody wrote is in their home at once.
    void look_at_own() {
        const std::uint64_t who = 1 + below(people);
        const std::uint64_t written = world_.tweets.add(who);
        const HomePage page = home_of(world_.service, who, 1);
        REQUIRE(page.entries_size() == 1);
        CHECK(page.entries(0).tweet_id() == written);
    }

private:
    std::uint64_t any_tweet() {
        if (world_.tweets.all.empty()) return 0;
        return std::next(world_.tweets.all.begin(),
                         static_cast<std::ptrdiff_t>(below(world_.tweets.all.size())))
            ->first;
    }
    void remove() {
        if (const std::uint64_t tweet = any_tweet(); tweet != 0) world_.tweets.remove(tweet);
    }
    void repost(std::uint64_t who) {
        const std::uint64_t tweet = any_tweet();
        if (tweet != 0 && world_.tweets.all.at(tweet).repost_of_id() == 0) world_.tweets.add(who, tweet);
    }

    World& world_;
    std::mt19937_64 random_;
};

struct Plan {
    Options options;
    bool fails = false;         // writes fail, before or after they are done
    bool acts_between = false;  // people act while a change is on its way to the disk
    bool rebuilds = false;
};

void live(const Plan& plan, std::uint64_t seed) {
    CAPTURE(seed);
    World world{plan.options};
    Life life{world, seed};
    world.room.disturb = [&] {
        if (plan.acts_between && life.below(4) == 0) life.act();
        if (!plan.fails || life.below(3) > 0) return DisturbedRoom::How::well;
        return life.below(2) == 0 ? DisturbedRoom::How::not_at_all : DisturbedRoom::How::done_but_failed;
    };
    for (int done = 1; done <= acts; ++done) {
        life.act();
        if (life.below(10) == 0) life.look_at_own();
        if (life.below(15) == 0) {
            const auto handled = world.builder.run(as(0));
            if (!handled) CHECK(handled.error().code == Code::unavailable);
        }
        if (plan.rebuilds && life.below(40) == 0) {
            for (int tries = 0; tries < 2 && !world.builder.begin_rebuild(as(0)); ++tries) {
            }
        }
        if (done % acts_between_rests != 0) continue;
        world.settle();
        life.look_at_homes();
    }
}

// Seeds come from the outside to look at one again, or at more: JEBI_SEED, JEBI_ROUNDS.
void live_often(const Plan& plan) {
    const char* given = std::getenv("JEBI_SEED");
    const char* rounds = std::getenv("JEBI_ROUNDS");
    const std::uint64_t first = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
    const std::uint64_t count = rounds != nullptr ? std::strtoull(rounds, nullptr, 10) : 3;
    MESSAGE("JEBI_SEED=" << first);
    for (std::uint64_t seed = first; seed < first + count; ++seed)
        live(plan, seed);
}

constexpr Options merging{.merge_above_followers = 2};
constexpr Options few_kept{.kept_max = 7};
constexpr Options both{.merge_above_followers = 2, .kept_max = 7};

}  // namespace

TEST_CASE("homes at rest are what the model says") {
    live_often({});
}

TEST_CASE("so they are when authors are merged in at reading") {
    live_often({.options = merging});
}

TEST_CASE("so they are when few entries are kept") {
    live_often({.options = few_kept});
}

TEST_CASE("so they are when writes fail and the builder starts again") {
    live_often({.options = both, .fails = true});
}

TEST_CASE("so they are when people act while changes are on their way") {
    live_often({.options = both, .acts_between = true});
}

TEST_CASE("so they are over rebuilds that are interrupted") {
    live_often({.options = both, .fails = true, .acts_between = true, .rebuilds = true});
}
