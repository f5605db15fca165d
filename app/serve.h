// The verb `serve`: one process of a topology, as `jebi up FILE` starts it. By hand it does the same, on
// sockets that it opens itself.
#pragma once

#include <vector>

#include "app/command_line.h"
#include "app/parts/part.h"

namespace jebi::app {

// Serves until SIGINT or SIGTERM comes. `available` are the modules that this program has, each after those
// that it calls; `invalid` when the topology wants another one in the process.
Result<void> serve(const CommandLine& line, const place::Settings& settings,
                   const std::vector<const Module*>& available);

// The contracts that these modules keep.
std::vector<std::string_view> services_of(const std::vector<const Module*>& modules);

// How the verb is described, and what its process is told.
Verb serve_verb();
inline constexpr const char* topology_argument = "--topology";
inline constexpr const char* process_argument = "--process";
inline constexpr const char* replica_argument = "--replica";
// The names of the sockets that it inherits, beside "pages".
inline constexpr const char* contracts_socket = "contracts";  // for those on this machine
inline constexpr const char* machines_socket = "machines";    // by TCP

}  // namespace jebi::app
