// What a supervisor starts for a topology: a command, the sockets and the environment of each process.
#pragma once

#include <string>
#include <vector>

#include "app/command_line.h"
#include "kit/place/settings.h"
#include "kit/place/supervisor.h"
#include "kit/place/topology.h"

namespace jebi::app {

struct Plans {
    std::vector<place::ChildPlan> children;
    std::optional<fiber::Address> pages{};  // where people come
};

// `invalid` (no_machine) with the nearest name when no process of the topology is on that machine.
Result<void> check_machine(const place::Topology& topology, const std::string& machine);

// The processes of one machine. Opens their sockets: `unavailable` when one cannot be opened. `line` is what
// the supervisor was told itself: the processes have the same settings.
Result<Plans> plans_for(const place::Topology& topology, const std::string& machine, const CommandLine& line,
                        const place::Settings& settings);

// The program that runs a process: what the topology names, the module's own program beside this one, or
// this.
std::string program_for(const place::TopologyProcess& process);

}  // namespace jebi::app
