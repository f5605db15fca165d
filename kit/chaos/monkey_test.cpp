// The monkey, with a clock that the test holds and targets that only pretend.
#include "kit/chaos/monkey.h"

#include <algorithm>
#include <map>

#include "kit/fiber/fiber.h"
#include "kit/guard/guard_testing.h"

namespace jebi::chaos {

namespace {

using guard::testing::ManualTime;

// Each is well again `repair` after a fault; all that happens is noted.
struct Pretended final : Targets {
    explicit Pretended(const ManualTime& with) : time(with) {}

    Result<std::vector<Seen>> look() override {
        if (is_blind) return fail(Code::unavailable, "Nobody answers.");
        std::vector<Seen> all;
        std::size_t down = 0;
        for (const auto& [name, well_at] : targets) {
            all.push_back({name, well_at <= time.now()});
            if (!all.back().well) ++down;
        }
        down_at_once = std::max(down_at_once, down);
        return all;
    }
    Result<void> strike(const std::string& target, const Fault& fault) override {
        if (target == refuses) return fail(Code::forbidden, "It belongs to somebody else.");
        CHECK(targets.at(target) <= time.now());
        struck.push_back(target + " " + std::string(name(fault.kind)));
        struck_at.push_back(time.now());
        targets.at(target) = time.now() + repair;
        return {};
    }
    void heal() override {
        ++healed;
        for (auto& [name, well_at] : targets)
            well_at = std::min(well_at, std::max(time.now(), broken_before));
    }

    const ManualTime& time;
    std::map<std::string, Deadline> targets{{"follows", {}}, {"timelines", {}}, {"tweets", {}}, {"web", {}}};
    Millis repair{80};
    Deadline broken_before{};
    bool is_blind = false;
    std::string refuses;
    std::vector<std::string> struck;
    std::vector<Deadline> struck_at;
    std::size_t down_at_once = 0;
    int healed = 0;
};

struct Trial {
    ManualTime time;
    Pretended targets{time};
    Journeys journeys{{}, "trial", time};
    Monkey monkey{targets, journeys, time};
    MonkeyPlan plan{.every = Millis{5'000}, .lasts = Millis{60'000}};

