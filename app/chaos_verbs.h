// `jebi chaos`: breaks what runs on a data folder on purpose, where the setting `chaos` allows it, and never
// more than one process at a time unless --max-down says so.
#pragma once

#include <vector>

#include "app/command_line.h"
#include "kit/base/clock.h"
#include "kit/base/result.h"
#include "kit/place/settings.h"

namespace jebi::app {

std::vector<Verb> chaos_verbs();
bool is_chaos_verb(const CommandLine& line);
// Exit code 1 when a monkey ends and somebody is not well.
Result<void> chaos(const CommandLine& line, const place::Settings& settings);

// "250ms", "5s", "2m" or "1h"; `invalid` otherwise, and below 1 ms. For --for, --every and --by.
Result<Millis> duration_from(const std::string& text, const std::string& argument);

}  // namespace jebi::app
