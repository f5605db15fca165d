#include "app/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace jebi::app {

namespace {

std::string help_of(const place::Setting& setting, const std::string& prefix) {
    std::string text = setting.help + " [" + setting.standard + "]";
    return text + " (" + place::variable_of(setting.name, prefix) + ")";
}

void add_settings(CLI::App& app, const Program& program, const std::vector<place::Setting>& settings,
                  std::map<std::string, std::string>& flags) {
    for (const place::Setting& setting : settings) {
        const auto keep = [&flags, name = setting.name](const std::string& value) { flags[name] = value; };
        const std::string help = help_of(setting, program.prefix);
        if (setting.kind == place::Setting::Kind::flag) {
            app.add_flag_callback(
                   place::flag_of(setting.name), [keep] { keep("true"); }, help)
                ->group("Settings");
        } else {
            app.add_option_function<std::string>(place::flag_of(setting.name), keep, help)
                ->group("Settings")
                ->type_name(setting.kind == place::Setting::Kind::integer ? "N" : "TEXT");
        }
    }
}

void add_argument(CLI::App& command, const Argument& argument, CommandLine& line) {
    const auto keep = [&line, name = argument.name](const std::string& value) {
        line.arguments[name] = value;
    };
    if (argument.is_flag) {
        command.add_flag_callback(argument.name, [keep] { keep("true"); }, argument.help);
    } else {
        command.add_option_function<std::string>(argument.name, keep, argument.help)
            ->required(argument.required);
    }
}

// The command that a verb stands below: `config` for "config show", the program itself for "up". Its help
// is that of the only one below it, or names all of them.
CLI::App& above(CLI::App& app, const Verb& below) {
    const std::string& verb = below.name;
    const auto blank = verb.find(' ');
    if (blank == std::string::npos) return app;
    const std::string group = verb.substr(0, blank);
    for (CLI::App* known :
         app.get_subcommands([&](const CLI::App* one) { return one->get_name() == group; })) {
        std::string names;
        for (const CLI::App* command : known->get_subcommands({}))
            names += command->get_name() + ", ";
        known->description(names + verb.substr(blank + 1));
        return *known;
    }
    return *app.add_subcommand(group, verb.substr(blank + 1) + ": " + below.help)
                ->fallthrough()
                ->require_subcommand(1);
}

void add_verbs(CLI::App& app, const std::vector<Verb>& verbs, CommandLine& line) {
    for (const Verb& verb : verbs) {
        CLI::App* command = above(app, verb)
                                .add_subcommand(verb.name.substr(verb.name.find(' ') + 1), verb.help)
                                ->fallthrough();
        command->final_callback([&line, name = verb.name] { line.verb = name; });
        for (const Argument& argument : verb.arguments)
            add_argument(*command, argument, line);
    }
}

std::vector<std::string> known_words(const CLI::App& app) {
    std::vector<std::string> words;
    for (const CLI::Option* option : app.get_options())
        words.push_back(option->get_name());
    for (const CLI::App* command : app.get_subcommands({})) {
        words.push_back(command->get_name());
        std::ranges::move(known_words(*command), std::back_inserter(words));
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
                      one_line(why) + "." +
                          (hint.empty() ? " `" + app.get_name() + " help` lists what there is." : hint))
                    .because("bad_command"));
}

}  // namespace

std::string CommandLine::argument(const std::string& name) const {
    const auto given = arguments.find(name);
    return given == arguments.end() ? "" : given->second;
}

Result<CommandLine> command_line(const Program& program, const std::vector<std::string>& words,
                                 const std::vector<place::Setting>& settings) {
    CommandLine line{.verb = "help"};
    CLI::App app{program.about, program.name};
    app.set_help_flag("-h,--help", "Print this text");
    bool wants_version = false;
    app.add_flag("--version", wants_version, "Print the version");
    app.add_option("--config", line.config,
                   "A TOML file with settings [" + program.name + ".toml when it is there]")
        ->type_name("FILE");
    add_settings(app, program, settings, line.flags);
    add_verbs(app, program.verbs, line);
    add_verbs(app,
              {{.name = "version", .help = "Print the version"}, {.name = "help", .help = "Print this text"}},
              line);
    line.help = app.help();  // before parsing: afterwards it is the help of the verb that was given
    try {
        std::vector<std::string> reversed{words.rbegin(), words.rend()};  // as CLI11 wants them
        app.parse(std::move(reversed));
    } catch (const CLI::CallForHelp&) {
        line.verb = "help";
        line.help = app.help();  // of the command that was chosen, with all its words
        return line;
    } catch (const CLI::ParseError& bad) {
        return refuse(app, words, bad.what());
    }
    if (wants_version) line.verb = "version";
    return line;
}

}  // namespace jebi::app
