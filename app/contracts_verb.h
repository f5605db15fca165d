// The verb `contracts FILE`: writes the descriptor set (kit/rpc/contract) of the contracts that a program
// keeps into a new file. A deployment compares it with what runs.
#pragma once

#include <string_view>
#include <vector>

#include "app/command_line.h"

namespace jebi::app {

Verb contracts_verb();
// `conflict` when the file is there.
Result<void> write_contracts(const CommandLine& line, const std::vector<std::string_view>& services);

}  // namespace jebi::app
