// `jebi chaos`: breaks what runs on a data folder on purpose, where the setting `chaos` allows it, and never
// more than one process at a time unless --max-down says so.
#pragma once

#include <charconv>
#include <string>
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
// The same, or what is meant when nothing is said.
Result<Millis> duration_from(const std::string& text, const std::string& argument, Millis standard);

template <typename Number>
Result<Number> number_from(const std::string& text, const std::string& argument, Number standard) {
    if (text.empty()) return standard;
    Number number{};
    const char* const end = text.data() + text.size();
    const auto [at, status] = std::from_chars(text.data(), end, number);
    if (status == std::errc{} && at == end) return number;
    return fail(
        error(Code::invalid, argument + " is a number, not \"" + text + "\".").because("bad_command"));
}

}  // namespace jebi::app
