// jebi: the whole Twitter clone in one process.
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "app/command_line.h"
#include "app/settings.h"
#include "app/twitter.h"
#include "kit/base/crypto.h"
#include "kit/place/process.h"
#include "kit/place/signals.h"
#include "kit/sql/sqlite.h"

namespace {

using namespace jebi;
using app::CommandLine;
using place::Settings;

constexpr int all_is_well = 0;
constexpr int could_not = 1;
constexpr int wrong_use = 2;
constexpr const char* standard_file = "jebi.toml";
constexpr const char* database_name = "jebi.db";

int refuse(const Error& error) {
    std::fprintf(stderr, "jebi: %s\n", error.message.c_str());
    if (!error.detail.empty()) std::fprintf(stderr, "      (%s)\n", error.detail.c_str());
    return error.code == Code::invalid || error.code == Code::conflict || error.code == Code::unavailable
               ? wrong_use
               : could_not;
}

std::map<std::string, std::string> environment() {
    std::map<std::string, std::string> variables;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text = *entry;
        const auto equals = text.find('=');
        if (equals != std::string_view::npos)
            variables.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return variables;
}

Result<Settings> settings_of(const CommandLine& line) {
    std::string file = line.config;
    if (file.empty() && std::filesystem::exists(standard_file)) file = standard_file;
    return Settings::load(app::known_settings(),
                          {.file = file, .environment = environment(), .flags = line.flags});
}

place::ProcessOptions process_options(const Settings& settings) {
    const std::string& format = settings.text("log.format");
    const bool as_text = format == "text" || (format == "auto" && ::isatty(STDERR_FILENO) == 1);
    return {.data_folder = settings.text("data"),
            .database = database_name,
            .loops = static_cast<unsigned>(settings.integer("loops")),
            .log_level = *watch::level_from(settings.text("log.level")),
            .log_format = as_text ? watch::Format::text : watch::Format::json};
}

std::string database_file(const Settings& settings) {
    return settings.text("data") + "/" + database_name;
}

void say_ready(const fiber::Address& at, const std::string& data) {
    const std::string url = "http://" + at.text();
    std::printf("jebi is ready: %s\n", url.c_str());
    std::printf("  Open it in a browser, or try:\n");
    std::printf("    curl %s/api/v1/tweets\n", url.c_str());
    std::printf("    curl %s/readyz?verbose\n", url.c_str());
    std::printf("    jebi backup FILE        (in another terminal)\n");
    std::printf("  Everything is kept in %s. Ctrl-C stops.\n",
                std::filesystem::absolute(data).lexically_normal().c_str());
    std::fflush(stdout);
}

Error with_way_out(Error error) {
    if (error.reason == "address_in_use")
        error.message += " Say which with --listen HOST:PORT, or listen in jebi.toml.";
    return error;
}

Result<void> up(const CommandLine& line, const Settings& settings) {
    TRY_VOID(fiber::Address::from(settings.text("listen")));
    TRY(const auto process, place::Process::open(process_options(settings)));
    TRY(const auto twitter, app::Twitter::open(*process, settings));
    if (line.with_demo) {
        TRY(const std::string told, twitter->fill_with_demo());
        std::printf("%s\n", told.c_str());
    }
    if (auto served = twitter->serve(settings); !served) return fail(with_way_out(std::move(served.error())));
    say_ready(process->address(), settings.text("data"));
    place::wait_for_end();
    std::printf("jebi is stopping: requests in flight are answered first.\n");
    const bool drained = twitter->end(in(place::drain_max));
    std::printf(drained ? "jebi has stopped.\n" : "jebi has stopped; some slow connections were cut.\n");
    return {};
}

Result<void> demo(const Settings& settings) {
    TRY(const auto process, place::Process::open(process_options(settings)));
    TRY(const auto twitter, app::Twitter::open(*process, settings));
    TRY(const std::string told, twitter->fill_with_demo());
    std::printf("%s\n", told.c_str());
    return {};
}

Result<void> backup(const CommandLine& line, const Settings& settings) {
    TRY_VOID(sql::backup_sqlite(database_file(settings), line.file));
    std::printf("The database is copied into %s.\n", line.file.c_str());
    return {};
}

Result<void> restore(const CommandLine& line, const Settings& settings) {
    TRY_VOID(sql::restore_sqlite(line.file, database_file(settings)));
    std::printf("The database is restored from %s.\n", line.file.c_str());
    return {};
}

Result<void> show_config(const Settings& settings) {
    for (const auto& [name, value, origin] : settings.shown()) {
        std::printf("%-30s %-18s %s\n", name.c_str(), value.c_str(), origin.c_str());
    }
    return {};
}

Result<void> run(const CommandLine& line) {
    using enum CommandLine::Verb;
    if (line.verb == help) {
        std::printf("%s", line.help.c_str());
        return {};
    }
    if (line.verb == version) {
        std::printf("jebi %s\n", app::program_version);
        return {};
    }
    TRY(const Settings settings, settings_of(line));
    switch (line.verb) {
        case up:
            return ::up(line, settings);
        case demo:
            return ::demo(settings);
        case backup:
            return ::backup(line, settings);
        case restore:
            return ::restore(line, settings);
        default:
            return show_config(settings);
    }
}

}  // namespace

int main(int argc, char** argv) {
    place::hold_signals();
    if (!start_crypto()) return refuse(error(Code::internal, "The system gives no random numbers."));
    const auto line = app::command_line({argv + 1, argv + argc}, app::known_settings());
    if (!line) return refuse(line.error());
    const auto done = run(*line);
    return done ? all_is_well : refuse(done.error());
}
