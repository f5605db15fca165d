// `jebi chaos proxy AT TO`: a way to a server that is bad, whatever is spoken on it (kit/chaos/proxy.h). For
// trials between machines, where a network does what no process can do to itself.
#pragma once

#include "app/command_line.h"

namespace jebi::app {

Verb chaos_proxy_verb();
// Until Ctrl-C, or for as long as --for says.
Result<void> run_chaos_proxy(const CommandLine& line);

}  // namespace jebi::app
