#include "kit/chaos/monkey.h"

#include <algorithm>
#include <map>

#include "kit/base/nearest.h"

namespace jebi::chaos {

namespace {

std::unexpected<Error> refuse(std::string why) {
    return fail(error(Code::invalid, std::move(why)).because("bad_plan"));
}

Result<void> makes_sense(const MonkeyPlan& plan) {
    if (plan.every < every_min)
        return refuse("From one fault to the next it is " + std::to_string(every_min.count()) +
                      " milliseconds at least.");
    if (plan.lasts < Millis{1} || plan.lasts > monkey_lasts_max) return refuse("It lasts a day at most.");
    if (plan.down_max == 0) return refuse("With nobody down at a time there is nothing to do.");
    if (plan.kinds.empty()) return refuse("Which faults?");
    for (const Kind kind : plan.kinds)
        TRY_VOID(check({.kind = kind, .share = plan.share, .delay = plan.delay, .lasts = plan.fault_lasts}));
    return {};
}

bool is_by_share(Kind kind) {
    return kind == Kind::error || kind == Kind::cut || kind == Kind::garbage;
}

Millis since(Deadline begin, Deadline now) {
    return std::chrono::duration_cast<Millis>(now - begin);
}

}  // namespace

// One run of it.
struct Monkey::Round {
    Targets& targets;
    const Journeys& journeys;
    const guard::Time& time;
    const MonkeyPlan& plan;
    const std::function<bool()>& stop;

    struct Hurt {
        std::size_t blow;
        Deadline since;
        std::uint64_t failures;
    };
    guard::Dice dice{plan.seed};
    Deadline begin = time.now();
    Deadline next = begin;
    Report report{.seed = plan.seed};
    std::map<std::string, Hurt> hurt;  // by name
    std::vector<Targets::Seen> seen;

    bool may_be_struck(const std::string& name) const {
        return plan.only.empty() || std::ranges::find(plan.only, name) != plan.only.end();
    }

    Result<void> knows_all() {
        TRY(seen, targets.look());
        std::vector<std::string> names;
        std::ranges::transform(seen, std::back_inserter(names), &Targets::Seen::name);
        for (const std::string& name : plan.only) {
            if (std::ranges::find(names, name) != names.end()) continue;
            const auto meant = nearest(name, names);
            return refuse("There is no \"" + name + "\" here." +
                          (meant ? " Did you mean \"" + *meant + "\"?" : ""));
        }
        return {};
    }

    // A look that fails tells nothing: then nobody counts as well.
    void look() {
        auto looked = targets.look();
        seen = looked ? std::move(*looked) : std::vector<Targets::Seen>{};
        const Deadline now = time.now();
        std::erase_if(hurt, [&](const auto& one) { return is_over(one.first, one.second, now); });
    }

    bool is_over(const std::string& name, const Hurt& one, Deadline now) {
        const auto found = std::ranges::find(seen, name, &Targets::Seen::name);
        const bool well = found != seen.end() && found->well;
        Blow& blow = report.blows[one.blow];
        blow.first_failures = journeys.first_failures() - one.failures;
        if (well) {
            blow.well_after = since(one.since, now);
            next = std::max(next, now + plan.pause_min);
        }
        return well;
    }

    bool has_lost_somebody() const {
        return std::ranges::any_of(
            hurt, [&](const auto& one) { return time.now() - one.second.since > plan.well_max; });
    }

    std::size_t down() const {
        const auto well = std::ranges::count_if(seen, &Targets::Seen::well);
        return seen.empty() ? plan.down_max : seen.size() - static_cast<std::size_t>(well);
    }

    Fault some_fault() {
        const Kind kind = plan.kinds[dice.below(plan.kinds.size())];
        return {.kind = kind,
                .share = is_by_share(kind) ? plan.share : 1,
                .delay = plan.delay,
                .lasts = plan.fault_lasts,
                .seed = dice.next() >> 1};
    }

    void strike() {
        std::vector<std::string> candidates;
        for (const auto& one : seen) {
            if (one.well && may_be_struck(one.name)) candidates.push_back(one.name);
        }
        if (candidates.empty()) return;
        std::ranges::sort(candidates);
        const std::string target = candidates[dice.below(candidates.size())];
        next = time.now() + plan.every;
        Blow blow{.target = target, .fault = some_fault(), .at = since(begin, time.now())};
        const Hurt one{report.blows.size(), time.now(), journeys.first_failures()};
        if (auto struck = targets.strike(target, blow.fault); !struck) {
            blow.failure = struck.error().message;
        } else {
            hurt.emplace(target, one);
        }
        report.blows.push_back(std::move(blow));
    }

    void until_all_is_well() {
        const Deadline until = time.now() + plan.well_max;
        while (!hurt.empty() && time.now() < until) {
            time.sleep_until(time.now() + look_every);
            look();
        }
    }

    void go() {
        const Deadline end = begin + plan.lasts;
        while (time.now() < end && !stop() && !has_lost_somebody()) {
            look();
            if (time.now() >= next && down() < plan.down_max) strike();
            time.sleep_until(std::min(end, time.now() + look_every));
        }
        if (stop()) targets.heal();
        until_all_is_well();
        targets.heal();
        report.took = since(begin, time.now());
        report.journeys = journeys.seen();
    }
};

bool Report::all_well() const {
    return std::ranges::all_of(blows,
                               [](const Blow& blow) { return !blow.failure.empty() || blow.well_after; });
}

Result<Report> Monkey::run(const MonkeyPlan& plan, const std::function<bool()>& stop) {
    TRY_VOID(makes_sense(plan));
    Round round{targets_, journeys_, time_, plan, stop};
    TRY_VOID(round.knows_all());
    round.go();
    return std::move(round.report);
}

}  // namespace jebi::chaos
