// A monkey: breaks one thing after the other by chance, waits until each is well again, and tells what became
// of it.
//
//     chaos::Monkey monkey(targets, journeys, time);
//     const chaos::Report report = monkey.run({.every = Millis{5'000}, .lasts = Millis{300'000}}, stop);
//
// Never more than `down_max` targets are not well at a time, whoever made them so. Whom it chooses, and what
// it does to them, follows from the seed and from who is well at that moment. (After Netflix's Chaos Monkey.)
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "kit/chaos/fault.h"
#include "kit/chaos/journeys.h"
#include "kit/guard/dice.h"

namespace jebi::chaos {

// What can be broken: the processes of a machine, or a test's.
class Targets {
public:
    virtual ~Targets() = default;
    struct Seen {
        std::string name;
        bool well = false;  // ready, and nothing of what was done to it acts any more
    };
    // All there are at this moment.
    virtual Result<std::vector<Seen>> look() = 0;
    // Returns once the fault acts; it ends by itself.
    virtual Result<void> strike(const std::string& target, const Fault& fault) = 0;
    // Takes back what still acts.
    virtual void heal() = 0;
};

struct MonkeyPlan {
    Millis every{5'000};      // from one fault to the next
    Millis lasts{300'000};    // all of it
    Millis pause_min{1'000};  // after somebody is well again
    Millis well_max{30'000};  // somebody who is not well so long after a fault counts as lost
    std::size_t down_max = 1;
    std::vector<std::string> only{};      // names; empty: all
    std::vector<Kind> kinds{Kind::kill};  // one of these each time
    Millis fault_lasts{3'000};            // all but kill
    Millis delay{2'000};                  // slow
    double share = 0.5;                   // error, cut and garbage
    std::uint64_t seed = 1;
};
inline constexpr Millis every_min{100};
inline constexpr Millis monkey_lasts_max{24 * 3'600'000};

struct Blow {
    std::string target;
    Fault fault;
    Millis at{};                       // since the begin
    std::string failure{};             // not empty: it could not be done, and why
    std::optional<Millis> well_after;  // the fault; nothing: it was not well again in time
    std::uint64_t first_failures = 0;  // of journeys until then
};
struct Report {
    std::uint64_t seed = 0;
    Millis took{};
    std::vector<Blow> blows;
    std::vector<JourneySeen> journeys;

    bool all_well() const;
};
// For people, and for programs.
std::string text_of(const Report& report);
std::string json_of(const Report& report);

class Monkey {
public:
    // All three outlive it.
    Monkey(Targets& targets, const Journeys& journeys, const guard::Time& time)
        : targets_(targets), journeys_(journeys), time_(time) {}

    // `invalid`: the plan contradicts itself, or nobody of `only` is there. Ends early when `stop` says so;
    // what it has done is over in any case.
    Result<Report> run(const MonkeyPlan& plan, const std::function<bool()>& stop);

    static constexpr Millis look_every{10};

private:
    struct Round;
    Targets& targets_;
    const Journeys& journeys_;
    const guard::Time& time_;
};

}  // namespace jebi::chaos
