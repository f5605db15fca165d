// The processes that run on a data folder, as things to break on purpose: found and asked at their control
// sockets, killed and paused by their pids.
//
// A process says itself, by the setting `chaos`, whether it may be broken; where a supervisor runs, it says
// so for all that it has started.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "app/status_sockets.h"
#include "kit/chaos/monkey.h"
#include "kit/chaos/processes.h"
#include "kit/http/router.h"

namespace jebi::app {

// GET /chaos of a supervisor: 200. Only where the setting `chaos` is on.
void bind_permission(http::Router& router);

class RunningTargets final : public chaos::Targets {
public:
    explicit RunningTargets(std::string data_folder) : data_folder_(std::move(data_folder)) {}

    // `forbidden`, with what switches it on, unless this may be broken; `not_found` when nothing runs.
    Result<void> may_be_broken() const;

    // What a person calls "tweets", "web-1" or "web -> tweets": a process, or a module of one, or the calls
    // from the one to the other. `not_found`, with the nearest name; `invalid` for calls that there cannot
    // be.
    struct Meant {
        std::string process;
        chaos::Side side = chaos::Side::serving;
        std::string service;  // of the module, where the process hosts several; empty: all
    };
    Result<Meant> meant(const std::string& target) const;

    // One that is not ready, mute or still under a fault is not well. "degraded" is well: others are not.
    Result<std::vector<Seen>> look() override;
    Result<void> strike(const std::string& target, const chaos::Fault& fault) override;
    // Ends what this has begun.
    void heal() override;
    // Ends every fault there is, whoever began it. How many processes were asked.
    Result<std::size_t> heal_all() const;
    // The faults that act: the process, and in words what.
    Result<std::vector<std::pair<std::string, std::string>>> faults() const;

private:
    Result<ProcessStatus> process_of(const std::string& name) const;
    bool is_back(const ProcessStatus& process) const;

    struct Acting {
        Deadline until;
        std::string control;  // empty: it is paused
        std::optional<chaos::Pause> pause{};
    };
    const std::string data_folder_;
    std::multimap<std::string, Acting> acting_;  // by process
    std::map<std::string, pid_t> killed_;        // those who are not back yet; by process
};

}  // namespace jebi::app