    Report run() {
        return monkey.run(plan, [] { return false; }).value();
    }
};

}  // namespace

TEST_CASE("one after the other is struck in its time and is well again, and the report tells so") {
    Trial trial;
    const Report report = trial.run();
    CHECK(report.blows.size() == 12);
    CHECK(report.all_well());
    CHECK(report.took >= Millis{60'000});
    for (std::size_t i = 0; i < report.blows.size(); ++i) {
        CHECK(*report.blows[i].well_after >= Millis{80});
        CHECK(*report.blows[i].well_after <= Millis{80} + Monkey::look_every);
        if (i > 0) CHECK(report.blows[i].at - report.blows[i - 1].at >= Millis{5'000});
    }
    CHECK(trial.targets.down_at_once == 1);
    CHECK(trial.targets.healed > 0);
    CHECK(text_of(report).contains("12 faults in 60.0 s (seed 1)"));
    CHECK(json_of(report).contains(R"("fault":"kill","at_ms":5000)"));
}

TEST_CASE("the same seed does the same, another one something else, and nobody is spared for ever") {
    const auto struck = [](std::uint64_t seed) {
        Trial trial;
        trial.plan.seed = seed;
        trial.plan.lasts = Millis{300'000};
        trial.plan.kinds = {Kind::kill, Kind::slow, Kind::cut};
        trial.run();
        return trial.targets.struck;
    };
    const auto seed = guard::testing::seed();
    CAPTURE(seed);
    const auto one = struck(seed);
    CHECK(one == struck(seed));
    CHECK(one != struck(seed + 1));
    CHECK(one.size() == 60);
    for (const char* name : {"follows", "timelines", "tweets", "web"}) {
        CAPTURE(name);
        CHECK(std::ranges::any_of(one, [&](const auto& what) { return what.starts_with(name); }));
    }
}

TEST_CASE("nobody is struck while somebody is down, and for a while after") {
    Trial trial;
    trial.targets.repair = Millis{7'000};
    trial.plan.pause_min = Millis{2'000};
    const Report report = trial.run();
    CHECK(trial.targets.down_at_once == 1);
    REQUIRE(report.blows.size() > 3);
    for (std::size_t i = 1; i < report.blows.size(); ++i)
        CHECK(report.blows[i].at - report.blows[i - 1].at >= Millis{9'000});
}

TEST_CASE("nobody is struck while somebody is down for another reason, or while nobody can be seen") {
    Trial trial;
    trial.targets.targets["web"] = trial.targets.broken_before = trial.time.now() + Millis{30'000};
    trial.plan.only = {"tweets"};
    CHECK(trial.run().blows.size() == 6);
    Trial blind;
    blind.monkey
        .run(blind.plan,
             [&] {
                 blind.targets.is_blind = true;
                 return false;
             })
        .value();
    CHECK(blind.targets.struck.empty());
}

TEST_CASE("more may be down at once where that is asked for, and never more than that") {
    Trial trial;
    trial.targets.repair = Millis{12'000};
    trial.plan.down_max = 2;
    trial.run();
    CHECK(trial.targets.down_at_once == 2);
}

TEST_CASE("only those who are named are struck, and a misspelt name is refused") {
    Trial trial;
    trial.plan.only = {"web"};
    const auto report = trial.run();
    CHECK(report.blows.size() == 12);
    CHECK(std::ranges::all_of(report.blows, [](const Blow& blow) { return blow.target == "web"; }));
    trial.plan.only = {"twets"};
    const auto refused = trial.monkey.run(trial.plan, [] { return false; });
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().message.contains("Did you mean \"tweets\"?"));
}

TEST_CASE("somebody who does not get well ends it, and the report tells who") {
    Trial trial;
    trial.targets.repair = Millis{3'600'000};
    trial.targets.broken_before = trial.time.now() + Millis{3'600'000};
    const Report report = trial.run();
    REQUIRE(report.blows.size() == 1);
    CHECK_FALSE(report.all_well());
    CHECK(text_of(report).contains("was not well again"));
    CHECK(json_of(report).contains(R"("well_after_ms":null)"));
}

TEST_CASE("told to stop, it takes back what acts and waits until all is well") {
    Trial trial;
    trial.targets.repair = Millis{20'000};
    const auto report = trial.monkey.run(trial.plan, [&] { return !trial.targets.struck.empty(); });
    REQUIRE(report.has_value());
    CHECK(report->blows.size() == 1);
    CHECK(report->all_well());
    CHECK(report->took < Millis{1'000});
    CHECK(trial.targets.healed > 0);
}

TEST_CASE("what could not be done is told, and the next one is tried") {
    Trial trial;
    trial.plan.only = {"web", "tweets"};
    trial.targets.refuses = "web";
    const Report report = trial.run();
    CHECK(report.blows.size() == 12);
    CHECK(report.all_well());
    CHECK(text_of(report).contains("could not be done: It belongs to somebody else."));
    CHECK_FALSE(trial.targets.struck.empty());
}

TEST_CASE("a plan that contradicts itself is refused") {
    const auto is_refused = [](const std::function<void(MonkeyPlan&)>& change) {
        Trial trial;
        change(trial.plan);
        return !trial.monkey.run(trial.plan, [] { return false; }) && trial.targets.struck.empty();
    };
    CHECK(is_refused([](MonkeyPlan& plan) { plan.every = Millis{0}; }));
    CHECK(is_refused([](MonkeyPlan& plan) { plan.lasts = Millis{0}; }));
    CHECK(is_refused([](MonkeyPlan& plan) { plan.lasts = monkey_lasts_max + Millis{1}; }));
    CHECK(is_refused([](MonkeyPlan& plan) { plan.down_max = 0; }));
    CHECK(is_refused([](MonkeyPlan& plan) { plan.kinds = {}; }));
    CHECK(is_refused([](MonkeyPlan& plan) { plan.kinds = {Kind::slow}, plan.delay = Millis{0}; }));
    CHECK(is_refused([](MonkeyPlan& plan) { plan.kinds = {Kind::cut}, plan.share = 0; }));
}

TEST_CASE("walks count by the try at which they were good, and are tried again under the same key") {
    const ManualTime time;
    int number = 0;
    std::vector<std::string> keys;
    const auto every_third_fails_once = [&](const Walk& walk) -> Result<void> {
        keys.push_back(walk.key);
        time.advance(Millis{number % 3 == 0 ? 70 : 5});
        if (walk.number == 1 && ++number % 3 == 0) return fail(Code::unavailable, "It is away.");
        return {};
    };
    const auto never = [](const Walk&) -> Result<void> { return fail(Code::internal, "It is broken."); };
    Journeys journeys{{{"read", every_third_fails_once}, {"write", never}}, "t", time};
    for (int i = 0; i < 9; ++i)
        journeys.walk_once();
    const auto seen = journeys.seen();
    REQUIRE(seen.size() == 2);
    CHECK(seen[0].walks == 9);
    CHECK(seen[0].first == 6);
    CHECK(seen[0].second == 3);
    CHECK(seen[0].share() == 1);
    CHECK(seen[0].longest == Millis{70});
    CHECK(seen[0].last_failure == "It is away.");
    CHECK(seen[1].failed() == 9);
    CHECK(seen[1].first_share() == 0);
    CHECK(journeys.first_failures() == 12);
    CHECK(keys.size() == 12);
    CHECK(keys[2] == "t-read-2");
    CHECK(keys[3] == keys[2]);
    CHECK(keys[4] == "t-read-3");
}

TEST_CASE("walks go on beside whatever happens until they are ended") {
    const guard::SteadyTime time;
    std::atomic<int> walks = 0;
    const fiber::Event enough;
    Journeys journeys{{{"read",
                        [&](const Walk&) -> Result<void> {
                            if (++walks == 5) enough.set();
                            return {};
                        },
                        Millis{1}}},
                      "t",
                      time};
    journeys.begin();
    CHECK(enough.wait_until(in(Millis{30'000})));
    journeys.end();
    CHECK(journeys.seen()[0].first >= 5);
    CHECK(journeys.seen()[0].walks == static_cast<std::uint64_t>(walks));
}

}  // namespace jebi::chaos
