#include "app/program.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "kit/base/crypto.h"
#include "kit/place/signals.h"

namespace jebi::app {

namespace {

constexpr int all_is_well = 0;
constexpr int could_not = 1;
constexpr int wrong_use = 2;

int refuse(const Program& program, const Error& error) {
    std::fprintf(stderr, "%s: %s\n", program.name.c_str(), error.message.c_str());
    if (!error.detail.empty()) std::fprintf(stderr, "      (%s)\n", error.detail.c_str());
    return error.code == Code::invalid || error.code == Code::conflict || error.code == Code::unavailable
               ? wrong_use
               : could_not;
}

Result<place::Settings> settings_of(const Program& program, const std::vector<place::Setting>& known,
                                    const CommandLine& line) {
    const std::string standard_file = program.name + ".toml";
    std::string file = line.config;
    if (file.empty() && std::filesystem::exists(standard_file)) file = standard_file;
    return place::Settings::load(
        known,
        {.file = file, .environment = place::environment(), .flags = line.flags, .prefix = program.prefix});
}

}  // namespace

int run_program(const Program& program, const std::vector<place::Setting>& settings,
                const std::vector<std::string>& words,
                const std::function<Result<void>(const CommandLine&, const place::Settings&)>& run) {
    place::hold_signals();
    if (!start_crypto()) return refuse(program, error(Code::internal, "The system gives no random numbers."));
    const auto line = command_line(program, words, settings);
    if (!line) return refuse(program, line.error());
    if (line->verb == "help" || line->verb == "version") {
        const std::string version = program.name + " " + program_version + "\n";
        std::printf("%s", line->verb == "help" ? line->help.c_str() : version.c_str());
        return all_is_well;
    }
    const auto given = settings_of(program, settings, *line);
    if (!given) return refuse(program, given.error());
    const auto done = run(*line, *given);
    return done ? all_is_well : refuse(program, done.error());
}

void show_config(const place::Settings& settings) {
    for (const auto& [name, value, origin] : settings.shown())
        std::printf("%-30s %-18s %s\n", name.c_str(), value.c_str(), origin.c_str());
}

watch::Format log_format(const std::string& setting) {
    const bool as_text = setting == "text" || (setting == "auto" && ::isatty(STDERR_FILENO) == 1);
    return as_text ? watch::Format::text : watch::Format::json;
}

}  // namespace jebi::app
