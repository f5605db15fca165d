// Replacing a running process by a new program under load, and undoing that when the new one is worse.
//
// `jebi deploy MODULE [--binary FILE]` asks whoever supervises, at DATA/run/supervisor.sock:
//
//     POST /deploy {"module": "tweets", "binary": "/opt/jebi-tweets"}
//
// which answers {"message"}, with 200 when the new one runs; else also {"reason"}: contract_breaks (what
// breaks stands in the message), rolled_back (the old one runs again, and why), not_ready, or what is wrong
// with the question.
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/command_line.h"
#include "kit/http/router.h"
#include "kit/place/settings.h"
#include "kit/place/supervisor.h"
#include "kit/place/topology.h"

namespace jebi::app {

// The verb `deploy`: asks, waits, and says what has become of it.
Verb deploy_verb();
Result<void> deploy(const CommandLine& line, const place::Settings& settings);

// How a new process is looked at after it has taken over.
struct Probation {
    Millis lasts{3'000};
    Millis every{250};
    double failed_share_max = 0.1;  // of what it is asked
    double asked_per_s_min = 5;     // with less nothing is concluded
};

// One deployment at a time; another one is told `conflict`. What it borrows outlives it.
class Deployments {
public:
    // `plans` are those that the supervisor has been started with.
    Deployments(place::Supervisor& supervisor, const place::Topology& topology,
                std::vector<place::ChildPlan> plans, Probation probation = {});

    void bind(http::Router& router);
    // Of all replicas of the process that hosts the module, one after the other. An empty `binary` is the
    // program that runs, as its file is now. What to tell the person who asked.
    Result<std::string> deploy(const std::string& module, const std::string& binary);

private:
    Result<void> replace(place::ChildPlan& plan, const std::string& binary);
    Result<void> take_back(const place::ChildPlan& plan);
    Result<void> keeps_contracts(const std::string& name, const std::string& binary) const;
    bool becomes_ready(const std::string& name) const;
    Result<void> stands_probation(const std::string& name) const;
    std::optional<place::ChildStatus> child(const std::string& name) const;
    Result<std::string> ask(const std::string& name, const std::string& target) const;

    place::Supervisor& supervisor_;
    const place::Topology& topology_;
    std::vector<place::ChildPlan> plans_;  // as they run; of whoever deploys
    const Probation probation_;
    std::atomic<bool> busy_ = false;
};

}  // namespace jebi::app
