#include "app/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace jebi::app {

namespace {

using Verb = CommandLine::Verb;

constexpr const char* about =
    "jebi, a microblog: the whole Twitter clone in one process.\n\n"
    "Settings come from built-in values < jebi.toml < JEBI_* variables < flags.\n"
    "Exit codes: 0 all is well, 1 it could not be done, 2 something in the command or the settings is wrong.";

std::string help_of(const place::Setting& setting) {
    std::string text = setting.help + " [" + setting.standard + "]";
    return text + " (" + place::variable_of(setting.name) + ")";
}

void add_settings(CLI::App& app, const std::vector<place::Setting>& settings,
                  std::map<std::string, std::string>& flags) {
    for (const place::Setting& setting : settings) {
        const auto keep = [&flags, name = setting.name](const std::string& value) { flags[name] = value; };
        if (setting.kind == place::Setting::Kind::flag) {
            app.add_flag_callback(
                   place::flag_of(setting.name), [keep] { keep("true"); }, help_of(setting))
                ->group("Settings");
        } else {
            app.add_option_function<std::string>(place::flag_of(setting.name), keep, help_of(setting))
                ->group("Settings")
                ->type_name(setting.kind == place::Setting::Kind::integer ? "N" : "TEXT");
        }
    }
}

void add_verbs(CLI::App& app, CommandLine& line) {
    const auto verb = [&](CLI::App& above, const char* name, const char* help, Verb which) {
        CLI::App* command = above.add_subcommand(name, help)->fallthrough();
        command->final_callback([&line, which] { line.verb = which; });
        return command;
    };
    verb(app, "up", "Start, and serve until Ctrl-C", Verb::up)
        ->add_flag("--demo", line.with_demo, "Fill an empty database with people and tweets first");
    verb(app, "demo", "Fill the database with believable people and tweets", Verb::demo);
    verb(app, "backup", "Copy the database into FILE, while jebi runs or not", Verb::backup)
        ->add_option("FILE", line.file, "A file that is not there yet")
        ->required();
    verb(app, "restore", "Put a backup in place of the database; jebi must not run", Verb::restore)
        ->add_option("FILE", line.file, "A file that `jebi backup` made")
        ->required();
    CLI::App* config =
        app.add_subcommand("config", "Look at the configuration")->fallthrough()->require_subcommand(1);
    verb(*config, "show", "Every setting with its value and where that comes from", Verb::config_show);
    verb(app, "version", "Print the version", Verb::version);
    verb(app, "help", "Print this text", Verb::help);
}

std::vector<std::string> known_words(const CLI::App& app) {
    std::vector<std::string> words;
    for (const CLI::Option* option : app.get_options())
        words.push_back(option->get_name());
    for (const CLI::App* command : app.get_subcommands({})) {
        words.push_back(command->get_name());
        for (const CLI::Option* option : command->get_options())
            words.push_back(option->get_name());
    }
    return words;
}

std::string one_line(std::string text) {
    std::ranges::replace(text, '\n', ' ');
    return text;
}

std::unexpected<Error> refuse(const CLI::App& app, const std::vector<std::string>& words,
                              const std::string& why) {
    std::string hint;
    const std::vector<std::string> known = known_words(app);
    for (const std::string& word : words) {
        const std::string bare = word.substr(0, word.find('='));
        if (std::ranges::find(known, bare) != known.end()) continue;
        if (const auto meant = place::nearest(bare, known); meant && bare.size() > 2)
            hint = " Did you mean \"" + *meant + "\"?";
        if (!hint.empty()) break;
    }
    return fail(error(Code::invalid,
                      one_line(why) + "." + (hint.empty() ? " `jebi help` lists what there is." : hint))
                    .because("bad_command"));
}

}  // namespace

Result<CommandLine> command_line(const std::vector<std::string>& words,
                                 const std::vector<place::Setting>& settings) {
    CommandLine line;
    CLI::App app{about, "jebi"};
    app.set_help_flag("-h,--help", "Print this text");
    bool wants_version = false;
    app.add_flag("--version", wants_version, "Print the version");
    app.add_option("--config", line.config, "A TOML file with settings [jebi.toml when it is there]")
        ->type_name("FILE");
    add_settings(app, settings, line.flags);
    add_verbs(app, line);
    line.help = app.help();  // before parsing: afterwards it is the help of the verb that was given
    try {
        std::vector<std::string> reversed{words.rbegin(), words.rend()};  // as CLI11 wants them
        app.parse(std::move(reversed));
    } catch (const CLI::CallForHelp&) {
        line.verb = Verb::help;
        const auto chosen = app.get_subcommands();
        line.help = chosen.empty() ? app.help() : chosen.front()->help();
        return line;
    } catch (const CLI::ParseError& bad) {
        return refuse(app, words, bad.what());
    }
    if (wants_version) line.verb = Verb::version;
    return line;
}

}  // namespace jebi::app
