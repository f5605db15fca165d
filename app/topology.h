// Which modules there are, who calls whom, and what a topology file (kit/place/topology.h) says of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "kit/guard/settings.h"
#include "kit/place/settings.h"
#include "kit/place/topology.h"

namespace jebi::app {

// Every module, each after those that it calls.
const std::vector<place::KnownModule>& known_modules();
const place::KnownModule& known_module(std::string_view name);  // there is one: an assert

inline constexpr const char* log_analytics_module = "log_analytics";

// Reads the file, and makes sure of what only this program knows: the settings of processes and edges.
// `invalid`: what is wrong, with file and line, and a hint.
Result<place::Topology> topology_from(const std::string& file, const place::Settings& settings);
// All in one process without a file, as `jebi up` runs it.
place::Topology one_process();

// The settings of the calls from a module to another, or to an external. The more exactly an edge names the
// two, the more it counts: "a -> b", then "a -> *", "* -> b", "* -> *".
Result<guard::Settings> edge_settings(const place::Topology& topology, std::string_view from,
                                      std::string_view to);

// The file in the data folder that holds what the process's modules keep; empty when they keep nothing.
std::string database_of(const place::TopologyProcess& process);

// The name of a running process: "tweets", or "web-2" where there are replicas, which count from 1.
std::string child_name(const place::TopologyProcess& process, unsigned replica);
// Whose child has that name; null: nobody's.
const place::TopologyProcess* process_of(const place::Topology& topology, std::string_view child);

// The module that keeps a contract: "tweets" for "jebi.tweets.v1.Tweets". Empty when it is none of ours.
std::string_view module_of(std::string_view service);

}  // namespace jebi::app
